"""Requirement text 002 (Calltracks, the differences between user types): each test quotes what it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.access.conftest import CallOf, OfficeOf


CALL_ROLES = ("calls-only", "view-inbound-calls-only", "view-outbound-calls-only")


def test_calls_only_sees_calls_and_recordings_and_no_reports(office: OfficeOf, call_of: CallOf) -> None:
    """“Calls only allows access to the Calls list. This means they can see the individual calls, and listen to any
    recordings, but can't perform any reporting”
    """
    shop = office(cal={"role": "calltracks:calls-only"})
    me = shop.me("cal")
    assert me.panes == ("calls",)
    assert set(me.permissions) == {"calls", "recordings", "caller_number"}
    assert shop.gate("cal").admit("call", call_of(shop.directory, queues=["sales"]))


@pytest.mark.parametrize("role", CALL_ROLES)
def test_reminders_of_missed_opportunities_need_that_report(role: str, office: OfficeOf) -> None:
    """“It is important to ensure you don't tick the 'Send email reminders for missed opportunities?' option as they
    cannot access the Missed Opportunities Report.”
    """
    shop = office(
        cal={"role": f"calltracks:{role}", "missed_mail": True},
        rex={"role": "calltracks:receptionist", "missed_mail": True},
    )
    assert "email.missed_reminder" not in shop.me("cal").capabilities
    assert "email.missed_reminder" in shop.me("rex").capabilities


@pytest.mark.parametrize(
    ("role", "sees"), [("view-inbound-calls-only", "inbound"), ("view-outbound-calls-only", "outbound")]
)
def test_calls_of_one_direction_only(role: str, sees: str, office: OfficeOf, call_of: CallOf) -> None:
    """“View Inbound Calls Only: Like Calls Only, but restricted to inbound.” and likewise outbound."""
    shop = office(cal={"role": f"calltracks:{role}"})
    gate = shop.gate("cal")
    for direction in ("inbound", "outbound", "internal"):
        call = call_of(shop.directory, queues=["sales"], agents=["Ann"], direction=direction)
        assert bool(gate.admit("call", call)) == (direction == sees)
    me = shop.me("cal")
    assert me.panes == ("calls",)
    assert me.permissions["recordings"].scope == (f"ALL/{sees}",)


def test_a_customer_local_admin_creates_people_and_has_more_than_read_write(office: OfficeOf) -> None:
    """“This role will give the user the ability to create users themselves. They have access to creating more than a
    standard Read/Write user”
    """
    shop = office(lea={"role": "calltracks:customer-local-admin"}, rae={"role": "calltracks:read-write"})
    assert shop.admin("lea") == {"users": "manage", "adverts": "manage", "prospects": "manage"}
    assert shop.admin("rae") == {"adverts": "manage", "prospects": "manage"}
    assert shop.me("lea").panes == ("rollups", "missed", "calls")


def test_a_local_manager_creates_people_sets_pins_and_listens(office: OfficeOf) -> None:
    """“You will have access to create user(s), set up pin numbers for outbound calls and listen to recorded calls.”"""
    shop = office(lou={"role": "calltracks:local-manager"})
    assert shop.admin("lou") == {"users": "manage", "pins": "manage"}
    assert shop.me("lou").may("recordings")
    assert shop.me("lou").panes == ("calls",)


def test_a_customer_super_admin_is_above_a_local_admin(office: OfficeOf) -> None:
    """“Customer Super Admins have additional higher level of access on the Calltracks interface compared to a
    Customer Local Admin.”
    """
    shop = office(sol={"role": "calltracks:customer-super-admin"})
    managed = (
        "roles",
        "roles.assign",
        "users",
        "workgroups",
        "numbers",
        "call_flow",
        "contacts",
        "adverts",
        "prospects",
        "pins",
    )
    assert shop.admin("sol") == {**dict.fromkeys(managed, "manage"), "account": "view", "audit": "view"}
    assert shop.me("sol").panes == ("wallboard", "agents", "rollups", "metrics", "missed", "calls")


def test_no_access_cannot_sign_in_but_stays_somebody(office: OfficeOf, call_of: CallOf) -> None:
    """“This role allows you to create a user that has NO ACCESS to the Calltracks web interface. This is useful for
    creating a user when using the questionnaire facility” and “DO NOT tick either of the email options”.
    """
    nox = {"role": "calltracks:no-access", "extension": "160", "missed_mail": True, "report_mail": True}
    shop = office(nox={**nox, "grants": {"calls": {"scope": ["ALL"]}}})
    me = shop.me("nox")
    assert me.capabilities == ()
    assert me.permissions == {}
    assert me.panes == ()
    assert "cannot sign in" in me.sees
    call = call_of(shop.directory, agents=["Nox"])
    assert "person:nox" in call["facts"]
    assert not shop.gate("nox").admit("call", call)


def test_read_only_sees_calls_and_reports_and_changes_nothing(office: OfficeOf) -> None:
    """“The user has the ability to see individual calls as well as run reports. They cannot make any changes. They
    can still get the missed opportunity emails if required.”
    """
    shop = office(rory={"role": "calltracks:read-only", "missed_mail": True})
    me = shop.me("rory")
    assert me.panes == ("rollups", "missed", "calls")
    assert all(grant.level == "view" for grant in me.permissions.values())
    assert "email.missed_reminder" in me.capabilities


def test_read_write_has_adverts_and_prospects_and_all_of_read_only(office: OfficeOf) -> None:
    """“The user has the ability to create Calltracks adverts to obtain a new phone number, create and upload prospect
    lists and all access of a Read Only user.”
    """
    shop = office(rae={"role": "calltracks:read-write"}, rory={"role": "calltracks:read-only"})
    more, less = shop.me("rae").permissions, shop.me("rory").permissions
    assert set(less) <= set(more)
    assert all(more[name].scope == less[name].scope for name in less)
    assert set(more) - set(less) == {"adverts", "prospects"}


def test_a_receptionist_sees_only_missed_opportunities(office: OfficeOf, call_of: CallOf) -> None:
    """“Receptionist has the ability to see the Missed Opportunity Report ONLY. This allows them to deal with missed
    calls, should you have any.”
    """
    shop = office(rex={"role": "calltracks:receptionist"})
    me, gate = shop.me("rex"), shop.gate("rex")
    assert me.panes == ("missed",)
    assert set(me.permissions) == {"reports.missed", "reports.tab", "caller_number"}
    assert me.may("reports.missed", "manage")
    assert not gate.admit("call", call_of(shop.directory, queues=["sales"]))
    assert gate.wanted_sql() == ("0", [])
    attempt = {"call": "asterisk:pbx1:1", "at": 100.0, "reason": "abandoned", "facts": ["queue:asterisk:pbx1:sales"]}
    followup = {
        "key": "+353871234567",
        "caller": "+353871234567",
        "attempts": [attempt],
        "first_miss": 100.0,
        "last_miss": 100.0,
    }
    assert gate.admit("followup", followup)
    assert gate.redact("followup", followup, 1)["caller"] == "+353871234567"
    presence = {"key": "p", "source": "pbx1", "agent": "asterisk:pbx1:Ann", "at": 1.0, "what": "pause"}
    assert not gate.admit("presence", presence)
    assert not gate.admit("agent", {"key": "asterisk:pbx1:Ann", "source": "pbx1", "name": "Ann"})


def test_reporting_only_sees_figures_and_never_a_call(office: OfficeOf, call_of: CallOf) -> None:
    """“This user can see the reports, but cannot see any other part of the system, like individual calls or list to the
    recordings.”
    """
    shop = office(pat={"role": "calltracks:reporting-only"})
    me, gate = shop.me("pat"), shop.gate("pat")
    assert me.panes == ("rollups", "missed")
    assert not any(
        me.may(name) for name in ("calls", "recents", "recordings", "reports.call_log", "reports.message_log")
    )
    call = call_of(shop.directory, queues=["sales"])
    assert not gate.admit("call", call)
    lens = me.lens("reports.queues")
    assert lens is not None
    assert not me.lenses[lens].rows
    assert gate.lens_gate(lens).call(call) is not None


def test_the_reports_tab_and_a_report_come_together(office: OfficeOf) -> None:
    """“A new role as a minimum must contain 'view tab' and at least one 'view' subsection within the reporting
    checkboxes … without having this checked the UI will error.”
    """
    tab = {"key": "custom:tab", "name": "Tab", "grants": {"reports.tab": {"level": "view"}}}
    report = {"key": "custom:report", "name": "Report", "grants": {"reports.missed": {"scope": ["ALL"]}}}
    shop = office(more=[("role", tab), ("role", report)], tom={"role": "custom:tab"}, rob={"role": "custom:report"})
    assert shop.me("tom").permissions == {}
    assert set(shop.me("rob").permissions) == {"reports.missed", "reports.tab"}
    # No error page: a sentence that says whom to ask.
    assert shop.me("tom").panes == ()
    assert shop.me("tom").sees
