"""Room ``model``: a board: what an admin arranged. Pages of rows of panes, thresholds, rotation, audience."""

from typing import Final, Literal, get_args

from pydantic import Field

from wallboard_tui.model.base import Document, Frozen

PaneName = Literal["wallboard", "agents", "rollups", "metrics", "missed", "calls", "text", "clock"]
PANE_NAMES: Final[tuple[PaneName, ...]] = get_args(PaneName)
By = Literal["queue", "agent", "team", "number", "campaign", "all"]
DIMENSIONS: Final[tuple[By, ...]] = get_args(By)
"""What figures may be broken down by, for those who may."""


class Goal(Frozen):
    """What a day should come to, for whoever looks at their own: calls handled, seconds of AHT, percent."""

    kpi: str
    value: float = Field(ge=0)


class Pane(Frozen):
    """One rectangle of a board that draws one question asked of the view."""

    pane: PaneName
    width: int = Field(1, ge=1, le=12)
    """Share of the row's width."""
    title: str = ""
    queues: tuple[str, ...] = ()
    """Keys or names of the queues it shows; empty: all that the person may see."""
    teams: tuple[str, ...] = ()
    by: By = "queue"
    period: Literal["today", "yesterday", "week", "month"] = "today"
    only_signed_in: bool = False
    goals: tuple[Goal, ...] = ()
    """For My metrics: what each person's own day is shown against."""
    text: str = ""


class Row(Frozen):
    """Panes side by side. What is not permitted is left out and its room given to the rest."""

    height: int = Field(1, ge=1, le=12)
    """Share of the page's height."""
    panes: tuple[Pane, ...] = Field(min_length=1)


class Page(Frozen):
    """What is on the screen at one time."""

    name: str
    seconds: int = Field(0, ge=0)
    """Seconds before the next page comes by itself; 0: never."""
    rows: tuple[Row, ...] = Field(min_length=1)


class Threshold(Frozen):
    """When a figure warns and when it alerts. The direction comes from the KPI's good direction."""

    kpi: str
    subject: str = "*"
    """``*`` (each queue), ``board``, ``queue:…`` or ``team:…``. A queue's own threshold for a KPI replaces
    that of each."""
    warn: float | None = None
    alert: float | None = None
    hysteresis: float = Field(0.10, ge=0, le=1)
    min_s: float = Field(10, ge=0)


class Audience(Frozen):
    """Who gets a board: everyone unless roles, teams or people are named."""

    roles: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    people: tuple[str, ...] = ()


class Board(Document):
    """An arrangement of panes. Key: a short name, ``operations``."""

    kind = "board"

    name: str
    priority: int = 0
    """Of several boards a person is offered, the one with the highest priority opens first."""
    theme: str = ""
    audience: Audience = Audience()
    pages: tuple[Page, ...] = Field(min_length=1)
    thresholds: tuple[Threshold, ...] = ()
