"""Room ``cli``: figures and calls for scripts: ``wallboard kpis``, ``wallboard calls``, through the screens' gate."""

from collections import Counter
from collections.abc import Iterable
from typing import Annotated, Any

import typer

from wallboard_tui.cli.failures import wrong_call
from wallboard_tui.cli.options import AsPerson, Json

DIMENSIONS = ("queue", "agent", "team", "number", "campaign", "all")


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command("kpis")(kpis)
    app.command("calls")(calls)


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
    from wallboard_tui.metrics.kpis import CALLBACK_KPIS, KPIS, format_value
    from wallboard_tui.tui.panes.rollups import COLUMNS

    if not found:
        print("Nothing that you may see happened in this period.")
        return
    # What the panes show; ``--json`` has all of them.
    missed = any(row["measures"].get("callers_missed") is not None for row in found)
    columns = (*COLUMNS[by], *(CALLBACK_KPIS if missed else ()))

    def shown(row: dict[str, Any], name: str) -> str:
        return "n/a" if name in row["not_supplied"] else format_value((name, row["kpis"].get(name)))

    rows = [
        [name, *(shown(row, column) for column in columns)] for name, row in zip(told_apart(found), found, strict=True)
    ]
    print_table([by, *(KPIS[name].short for name in columns)], rows, right=range(1, len(columns) + 1))


def told_apart(found: list[dict[str, Any]]) -> list[str]:
    """Names of rows; where several of different phone systems have one name, with the phone system's."""
    counts = Counter(row["name"] for row in found)

    def told(row: dict[str, Any]) -> str:
        system = row["key"].split(":")[1:2] if counts[row["name"]] > 1 else []
        return f"{row['name']} ({system[0]})" if system else str(row["name"])

    return [told(row) for row in found]


def calls(
    limit: Annotated[int, typer.Option(metavar="N", min=1, max=100_000, help="At most so many, newest first.")] = 100,
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

    one_of("--direction", direction, [each.value for each in Direction])
    one_of("--state", state, [each.value for each in CallState])
    wanted = {"limit": limit, "text": text or None, "direction": direction, "state": state}
    found = reach.carry_out(_calls(wanted, queue, agent, as_person))
    if as_json:
        print_json(found)
    else:
        _print_calls(found, narrowed=bool(text or queue or agent or direction or state))


def one_of(option: str, value: str | None, allowed: list[str]) -> None:
    """Raises ``Failure``, a wrong call, for a value that is none of those allowed; ``None`` is not said at all."""
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


def _print_calls(found: list[dict[str, Any]], *, narrowed: bool) -> None:
    from datetime import datetime

    from wallboard_tui.cli.output import print_table
    from wallboard_tui.metrics.kpis import format_duration
    from wallboard_tui.view.names import A_COLLEAGUE, ANOTHER_QUEUE

    def row(call: dict[str, Any]) -> list[str]:
        visits, answered = call.get("visits", ()), [leg for leg in call.get("legs", ()) if leg.get("answered")]
        talk = (call["ended"] - call["answered"]) if call.get("ended") and call.get("answered") else None
        return [
            datetime.fromtimestamp(call["started"]).astimezone().strftime("%Y-%m-%d %H:%M:%S"),
            call.get("direction", "inbound"),
            call.get("state", "waiting"),
            call.get("caller") or ("hidden" if "caller" in call.get("masked", ()) else "withheld"),
            _first((visit.get("queue") for visit in visits), ANOTHER_QUEUE),
            _first((leg.get("agent") for leg in answered), A_COLLEAGUE),
            "–" if talk is None else format_duration(talk),
            call["key"],
        ]

    if not found:
        print(f"There are no calls that you may see{' and that match' if narrowed else ''}.")
        return
    headings = ["started", "direction", "state", "caller", "queue", "answered by", "talked", "call"]
    print_table(headings, [row(call) for call in found], right=(6,))


def _first(keys: Iterable[str | None], unnamed: str) -> str:
    """The last part of the first key there is; ``unnamed`` where the reader may not know any of them."""
    found = list(keys)
    known = next((key for key in found if key is not None), None)
    return known.rsplit(":", 1)[-1] if known is not None else unnamed if found else "–"
