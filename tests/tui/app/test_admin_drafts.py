"""What forms of *Team* hold: a scope as it is chosen, a document that two people edit, a person with their teams."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallboard_tui.access.listing import PRESETS
from wallboard_tui.access.scope import DIRECTIONS, Scope
from wallboard_tui.model.administration import PersonRow, Row
from wallboard_tui.model.base import Doc
from wallboard_tui.tui.screens.admin import person_draft
from wallboard_tui.tui.screens.admin.merging import canonical, differing, meanwhile, merged, places
from wallboard_tui.tui.screens.admin.scopes import Wish, with_preset
from wallboard_tui.tui.widgets.permissions import next_level

ATOMS = st.sampled_from(["ALL", "SELF", "MANAGED", "OWN_TEAMS", "GRANTED", "queue:q", "number:1", "team:n", "ext:7"])
WAYS = st.sampled_from(["", *(f"/{way}" for way in DIRECTIONS)])
SCOPES = st.lists(st.builds(lambda atom, way: atom + way, ATOMS, WAYS), min_size=1, max_size=5)
GRANTS = st.dictionaries(
    st.sampled_from(["calls", "export", "scores"]),
    st.sampled_from([{"level": "view", "scope": ["ALL"]}, {"level": "manage", "scope": ["SELF"]}]),
)
DOCS: st.SearchStrategy[Doc] = st.builds(
    lambda name, about, grants: {"name": name, "description": about, "grants": grants},
    st.sampled_from(["One", "Two", "Three"]), st.sampled_from(["", "x", "y"]), GRANTS,
)  # fmt: skip


@given(SCOPES)
def test_a_scope_that_a_form_can_show_is_saved_as_it_was(scope: list[str]) -> None:
    wish = Wish.of(scope)
    if wish is not None:
        assert Scope.parse(wish.scope) == Scope.parse(scope).normalised()


def test_different_directions_for_different_things_stay_as_they_are() -> None:
    assert Wish.of(["ALL/inbound", "ext:101"]) is None


@pytest.mark.parametrize("preset", [name for name in PRESETS if name != "Specific Business Numbers"])
def test_a_preset_that_was_chosen_is_recognised_again(preset: str) -> None:
    wish = with_preset(Wish(things=frozenset({"queue:q"})), PRESETS[preset])
    assert wish.preset(PRESETS) == preset
    assert not wish.things


def test_specific_numbers_keep_what_was_chosen_and_the_directions() -> None:
    wish = with_preset(Wish(things=frozenset({"number:1"}), directions=frozenset({"inbound"})), PRESETS["Workgroup"])
    assert wish.scope == ["OWN_TEAMS/inbound", "SELF/inbound"]
    wish = with_preset(Wish(things=frozenset({"number:1"})), PRESETS["Specific Business Numbers"])
    assert wish.preset(PRESETS) == "Specific Business Numbers"
    assert wish.scope == ["OWN_TEAMS", "SELF", "number:1"]


def test_levels_go_round() -> None:
    assert [next_level(("none", "view", "manage"), one) for one in ("none", "view", "manage", "odd")] == [
        "view", "manage", "none", "none",
    ]  # fmt: skip


@given(DOCS, DOCS)
def test_who_changed_nothing_gets_what_the_other_made(base: Doc, theirs: Doc) -> None:
    assert places(merged(base, theirs, base)) == places(theirs)
    assert not any(one.clash for one in meanwhile(base, theirs, base))


@given(DOCS, DOCS)
def test_who_was_alone_gets_what_they_typed(base: Doc, yours: Doc) -> None:
    assert places(merged(base, base, yours)) == places(yours)
    assert meanwhile(base, base, yours) == []


@given(DOCS, DOCS, DOCS)
def test_nothing_typed_is_lost_unless_one_gives_way(base: Doc, theirs: Doc, yours: Doc) -> None:
    was, they, you = places(base), places(theirs), places(yours)
    result = places(merged(base, theirs, yours))
    for place in {*was, *they, *you}:
        mine = you.get(place) != was.get(place)
        assert result.get(place) == (you.get(place) if mine else they.get(place)), place
    clashes = [one.place for one in meanwhile(base, theirs, yours) if one.clash]
    given_way = places(merged(base, theirs, yours, clashes))
    assert all(given_way.get(place) == they.get(place) for place in clashes)


def test_two_people_who_change_different_permissions_are_not_in_each_others_way() -> None:
    view = {"level": "view", "scope": ["ALL"]}
    base = {"grants": {"calls": view, "recordings": view}}
    theirs = {"grants": {"calls": view}}
    yours = {"grants": {"calls": view, "recordings": view, "export": view}}
    assert merged(base, theirs, yours) == {"grants": {"calls": view, "export": view}}
    (one,) = meanwhile(base, theirs, yours)
    assert (one.place, one.clash) == (("grants", "recordings"), False)


def test_a_grant_that_leaves_out_what_is_usual_is_the_same_grant() -> None:
    stored = {"key": "custom:x", "name": "X", "grants": {"calls": {"scope": ["ALL"]}, "users": {}}}
    assert canonical(stored) == {
        "name": "X",
        "grants": {"calls": {"level": "view", "scope": ["ALL"]}, "users": {"level": "view", "scope": []}},
    }


def test_only_fields_that_differ_are_sent_and_empty_is_no_value() -> None:
    base = {"name": "Ann", "agents": ("a",), "extension": None}
    assert differing(base, {"name": "Ann", "agents": ["a"], "extension": "", "disabled": False}) == {}
    assert differing(base, {"name": "Anna", "agents": ["a"]}) == {"name": "Anna"}


def row(key: str, **fields: Any) -> PersonRow:
    doc = {"key": key, "name": key.title(), "role": "standard:agent", **fields}
    return PersonRow(key=key, revision=7, doc=doc, role_name="Agent", teams=("north",))


TEAMS = {
    "north": Row(key="north", revision=3, doc={"key": "north", "name": "North", "members": ["ann", "bob"]}),
    "south": Row(key="south", revision=4, doc={"key": "south", "name": "South", "managers": ["sue"]}),
}


def test_a_person_who_changes_teams_changes_the_teams_and_not_the_person() -> None:
    base = person_draft.begun(row("ann"))
    draft = {**base, "joined": [], "managed": ["south"]}
    edits = person_draft.edits_of("ann", 7, base, draft, TEAMS)
    assert [(one.kind, one.key, one.set, one.revision) for one in edits] == [
        ("team", "north", {"members": ["bob"]}, 3),
        ("team", "south", {"managers": ["sue", "ann"]}, 4),
    ]


def test_a_new_person_is_made_with_a_short_name_of_their_own() -> None:
    draft: Doc = {"name": "Ana María O'Brien", "role": "standard:agent", "joined": ["south"], "pin": "4711"}
    made, team = person_draft.edits_of(None, None, {}, draft, TEAMS)
    assert (made.key, made.create) == ("ana.maria.obrien", {"name": "Ana María O'Brien", "role": "standard:agent"})
    assert team.set == {"members": ["ana.maria.obrien"]}


@pytest.mark.parametrize(
    ("draft", "field", "word"),
    [
        ({"role": "r"}, "name", "needs a name"),
        ({"name": "Ann", "role": "r"}, "key", "already"),
        ({"name": "Ann", "key": "A B", "role": "r"}, "key", "short name"),
        ({"name": "Eve"}, "role", "Choose a role"),
        ({"name": "Eve", "role": "r", "extension": "1o1"}, "extension", "digits"),
        ({"name": "Eve", "role": "r", "email": "eve"}, "email", "mail address"),
        ({"name": "Eve", "role": "r", "pin": "12"}, "pin", "4 to 10 digits"),
    ],
)
def test_what_cannot_be_saved_is_said_beside_its_field(draft: Doc, field: str, word: str) -> None:
    found = person_draft.lacking(None, draft, {"ann": row("ann")})
    assert word in found[field]
    assert list(found) == [field]
