"""Room ``tui``, panes: what the questions of several panes have in common: names, lenses, periods. Asks the view, no
more.

A name stands on a screen only because a document that the hub sent says it: what has no document shows the last
part of its key, and what the reader may not know is ``None`` in the document and stays without a name.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from wallboard_tui.metrics.quarters import period
from wallboard_tui.model.base import Doc
from wallboard_tui.model.board import Pane
from wallboard_tui.model.me import Me
from wallboard_tui.tui.panes.words import A_COLLEAGUE, ANOTHER_QUEUE, another
from wallboard_tui.view import queries
from wallboard_tui.view.live import on_board, source_of
from wallboard_tui.view.names import agent_name, only_name, tail, told_apart
from wallboard_tui.view.names import named as named
from wallboard_tui.view.view import View


@dataclass(frozen=True)
class Progress:
    """How far the rows of a period are here. ``complete``: its figures may be shown."""

    complete: bool = True
    since: float | None = None
    """While history is arriving: rows are complete from then on."""
    share: int = 100
    """Per cent of the period's time whose rows are here."""


ALL_HERE = Progress()


def zone_name(me: Me) -> str:
    """The organisation's time zone."""
    return str(me.organisation.get("time_zone", "UTC"))


def progress(view: View, start: float, now: float) -> Progress:
    """Whether the rows from ``start`` to now are here, and how much of them."""
    return _back_to(queries.complete_since(view), start, now)


def followups_progress(view: View, start: float, now: float, midnight: float) -> Progress:
    """Whether every missed opportunity whose last miss was from ``start`` on is here, and how much of that time.

    A hub sends them all between the rows of today (from ``midnight``) and those of the days before. More of them come
    only while it is still told of the past itself.
    """
    sent, told = queries.sent_since(view), queries.told_since(view)
    missing = [since for since in (sent if sent is not None and sent >= midnight else None, told) if since is not None]
    return _back_to(max(missing, default=None), start, now)


def _back_to(since: float | None, start: float, now: float) -> Progress:
    """What is here of the time from ``start`` to now, when all of it is from ``since`` on (``None``: whenever)."""
    if since is None or since <= start:
        return Progress(since=since)
    return Progress(False, since, int(100 * max(0.0, now - since) / max(1.0, now - start)))


def here(view: View, start: float) -> bool:
    """Whether all rows from ``start`` on are here."""
    since = queries.complete_since(view)
    return since is None or since <= start


def bounds(pane: Pane, me: Me, now: float) -> tuple[float, float]:
    """Start and end of the pane's period, the end not after now."""
    start, end = period(pane.period, zone_name(me), now)
    return start, min(end, max(now, start))


def first_lens(me: Me, permissions: Iterable[str]) -> int | None:
    """The lens of the first of some permissions that the person holds."""
    return next((lens for name in permissions if (lens := me.lens(name)) is not None), None)


NAMING = frozenset({"queue", "agent", "number", "person", "contact"})
"""Kinds of documents that ``Names`` come from."""


@dataclass(frozen=True)
class Names:
    """What queues, agents and numbers are called. A key without a name of its own is called by its last part.

    ``people``: those whom the reader may know; they lend their names to agents and extensions that have none.
    """

    queues: Mapping[str, Doc] = field(default_factory=dict)
    agents: Mapping[str, Doc] = field(default_factory=dict)
    numbers: Mapping[str, Doc] = field(default_factory=dict)
    people: Mapping[str, Doc] = field(default_factory=dict)
    contacts: Mapping[str, Doc] = field(default_factory=dict)
    apart: Mapping[str, str] = field(default_factory=dict)
    """Queues and agents whose name another phone system has, too: key → the name with its phone system's."""
    others: Mapping[str, str] = field(default_factory=dict)
    """Another name of an agent → the agent's key: who was spoken of by an interface has a name all the same."""

    @classmethod
    def of(cls, view: View) -> "Names":
        """The names that a view holds: those which the hub sent."""
        queues, agents, numbers, people, contacts = (
            queries.documents(view, kind) for kind in ("queue", "agent", "number", "person", "contact")
        )
        sources = queries.documents(view, "source")
        gone = sorted(name for name in sources if not on_board(sources, name))
        apart = view.derived(f"names apart from {gone}", _TOLD_APART, lambda: _apart(queues, agents, people, gone))
        return cls(queues, agents, numbers, people, contacts, apart, queries.agents_by_name(view))

    def queue(self, key: str | None) -> str:
        """A queue's name; empty for ``None``."""
        return self.apart.get(key or "") or named(key, self.queues)

    def agent(self, key: str | None) -> str:
        """An agent's name; for one known by an interface alone that of the person, else the extension; empty for
        ``None``.
        """
        key = self.others.get(key or "", key)
        return self.apart.get(key or "") or agent_name(key, self.agents, self.people)

    def extension(self, number: str | None) -> str:
        """Whose extension it is; the extension itself where that is not known, or not one alone; empty for ``None``."""
        if not number:
            return ""
        for documents in (self.people, self.agents):
            if said := only_name(doc for doc in documents.values() if doc.get("extension") == number):
                # An agent may be known by an interface alone, which tells less than the extension.
                return number if "/" in said else said
        return number

    def number(self, key: str | None) -> str:
        """A business number's name; empty for ``None``."""
        return named(key, self.numbers)

    def person(self, key: str | None) -> str:
        """A person's name; empty for ``None``; a colleague, where the reader may not know who it is."""
        return named(key, self.people) if key in self.people else A_COLLEAGUE if key else ""

    def place(self, call: Doc) -> str:
        """Where a call came to: its last queue, else the number."""
        visits = call.get("visits", ())
        if not visits:
            return self.number(call.get("number"))
        return self.visited(visits[-1])

    def visited(self, visit: Doc) -> str:
        """Which queue a visit was to."""
        return self.queue(visit.get("queue")) or another(ANOTHER_QUEUE, visit.get("hidden"))

    def rung(self, leg: Doc) -> str:
        """Whom a leg rang."""
        return self.agent(leg.get("agent")) or another(A_COLLEAGUE, leg.get("hidden"))


