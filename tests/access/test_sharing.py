"""Who has equal marks for a document is sent the same of it: then the hub may send them the same bytes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable
from functools import cache
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wallboard_tui.access.directory import Directory
from wallboard_tui.access.gate import Gate
from wallboard_tui.access.me import me
from wallboard_tui.access.saving import narrowed
from wallboard_tui.access.sharing import around, atoms_of
from wallboard_tui.model.base import Doc

if TYPE_CHECKING:
    from tests.access.conftest import CallOf, Office, OfficeOf

PBX = "asterisk:pbx1:"
QUEUES = [f"{PBX}{name}" for name in ("sales", "support", "billing")]
NUMBERS = ["+35315550100", "+35315550200"]
ALIAS = f"{PBX}SIP/ann"
MIXTURES: tuple[dict[str, list[str]], ...] = (
    {"calls": ["OWN_TEAMS", "SELF"], "caller_number": ["OWN_TEAMS", "SELF"]},
    {"calls": ["number:+35315550100"], "analytics": ["SELF"], "wallboard": ["queue:asterisk:pbx1:sales"]},
    {"calls": ["ALL/outbound", "OWN_TEAMS/inbound"], "recents": ["SELF"], "caller_number": ["SELF"]},
    {"calls": ["queue:asterisk:pbx1:sales", "ext:101"], "wallboard": ["OWN_TEAMS"], "analytics": ["SELF"]},
    {"calls": ["ALL"], "supervisor": ["agent:asterisk:pbx1:Bob"]},
)
"""Scopes that several people have alike."""
DIFFERENCES: tuple[dict[str, Any], ...] = (
    {}, {"caller_number": {"scope": ["ALL"]}}, {"caller_number": {"scope": ["queue:asterisk:pbx1:support"]}},
    {"contacts": {}}, {"users": {}}, {"supervisor": {"scope": ["OWN_TEAMS"]}}, {"wallboard": {"scope": ["ALL"]}},
    {"analytics": {"scope": ["ALL"]}}, {"recents": {"scope": ["ALL/internal"]}}, {"call_flow": {}},
    {"reports.missed": {"scope": ["ALL"]}},
)  # fmt: skip
"""In one of these they differ."""


def crowd(office: OfficeOf) -> list[Gate]:
    """Colleagues with equal scopes, people who differ from them in one thing, and one who looks through another's
    eyes.
    """
    people: dict[str, Any] = {}
    for number, (mixture, other) in enumerate(product(MIXTURES, DIFFERENCES)):
        person = {"role": "custom:nil", "grants": {**{one: {"scope": mixture[one]} for one in mixture}, **other}}
        people[f"m{number}"] = {**person, "extension": f"9{number:02}"}
        people[f"n{number}"] = person if number % 2 else {**person, "agents": []}
    members = ["ann", "bob", *(one for one in people if one[0] == "m" or int(one[1:]) % 3)]
    north = {"key": "north", "name": "North", "members": members, "managers": ["sue", "m1", "n1"], "queues": QUEUES[:1]}
    named = {"key": f"{PBX}Ann", "source": "pbx1", "name": "Ann", "interfaces": ["SIP/ann"], "queues": QUEUES[:2]}
    shop = office(
        **people,
        more=[
            ("role", {"key": "custom:nil", "name": "Nil", "grants": {}}),
            ("team", {**north, "numbers": NUMBERS[:1]}),
            ("agent", named),
        ],
    )
    return [*(shop.gate(person) for person in shop.directory.people), looking(shop)]


def looking(shop: Office) -> Gate:
    """The gate of somebody who looks through another's eyes."""
    directory = shop.directory
    held = narrowed(*(shop.effective(person).resolved(directory) for person in ("ada", "sue")))
    return Gate(held, me("ada", directory, policy=1, now=1.0), directory, secret=b"s" * 32)


