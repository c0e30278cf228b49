"""The laws of access over a million pairs of scope and row, and over edits: what may never come of any of them."""

from __future__ import annotations

import json
import random
import sqlite3
from functools import cache
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from wallboard_tui.access.derive import effective
from wallboard_tui.access.directory import Directory
from wallboard_tui.access.expansion import Expansion
from wallboard_tui.access.order import leq
from wallboard_tui.access.packs import roles_of
from wallboard_tui.access.proposal import propose
from wallboard_tui.access.reach import Reach
from wallboard_tui.access.saving import Actor, judge, narrowed
from wallboard_tui.access.scope import Scope, compile, to_sql
from wallboard_tui.model.administration import Edit
from wallboard_tui.model.base import Doc
from wallboard_tui.model.call import Direction

SCOPES, ROWS = 1000, 1000
WAYS = tuple(Direction)
ATOMS = tuple(f"{kind}:{n}" for kind in ("queue", "number", "ext", "team", "person", "agent") for n in range(12))
Row = tuple[str | None, list[str] | None]


@cache
def made() -> tuple[list[Scope], list[Row]]:
    """A thousand scopes, each another, and a thousand rows, with rows that lack a direction, facts, or have none."""
    dice = random.Random(4)
    scopes = dict.fromkeys([Scope(), Scope.of("ALL"), Scope.of("SELF", "MANAGED")])
    while len(scopes) < SCOPES:
        pairs = {(dice.choice(ATOMS), dice.choice(WAYS)) for _ in range(dice.randint(0, 9))}
        pairs |= {("ALL", dice.choice(WAYS))} if dice.random() < 0.15 else set()
        scopes[Scope(frozenset(pairs))] = None
    rows: list[Row] = []
    for _ in range(ROWS):
        facts = None if dice.random() < 0.05 else dice.sample(ATOMS, dice.randint(0, 6))
        direction = None if dice.random() < 0.03 else dice.choice([*(way.value for way in WAYS), "sideways"])
        rows.append((direction, facts))
    return list(scopes), rows


@cache
def admitted() -> list[int]:
    """For each scope the rows that its closure admits, as bits: a million decisions of the code that enforces."""
    scopes, rows = made()
    found = []
    for scope in scopes:
        admit = compile(scope)
        bits = 0
        for index, (direction, facts) in enumerate(rows):
            if admit(direction, facts):  # type: ignore[arg-type]
                bits |= 1 << index
        found.append(bits)
    return found


def test_a_million_decisions_are_those_of_the_definition() -> None:
    """A row is visible iff for one of its facts (or ALL) and its direction the pair is in the scope."""
    scopes, rows = made()
    by_pair: dict[tuple[str, Direction], int] = {}
    for index, (direction, facts) in enumerate(rows):
        for way in WAYS:
            if direction == way.value:
                for atom in {"ALL", *(facts or ())}:
                    by_pair[atom, way] = by_pair.get((atom, way), 0) | 1 << index
    for scope, bits in zip(scopes, admitted(), strict=True):
        expected = 0
        for pair in scope.pairs:
            expected |= by_pair.get(pair, 0)
        assert bits == expected, scope.atoms()
    assert sum(bits.bit_count() for bits in admitted()) > 50_000, "else nothing was decided"


def test_the_stored_rows_are_those_of_the_closure() -> None:
    scopes, rows = made()
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE call (id INTEGER PRIMARY KEY, direction TEXT)")
    database.execute("CREATE TABLE call_fact (fact TEXT, call INTEGER, PRIMARY KEY (fact, call)) WITHOUT ROWID")
    database.executemany("INSERT INTO call VALUES (?, ?)", [(i, direction) for i, (direction, _) in enumerate(rows)])
    facts = [(fact, i) for i, (_, some) in enumerate(rows) for fact in dict.fromkeys(some or ())]
    database.executemany("INSERT INTO call_fact VALUES (?, ?)", facts)
    for scope, bits in zip(scopes, admitted(), strict=True):
        for gathered in (False, True):
            where, parameters = to_sql(scope, call="c", gathered=gathered)
            found = database.execute(f"SELECT c.id FROM call AS c WHERE {where}", parameters)  # noqa: S608
            assert sum(1 << row for (row,) in found) == bits, json.dumps(scope.atoms())
    database.close()


