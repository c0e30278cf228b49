"""A scope: its text, its algebra, and its two compiled forms held equal to a naive reference."""

import sqlite3
from collections.abc import Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wallboard_tui.access.directory import Directory
from wallboard_tui.access.scope import Scope, ScopeError, compile, to_sql
from wallboard_tui.model.call import Direction
from wallboard_tui.model.directory import Person, Team

ATOMS = (
    "ALL",
    "queue:a",
    "queue:b/inbound",
    "number:+353",
    "ext:101",
    "team:north",
    "person:ann",
    "agent:x:Local/1@a/n",
)
SYMBOLIC = ("MANAGED", "OWN_TEAMS", "SELF", "GRANTED")
FACTS = (*ATOMS[1:], "queue:c", "team:south", "ALL", "SELF")
Row = tuple[str | None, list[str | None] | None]

pairs = st.tuples(st.sampled_from(ATOMS + SYMBOLIC), st.sampled_from(Direction))
scopes = st.frozensets(pairs, max_size=8).map(Scope)
rows = st.tuples(
    st.one_of(st.none(), st.sampled_from([*(d.value for d in Direction), "sideways"])),
    st.one_of(st.none(), st.lists(st.one_of(st.none(), st.sampled_from(FACTS)), max_size=5)),
)


def naive(scope: Scope, direction: str | None, facts: Sequence[str | None] | None) -> bool:
    """The definition, word for word: for ALL or one of the facts, and the direction, the pair is in the scope."""
    for atom, way in scope.pairs:
        if way.value != direction or atom in SYMBOLIC:
            continue
        if atom == "ALL":
            return True
        for fact in facts or []:
            if fact == atom:
                return True
    return False


