"""Requirement text 000 (JustCall, Analytics Permissions): each test quotes the sentence or table row it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from wallboard_tui.access.packs import load

if TYPE_CHECKING:
    from tests.access.conftest import CallOf, OfficeOf


ALL_PANES = ("wallboard", "agents", "rollups", "metrics", "missed", "calls")


def test_an_admin_sees_all_analytics_and_may_do_everything(office: OfficeOf) -> None:
    """“Admin | All analytics across every agent, team, and number in the account. | Export data, create custom reports,
    schedule reports, configure wallboard, manage permissions.”
    """
    shop = office()
    me = shop.me("ada")
    assert me.panes == ALL_PANES
    for permission in ("analytics", "analytics.rollup", "analytics.filter_agents", "export", "report.create"):
        assert me.permissions[permission].scope == ("ALL",)
    assert me.permissions["report.schedule"].scope == ("ALL",)
    assert me.may("wallboard", "manage")
    assert me.may("roles", "manage")
    assert me.may("users", "manage")


def test_admins_have_unrestricted_access(office: OfficeOf, call_of: CallOf) -> None:
    """“Admins have unrestricted access. Every filter, export, and report includes data from the entire account.”"""
    shop = office()
    gate = shop.gate("ada")
    for direction in ("inbound", "outbound", "internal"):
        assert gate.admit("call", call_of(shop.directory, queues=["billing"], direction=direction))
    assert all(lens.everything and lens.rows for lens in shop.me("ada").lenses)


def test_a_supervisor_sees_the_teams_they_manage(office: OfficeOf) -> None:
    """“Supervisor | Analytics for agents and teams they manage. | Export data, create custom reports, schedule
    reports for their teams, view wallboard.”
    """
    me = office().me("sue")
    assert me.panes == ALL_PANES
    for permission in ("analytics.rollup", "analytics.filter_agents", "export", "report.create", "report.schedule"):
        assert me.permissions[permission].scope == ("team:north",)
    assert me.may("wallboard")
    assert not me.may("wallboard", "manage")
    assert not any(me.may(name) for name in ("roles", "users", "billing", "account", "supervisor", "recordings"))


def test_data_of_a_team_that_a_supervisor_does_not_manage_is_hidden(office: OfficeOf, call_of: CallOf) -> None:
    """“If a supervisor manages Team A but not Team B, Team B data is hidden from their analytics views.”"""
    shop = office()
    sue = shop.gate("sue")
    assert sue.admit("call", call_of(shop.directory, queues=["sales"], agents=["Ann"]))
    assert not sue.admit("call", call_of(shop.directory, queues=["support"], agents=["Cat"]))
    figures = shop.me("sue").lens("analytics")
    assert figures is not None
    assert sue.lens_gate(figures).shows_agent("asterisk:pbx1:Ann")
    assert not sue.lens_gate(figures).shows_agent("asterisk:pbx1:Cat")
    assert not sue.lens_gate(figures).shows_queue("asterisk:pbx1:support")


def test_an_agent_sees_only_their_own_calls_and_metrics(office: OfficeOf, call_of: CallOf) -> None:
    """“Agent | Only their own call and SMS metrics. | View personal performance dashboard. Cannot export team data or
    access other agents' metrics.”
    """
    shop = office()
    me, gate = shop.me("ann"), shop.gate("ann")
    assert me.panes == ("metrics", "calls")
    assert {scope for grant in me.permissions.values() for scope in grant.scope} == {
        "ALL", "agent:asterisk:pbx1:Ann", "ext:101", "person:ann",
    }  # fmt: skip
    assert [name for name, grant in me.permissions.items() if grant.scope == ("ALL",)] == ["caller_number"]
    assert not me.may("export")
    assert gate.admit("call", call_of(shop.directory, queues=["sales"], agents=["Ann"]))
    assert not gate.admit("call", call_of(shop.directory, queues=["sales"], agents=["Bob"]))


def test_an_agent_cannot_filter_by_agents_or_see_rollups(office: OfficeOf) -> None:
    """“They cannot filter by other agents or view team-level rollups.”"""
    shop = office()
    me, gate = shop.me("ann"), shop.gate("ann")
    assert not me.may("analytics.filter_agents")
    assert not me.may("analytics.rollup")
    assert "rollups" not in me.panes
    assert not gate.admit("agent", {"key": "asterisk:pbx1:Bob", "source": "pbx1", "name": "Bob"})
    assert not gate.admit("person", {"key": "bob", "name": "Bob", "role": "justcall:agent"})


def test_an_agents_dashboard_holds_own_quality_scores_and_messages(office: OfficeOf) -> None:
    """“Agents see a personal dashboard showing their own calls handled, talk time, missed-call rate, SMS activity,
    and quality scores.”
    """
    me = office().me("ann")
    for permission in ("analytics", "messages", "scores"):
        assert "person:ann" in me.permissions[permission].scope
        assert "ALL" not in me.permissions[permission].scope


TOGGLES = [
    # quoted: "Permission | What It Controls"; what an agent gets from it
    ("view_team_analytics", "analytics.rollup", "Access to team-level dashboards and metrics for assigned teams."),
    ("view_all_analytics", "analytics.rollup", "Access to account-wide analytics (typically admin-only)."),
    ("export_data", "export", "Ability to download CSV/Excel exports from any analytics view."),
    ("create_custom_reports", "report.create", "Ability to build and save custom report views."),
    ("schedule_reports", "report.schedule", "Ability to set up automated email report delivery."),
    ("view_wallboard", "wallboard", "Access to the real-time wallboard display."),
    ("configure_wallboard", "wallboard", "Ability to change wallboard layout and thresholds."),
    ("view_call_recordings", "recordings", "Access to play or download recordings from analytics."),
]


def test_the_eight_toggles_of_the_text_are_there_for_every_role() -> None:
    pack = load("justcall")
    assert set(pack.toggles) == {name for name, *_ in TOGGLES}
    assert all(set(role.toggles) == set(pack.toggles) for role in pack.roles)


@pytest.mark.parametrize(("toggle", "permission", "controls"), TOGGLES)
def test_a_toggle_gives_and_takes_what_it_controls(
    toggle: str, permission: str, controls: str, office: OfficeOf
) -> None:
    """“Admins can adjust the default behavior for any role … toggle individual permissions”. Somebody who both works
    in North and manages it, so that there is something to see for every toggle.
    """
    team = ("team", {"key": "west", "name": "West", "members": ["ann"], "managers": ["ann"]})
    on = office(more=[team], ann={"toggles": {toggle: True}}).me("ann")
    off = office(more=[team], ann={"toggles": {toggle: False}}).me("ann")
    assert on.may(permission), controls
    assert not off.may(permission)
    # Taken away again from those whose role has it.
    assert office().me("ada").may(permission)
    admin = office(ada={"toggles": {toggle: False}}).me("ada")
    expected = {"configure_wallboard": True, "view_wallboard": False, "view_team_analytics": True}
    assert admin.may(permission) == expected.get(toggle, False)


def test_view_all_analytics_is_for_the_account_and_view_team_analytics_for_assigned_teams(office: OfficeOf) -> None:
    shop = office(sue={"toggles": {"view_all_analytics": True}}, sam={"toggles": {"view_team_analytics": False}})
    assert shop.me("sue").permissions["analytics"].scope == ("ALL",)
    assert shop.me("sam").permissions["analytics"].scope == ("agent:asterisk:pbx1:Sam", "ext:202", "person:sam")
    assert "rollups" not in shop.me("sam").panes


def test_configuring_the_wallboard_implies_viewing_it(office: OfficeOf) -> None:
    """“View Wallboard”, “Configure Wallboard” are two toggles; the second gives the first."""
    shop = office(
        sue={"toggles": {"configure_wallboard": True, "view_wallboard": False}},
        ada={"toggles": {"configure_wallboard": False}},
    )
    assert shop.me("sue").permissions["wallboard"].level == "manage"
    assert shop.me("ada").permissions["wallboard"].level == "view"


def test_exports_hold_what_the_person_may_see_and_no_more(office: OfficeOf) -> None:
    """“Cannot export team data”: an agent with the toggle exports the own data."""
    shop = office(ann={"toggles": {"export_data": True}})
    me = shop.me("ann")
    assert me.permissions["export"].scope == me.permissions["analytics"].scope


def test_a_custom_qa_role_has_recordings_and_scoring_but_no_billing_or_account(
    office: OfficeOf, call_of: CallOf
) -> None:
    """“Separate QA access — … create a custom role with access to call recordings and scoring but not billing or
    account settings.”
    """
    shop = office(quinn={"role": "standard:qa-analyst"})
    me = shop.me("quinn")
    assert me.may("recordings", "manage")
    assert me.may("scores", "manage")
    assert not me.may("billing")
    assert not me.may("account")
    assert me.panes == ("calls",)
    assert shop.gate("quinn").admit("call", call_of(shop.directory, queues=["sales"]))


def test_a_custom_role_enables_just_the_permissions_it_requires(office: OfficeOf) -> None:
    """“Enable the specific analytics permissions this role requires.”"""
    role = {
        "key": "custom:lead", "name": "Team Lead", "toggles": ["export_data"],
        "grants": {"analytics.rollup": {"scope": ["OWN_TEAMS"]}, "wallboard": {"scope": ["OWN_TEAMS"]}},
    }  # fmt: skip
    me = office(more=[("role", role)], bob={"role": "custom:lead"}).me("bob")
    assert me.panes == ("wallboard", "agents", "rollups")
    assert set(me.permissions) == {"analytics.rollup", "wallboard"}


def test_a_role_changed_by_an_admin_replaces_the_default_one(office: OfficeOf) -> None:
    """“Admins can adjust the default behavior for any role”."""
    changed = {
        "key": "justcall:agent", "pack": "justcall", "name": "Agent", "grants": {"wallboard": {"scope": ["OWN_TEAMS"]}},
        "floor": {"analytics": {"scope": ["SELF"]}},
    }  # fmt: skip
    me = office(more=[("role", changed)]).me("ann")
    assert me.panes == ("wallboard", "agents", "metrics")
    assert me.permissions["wallboard"].scope == ("team:north",)
