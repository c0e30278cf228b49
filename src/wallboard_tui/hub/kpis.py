"""Room ``hub``: the figures of ``GET /kpis``: computed over the rows that one lens of one person admits, with names
they may know.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from wallboard_tui.access.gate import LensGate
from wallboard_tui.access.panes import BY, no_breakdown
from wallboard_tui.hub.errors import HubError
from wallboard_tui.hub.figure_source import Source
from wallboard_tui.hub.hub import Hub
from wallboard_tui.hub.known import Access
from wallboard_tui.metrics.callbacks import Reached, callback_measures, places, reached_after
from wallboard_tui.metrics.kpis import KPIS, SHARES_OF_TIME, compute, supplied
from wallboard_tui.metrics.measures import CALLBACKS, MEASURES, NOT_OF, STATE_MEASURES, told, without_reasons
from wallboard_tui.metrics.quarters import UnknownPeriod, period, quarter_of
from wallboard_tui.metrics.settings import settings_of
from wallboard_tui.model.base import Doc
from wallboard_tui.model.board import DIMENSIONS, By
from wallboard_tui.model.followup import Status
from wallboard_tui.view import queries
from wallboard_tui.view.breakdown import breakdown
from wallboard_tui.view.going_on import Found
from wallboard_tui.view.names import agent_name, named

Missed = Callable[[str], Mapping[str, float]]
"""Subject → measures of missed callers."""
PAGE = 150
"""Missed opportunities per step: short enough that others get the hub's thread in between."""
NAMED = {"queue": "queue", "agent": "agent", "team": "team", "number": "number"}


def lens_for(access: Access, by: str) -> int:
    """The lens through which a person sees figures by a dimension.

    Raises ``HubError`` for a dimension that is none, and 403.
    """
    if by not in DIMENSIONS:
        raise HubError(422, "wrong-call", f"“{by}” is no dimension.", f"There are: {', '.join(DIMENSIONS)}.")
    lens = access.me.lens_by(by)
    if lens is None:
        raise HubError(
            403,
            "not-permitted",
            no_breakdown(by, access.me.breakdowns()),
            f"Ask an admin for one of: {', '.join(BY[by])}.",
        )
    return lens


def rows(hub: Hub, source: Source, access: Access, lens: int, by: By, named: str, missed: Missed) -> list[Doc]:
    """Rows ``{key, name, measures, kpis, not_supplied}`` of a period, by key; ``None`` where there is nothing, where it
    is not known, and where the dimension has no such measure. ``not_supplied``: KPIs that are ``n/a`` there.

    ``source``: that of the lens; ``missed``: what ``missed`` says to the same question. The calls without a number have
    the key ``""``; there is always one row of *all*.
    """
    organisation = hub.organisation
    now = hub.clock()
    start, end = _bounds(named, organisation["time_zone"], now)
    # Who gets the rows counts what they see going on; who does not, what they are told of it.
    hearsay = None if access.me.lenses[lens].rows else source.told(now)
    found = breakdown(source.view, access.me, by, start, end, now, under=0, told=hearsay) or {}
    gate = access.gate.lens_gate(lens)
    documents = queries.documents(hub.view, NAMED[by]) if by in NAMED else {}
    seen = _known(hub, access, NAMED[by]) if by in NAMED else {}
    people = _known(hub, access, "person") if by == "agent" else {}
    found = _shown(found, by, gate, seen)
    own = access.me.own_states() if by == "agent" else frozenset()
    explained = {key for key in found if key in own or gate.shows_reasons(by, key)}
    found = {key: sums if key in explained else without_reasons(sums) for key, sums in found.items()}
    # Nobody shall take the sum of what one person may see for the whole organisation's.
    whole = str(organisation["name"]) if gate.scope.everything else f"What {access.me.name} may see"
    lacks = _lacks(hub)
    answer = []
    for key in sorted(found):
        settings = settings_of(organisation, documents.get(key) if by == "queue" else None)
        untold = lacks.get(_source_of(documents.get(key)), lacks[None])
        lacking = untold | NOT_OF.get(by, frozenset())
        callers = missed(key) if access.me.knows_missed(lens, by, key) else {}
        answer.append(
            {
                "key": "all" if by == "all" else key,
                "name": whole if by == "all" else _name(by, key, seen, people),
                "measures": _measures(found[key], lacking) | _callbacks(callers),
                "kpis": compute({**found[key], **callers}, settings, lacking) | _unknown(access, lens, by, key),
                "not_supplied": [name for name, kpi in KPIS.items() if not supplied(kpi, untold)],
            }
        )
    return answer


