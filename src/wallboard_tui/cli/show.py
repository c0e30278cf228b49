"""Room ``cli``: what a person's pane holds now: ``wallboard show``, fed and gated like a screen of theirs."""

import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wallboard_tui.cli.failures import Failure, wrong_call
from wallboard_tui.cli.figures import DIMENSIONS, one_of
from wallboard_tui.cli.options import AsPerson, Json
from wallboard_tui.cli.streams import has_every_letter

if TYPE_CHECKING:
    from wallboard_tui.model.board import Pane
    from wallboard_tui.model.me import Me
    from wallboard_tui.tui.panes.base import PaneKind
    from wallboard_tui.view.view import View

OPTIONS = {"by": ("rollups",), "period": ("rollups", "wallboard")}
"""Options that change what a pane shows → the panes that have a choice there."""


def add_to(app: typer.Typer) -> None:
    """Add the command of this file."""
    app.command("show")(show)


def show(
    pane: Annotated[str, typer.Argument(metavar="PANE", help="wallboard, agents, rollups, metrics, missed or calls.")],
    board: Annotated[
        str | None, typer.Option(metavar="BOARD", help="As this board arranges it; default: as it is.")
    ] = None,
    by: Annotated[str | None, typer.Option(metavar="|".join(DIMENSIONS), help="For rollups: whose figures.")] = None,
    period: Annotated[
        str | None, typer.Option(metavar="today|yesterday|week|month", help="For rollups and wallboard: of which time.")
    ] = None,
    as_text: Annotated[
        bool, typer.Option("--text", help="Draw it, as the screen would (this is the default).")
    ] = False,
    size: Annotated[str, typer.Option(metavar="WxH", help="How large to draw it.")] = "100x30",
    as_person: AsPerson = None,
    as_json: Json = False,
) -> None:
    """Show what a person's pane holds now.

    Fed and gated like a screen of theirs, asked and drawn by the same code. While no phone system is heard it is as of
    the moment when one last was, and says so.
    """
    from wallboard_tui.cli import reach
    from wallboard_tui.cli.output import print_json
    from wallboard_tui.tui.drawing.glyphs import ASCII, UNICODE
    from wallboard_tui.tui.look import Look, Size
    from wallboard_tui.tui.panes import PANES, text
    from wallboard_tui.tui.silence import look_of

    if as_json and as_text:
        raise wrong_call("--json and --text exclude each other.")
    shape = re.fullmatch(r"(\d{1,4})[x×](\d{1,4})", size)
    if shape is None or "0" in shape.groups():
        raise wrong_call(f"--size {size} is no size.", "Give it as columns x lines, for example 100x30.")
    one_of("pane", pane, list(PANES))
    changed = {name: value for name, value in (("by", by), ("period", period)) if value is not None}
    for option in changed:
        if pane not in OPTIONS[option]:
            raise wrong_call(f"The pane “{pane}” has no --{option}.", f"These have: {', '.join(OPTIONS[option])}.")
    shown: _Shown = reach.carry_out(_shown(PANES[pane], board, changed, as_person))
    if as_json:
        print_json({**as_plain(shown.data), "stale_since": shown.stale_since})
    else:
        look = Look(glyphs=UNICODE if has_every_letter(sys.stdout) else ASCII)
        look = look_of(PANES[pane], look, shown.now, shown.stale_since)
        sys.stdout.write(text(PANES[pane].draw(shown.data, Size(int(shape[1]), int(shape[2])), look)))
    if shown.outage:
        print(shown.outage, file=sys.stderr)