def test_unions_are_exact_and_inclusion_of_scopes_is_inclusion_of_rows() -> None:
    scopes, rows = made()
    bits = admitted()
    for (a, of_a), (b, of_b) in pairwise(zip(scopes, bits, strict=True)):
        admit = compile(a | b)
        union = sum(1 << i for i, (way, facts) in enumerate(rows[:200]) if admit(way, facts))  # type: ignore[arg-type,misc]
        assert union == (of_a | of_b) & (1 << 200) - 1
    included = 0
    for a, of_a in list(zip(scopes, bits, strict=True))[:400]:
        for b, of_b in list(zip(scopes, bits, strict=True))[:400]:
            if a <= b:
                included += 1
                assert of_a & ~of_b == 0
    assert included > 400


# -- laws of edits

QUEUES = ("q1", "q2")
NUMBERS = ("+35311", "+35312", "+35313")
PEOPLE = ("ann", "bob", "cat", "adm")
ROLES = ("standard:admin", "standard:supervisor", "standard:agent", "custom:a", "custom:b")

grants = st.dictionaries(
    st.sampled_from(("calls", "export", "analytics", "users", "roles", "workgroups", "wallboard")),
    st.tuples(
        st.sampled_from(("view", "manage")),
        st.lists(
            st.sampled_from(("ALL", "SELF", "OWN_TEAMS", "MANAGED", "queue:q1", "team:t1")), min_size=1, max_size=2
        ),
    ),
    max_size=3,
).map(
    lambda some: {
        name: {"level": level, **({} if name in ("users", "roles", "workgroups") else {"scope": scope})}
        for name, (level, scope) in some.items()
    }
)
members = st.lists(st.sampled_from(PEOPLE), max_size=3, unique=True)


@st.composite
def offices(draw: st.DrawFn) -> list[tuple[str, Doc]]:
    """Four people with roles and grants of all kinds, in two teams with two queues."""
    found: list[tuple[str, Doc]] = [("role", role.dump()) for role in roles_of("standard")]
    found += [("role", {"key": key, "name": key, "grants": draw(grants)}) for key in ("custom:a", "custom:b")]
    for number, key in enumerate(PEOPLE):
        role = "standard:admin" if key == "adm" else draw(st.sampled_from(ROLES))
        doc = {"key": key, "name": key.title(), "role": role, "extension": str(100 + number), "agents": [f"x:{key}"]}
        found.append(("person", {**doc, "grants": {} if key == "adm" else draw(grants)}))
        found.append(("agent", {"key": f"x:{key}", "source": "x", "name": key}))
    found += [("queue", {"key": key, "source": "x", "name": key}) for key in QUEUES]
    for key in ("t1", "t2"):
        queues = draw(st.lists(st.sampled_from(QUEUES), max_size=2, unique=True))
        team = {"key": key, "name": key, "members": draw(members), "managers": draw(members), "queues": queues}
        found.append(("team", team))
    return found


edits = st.one_of(
    st.builds(
        lambda key, role: Edit(kind="person", key=key, set={"role": role}),
        st.sampled_from(PEOPLE), st.sampled_from(ROLES),
    ),
    st.builds(lambda key, some: Edit(kind="person", key=key, set={"grants": some}), st.sampled_from(PEOPLE), grants),
    st.builds(lambda key, some: Edit(kind="role", key=key, set={"grants": some}), st.sampled_from(ROLES[3:]), grants),
    st.builds(
        lambda key, some, queues: Edit(kind="team", key=key, set={"members": some, "managers": some, "queues": queues}),
        st.sampled_from(("t1", "t2")), members, st.lists(st.sampled_from(QUEUES), max_size=2, unique=True),
    ),
    st.builds(
        lambda key, off: Edit(kind="person", key=key, set={"disabled": off}), st.sampled_from(PEOPLE), st.booleans(),
    ),
)  # fmt: skip


