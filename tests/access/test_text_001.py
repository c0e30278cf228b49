"""Requirement text 001 (NUACOM, User Permissions & Access Control): every scenario and matrix row, quoted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from wallboard_tui.access.derive import caller_ids

if TYPE_CHECKING:
    from tests.access.conftest import CallOf, OfficeOf


NUMBER = "+35315550100"
OTHER = "+35315550200"
NON_ADMIN: dict[str, Any] = {"role": "nuacom:non-admin"}


def test_admins_have_unrestricted_access(office: OfficeOf) -> None:
    """“Admins have unrestricted access to: All features and modules All call logs and recordings All reports and
    dashboards Billing, system settings, integrations, user management, and more”
    """
    me = office(eve={"role": "nuacom:admin"}).me("eve")
    assert me.panes == ("wallboard", "agents", "rollups", "metrics", "missed", "calls")
    assert me.permissions["calls"].scope == ("ALL",)
    assert me.permissions["recordings"].scope == ("ALL",)
    assert all(me.may(name, "manage") for name in ("billing", "account", "api", "crm", "users"))


def test_non_admins_get_only_what_was_explicitly_allowed(office: OfficeOf) -> None:
    """“Non-Admin users can only access the features and data explicitly allowed by the Admin.”"""
    me = office(nia=NON_ADMIN).me("nia")
    assert set(me.permissions) == {"caller_number"}
    assert me.panes == ()
    assert me.sees.endswith("Ask Ada for access.")


def test_example_1_extension_101(office: OfficeOf, call_of: CallOf) -> None:
    """“Example 1: A Non-Admin user is granted access to Extension 101. They will see: Inbound/outbound activity for
    Extension 101, Call logs and statistics tied to that extension only”
    """
    shop = office(nia={**NON_ADMIN, "manage_extensions": ["101"]})
    gate, me = shop.gate("nia"), shop.me("nia")
    assert gate.admit("call", call_of(shop.directory, agents=["Ann"], direction="inbound"))
    assert gate.admit("call", call_of(shop.directory, extension="101", direction="outbound"))
    assert not gate.admit("call", call_of(shop.directory, agents=["Bob"], direction="inbound"))
    assert not gate.admit("call", call_of(shop.directory, extension="102", direction="outbound"))
    for permission in ("calls", "analytics", "analytics.rollup", "reports.queues", "reports.missed"):
        assert me.permissions[permission].scope == ("ext:101",)
    assert me.panes == ("rollups", "metrics", "missed", "calls")


def test_example_2_no_report_permissions(office: OfficeOf, call_of: CallOf) -> None:
    """“Example 2: A Non-Admin is not granted any call report permissions. They will not see: Call logs, Call
    recordings, Reporting dashboards. However: If they have an extension assigned, they can make/receive calls. They
    will see only their own call activity, not other users'”
    """
    shop = office(nia={**NON_ADMIN, "extension": "150"}, noa=NON_ADMIN)
    gate, me = shop.gate("nia"), shop.me("nia")
    assert not any(me.may(name) for name in ("calls", "recordings", "analytics", "analytics.rollup", "reports.tab"))
    assert me.capabilities == ("login", "call.make", "call.receive")
    assert me.panes == ("calls",)
    assert gate.admit("call", call_of(shop.directory, agents=["Nia"]))
    assert not gate.admit("call", call_of(shop.directory, agents=["Ann"]))
    without = shop.me("noa")
    assert without.panes == ()
    assert without.capabilities == ("login",)


def test_example_3_full_call_report_access(office: OfficeOf, call_of: CallOf) -> None:
    """“Example 3: A Non-Admin user is given Full Call Report Access. They can: View all logs, reports, recordings
    across the account. Access call statistics for all users, numbers, and queues. … They will not have access to
    admin settings unless explicitly enabled.”
    """
    shop = office(nia={**NON_ADMIN, "extension": "150", "toggles": {"full_call_report_access": True}})
    me = shop.me("nia")
    for permission in (
        "calls",
        "recordings",
        "analytics",
        "analytics.rollup",
        "analytics.filter_agents",
        "reports.missed",
    ):
        assert me.permissions[permission].scope == ("ALL",)
        assert me.permissions[permission].level == "view"
    assert me.panes == ("rollups", "metrics", "missed", "calls")
    assert shop.gate("nia").admit("call", call_of(shop.directory, queues=["billing"], direction="outbound"))
    assert shop.admin("nia") == {}
    assert not me.may("export")


def test_admin_settings_can_be_enabled_explicitly(office: OfficeOf) -> None:
    """“They will not have access to admin settings unless explicitly enabled”, “(e.g., Voicemail, Billing)”."""
    shop = office(nia={**NON_ADMIN, "toggles": {"billing": True, "system_settings": True}})
    assert shop.admin("nia") == {
        "billing": "manage", "account": "manage", "numbers": "manage", "call_flow": "manage", "statuses": "manage",
    }  # fmt: skip


MATRIX: list[tuple[str, dict[str, Any], dict[str, bool]]] = [
    (
        "Access to Extension A | Inbound & outbound call stats, logs for that extension",
        {"manage_extensions": ["101"]},
        {"ann in": True, "ann out": True, "cat support": False, "main in": False, "main out": False},
    ),
    (
        "Access to Queue X | Reporting data and logs related to Queue X",
        {"manage_queues": ["asterisk:pbx1:support"]},
        {"ann in": False, "ann out": False, "cat support": True, "main in": False, "main out": False},
    ),
    (
        "Access to Number +353… | Activity related to that number, including outbound and inbound",
        {"manage_numbers": [NUMBER]},
        {"ann in": False, "ann out": False, "cat support": False, "main in": True, "main out": True},
    ),
    (
        "Full Call Report Access | All data and recordings across the account",
        {"toggles": {"full_call_report_access": True}},
        {"ann in": True, "ann out": True, "cat support": True, "main in": True, "main out": True},
    ),
    (
        "No Report Permissions | Only their own call history (if they have an extension)",
        {"extension": "150"},
        {"ann in": False, "ann out": False, "cat support": False, "main in": False, "main out": False, "own": True},
    ),
    (
        "No Report Permissions | Only their own call history (if they have an extension)",
        {},
        {"ann in": False, "ann out": False, "cat support": False, "main in": False, "main out": False, "own": False},
    ),
]


@pytest.mark.parametrize(("row", "granted", "sees"), MATRIX)
def test_a_row_of_the_access_matrix(
    row: str, granted: dict[str, Any], sees: dict[str, bool], office: OfficeOf, call_of: CallOf
) -> None:
    shop = office(nia={**NON_ADMIN, **granted})
    calls = {
        "ann in": call_of(shop.directory, agents=["Ann"]),
        "ann out": call_of(shop.directory, extension="101", direction="outbound"),
        "cat support": call_of(shop.directory, queues=["support"], agents=["Cat"]),
        "main in": call_of(shop.directory, number=NUMBER),
        "main out": call_of(shop.directory, number=NUMBER, extension="102", direction="outbound"),
        "own": call_of(shop.directory, agents=["Nia"]),
    }
    gate = shop.gate("nia")
    assert {name: bool(gate.admit("call", calls[name])) for name in sees} == sees, row


def test_manage_numbers_gives_the_choice_of_caller_id(office: OfficeOf) -> None:
    """“Manage Numbers | Ability to select Caller ID from allowed numbers”; “Choose from those numbers as Caller ID”."""
    shop = office(nia={**NON_ADMIN, "extension": "150", "manage_numbers": [NUMBER, OTHER]})
    assert caller_ids(shop.directory.people["nia"]) == (NUMBER, OTHER)
    assert "caller_id" in shop.me("nia").capabilities


def test_without_numbers_there_is_the_one_preconfigured_caller_id(office: OfficeOf) -> None:
    """“The user is restricted to using one preconfigured Caller ID”."""
    shop = office(nia={**NON_ADMIN, "extension": "150", "default_caller_id": OTHER})
    assert caller_ids(shop.directory.people["nia"]) == (OTHER,)
    assert "caller_id" in shop.me("nia").capabilities


def test_without_numbers_and_default_there_is_no_caller_id(office: OfficeOf) -> None:
    """“Without number access or a pre-assigned default, the user won't have a caller ID for outbound calls”. Seeing
    all numbers through Full Call Report Access is not using them.
    """
    toggles = {"toggles": {"full_call_report_access": True}}
    shop = office(nia={**NON_ADMIN, "extension": "150", **toggles}, noa={**NON_ADMIN, "default_caller_id": OTHER})
    assert caller_ids(shop.directory.people["nia"]) == ()
    assert "caller_id" not in shop.me("nia").capabilities
    # "Always assign an extension to a user who needs to make/receive calls."
    assert not {"call.make", "call.receive", "caller_id"} & set(shop.me("noa").capabilities)


FEATURES = [
    ("wallboard", "wallboard"),
    ("voicemail", "voicemail"),
    ("sms", "messages"),
    ("email_reports", "report.schedule"),
]


@pytest.mark.parametrize(("toggle", "permission"), FEATURES)
def test_other_feature_toggles_follow_what_the_person_may_see(toggle: str, permission: str, office: OfficeOf) -> None:
    """“Other Feature Toggles | Wallboard, Voicemail, SMS, Email Reports, and more”; “Limit visibility to calls on
    specific extensions, queues, or numbers”.
    """
    queue = "asterisk:pbx1:sales"
    shop = office(
        nia={**NON_ADMIN, "manage_queues": [queue], "toggles": {toggle: True}},
        noa={**NON_ADMIN, "manage_queues": [queue], "toggles": {toggle: False}},
        ola={**NON_ADMIN, "toggles": {toggle: True, "full_call_report_access": True}},
    )
    assert f"queue:{queue}" in shop.me("nia").permissions[permission].scope
    assert "ALL" not in shop.me("nia").permissions[permission].scope
    assert not shop.me("noa").may(permission)
    assert shop.me("ola").permissions[permission].scope == ("ALL",)


def test_a_wallboard_without_report_permissions_is_about_oneself(office: OfficeOf) -> None:
    """Design table: “Non-Admin, no report permission | … toggle@P”."""
    shop = office(nia={**NON_ADMIN, "extension": "150", "toggles": {"wallboard": True, "email_reports": True}})
    me = shop.me("nia")
    assert me.permissions["wallboard"].scope == ("agent:asterisk:pbx1:Nia", "ext:150", "person:nia")
    assert not me.may("report.schedule")
    assert "email.reports" not in me.capabilities


def test_own_activity_comes_with_the_granted_when_there_is_an_extension(office: OfficeOf) -> None:
    """Design: “Entities = granted queues/numbers/extensions ∪ SELF if the person has an extension”."""
    shop = office(nia={**NON_ADMIN, "extension": "150", "manage_extensions": ["101"]})
    assert shop.me("nia").permissions["calls"].scope == ("agent:asterisk:pbx1:Nia", "ext:101", "ext:150", "person:nia")