def _bounds(named: str, zone: str, now: float) -> tuple[float, float]:
    try:
        return period(named, zone, now)
    except UnknownPeriod as error:
        raise HubError(
            422, "wrong-period", f"{str(error)[:1].upper()}{str(error)[1:]}.", "Try: --period today"
        ) from error


async def missed(hub: Hub, source: Source, access: Access, by: By, named: str) -> Missed:
    """Measures of missed callers by subject, of the followups as the asker has them; nothing where none has any.

    Raises ``HubError`` for words that name no period.
    """
    teams, zone = await hub.read(lambda: (source.view.documents("team"), hub.organisation["time_zone"]))
    start, end = _bounds(named, zone, hub.clock())
    place = places(by, teams)
    if place is None or not access.me.may("reports.missed"):
        return lambda subject: {}
    found: Reached = {}
    last: tuple[float, str] | None = None
    while True:
        theirs, last = await hub.read(_page, hub, access, quarter_of(start), last)
        for subject, seconds in reached_after(theirs, place, start, end).items():
            found.setdefault(subject, []).extend(seconds)
        if last is None:
            break
    window = settings_of(access.me.organisation).callback_window_s
    return lambda subject: callback_measures(found.get(subject, ()), window)


def _page(
    hub: Hub, access: Access, since: float, before: tuple[float, str] | None
) -> tuple[list[Doc], tuple[float, str] | None]:
    """Missed opportunities as the asker has them, newest first, and where the next page begins, if there is one."""
    every = queries.followups(hub.view, since, [status.value for status in Status], limit=PAGE, before=before)
    gate = access.gate
    theirs = [gate.redact("followup", doc, bits) for doc in every if (bits := gate.admit("followup", doc))]
    return theirs, (every[-1]["last_miss"], every[-1]["key"]) if len(every) == PAGE else None


def _shown(found: Found, by: By, gate: LensGate, seen: Collection[str]) -> Found:
    """The rows that somebody may know of: also those of a queue or a team in which nothing happened."""
    if by == "all":
        return {"": {}, **found}
    if by == "queue":
        return {**{key: {} for key in seen if gate.shows_queue(key)}, **found}
    if by == "agent":
        return {key: measures for key, measures in found.items() if gate.shows_agent(key)}
    if by == "team":
        return {key: found.get(key, {}) for key in seen}
    return found


def _unknown(access: Access, lens: int, by: str, key: str) -> dict[str, None]:
    """KPIs that cannot be told from the rows that somebody may see."""
    return {} if access.me.knows_all_work(lens, by, key) else dict.fromkeys(SHARES_OF_TIME)


def _measures(found: Mapping[str, float], lacking: frozenset[str]) -> dict[str, Any]:
    every = {name: None if name in lacking else found.get(name, _nothing(name, found)) for name in MEASURES}
    every |= {name: value for name, value in found.items() if name not in every}
    return {name: None if value is None else told(name, value) for name, value in every.items()}


def _callbacks(callers: Mapping[str, float]) -> dict[str, Any]:
    return {name: told(name, callers[name]) if name in callers else None for name in CALLBACKS}


def _nothing(name: str, found: Mapping[str, float]) -> float | None:
    """What stands for a measure that is not there: 0 where nothing happened; time in a state is not known."""
    return None if name in STATE_MEASURES and found else 0


def _lacks(hub: Hub) -> dict[str | None, frozenset[str]]:
    """What each source cannot supply; under ``None`` what none of them can."""
    sources = queries.documents(hub.view, "source")
    each: dict[str | None, frozenset[str]] = {key: frozenset(doc.get("lacks") or ()) for key, doc in sources.items()}
    each[None] = frozenset.intersection(*each.values()) if each else frozenset()
    return each


def _source_of(doc: Doc | None) -> str | None:
    return doc.get("source") if doc else None


def _known(hub: Hub, access: Access, kind: str) -> dict[str, Doc]:
    """Documents of a kind that somebody may know of, with what they may know of them: as their screen has them."""
    every = queries.documents(hub.view, kind)
    gate = access.gate
    return {key: gate.redact(kind, doc, bits) for key, doc in every.items() if (bits := gate.admit(kind, doc))}


def _name(by: By, key: str, seen: Mapping[str, Doc], people: Mapping[str, Doc]) -> str:
    """What the asker's screen calls a row."""
    return (agent_name(key, seen, people) if by == "agent" else named(key, seen)) or f"no {by}"
