"""Requirement text 003 (MightyCall, roles and permissions): each test quotes what it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wallboard_tui.access.permissions import ADMIN

if TYPE_CHECKING:
    from tests.access.conftest import CallOf, OfficeOf


EVERY_ADMIN = {name for name in ADMIN if name != "reports.tab"}


def test_an_administrator_manages_everything(office: OfficeOf) -> None:
    """“They can view and manage all MightyCall tabs … Administrators can invite, edit, and delete users and change
    roles … They also have access to the supervisor workspace and can edit and delete the account.”
    """
    shop = office(mia={"role": "mightycall:administrator"})
    assert shop.admin("mia") == dict.fromkeys(EVERY_ADMIN, "manage")
    me = shop.me("mia")
    assert me.may("supervisor", "manage")
    assert me.panes == ("wallboard", "agents", "rollups", "metrics", "missed", "calls")


def test_a_manager_has_everything_but_roles(office: OfficeOf) -> None:
    """“The Manager role has nearly the same access as administrators with the exception of 1 thing – access to the
    roles. That means managers can't view or manage any user roles”
    """
    shop = office(max={"role": "mightycall:manager"}, mia={"role": "mightycall:administrator"})
    held = shop.admin("max")
    assert EVERY_ADMIN - set(held) == {"roles", "roles.assign", "account.delete", "audit"}
    data = {name: one for name, one in shop.effective("max").permissions.items() if one.scope}
    assert data == {name: one for name, one in shop.effective("mia").permissions.items() if one.scope}


def test_managers_do_not_assign_roles_where_the_text_contradicts_itself(office: OfficeOf) -> None:
    """“in order to assign user roles, you must hold an Admin role yourself or a custom role with the permissions to
    view and manage roles” against “as a Manager, you can … automatically assign user roles”: the strict sentence wins.
    """
    assert not office(max={"role": "mightycall:manager"}).me("max").may("roles.assign")


def test_an_agent_sees_own_history_and_that_of_the_workgroups(office: OfficeOf, call_of: CallOf) -> None:
    """“They'll only see the history of communication either they were personally engaged in or any history of a
    workgroup they are a part of.”
    """
    shop = office(ann={"role": "mightycall:agent"})
    gate = shop.gate("ann")
    assert gate.admit("call", call_of(shop.directory, agents=["Ann"]))
    assert gate.admit("call", call_of(shop.directory, agents=["Bob"]))
    # "A Workgroup itself is a group made up of several users … that an inbound call is routed to."
    assert gate.admit("call", call_of(shop.directory, queues=["sales"]))
    assert not gate.admit("call", call_of(shop.directory, queues=["support"], agents=["Cat"]))


def test_an_agents_recents_and_reports_are_personal(office: OfficeOf, call_of: CallOf) -> None:
    """“Agents also have the ”Personal“ limit for their ”Recents“” and “Agents only have access to the reports of the
    interactions they've engaged with”.
    """
    shop = office(ann={"role": "mightycall:agent"})
    me, gate = shop.me("ann"), shop.gate("ann")
    calls, own = me.lens("calls"), me.lens("analytics")
    assert calls is not None
    assert own is not None
    assert me.lens("recents") == me.lens("reports.missed") == me.lens("reports.queues") == own
    assert gate.admit("call", call_of(shop.directory, queues=["sales"], agents=["Bob"])) == 1 << calls
    assert gate.admit("call", call_of(shop.directory, queues=["sales"], agents=["Ann"])) == 1 << calls | 1 << own
    assert me.panes == ("rollups", "metrics", "missed", "calls")


def test_an_agent_has_no_managers_sections(office: OfficeOf) -> None:
    """“they don't have access to the supervisor workspace, auto dialer or call flow settings, and only have basic
    access to the call center reports. They also can't manage the business numbers, team, integrations or account
    details.”
    """
    shop = office(ann={"role": "mightycall:agent"})
    assert shop.admin("ann") == {"contacts": "view"}
    me = shop.me("ann")
    assert not me.may("supervisor")
    assert not me.may("wallboard")
    assert "agents" not in me.panes


def test_everybody_keeps_their_personal_section(office: OfficeOf, call_of: CallOf) -> None:
    """“The section available for all users is their personal calls, call recordings, voicemails, and analytics of the
    interactions they participated in.”
    """
    bare = {
        "key": "mightycall:agent", "pack": "mightycall", "name": "Agent",
        "floor": {name: {"scope": ["SELF"]} for name in ("calls", "recordings", "voicemail", "analytics")},
    }  # fmt: skip
    shop = office(more=[("role", bare)], ann={"role": "mightycall:agent"})
    me = shop.me("ann")
    assert set(me.permissions) == {"calls", "recordings", "voicemail", "analytics"}
    assert me.panes == ("metrics", "calls")
    assert shop.gate("ann").admit("call", call_of(shop.directory, agents=["Ann"]))
    assert not shop.gate("ann").admit("call", call_of(shop.directory, agents=["Bob"]))


def test_recents_can_hold_all_calls_of_all_users(office: OfficeOf, call_of: CallOf) -> None:
    """“you can determine how much communication history a user can view, whether all calls from all users or just
    those made or received by the current user.”
    """
    shop = office(ann={"role": "mightycall:agent", "toggles": {"recents_of_all": True}})
    assert shop.me("ann").permissions["recents"].scope == ("ALL",)
    assert shop.gate("ann").admit("call", call_of(shop.directory, queues=["support"], agents=["Cat"]))


def test_agents_can_be_kept_from_saved_contacts(office: OfficeOf) -> None:
    """“Restrict agents from accessing saved contacts”."""
    shop = office(
        ann={"role": "mightycall:agent"}, bob={"role": "mightycall:agent", "toggles": {"saved_contacts": False}}
    )
    contact = {"key": "+353871234567", "name": "Mary"}
    assert shop.gate("ann").admit("contact", contact)
    assert not shop.gate("bob").admit("contact", contact)


def test_a_custom_role_for_specific_business_numbers(office: OfficeOf, call_of: CallOf) -> None:
    """“Specific Business Numbers provides access to data linked to selected business numbers and includes access to the
    communication history within workgroups and personal interactions”
    """
    role = {
        "key": "custom:contractor", "name": "Contractor",
        "grants": {"calls": {"scope": ["number:+35315550200", "OWN_TEAMS", "SELF"]}},
    }  # fmt: skip
    shop = office(more=[("role", role)], ann={"role": "custom:contractor"})
    gate = shop.gate("ann")
    assert gate.admit("call", call_of(shop.directory, number="+35315550200"))
    assert gate.admit("call", call_of(shop.directory, agents=["Bob"]))
    assert gate.admit("call", call_of(shop.directory, agents=["Ann"]))
    assert not gate.admit("call", call_of(shop.directory, number="+35315550100", agents=["Cat"]))


def test_sections_without_access_are_not_visible(office: OfficeOf) -> None:
    """“Any sections that they don't have user access to simply won't be visible.”"""
    shop = office(
        boards=[
            {
                "key": "wall", "name": "Wall",
                "pages": [
                    {"name": "Live", "rows": [{"panes": [{"pane": "wallboard"}, {"pane": "calls"}]}]},
                    {"name": "Teams", "rows": [{"panes": [{"pane": "agents"}]}]},
                ],
            }
        ],
        ann={"role": "mightycall:agent"},
    )  # fmt: skip
    (board,) = shop.me("ann").boards
    assert board["pages"] == [{"name": "Live", "rows": [{"panes": [{"pane": "calls"}]}]}]


def test_the_supervisor_workspace_is_full_access_for_a_custom_role(office: OfficeOf) -> None:
    """“available to managers, administrators, and custom roles that include full access to the supervisor workspace,
    allows them to monitor real-time call center operations, including key KPIs, ongoing calls, and agent statuses.”
    """
    role = {"key": "custom:lead", "name": "Lead", "grants": {"supervisor": {"scope": ["OWN_TEAMS"]}}}
    shop = office(more=[("role", role)], ann={"role": "custom:lead"})
    assert shop.me("ann").panes == ("agents",)
    pause = {"key": "p", "source": "pbx1", "agent": "asterisk:pbx1:Bob", "at": 1.0, "what": "pause", "reason": "Lunch"}
    gate = shop.gate("ann")
    assert gate.redact("presence", pause, gate.admit("presence", pause))["reason"] == "Lunch"
