"""Room ``access``: which boards a person is offered, and what is left of a board when only what they may see stays."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any, Final

from pydantic import ValidationError

from wallboard_tui.access.directory import Directory
from wallboard_tui.model.base import Doc
from wallboard_tui.model.board import Audience, Board
from wallboard_tui.model.directory import Person

FREE_PANES: Final = frozenset({"text", "clock"})
"""Panes that show nothing of anybody's calls: they need no permission but the board's audience."""
DEFAULT_KEY: Final = "default"


def compose(board: Doc, panes: Collection[str]) -> Doc | None:
    """A board without the panes that are not permitted; ``None`` when nothing of it is left.

    The room of what is left out goes to the rest of its row. A page that only keeps a text or a clock beside what it
    lost is left out too.
    """
    pages = []
    for page in board.get("pages", ()):
        rows = [{**row, "panes": kept} for row in page["rows"] if (kept := _kept(row, panes))]
        lost = any(pane["pane"] not in panes and pane["pane"] not in FREE_PANES for pane in _panes_of(page))
        shown = any(pane["pane"] not in FREE_PANES for row in rows for pane in row["panes"])
        if rows and (shown or not lost):
            pages.append({**page, "rows": rows})
    return {**board, "pages": pages} if pages else None


def offered_boards(person_key: str, directory: Directory, boards: Iterable[Doc], panes: Collection[str]) -> list[Doc]:
    """Boards meant for a person, composed for these panes: the person's own choice first, then by priority.

    Boards that cannot be read, or of which nothing is left, are not offered.
    """
    person = directory.people.get(person_key)
    if person is None:
        return []
    found = []
    for doc in boards:
        try:
            board = Board.load(doc)
        except ValidationError:
            continue
        composed = compose(doc, panes) if in_audience(board.audience, person, directory) else None
        if composed is not None:
            found.append((board.key != person.board, -board.priority, board.name, board.key, composed))
    return [composed for *_, composed in sorted(found, key=lambda one: one[:-1])]


def in_audience(audience: Audience, person: Person, directory: Directory) -> bool:
    """Whether a board is meant for a person: everyone unless roles, teams or people are named."""
    if not (audience.roles or audience.teams or audience.people):
        return True
    teams = {*directory.teams_of(person.key), *directory.managed_by(person.key)}
    return person.role in audience.roles or person.key in audience.people or not teams.isdisjoint(audience.teams)


def redacted(board: Doc, directory: Directory, queue: Callable[[str], str], team: Callable[[str], str]) -> Doc | None:
    """A board without names of queues and teams that a reader may not know, and without its audience.

    A pane about nothing but such queues or teams goes altogether: with an empty list it would mean "all".
    """

    def knows_queue(name: str) -> bool:
        key = directory.queue_key(name)
        return key is not None and bool(queue(key))

    def knows_team(name: str) -> bool:
        key = name if name in directory.teams else next((k for k, t in directory.teams.items() if t.name == name), None)
        return key is not None and bool(team(key))

    def pane_of(pane: Doc) -> Doc | None:
        queues, teams = pane.get("queues") or (), pane.get("teams") or ()
        kept_queues, kept_teams = [q for q in queues if knows_queue(q)], [t for t in teams if knows_team(t)]
        if (queues and not kept_queues) or (teams and not kept_teams):
            return None
        kept = {name: value for name, value in pane.items() if name not in ("queues", "teams")}
        return {**kept, **({"queues": kept_queues} if queues else {}), **({"teams": kept_teams} if teams else {})}

    def subject_known(subject: str) -> bool:
        kind, colon, name = subject.partition(":")
        return not colon or (kind == "queue" and knows_queue(name)) or (kind == "team" and knows_team(name))

    pages = []
    for page in board.get("pages", ()):
        rows = []
        for row in page["rows"]:
            if kept := [found for pane in row["panes"] if (found := pane_of(pane))]:
                rows.append({**row, "panes": kept})
        if rows:
            pages.append({**page, "rows": rows})
    thresholds = [one for one in board.get("thresholds", ()) if subject_known(one.get("subject", "*"))]
    public = {name: value for name, value in board.items() if name in ("key", "name", "priority", "theme")}
    return {**public, "pages": pages, **({"thresholds": thresholds} if thresholds else {})} if pages else None


def default_board(panes: Collection[str]) -> Doc:
    """An arrangement for somebody whom no board is offered, made of the panes they may see."""
    rows: list[dict[str, Any]] = []
    seen = set(panes)
    if "wallboard" in seen:
        rows.append(_row(3, "wallboard"))
        rows.append(_row(3, *(name for name in ("agents", "missed") if name in seen)))
        pages = [_page("Operations", *rows)]
        pages += [_page("Roll-ups", _row(1, "rollups"))] if "rollups" in seen else []
        own = [_row(1, name) for name in ("metrics", "calls") if name in seen]
        pages += [_page("Calls", *own)] if own else []
    else:
        # An agent reads the own day first; who may only work one list gets it full size.
        rows = [_row(share, name) for name, share in (("metrics", 2), ("calls", 3), ("missed", 2)) if name in seen]
        own_page = [_page("My day" if "metrics" in seen else "Calls", *rows)] if rows else []
        wide = [name for name in ("agents", "rollups") if name in seen]
        pages = [*own_page, *(_page(_TITLES[name], _row(1, name)) for name in wide)]
    if seen & {"missed"} and not seen - {"missed"}:
        pages = [_page("Missed opportunities", _row(1, "missed"))]
    return {"key": DEFAULT_KEY, "name": "Overview", "pages": pages}


_TITLES: Final = {"agents": "Agents", "rollups": "Roll-ups"}


def _page(name: str, *rows: Doc) -> Doc:
    return {"name": name, "rows": [row for row in rows if row["panes"]]}


def _row(height: int, *panes: str) -> Doc:
    return {"height": height, "panes": [{"pane": pane, "width": 2 if pane == "agents" else 1} for pane in panes]}


def _kept(row: Doc, panes: Collection[str]) -> list[Doc]:
    return [pane for pane in row["panes"] if pane["pane"] in panes or pane["pane"] in FREE_PANES]


def _panes_of(page: Doc) -> list[Doc]:
    return [pane for row in page["rows"] for pane in row["panes"]]