def admitted_by_sql(scope: Scope, stored: Sequence[Row]) -> list[int]:
    """Rows that the SQL form finds, in a real database with tables as the view has them."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE call (id INTEGER PRIMARY KEY, key TEXT, direction TEXT)")
    database.execute("CREATE TABLE call_fact (fact TEXT, call INTEGER, PRIMARY KEY (fact, call)) WITHOUT ROWID")
    for index, (direction, facts) in enumerate(stored):
        database.execute("INSERT INTO call VALUES (?, ?, ?)", (index, f"call-{index}", direction))
        for fact in dict.fromkeys(facts or []):
            if fact is not None:
                database.execute("INSERT INTO call_fact VALUES (?, ?)", (fact, index))
    where, parameters = to_sql(scope, call="c")
    found = database.execute(f"SELECT c.id FROM call AS c WHERE {where} ORDER BY c.id", parameters).fetchall()  # noqa: S608
    database.close()
    return [row[0] for row in found]


@given(scopes, st.lists(rows, max_size=8))
@example(Scope.of("ALL", "SELF"), [("inbound", ["SELF"]), (None, ["ALL"]), ("inbound", None)])
@example(Scope.of("SELF", "GRANTED"), [("inbound", ["SELF"]), ("inbound", ["ALL", "GRANTED"]), ("inbound", [])])
@example(Scope(frozenset({("ALL", Direction.OUTBOUND)})), [("inbound", ["ALL"]), ("outbound", [None])])
def test_the_closure_the_sql_and_the_naive_reference_agree(scope: Scope, stored: list[Row]) -> None:
    expected = [i for i, (direction, facts) in enumerate(stored) if naive(scope, direction, facts)]
    admit = compile(scope)
    assert [i for i, (direction, facts) in enumerate(stored) if admit(direction, facts)] == expected  # type: ignore[arg-type]
    assert admitted_by_sql(scope, stored) == expected


@given(scopes, rows)
def test_what_explains_a_row_is_there_exactly_when_the_row_is_admitted(scope: Scope, row: Row) -> None:
    direction, facts = row
    assert bool(scope.matching(direction, facts)) == naive(scope, direction, facts)  # type: ignore[arg-type]


@given(scopes, scopes, rows)
def test_a_larger_scope_admits_at_least_the_same_rows(a: Scope, b: Scope, row: Row) -> None:
    if naive(a, *row):
        assert naive(a | b, *row)


@given(scopes, scopes)
def test_union_commutes_and_contains_both(a: Scope, b: Scope) -> None:
    assert a | b == b | a
    assert a <= a | b
    assert b <= a | b
    assert (a | b).normalised() == (a.normalised() | b.normalised()).normalised()


@given(scopes, scopes, rows)
def test_inclusion_of_scopes_is_inclusion_of_rows(a: Scope, b: Scope, row: Row) -> None:
    if a <= b and naive(a, *row):
        assert naive(b, *row)


@given(scopes, scopes, scopes)
def test_inclusion_is_an_order_up_to_normal_form(a: Scope, b: Scope, c: Scope) -> None:
    assert a <= a
    if a <= b and b <= c:
        assert a <= c
    if a <= b and b <= a:
        assert a.normalised() == b.normalised()


@given(scopes, rows)
def test_normalising_changes_no_decision(scope: Scope, row: Row) -> None:
    assert naive(scope, *row) == naive(scope.normalised(), *row)


@given(scopes, scopes, rows)
def test_an_intersection_admits_only_what_both_admit(a: Scope, b: Scope, row: Row) -> None:
    if naive(a & b, *row):
        assert naive(a, *row)
        assert naive(b, *row)
    assert (a & b) <= a


@given(scopes)
def test_a_scope_survives_being_written_and_read(scope: Scope) -> None:
    assert Scope.parse(scope.atoms()) == scope


def test_inbound_only_with_an_extension_is_not_everything() -> None:
    admit = compile(Scope.parse(["ALL/inbound", "ext:101"]))
    assert admit("inbound", [])
    assert admit("outbound", ["ext:101"])
    assert not admit("outbound", ["ext:102"])
    assert not admit("internal", None)


def test_an_atom_keeps_its_own_slashes() -> None:
    scope = Scope.parse(["agent:asterisk:pbx1:Local/agent-101@agents/n"])
    assert compile(scope)("inbound", ["agent:asterisk:pbx1:Local/agent-101@agents/n"])


@pytest.mark.parametrize("text", ["everything", "queue:", "Queue:a", "", "all", "SELF/sideways"])
def test_what_is_no_scope_is_named_and_refused(text: str) -> None:
    with pytest.raises(ScopeError, match="is no scope: use ALL"):
        Scope.parse([text])


def test_stored_text_that_cannot_be_read_grants_nothing() -> None:
    assert Scope.readable(["everything", "queue:a"]) == Scope.parse(["queue:a"])


def test_a_table_name_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="is no name of a table"):
        to_sql(Scope(), call="call; DROP TABLE call")


def test_ten_thousand_atoms_are_no_trouble_for_sql() -> None:
    scope = Scope.of(*(f"queue:{n}" for n in range(10_000)))
    assert admitted_by_sql(scope, [("inbound", ["queue:9999"]), ("inbound", ["queue:10000"])]) == [0]


def test_symbols_mean_what_the_directory_says_today() -> None:
    ann = Person(key="ann", name="Ann", role="r", extension="101", agents=("asterisk:pbx1:Ann",), manage_queues=("q",))
    team = Team(key="north", name="North", members=("ann",))
    other = Team(key="south", name="South", managers=("ann",))
    directory = Directory(people={"ann": ann}, teams={"north": team, "south": other})

    def meaning(atom: str) -> tuple[str, ...]:
        return Scope.parse([atom]).resolve(ann, directory).atoms()

    assert meaning("SELF") == ("agent:asterisk:pbx1:Ann", "ext:101", "person:ann")
    assert meaning("OWN_TEAMS") == ("team:north",)
    assert meaning("MANAGED") == ("team:south",)
    assert meaning("GRANTED") == ("agent:asterisk:pbx1:Ann", "ext:101", "person:ann", "queue:q")
    assert meaning("ALL/inbound") == ("ALL/inbound",)