_TOLD_APART = frozenset({"queue", "agent", "person"})


def _apart(
    queues: Mapping[str, Doc], agents: Mapping[str, Doc], people: Mapping[str, Doc], gone: Collection[str]
) -> Mapping[str, str]:
    """Names of queues and of agents that several phone systems have."""
    called = {key: named(key, queues) for key in queues}, {key: agent_name(key, agents, people) for key in agents}
    of_queues = told_apart(called[0], lambda key: source_of(key, queues[key]), gone)
    return {**of_queues, **told_apart(called[1], lambda key: source_of(key, agents[key]), gone)}


def wanted(chosen: Collection[str], documents: Mapping[str, Doc], keys: Iterable[str]) -> list[str]:
    """Those of ``keys`` that a pane names, by key or by name, in the pane's order; all, by name, when it names none."""
    known = sorted(set(keys), key=lambda key: (named(key, documents).casefold(), key))
    if not chosen:
        return known
    by_word: dict[str, list[str]] = {}
    for key in known:
        for word in {key, tail(key), str(documents.get(key, {}).get("name", "")), named(key, documents)}:
            by_word.setdefault(word.casefold(), []).append(key)
    found = [key for word in chosen for key in by_word.get(word.casefold(), ())]
    return list(dict.fromkeys(found))


def lacking(view: View, source: str | None = None) -> frozenset[str]:
    """Measures that a source cannot supply; for ``None``, those that no source can."""
    lacks = {key: frozenset(doc.get("lacks", ())) for key, doc in queries.documents(view, "source").items()}
    if source is not None and source in lacks:
        return lacks[source]
    return frozenset.intersection(*lacks.values()) if lacks else frozenset()


def day_start(me: Me, now: float) -> float:
    """The organisation's last midnight."""
    return period("today", zone_name(me), now)[0]


def lens_bits(me: Me, permissions: Iterable[str]) -> int:
    """Bits of the lenses through which some permissions look."""
    lenses = [lens for name in permissions if (lens := me.lens(name)) is not None]
    return sum(1 << lens for lens in set(lenses))


def same_time_yesterday(now: float, zone: str) -> tuple[float, float]:
    """Yesterday from midnight to this time of day."""
    start, end = period("yesterday", zone, now)
    return start, min(end, start + now - period("today", zone, now)[0])


def agents_within(view: View, atoms: Collection[str], keys: Iterable[str]) -> set[str]:
    """Those agents that are named by the atoms: themselves, as a person, or as a member of a team."""
    if "ALL" in atoms:
        return set(keys)
    people = queries.documents(view, "person")
    teams = queries.documents(view, "team")
    facts: dict[str, set[str]] = {}
    for key, agent in queries.documents(view, "agent").items():
        if agent.get("extension"):
            facts.setdefault(key, set()).add(f"ext:{agent['extension']}")
    for person, doc in people.items():
        of_person = {
            f"person:{person}",
            *(f"team:{t}" for t, team in teams.items() if person in team.get("members", ())),
        }
        if doc.get("extension"):
            of_person.add(f"ext:{doc['extension']}")
        for agent in doc.get("agents", ()):
            facts.setdefault(agent, set()).update(of_person)
    return {key for key in keys if f"agent:{key}" in atoms or not facts.get(key, set()).isdisjoint(atoms)}
