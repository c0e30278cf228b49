"""Room ``cli``: what screens show, for scripts: ``wallboard kpis``, ``calls``, ``show``, through the same gate."""

import re
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wallboard_tui.cli.failures import Failure, wrong_call
from wallboard_tui.cli.options import AsPerson, Json

if TYPE_CHECKING:
    from wallboard_tui.model.board import Pane
    from wallboard_tui.model.me import Me
    from wallboard_tui.tui.panes.base import PaneKind

DIMENSIONS = ("queue", "agent", "team", "number", "campaign", "all")


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command("kpis")(kpis)
    app.command("calls")(calls)
    app.command("show")(show)


def kpis(
    by: Annotated[str, typer.Option(metavar="|".join(DIMENSIONS), help="Whose figures.")] = "queue",
    period: Annotated[
        str, typer.Option(metavar="PERIOD", help="all, today, yesterday, week, month, or FROM..TO (days or times).")
    ] = "today",
    as_person: AsPerson = None,
    as_json: Json = False,
) -> None:
    """Print measures and KPIs of a period.

    A ratio without a denominator is null, never 0.
    """
    from wallboard_tui.cli import reach
    from wallboard_tui.cli.output import print_json

    if by not in DIMENSIONS:
        raise wrong_call(f"--by {by} is no dimension.", f"There are: {', '.join(DIMENSIONS)}.")
    found = reach.carry_out(_kpis(by, period, as_person))
    if as_json:
        print_json(found)
    else:
        _print_kpis(by, found)


async def _kpis(by: str, period: str, as_person: str | None) -> list[dict[str, Any]]:
    from wallboard_tui.cli.names import as_somebody

    async with as_somebody(as_person) as hub:
        return list(await hub.kpis({"by": by, "period": period}))


def _print_kpis(by: str, found: list[dict[str, Any]]) -> None:
    from wallboard_tui.cli.output import print_table
    from wallboard_tui.metrics.kpis import KPIS, format_value
    from wallboard_tui.tui.panes.rollups import COLUMNS

    if not found:
        print("Nothing that you may see happened in this period.")
        return
    # What the pane shows; ``--json`` has all of them.
    columns = COLUMNS[by]
    rows = [[row["name"], *(format_value((name, row["kpis"].get(name))) for name in columns)] for row in found]
    print_table([by, *(KPIS[name].short for name in columns)], rows, right=range(1, len(columns) + 1))


def calls(
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="At most so many, newest first.")] = 100,
    text: Annotated[
        str, typer.Option(metavar="TEXT", help="Only calls with this in number, name, queue or agent.")
    ] = "",
    queue: Annotated[
        str | None, typer.Option(metavar="QUEUE", help="Only calls of this queue; `sales` is enough.")
    ] = None,
    agent: Annotated[str | None, typer.Option(metavar="AGENT", help="Only calls that rang this agent.")] = None,
    direction: Annotated[str | None, typer.Option(metavar="inbound|outbound|internal")] = None,
    state: Annotated[str | None, typer.Option(metavar="waiting|ringing|talking|ended|lost")] = None,
    as_person: AsPerson = None,
    as_json: Json = False,
) -> None:
    """List calls that a person may see, newest first.

    Without what they may not know of them: a hidden number, a colleague out of scope.
    """
    from wallboard_tui.cli import reach
    from wallboard_tui.cli.output import print_json
    from wallboard_tui.model.call import CallState, Direction

    _one_of("--direction", direction, [each.value for each in Direction])
    _one_of("--state", state, [each.value for each in CallState])
    wanted = {"limit": limit, "text": text or None, "direction": direction, "state": state}
    found = reach.carry_out(_calls(wanted, queue, agent, as_person))
    if as_json:
        print_json(found)
    else:
        _print_calls(found)


def _one_of(option: str, value: str | None, allowed: list[str]) -> None:
    if value is not None and value not in allowed:
        raise wrong_call(f"{option} {value} is not known.", f"There are: {', '.join(allowed)}.")


async def _calls(
    wanted: dict[str, Any], queue: str | None, agent: str | None, as_person: str | None
) -> list[dict[str, Any]]:
    from wallboard_tui.cli.names import as_somebody, key_of
    from wallboard_tui.cli.reach import operator

    if queue or agent:
        async with operator() as hub:
            wanted["queue"] = await key_of(hub, "queue", queue) if queue else None
            wanted["agent"] = await key_of(hub, "agent", agent) if agent else None
    async with as_somebody(as_person) as hub:
        return list(await hub.calls(wanted))


