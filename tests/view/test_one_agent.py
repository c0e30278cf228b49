"""Which name leads to which agent is the same to the rows that somebody is sent and to the figures made of them."""

from __future__ import annotations

from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from wallboard_tui.access.derive import effective
from wallboard_tui.access.directory import Directory
from wallboard_tui.access.gate import Gate
from wallboard_tui.access.me import me
from wallboard_tui.model.base import Doc
from wallboard_tui.view.agents import aliases_of
from wallboard_tui.view.queries import agents_by_name, live_agents
from wallboard_tui.view.view import View

PBX = "asterisk:pbx1:"
NAMES = ("Ann", "Zed", "SIP/1", "SIP/2")
PEOPLE = ("p", "q", "r")
SCOPES = ("SELF", "queue:sales", f"agent:{PBX}Ann", f"agent:{PBX}SIP/1", "person:p", "ALL")

agents = st.fixed_dictionaries(
    {
        "name": st.sampled_from(NAMES),
        "interfaces": st.lists(st.sampled_from([*NAMES, "SIP/3"]), max_size=3, unique=True),
        "queues": st.sampled_from([[], [], ["sales"]]),
    }
).map(lambda doc: ("agent", {"key": f"{PBX}{doc['name']}", "source": "pbx1", **doc}))
people = st.builds(
    lambda key, own: ("person", {"key": key, "name": key, "role": f"role:{key}", "agents": own}),
    st.sampled_from(PEOPLE),
    st.lists(st.sampled_from([PBX + name for name in NAMES]), max_size=2, unique=True),
)
changes = st.one_of(agents, people)
roles = st.lists(st.sampled_from(SCOPES), min_size=3, max_size=3)


def standing(documents: list[tuple[str, Doc]]) -> dict[tuple[str, str], Doc]:
    return {(kind, doc["key"]): doc for kind, doc in documents}


def directory_of(found: dict[tuple[str, str], Doc], scopes: list[str]) -> Directory:
    fixed: list[tuple[str, Doc]] = [
        ("role", {"key": f"role:{person}", "name": person, "grants": {
            "login": {}, "calls": {"scope": [scope]}, "wallboard": {"scope": [scope]}}})
        for person, scope in zip(PEOPLE, scopes, strict=True)
    ]  # fmt: skip
    return Directory.from_documents([("queue", {"key": "sales", "source": "pbx1", "name": "sales"}), *fixed,
                                     *((kind, doc) for (kind, _), doc in found.items())])  # fmt: skip


def told(gate: Gate, found: dict[tuple[str, str], Doc], kind: str) -> dict[str, Doc]:
    """The documents of a kind as somebody gets them."""
    return {
        key: gate.redact(kind, doc, bits) for (of, key), doc in found.items()
        if of == kind and (bits := gate.admit(kind, doc))
    }  # fmt: skip


def gates(directory: Directory) -> dict[str, Gate]:
    return {
        person: Gate(
            effective(person, directory).resolved(directory), me(person, directory, policy=1, now=0.0), directory
        )
        for person in directory.people
    }


LISTED: list[tuple[str, Doc]] = [
    ("agent", {"key": f"{PBX}Ann", "source": "pbx1", "name": "Ann", "interfaces": ["SIP/1"], "queues": []}),
    ("agent", {"key": f"{PBX}SIP/1", "source": "pbx1", "name": "SIP/1", "interfaces": [], "queues": []}),
    *(("person", {"key": key, "name": key, "role": f"role:{key}", "agents": []}) for key in PEOPLE),
]
LINK = ("person", {"key": "r", "name": "r", "role": "role:r", "agents": [f"{PBX}SIP/1"]})