def as_plain(value: Any) -> Any:
    """A pane's answer as plain JSON values: dataclasses as objects, sets sorted, NaN and infinities as null."""
    from dataclasses import fields, is_dataclass
    from enum import Enum
    from math import isfinite

    from pydantic import BaseModel

    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: as_plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, BaseModel):
        return as_plain(value.model_dump(mode="json"))
    if isinstance(value, dict):
        return {str(key): as_plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [as_plain(each) for each in value]
    if isinstance(value, set | frozenset):
        return sorted(map(as_plain, value), key=str)
    if isinstance(value, float) and not isfinite(value):
        return None
    return value.value if isinstance(value, Enum) else value


@dataclass(frozen=True, slots=True)
class _Shown:
    """A pane's answer. ``now``: the hub's time; ``stale_since``: since when what the pane tells of is not heard any
    more; ``outage``: what a screen says under its header then, a sentence.
    """

    data: Any
    now: float
    stale_since: float | None
    outage: str


async def _shown(kind: "PaneKind", board: str | None, changed: dict[str, str], as_person: str | None) -> _Shown:
    from wallboard_tui.cli.names import as_somebody
    from wallboard_tui.cli.snapshot import snapshot
    from wallboard_tui.metrics.thresholds import Judge
    from wallboard_tui.model.board import Board
    from wallboard_tui.tui.panes.base import Context
    from wallboard_tui.tui.panes.seen import day_start, zone_name
    from wallboard_tui.tui.panes.sources import outage
    from wallboard_tui.tui.silence import moment_of, of_phones
    from wallboard_tui.view import queries
    from wallboard_tui.view.health import silent_since, states

    def pane_of(me: "Me") -> "Pane":
        return _changed(_arranged(me, kind, _board_of(me, board)), changed)

    def enough(view: "View", me: "Me", now: float) -> bool:
        return kind.enough is not None and kind.enough(view, me, pane_of(me), now)

    async with as_somebody(as_person) as hub, snapshot(hub, enough) as (view, me, now):
        found = _board_of(me, board)
        judge = Judge(Board.model_validate(found).thresholds) if found is not None else None
        sources = dict(queries.documents(view, "source"))
        silent = silent_since(sources)
        data = kind.ask(view, me, pane_of(me), moment_of(kind, now, silent), Context(judge))
        said = outage(states(sources, day_start(me, now)), zone_name(me), now)
        return _Shown(data, now, silent if of_phones(kind) else None, said[0] if said else "")


def _changed(spec: "Pane", changed: dict[str, str]) -> "Pane":
    """The pane with other options. Raises ``Failure`` for one that no pane can have."""
    from typing import get_args

    for name, value in changed.items():
        allowed = get_args(type(spec).model_fields[name].annotation)
        if value not in allowed:
            raise wrong_call(f"A pane cannot be shown with --{name} “{value}”.", f"There are: {', '.join(allowed)}.")
    return spec.model_copy(update=changed)


def _board_of(me: "Me", key: str | None) -> dict[str, Any] | None:
    """The board of that key, of those that the person is offered; ``None`` where none was asked for."""
    if key is None:
        return None
    found = next((each for each in me.boards if each["key"] == key), None)
    if found is None:
        known = ", ".join(each["key"] for each in me.boards) or "none"
        raise Failure("not-found", f"{me.name} is offered no board “{key}”.", f"Boards: {known}.")
    return found


def _arranged(me: "Me", kind: "PaneKind", board: dict[str, Any] | None) -> "Pane":
    """The pane as a board arranges it, or as it is by itself. Raises ``Failure`` when the person may not see it."""
    from wallboard_tui.model.board import Pane

    if kind.permissions and kind.name not in me.panes:
        offered = f"{me.name} may see: {', '.join(me.panes)}." if me.panes else me.sees
        raise Failure("not-permitted", f"{me.name} may not see the pane “{kind.name}”.", offered)
    if board is None:
        return Pane.model_validate({"pane": kind.name})
    panes = (pane for page in board["pages"] for row in page["rows"] for pane in row["panes"])
    found = next((pane for pane in panes if pane["pane"] == kind.name), None)
    if found is None:
        reason = f"The board “{board['key']}” has no pane “{kind.name}”."
        raise Failure("not-found", reason, "Leave --board out to see it by itself.")
    return Pane.model_validate(found)