def _print_calls(found: list[dict[str, Any]]) -> None:
    from datetime import datetime

    from wallboard_tui.cli.output import print_table
    from wallboard_tui.metrics.kpis import format_duration

    def row(call: dict[str, Any]) -> list[str]:
        queue = next((visit["queue"] for visit in call.get("visits", ()) if visit.get("queue")), None)
        agent = next((leg["agent"] for leg in call.get("legs", ()) if leg.get("agent") and leg.get("answered")), None)
        talk = (call["ended"] - call["answered"]) if call.get("ended") and call.get("answered") else None
        return [
            datetime.fromtimestamp(call["started"]).astimezone().strftime("%Y-%m-%d %H:%M:%S"),
            call.get("direction", "inbound"),
            call.get("state", "waiting"),
            call.get("caller") or ("hidden" if "caller" in call.get("masked", ()) else "withheld"),
            _last(queue),
            _last(agent),
            "–" if talk is None else format_duration(talk),
            call["key"],
        ]

    if not found:
        print("There are no calls that you may see.")
        return
    headings = ["started", "direction", "state", "caller", "queue", "answered by", "talked", "call"]
    print_table(headings, [row(call) for call in found], right=(6,))


def _last(key: str | None) -> str:
    return "–" if key is None else key.rsplit(":", 1)[-1]


def show(
    pane: Annotated[str, typer.Argument(metavar="PANE", help="wallboard, agents, rollups, metrics, missed or calls.")],
    board: Annotated[
        str | None, typer.Option(metavar="BOARD", help="As this board arranges it; default: as it is.")
    ] = None,
    by: Annotated[str | None, typer.Option(metavar="|".join(DIMENSIONS), help="For rollups: whose figures.")] = None,
    period: Annotated[str | None, typer.Option(metavar="today|yesterday|week|month")] = None,
    as_text: Annotated[
        bool, typer.Option("--text", help="Draw it, as the screen would (this is the default).")
    ] = False,
    size: Annotated[str, typer.Option(metavar="WxH", help="How large to draw it.")] = "100x30",
    as_person: AsPerson = None,
    as_json: Json = False,
) -> None:
    """Show what a person's pane holds now.

    Fed and gated like a screen of theirs, asked and drawn by the same code.
    """
    from wallboard_tui.cli import reach
    from wallboard_tui.cli.output import print_json
    from wallboard_tui.tui.look import Look, Size
    from wallboard_tui.tui.panes import PANES, text

    if as_json and as_text:
        raise wrong_call("--json and --text exclude each other.")
    shape = re.fullmatch(r"(\d{1,4})[x×](\d{1,4})", size)
    if shape is None or "0" in shape.groups():
        raise wrong_call(f"--size {size} is no size.", "Give it as columns x lines, for example 100x30.")
    _one_of("pane", pane, list(PANES))
    data = reach.carry_out(_shown(PANES[pane], board, by, period, as_person))
    if as_json:
        print_json(as_plain(data))
    else:
        sys.stdout.write(text(PANES[pane].draw(data, Size(int(shape[1]), int(shape[2])), Look())))


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


async def _shown(kind: "PaneKind", board: str | None, by: str | None, period: str | None, as_person: str | None) -> Any:
    from wallboard_tui.cli.names import as_somebody
    from wallboard_tui.cli.snapshot import snapshot

    async with as_somebody(as_person) as hub, snapshot(hub) as (view, me, now):
        spec = _arranged(me, kind, board)
        changed = {name: value for name, value in (("by", by), ("period", period)) if value is not None}
        return kind.ask(view, me, _changed(spec, changed), now)


def _changed(spec: "Pane", changed: dict[str, str]) -> "Pane":
    """The pane with other options. Raises ``Failure`` for one that no pane can have."""
    from typing import get_args

    for name, value in changed.items():
        allowed = get_args(type(spec).model_fields[name].annotation)
        if value not in allowed:
            raise wrong_call(f"A pane cannot be shown with --{name} “{value}”.", f"There are: {', '.join(allowed)}.")
    return spec.model_copy(update=changed)


def _arranged(me: "Me", kind: "PaneKind", board: str | None) -> "Pane":
    """The pane as a board arranges it, or as it is by itself. Raises ``Failure`` when the person may not see it."""
    from wallboard_tui.model.board import Pane

    if kind.permissions and kind.name not in me.panes:
        offered = f"{me.name} may see: {', '.join(me.panes)}." if me.panes else me.sees
        raise Failure("not-permitted", f"{me.name} may not see the pane “{kind.name}”.", offered)
    if board is None:
        return Pane.model_validate({"pane": kind.name})
    found = next((each for each in me.boards if each["key"] == board), None)
    if found is None:
        known = ", ".join(each["key"] for each in me.boards) or "none"
        raise Failure("not-found", f"{me.name} is offered no board “{board}”.", f"Boards: {known}.")
    for page in found["pages"]:
        for row in page["rows"]:
            for pane in row["panes"]:
                if pane["pane"] == kind.name:
                    return Pane.model_validate(pane)
    raise Failure(
        "not-found", f"The board “{board}” has no pane “{kind.name}”.", "Leave --board out to see it by itself."
    )