@settings(max_examples=150, deadline=None)
@example(LISTED, ["ALL", "queue:sales", "SELF"], LINK)
@given(st.lists(changes, max_size=9), roles, changes)
def test_hub_and_every_terminal_take_a_name_for_the_same_agent(
    documents: list[tuple[str, Doc]], scopes: list[str], change: tuple[str, Doc]
) -> None:
    found = standing(documents)
    directory = directory_of(found, scopes)
    assert aliases_of(*({key: doc for (of, key), doc in found.items() if of == kind} for kind in ("agent", "person")))\
        == directory.names.leads  # fmt: skip
    before = gates(directory)
    for gate in before.values():
        _not_misled(gate, found)
    kind, doc = change
    old = found.get((kind, doc["key"]), {})
    if kind == "agent":  # what a phone system told of interfaces stays
        doc = {**doc, "interfaces": sorted({*old.get("interfaces", ()), *doc["interfaces"]})}
    later = {**found, (kind, doc["key"]): doc}
    changed = directory_of(later, scopes)
    for person, gate in gates(changed).items():
        if person in before and before[person].fingerprint == gate.fingerprint:
            _still_right(before[person], gate, later, kind)


def _local(gate: Gate, found: dict[tuple[str, str], Doc]) -> tuple[dict[str, str], set[str]]:
    mine = told(gate, found, "agent")
    return aliases_of(mine, told(gate, found, "person")), set(mine)


def _not_misled(gate: Gate, found: dict[tuple[str, str], Doc]) -> None:
    """By the documents that they may know, nobody takes somebody's name for another's."""
    aliases, known = _local(gate, found)
    for name in NAMES:
        said = PBX + name
        right = gate.reach.directory.agent_key(said)
        assert aliases.get(said, said) == right or (said not in aliases and right not in known)


def _still_right(before: Gate, after: Gate, found: dict[tuple[str, str], Doc], kind: str) -> None:
    """What was sent under a name before a change that begins nothing anew is still of the right agent."""
    aliases, _ = _local(after, found)

    def learnt(name: str) -> bool:
        old, new = (gate.reach.directory.agent_key(PBX + name) for gate in (before, after))
        return old != new

    for name in NAMES:
        presence: Doc = {"key": "1", "source": "pbx1", "agent": PBX + name, "queue": "sales", "at": 1.0, "what": "join"}
        bits, still = before.admit("presence", presence), after.admit("presence", presence)
        if bits and still:
            sent, now = (gate.redact("presence", presence, 1)["agent"] for gate in (before, after))
            # What is learnt of a name with an agent's document is stamped, and so sent, again.
            assert aliases.get(sent, sent) == aliases.get(now, now) or (kind == "agent" and learnt(name))


def test_a_view_follows_the_people_who_are_linked(view: View, make: Any) -> None:
    """Rows, states and figures go from one agent to the other, as often as somebody changes the link."""
    ann, desk, start = f"{PBX}Ann", f"{PBX}SIP/1", 1_795_262_400.0
    leg = {"agent": desk, "queue": "sales", "visit": 0, "outcome": "answered", "answered": start, "ended": start + 60,
           "talk_s": 60}  # fmt: skip
    call = {"key": "1", "source": "pbx1", "state": "ended", "started": start, "answered": start, "ended": start + 60,
            "visits": [{"queue": "sales", "entered": start, "outcome": "answered", "left": start, "wait_s": 0}],
            "legs": [leg]}  # fmt: skip
    view.apply([
        make("source", {"key": "pbx1", "system": "asterisk", "mode": "followed", "connected_since": start}),
        make("agent", {"key": ann, "source": "pbx1", "name": "Ann", "interfaces": ["SIP/1"]}),
        make("agent", {"key": desk, "source": "pbx1", "name": "SIP/1", "queues": ["sales"]}),
        make("call", call),
    ])  # fmt: skip

    def whose() -> tuple[set[str], dict[str, str], list[tuple[str, str]]]:
        with view.reading() as db:
            cells = {key for (key,) in db.execute("SELECT subject FROM cell WHERE \"by\" = 'agent'")}
            rows = [(agent, said) for agent, said in db.execute("SELECT agent, said FROM leg")]
        return cells, {one.agent: one.state for one in live_agents(view, 0, start + 600)}, rows

    merged = ({ann}, {ann: "available"}, [(ann, desk)])
    assert whose() == merged
    assert agents_by_name(view) == {desk: ann}
    for _ in range(2):
        view.apply([make("person", {"key": "zed", "name": "Zed", "role": "", "agents": [desk]})])
        assert whose() == ({desk}, {ann: "out", desk: "available"}, [(desk, desk)])
        view.apply([make("person", {"key": "zed", "name": "Zed", "role": ""})])
        assert whose() == merged