@settings(max_examples=250, deadline=None)
@given(offices(), st.lists(edits, min_size=1, max_size=3), st.sampled_from(PEOPLE))
def test_nothing_that_is_saved_gives_anybody_what_its_author_has_not(
    office: list[tuple[str, Doc]], wanted: list[Edit], author: str
) -> None:
    documents = {(kind, str(doc["key"])): doc for kind, doc in office}
    before = Directory.from_documents(office)
    held = effective(author, before)
    actor = Actor(author, author, held, held.resolved(before))
    verdict = judge(propose(wanted, lambda kind, key: documents.get((kind, key)), before), actor)
    if verdict.refused:
        return
    after = verdict.proposal.after
    old, new = Expansion(before), Expansion(after)
    mine = old.effective(actor.resolved)
    for key in PEOPLE:
        was, now = effective(key, before).resolved(before), effective(key, after).resolved(after)
        gained = {*leq(now, was), *leq(new.effective(now), old.effective(was))}
        assert not gained & {*leq(now, actor.resolved), *leq(new.effective(now), mine)}, key
    keeps = [key for key in PEOPLE if effective(key, after).holds("roles", "manage")]
    assert any(effective(key, after).holds("users", "manage") for key in keeps), "somebody is left who manages"


@settings(max_examples=100, deadline=None)
@given(offices(), st.sampled_from(PEOPLE), st.sampled_from(PEOPLE))
def test_what_a_viewer_sees_is_within_both(office: list[tuple[str, Doc]], person: str, viewer: str) -> None:
    directory = Directory.from_documents(office)
    theirs, mine = (effective(key, directory).resolved(directory) for key in (person, viewer))
    seen = narrowed(theirs, mine)
    assert leq(seen, theirs) == []
    assert leq(seen, mine) == []
    assert all(one.level == "view" for one in seen.permissions.values())


@st.composite
def telephones(draw: st.DrawFn) -> list[tuple[str, Doc]]:
    """An office with agents in queues, and with numbers before them that somebody is given or may show."""
    found = [("extension", {"key": str(100 + n)}) for n in range(4)] + [("number", {"key": key}) for key in NUMBERS]
    some = st.lists(st.sampled_from(NUMBERS), max_size=2, unique=True)
    places = st.sampled_from(tuple(f"number:{key}" for key in NUMBERS) + tuple(f"queue:{key}" for key in QUEUES))
    for kind, doc in draw(offices()):
        if kind == "agent":
            doc = {**doc, "queues": draw(st.lists(st.sampled_from(QUEUES), max_size=2, unique=True))}
        elif kind == "team":
            doc = {**doc, "numbers": draw(some)}
        elif kind == "person":
            missed = {"reports.missed": {"scope": [draw(places)]}} if draw(st.booleans()) else {}
            doc = {**doc, "caller_ids": draw(some), "grants": {**doc["grants"], **missed}}
        found.append((kind, doc))
    return found


@settings(max_examples=100, deadline=None)
@given(telephones(), st.sampled_from(PEOPLE))
def test_asking_only_those_that_scopes_lead_to_finds_the_same(office: list[tuple[str, Doc]], person: str) -> None:
    directory = Directory.from_documents(office)
    reach = Reach(effective(person, directory).resolved(directory), directory)
    known = reach._deciding["knows"]
    assert isinstance(known, dict)
    everybody = (("agent", directory.agents, reach.agent_reason), ("person", directory.people, reach.person_reason),
                 ("queue", directory.queues, reach.knows_queue), ("team", directory.teams, reach.knows_team),
                 ("number", directory.numbers, reach.knows_number),
                 ("extension", directory.extensions, reach.knows_extension))  # fmt: skip
    for kind, keys, knows in everybody:
        if known[kind] != "all":
            assert known[kind] == sorted(filter(knows, keys)), kind
    for agent in directory.agents:
        assert reach.knows_agent(agent) == reach.agent_reason(agent)
    for somebody in directory.people:
        assert reach.hears_of(somebody) == reach.person_reason(somebody)


@settings(max_examples=100, deadline=None)
@given(offices(), edits)
def test_applying_what_stands_already_changes_nothing(office: list[tuple[str, Doc]], wanted: Edit) -> None:
    documents = {(kind, str(doc["key"])): doc for kind, doc in office}
    first = propose([wanted], lambda kind, key: documents.get((kind, key)), Directory.from_documents(office))
    if first.mistakes:
        return
    documents |= {ref: new for ref, (_, new) in first.changes.items() if new is not None}
    again = propose([wanted], lambda kind, key: documents.get((kind, key)), first.after)
    assert all(old == new for old, new in again.changes.values())
