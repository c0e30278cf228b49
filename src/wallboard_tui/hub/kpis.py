"""Room ``hub``: the figures of ``GET /kpis``: computed over the rows that one lens of one person admits, with names
they may know.
"""

from collections.abc import Mapping
from typing import Any

from wallboard_tui.access.permissions import ROLLUP_REPORTS
from wallboard_tui.hub.errors import HubError, not_permitted
from wallboard_tui.hub.figure_source import LIVE, without_reasons
from wallboard_tui.hub.hub import Access, Hub
from wallboard_tui.metrics.kpis import compute
from wallboard_tui.metrics.measures import MEASURES
from wallboard_tui.metrics.quarters import UnknownPeriod, period
from wallboard_tui.metrics.settings import settings_of
from wallboard_tui.model.base import Doc
from wallboard_tui.view import queries
from wallboard_tui.view.queries import By
from wallboard_tui.view.view import View

BYS: tuple[By, ...] = ("queue", "agent", "team", "number", "campaign", "all")
OF_PERSONS = ("analytics", "supervisor", "wallboard")
"""Permissions that show figures of persons, the first that is held counts (ACCESS.md: ``analytics``)."""
OF_GROUPS = ("analytics.rollup", *ROLLUP_REPORTS, "wallboard", "supervisor")
"""Permissions that show figures of teams, queues, numbers and the account."""
NAMED = {"queue": "queue", "agent": "agent", "team": "team", "number": "number"}


def lens_for(access: Access, by: str) -> int:
    """The lens through which a person sees figures by a dimension.

    Raises ``HubError`` for a dimension that is none, and 403.
    """
    if by not in BYS:
        raise HubError(422, "wrong-call", f"“{by}” is no dimension.", f"There are: {', '.join(BYS)}.")
    wanted = OF_PERSONS if by == "agent" else OF_GROUPS
    lens = next((found for name in wanted if (found := access.me.lens(name)) is not None), None)
    if lens is None:
        raise not_permitted(f"see figures by {by}", wanted[0])
    return lens


def rows(hub: Hub, view: View, access: Access, lens: int, by: By, named: str) -> list[Doc]:
    """Rows ``{key, name, measures, kpis}`` of a period, by key; ``None`` where there is nothing.

    ``view`` holds the lens's rows.
    """
    organisation = hub.organisation
    try:
        start, end = period(named, organisation["time_zone"], hub.clock())
    except UnknownPeriod as error:
        raise HubError(
            422, "wrong-period", f"{str(error)[:1].upper()}{str(error)[1:]}.", "Try: --period today"
        ) from error
    reads = access.me.lenses[lens]
    present = reads.rows or not LIVE.isdisjoint(reads.permissions)
    found = queries.measures(view, 0, by=by, start=start, end=end, now=hub.clock(), finished_only=not present)
    gate = access.gate.lens_gate(lens)
    documents = queries.documents(hub.view, NAMED[by]) if by in NAMED else {}
    seen = {key: doc for key, doc in documents.items() if access.gate.admit(NAMED[by], doc)}
    if by in ("queue", "team"):
        found = {**{key: {} for key in seen if by == "team" or gate.shows_queue(key)}, **found}
    if by == "agent":
        found = {key: measures for key, measures in found.items() if gate.shows_agent(key)}
    if by == "team":
        found = {key: measures for key, measures in found.items() if key in seen}
    if not access.gate.may("supervisor"):
        own = frozenset(access.me.agents) if by == "agent" else frozenset()
        found = {key: sums if key in own else without_reasons(sums) for key, sums in found.items()}
    lacks = _lacks(hub)
    answer = []
    for key in sorted(found):
        settings = settings_of(organisation, documents.get(key) if by == "queue" else None)
        lacking = lacks.get(_source_of(documents.get(key)), lacks[None])
        answer.append(
            {
                "key": key or "all",
                "name": _name(by, key, documents.get(key), organisation),
                "measures": _measures(found[key], lacking),
                "kpis": compute(found[key], settings, lacking),
            }
        )
    return answer


def _measures(found: Mapping[str, float], lacking: frozenset[str]) -> dict[str, Any]:
    every = {name: None if name in lacking else found.get(name, 0) for name in MEASURES}
    return {**every, **{name: value for name, value in found.items() if name not in every}}


def _lacks(hub: Hub) -> dict[str | None, frozenset[str]]:
    """What each source cannot supply; under ``None`` what none of them can."""
    sources = queries.documents(hub.view, "source")
    each: dict[str | None, frozenset[str]] = {key: frozenset(doc.get("lacks") or ()) for key, doc in sources.items()}
    each[None] = frozenset.intersection(*each.values()) if each else frozenset()
    return each


def _source_of(doc: Doc | None) -> str | None:
    return doc.get("source") if doc else None


def _name(by: str, key: str, doc: Doc | None, organisation: Doc) -> str:
    if by == "all":
        return str(organisation["name"])
    if doc is None:
        return key.rsplit(":", 1)[-1]
    return str(doc.get("title") or doc.get("name") or key)