AGENTS = [*(f"{PBX}{name}" for name in ("Ann", "Bob", "Cat", "M1", "M2", "N7", "Nobody")), ALIAS]
parts = st.fixed_dictionaries(
    {"queue": st.sampled_from([*QUEUES, None]), "agent": st.sampled_from([*AGENTS, None])},
    optional={"visit": st.integers(0, 2)},
)
facts = st.lists(
    st.sampled_from([
        *(f"queue:{one}" for one in QUEUES), *(f"number:{one}" for one in NUMBERS), "team:north", "team:south",
        "person:ann", "person:cat", "person:m2", f"agent:{PBX}Ann", f"agent:{PBX}Bob", f"agent:{PBX}Cat", "ext:101",
        "ext:103", "ext:902",
    ]),
    max_size=6, unique=True,
)  # fmt: skip
calls = st.fixed_dictionaries(
    {
        "key": st.just(f"{PBX}1"), "source": st.just("pbx1"), "started": st.just(1.0), "facts": facts,
        "direction": st.sampled_from(["inbound", "outbound", "internal", "sideways"]),
        "number": st.sampled_from([*NUMBERS, None]), "extension": st.sampled_from(["101", "103", "902", None]),
        "called": st.sampled_from(["101", "902", "+353861234567", None]), "caller": st.just("+353861112222"),
        "contact": st.sampled_from(["+353861112222", None]),
        "visits": st.lists(st.fixed_dictionaries({"queue": st.sampled_from([*QUEUES, None])}), max_size=3),
        "legs": st.lists(parts, max_size=3),
    }
)  # fmt: skip
presences = st.fixed_dictionaries(
    {
        "key": st.just(f"{PBX}p"), "source": st.just("pbx1"), "at": st.just(1.0), "what": st.just("pause"),
        "reason": st.just("Lunch"), "agent": st.sampled_from(AGENTS), "queue": st.sampled_from([*QUEUES, None]),
        "facts": facts,
    }
)  # fmt: skip


def stamped(doc: Doc) -> Doc:
    """With the facts of the number it came over and of whom it was for."""
    own = (f"{kind}:{doc[name]}" for kind, name in (("number", "number"), ("ext", "called")) if doc[name])
    return {**doc, "facts": list(dict.fromkeys([*doc["facts"], *own]))}


documents = st.one_of(
    st.tuples(st.just("call"), st.one_of(calls, calls.map(stamped))), st.tuples(st.just("presence"), presences)
)


@pytest.fixture(scope="module")
def gates() -> Any:
    """The crowd, made once."""
    return cache(crowd)


def seen(gate: Gate, kind: str, doc: Doc) -> tuple[int, Doc | None]:
    """What a gate says of a document."""
    bits = gate.admit(kind, doc)
    return (bits, gate.redact(kind, doc, bits)) if bits else (0, None)


def marks(gates: list[Gate], kind: str, doc: Doc) -> dict[Hashable, list[Gate]]:
    """Gates by their marks for a document."""
    found: dict[Hashable, list[Gate]] = defaultdict(list)
    for gate in gates:
        atoms = atoms_of(around(kind, doc, gate.reach.directory))
        found[gate.sharing.mark(kind, doc, atoms)].append(gate)
    return found


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(document=documents)
def test_gates_with_equal_marks_admit_and_cut_a_document_alike(
    office: OfficeOf, gates: Any, document: tuple[str, Doc]
) -> None:
    kind, doc = document
    for alike in marks(gates(office), kind, doc).values():
        first = seen(alike[0], kind, doc)
        for other in alike[1:]:
            assert seen(other, kind, doc) == first, (alike[0].reach.key, other.reach.key)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(document=documents)
def test_what_is_admitted_has_a_name_or_fact_that_is_wanted(
    office: OfficeOf, gates: Any, document: tuple[str, Doc]
) -> None:
    kind, doc = document
    names = {*doc["facts"], *((f"agent:{doc['agent']}", f"queue:{doc['queue']}") if kind == "presence" else ())}
    for gate in gates(office):
        wanted = gate.sharing.wanted(kind)
        if gate.admit(kind, doc):
            assert wanted is None or names & wanted, gate.reach.key


def test_colleagues_share_what_is_nobodys_own_and_not_what_is(office: OfficeOf, call_of: CallOf) -> None:
    team = {"scope": ["OWN_TEAMS", "SELF"]}
    person = {"role": "custom:nil", "grants": {"calls": team}}
    north = {"key": "north", "name": "North", "members": ["ann", "bob", "cat"], "queues": [QUEUES[0]]}
    shop = office(
        ann=person, bob=person, cat=person,
        more=[("role", {"key": "custom:nil", "name": "Nil", "grants": {}}), ("team", north)],
    )  # fmt: skip
    gates = [shop.gate(name) for name in ("ann", "bob", "cat")]
    call = call_of(shop.directory, queues=["sales"], agents=["Ann"])
    assert sorted(len(alike) for alike in marks(gates, "call", call).values()) == [1, 2], "ann, and her colleagues"
    assert all(gate.admit("call", call) for gate in gates)


def test_what_a_directory_says_of_what_is_named_is_part_of_it(office: OfficeOf, call_of: CallOf) -> None:
    directory: Directory = office().directory
    call = call_of(directory, queues=["sales"], agents=["Ann"])
    moved = directory.changed([("team", "north", {"key": "north", "name": "North", "members": ["bob"]})])
    renamed = directory.changed([("team", "north", {**directory.teams["north"].dump(), "name": "Polar"})])
    assert around("call", call, moved) != around("call", call, directory)
    assert around("call", call, renamed) == around("call", call, directory)
