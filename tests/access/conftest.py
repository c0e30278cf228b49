"""Tests of room ``access``: an office to try the rules in, and short words for what somebody holds."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pytest

from wallboard_tui.access.derive import Effective, effective
from wallboard_tui.access.directory import Directory
from wallboard_tui.access.gate import Gate
from wallboard_tui.access.me import me
from wallboard_tui.access.packs import packs, roles_of
from wallboard_tui.model.base import Doc
from wallboard_tui.model.me import Me

QUEUES = ("sales", "support", "billing")
COLUMNS = {
    "calls": ("calls",), "recents": ("recents",), "recordings": ("recordings",), "messages": ("messages",),
    "voicemail": ("voicemail",), "analytics": ("analytics",),
    "rollup": ("analytics.rollup", "analytics.filter_agents"), "missed": ("reports.missed",),
    "reports": (
        "reports.queues", "reports.call_volume", "reports.productivity", "reports.campaigns", "reports.dispositions",
    ),
    "wallboard": ("wallboard",), "supervisor": ("supervisor",), "export": ("export",), "create": ("report.create",),
    "schedule": ("report.schedule",),
}  # fmt: skip
LETTERS = {
    "A": {"ALL"}, "T": {"MANAGED"}, "W": {"OWN_TEAMS", "SELF"}, "P": {"SELF"}, "G": {"GRANTED"}, "I": {"ALL/inbound"},
    "O": {"ALL/outbound"},
}  # fmt: skip


@dataclass(frozen=True)
class Office:
    """A directory with what can be asked of it."""

    directory: Directory
    boards: tuple[Doc, ...] = ()

    def effective(self, person: str) -> Effective:
        """What somebody holds, symbolically."""
        return effective(person, self.directory)

    def me(self, person: str) -> Me:
        """The answer of ``GET /me``."""
        return me(person, self.directory, self.boards, policy=7, now=1000.0)

    def gate(self, person: str, secret: bytes = b"a secret of the hub") -> Gate:
        """The gate of somebody."""
        held = self.effective(person).resolved(self.directory)
        return Gate(held, self.me(person), self.directory, secret=secret)

    def row(self, person: str) -> dict[str, str]:
        """What somebody holds in the words of the design's table: ``{"calls": "vA", "missed": "mA"}``."""
        held = self.effective(person).permissions
        found = {}
        for column, names in COLUMNS.items():
            cells = {cell_of(held[name].level, held[name].scope.atoms()) if name in held else "–" for name in names}
            assert len(cells) == 1, f"{column} is not one thing for {person}: {cells}"
            if (cell := cells.pop()) != "–":
                found[column] = cell
        return found

    def admin(self, person: str) -> dict[str, str]:
        """Administrative permissions, ``{"users": "manage"}``, but for the reports tab, which is not administration."""
        held = self.effective(person).permissions
        return {name: one.level for name, one in held.items() if not one.scope and name != "reports.tab"}


def cell_of(level: str, atoms: tuple[str, ...]) -> str:
    """``vA`` for view of ALL; ``vT+P`` for view of the teams managed and of oneself."""
    for letter, meaning in LETTERS.items():
        if set(atoms) == meaning:
            return level[0] + letter
    letters = {"ALL": "A", "MANAGED": "T", "SELF": "P", "GRANTED": "G"}
    return level[0] + "+".join(letters.get(atom, atom) for atom in sorted(atoms))


OfficeOf = Callable[..., Office]


@pytest.fixture
def office() -> OfficeOf:
    """An office of two teams and three queues. ``office(ann={"role": "justcall:agent"}, …)`` puts people in it.

    North (sales) is managed by ``sue``, has ``ann`` and ``bob``; South (support) is managed by ``sam``, has ``cat``.
    Whoever is named is an agent on the phone system, and has the extension given.
    """

    def build(
        boards: Iterable[Doc] = (), organisation: Doc | None = None, more: Iterable[tuple[str, Doc]] = (), **people: Any
    ) -> Office:
        everybody: dict[str, Doc] = {
            "ann": {"role": "justcall:agent", "extension": "101"},
            "bob": {"role": "justcall:agent", "extension": "102"},
            "cat": {"role": "justcall:agent", "extension": "103"},
            "sue": {"role": "justcall:supervisor", "extension": "201"},
            "sam": {"role": "justcall:supervisor", "extension": "202"},
            "ada": {"role": "justcall:admin"},
        }
        for key, person in people.items():
            everybody[key] = person if "role" in person else {**everybody[key], **person}
        documents: list[tuple[str, Doc]] = [("role", role.dump()) for pack in packs() for role in roles_of(pack)]
        for key, person in everybody.items():
            agent = f"asterisk:pbx1:{key.title()}"
            documents.append(("person", {"key": key, "name": key.title(), "agents": [agent], **person}))
            queues = [f"asterisk:pbx1:{queue}" for queue in (("support",) if key == "cat" else ("sales",))]
            doc = {"key": agent, "source": "pbx1", "name": key.title(), "queues": queues}
            documents.append(
                ("agent", {**doc, **({"extension": person["extension"]} if "extension" in person else {})})
            )
        documents += [("queue", {"key": f"asterisk:pbx1:{q}", "source": "pbx1", "name": q}) for q in QUEUES]
        north = {"key": "north", "name": "North", "members": ["ann", "bob"], "managers": ["sue"]}
        south = {"key": "south", "name": "South", "members": ["cat"], "managers": ["sam"]}
        documents += [
            ("team", {**north, "queues": ["asterisk:pbx1:sales"]}),
            ("team", {**south, "queues": ["asterisk:pbx1:support"]}),
            ("number", {"key": "+35315550100", "name": "Main line"}),
            ("number", {"key": "+35315550200", "name": "Second line"}),
            ("organisation", organisation or {"key": "organisation", "name": "Acme", "time_zone": "Europe/Dublin"}),
        ]
        directory = Directory.from_documents([*documents, *more])
        assert directory.unreadable == ()
        return Office(directory, tuple(boards))

    return build


CallOf = Callable[..., Doc]


@pytest.fixture
def call_of() -> CallOf:
    """A call as the hub stamps it: ``call_of(directory, queue="sales", agents=["Ann"], number=…)``."""

    def build(
        directory: Directory,
        key: str = "asterisk:pbx1:1",
        queues: Iterable[str] = (),
        agents: Iterable[str] = (),
        **fields: Any,
    ) -> Doc:
        keys = [f"asterisk:pbx1:{queue}" for queue in queues]
        named = [f"asterisk:pbx1:{agent}" for agent in agents]
        facts: dict[str, None] = {}
        for queue in keys:
            facts.update(dict.fromkeys(directory.queue_facts(queue)))
        for agent in named:
            facts.update(dict.fromkeys(directory.agent_facts(agent)))
        if number := fields.get("number"):
            facts.update(dict.fromkeys(directory.number_facts(number)))
        if extension := fields.get("extension"):
            facts.update(dict.fromkeys(directory.extension_facts(extension)))
        first = 0 if keys else None
        legs = [{"agent": agent, "queue": keys[0] if keys else None, "visit": first} for agent in named]
        doc = {"key": key, "source": "pbx1", "started": 100.0, "state": "ended", "caller": "+353871234567"}
        visits = [{"queue": queue, "entered": 100.0} for queue in keys]
        return {**doc, "visits": visits, "legs": legs, "facts": list(facts), **fields}

    return build
