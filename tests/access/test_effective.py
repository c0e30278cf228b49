"""From roles, toggles and grants to what somebody holds: laws, rules and where each part comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallboard_tui.access.derive import Effective, effective, of_role
from wallboard_tui.access.directory import Directory
from wallboard_tui.access.order import leq
from wallboard_tui.access.packs import load, packs, roles_of
from wallboard_tui.access.permissions import ADMIN, DATA, PERMISSIONS
from wallboard_tui.access.scope import Scope
from wallboard_tui.model.directory import Grant, Person, Role, Team

if TYPE_CHECKING:
    from tests.access.conftest import OfficeOf

ROLES = {role.key: role for pack in packs() for role in roles_of(pack)}
TOGGLES = sorted({name for pack in packs() for name in load(pack).toggles})
ATOMS = ("ALL", "ALL/inbound", "queue:q", "MANAGED", "OWN_TEAMS", "SELF", "GRANTED", "number:+353")

grants = st.dictionaries(
    st.sampled_from([*DATA, *list(ADMIN)[:3], "nonsense"]),
    st.builds(
        Grant,
        level=st.sampled_from(["view", "manage", "none", "own"]),
        scope=st.lists(st.sampled_from([*ATOMS, "rubbish"]), max_size=3).map(tuple),
    ),
    max_size=5,
)
people = st.builds(
    Person,
    key=st.just("ann"),
    name=st.just("Ann"),
    role=st.sampled_from(sorted(ROLES)),
    extension=st.one_of(st.none(), st.just("101")),
    toggles=st.dictionaries(st.sampled_from([*TOGGLES, "unknown"]), st.booleans(), max_size=6),
    grants=grants,
    manage_queues=st.one_of(st.just(()), st.just(("q",))),
    missed_mail=st.booleans(),
    report_mail=st.booleans(),
)


def directory_of(person: Person) -> Directory:
    teams = {
        "north": Team(key="north", name="North", members=("ann",)),
        "south": Team(key="south", name="S", managers=("ann",)),
    }
    return Directory(people={"ann": person}, roles=ROLES, teams=teams)


def held_by(person: Person) -> Effective:
    directory = directory_of(person)
    return effective("ann", directory).resolved(directory)


@given(people, grants)
def test_adding_a_grant_never_takes_anything_away(person: Person, more: dict[str, Grant]) -> None:
    added = {**more, **person.grants}
    assert leq(held_by(person), held_by(person.model_copy(update={"grants": added}))) == []


@given(people)
def test_what_is_held_is_in_normal_form(person: Person) -> None:
    for held in (effective("ann", directory_of(person)), held_by(person)):
        for name, one in held.permissions.items():
            assert name in PERMISSIONS
            assert bool(one.scope) == PERMISSIONS[name].scoped
            assert one.scope == one.scope.normalised()
            assert one.managed <= one.scope
            assert one.level == ("manage" if one.managed or (one.level == "manage" and not one.scope) else "view")
        reports = any(name.startswith("reports.") and name != "reports.tab" for name in held.permissions)
        assert ("reports.tab" in held.permissions) == reports
        assert not ("email.missed_reminder" in held.capabilities and "reports.missed" not in held.permissions)
        assert not ("call.make" in held.capabilities and person.extension is None)


@given(people)
def test_everything_held_has_an_origin(person: Person) -> None:
    held = effective("ann", directory_of(person))
    for name, one in held.permissions.items():
        told = [origin for origin in held.origins[name] if origin.added]
        assert told
        assert one.scope <= Scope(frozenset().union(*(origin.scope.pairs for origin in told)))


@given(people)
def test_nobody_disabled_or_without_sign_in_holds_anything(person: Person) -> None:
    disabled = held_by(person.model_copy(update={"disabled": True}))
    assert (disabled.permissions, disabled.capabilities) == ({}, ())
    nobody = held_by(person.model_copy(update={"role": "calltracks:no-access"}))
    assert (nobody.permissions, nobody.capabilities) == ({}, ())


@given(people)
def test_nothing_symbolic_is_left_once_resolved(person: Person) -> None:
    atoms = {atom for one in held_by(person).permissions.values() for atom, _ in one.scope.pairs | one.managed.pairs}
    assert atoms.isdisjoint({"MANAGED", "OWN_TEAMS", "SELF", "GRANTED"})


def test_a_grant_to_manage_one_queue_manages_no_other(office: OfficeOf) -> None:
    sales = "asterisk:pbx1:sales"
    shop = office(sue={"grants": {"reports.missed": {"level": "manage", "scope": [f"queue:{sales}"]}}})
    held = shop.effective("sue").permissions["reports.missed"]
    assert held.level == "manage"
    assert held.scope == Scope.of("MANAGED", f"queue:{sales}")
    assert held.managed == Scope.of(f"queue:{sales}")
    gate = shop.gate("sue")
    attempt = {"call": "c", "at": 1.0, "reason": "abandoned", "facts": ["team:north"]}
    other = {"key": "+353", "attempts": [attempt]}
    own = {"key": "+353", "attempts": [{**attempt, "facts": [f"queue:{sales}"]}]}
    assert gate.may("reports.missed", "view", "followup", other)
    assert not gate.may("reports.missed", "manage", "followup", other)
    assert gate.may("reports.missed", "manage", "followup", own)
    assert not gate.may("reports.call_log", "manage")


def test_a_limited_scope_with_nothing_in_it_is_no_permission(office: OfficeOf) -> None:
    shop = office(sol={"role": "justcall:supervisor"})
    assert shop.effective("sol").holds("wallboard")
    me = shop.me("sol")
    assert not me.may("wallboard")
    assert me.panes == ("metrics",)


def test_a_missing_role_and_an_unknown_person_hold_nothing(office: OfficeOf) -> None:
    shop = office(joe={"role": "justcall:retired"})
    assert shop.effective("joe").permissions == {}
    assert "does not exist" in shop.me("joe").sees
    assert shop.effective("nobody").permissions == {}
    with pytest.raises(LookupError, match="there is no person 'nobody'"):
        shop.me("nobody")


def test_a_toggle_of_another_product_changes_nothing(office: OfficeOf) -> None:
    plain = office().me("ann").permissions
    assert office(ann={"toggles": {"full_call_report_access": True}}).me("ann").permissions == plain


def test_origins_say_role_toggle_grant_and_floor(office: OfficeOf) -> None:
    shop = office(ann={"toggles": {"view_all_analytics": True}, "grants": {"analytics": {"scope": ["queue:x"]}}})
    origins = shop.effective("ann").origins["analytics"]
    assert [(origin.kind, origin.name) for origin in origins] == [
        ("role", "Agent"), ("toggle", "View All Analytics"), ("grant", "Ann"), ("floor", "Agent"),
    ]  # fmt: skip
    taken = office(ada={"toggles": {"export_data": False}}).effective("ada").origins["export"]
    assert [(origin.kind, origin.added) for origin in taken] == [("role", True), ("toggle", False)]


everyone = people.map(held_by)


@given(everyone, everyone, everyone)
def test_not_higher_than_is_an_order(a: Effective, b: Effective, c: Effective) -> None:
    assert leq(a, a) == []
    if not leq(a, b) and not leq(b, c):
        assert leq(a, c) == []
    if not leq(a, b) and not leq(b, a):
        assert _telling(a) == _telling(b)


def _telling(held: Effective) -> dict[str, object]:
    """Permissions without levels that say nothing: to manage recordings is to view them."""
    return {
        name: one if PERMISSIONS[name].manageable else one.scope for name, one in held.permissions.items()
    }  # fmt: skip


def test_an_admin_hands_out_the_qa_analyst_and_every_other_role_of_the_pack() -> None:
    """“If you have a quality assurance team, create a custom role with access to call recordings and scoring” (000).

    To manage recordings is no more than to view them, so that the admin, who views all, may hand it out.
    """
    for pack in packs():
        first = of_role(roles_of(pack)[0] if pack != "calltracks" else ROLES["calltracks:customer-super-admin"])
        assert {role.key: leq(of_role(role), first) for role in roles_of(pack)} == {
            role.key: [] for role in roles_of(pack)
        }


def test_managing_more_is_higher_although_both_manage_something(office: OfficeOf) -> None:
    seen, all_of_it = {"level": "view", "scope": ["ALL"]}, {"level": "manage", "scope": ["ALL"]}
    few = {"key": "custom:few", "name": "Few", "grants": {"reports.missed": seen}}
    shop = office(
        more=[("role", few)],
        ann={"role": "custom:few", "grants": {"reports.missed": {"level": "manage", "scope": ["queue:q"]}}},
        bob={"role": "custom:few", "grants": {"reports.missed": all_of_it}},
    )
    ann, bob = shop.effective("ann"), shop.effective("bob")
    assert ann.permissions["reports.missed"].scope == bob.permissions["reports.missed"].scope
    assert leq(ann, bob) == []
    assert leq(bob, ann) == ["reports.missed"]


def test_roles_compare_as_the_texts_rank_them() -> None:
    def missing(a: str, b: str) -> list[str]:
        return leq(of_role(ROLES[a]), of_role(ROLES[b]))

    assert missing("mightycall:manager", "mightycall:administrator") == []
    assert missing("mightycall:administrator", "mightycall:manager") == [
        "account.delete",
        "audit",
        "roles",
        "roles.assign",
    ]
    assert missing("calltracks:read-only", "calltracks:read-write") == []
    assert missing("calltracks:read-write", "calltracks:customer-local-admin") == []
    assert missing("calltracks:customer-local-admin", "calltracks:customer-super-admin") == []
    assert missing("justcall:agent", "justcall:admin") == []
    # Incomparable counts as higher: an agent's own calls are not within the teams a supervisor manages.
    assert "calls" in missing("justcall:agent", "justcall:supervisor")
    assert missing("calltracks:no-access", "justcall:agent") == []


def test_a_role_that_cannot_sign_in_compares_as_nothing() -> None:
    assert of_role(Role(key="r", name="R", login=False, grants={"roles": Grant(level="manage")})).permissions == {}
