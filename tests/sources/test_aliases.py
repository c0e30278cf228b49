"""Which interface is which agent: proofs from queue_log alone, and none where it could be otherwise."""

import tracemalloc

import pytest

from wallboard_tui.sources.asterisk.aliases import Memberships, interfaces_of


def memberships(*windows: tuple[str, int, int]) -> Memberships:
    found = Memberships()
    for interface, start, end in windows:
        found.member(interface, "sales", start, "join")
        found.member(interface, "sales", end, "leave")
    return found


def test_a_name_heard_only_while_one_interface_was_a_member_is_that_interface() -> None:
    found = memberships(("SIP/1", 100, 200), ("SIP/1", 300, 400))
    found.spoke("Sam", "sales", 150, "PAUSE", "")
    found.spoke("Sam", "sales", 350, "CONNECT", "3|x|2")
    assert found.deduce() == [("SIP/1", "Sam")]


def test_a_ring_that_began_before_the_removal_belongs_to_the_membership() -> None:
    found = memberships(("SIP/1", 100, 200), ("SIP/1", 300, 400))
    found.spoke("Sam", "sales", 150, "CONNECT", "3|x|2")
    found.spoke("Sam", "sales", 407, "RINGNOANSWER", "8000")
    found.spoke("Sam", "sales", 950, "COMPLETECALLER", "3|600|1")
    assert found.deduce() == [("SIP/1", "Sam")]


@pytest.mark.parametrize("stray", [50, 250, 500])
def test_one_line_outside_the_memberships_is_no_proof(stray: int) -> None:
    found = memberships(("SIP/1", 100, 200), ("SIP/1", 300, 400))
    for at in (150, 350, stray):
        found.spoke("Sam", "sales", at, "PAUSE", "")
    assert found.deduce() == []


def test_one_long_membership_is_no_proof_since_it_covers_bystanders() -> None:
    found = memberships(("SIP/1", 100, 900))
    found.spoke("Sam", "sales", 150, "PAUSE", "")
    found.spoke("Sam", "sales", 850, "UNPAUSE", "")
    assert found.deduce() == []


def test_two_names_or_two_interfaces_that_fit_are_no_proof() -> None:
    names = memberships(("SIP/1", 100, 200), ("SIP/1", 300, 400))
    interfaces = memberships(("SIP/1", 100, 200), ("SIP/1", 300, 400), ("SIP/2", 90, 210), ("SIP/2", 290, 410))
    for at in (150, 350):
        names.spoke("Sam", "sales", at, "PAUSE", "")
        names.spoke("Tina", "sales", at, "PAUSE", "")
        interfaces.spoke("Sam", "sales", at, "PAUSE", "")
    assert names.deduce() == interfaces.deduce() == []


def test_an_interface_that_is_heard_under_itself_has_no_other_name() -> None:
    found = memberships(("SIP/1", 100, 200), ("SIP/1", 300, 400))
    found.spoke("SIP/1", "sales", 160, "CONNECT", "3|x|2")
    for at in (150, 350):
        found.spoke("Sam", "sales", at, "PAUSE", "")
    assert found.deduce() == []


@pytest.mark.parametrize(
    ("channel", "interfaces"),
    [
        ("IAX2/agent206-12489", ("IAX2/agent206",)),
        ("SIP/102-0000a1f3", ("SIP/102",)),
        ("PJSIP/desk-7-0000001b", ("PJSIP/desk-7",)),
        ("Local/agent-101@agents-00000012;1", ("Local/agent-101@agents", "Local/agent-101@agents/n")),
        ("", ()),
        ("SIP/102", ()),
    ],
)
def test_a_channel_tells_its_interface(channel: str, interfaces: tuple[str, ...]) -> None:
    assert interfaces_of(channel) == interfaces


def test_a_file_that_is_followed_for_months_leaves_a_number_a_line_behind() -> None:
    found, lines = Memberships(), 20_000
    tracemalloc.start()
    try:
        for at in range(1_700_000_000, 1_700_000_000 + lines):
            found.spoke(f"Agent {at % 60}", f"queue {at % 8}", at, "CONNECT", "3|x|2")
        grown, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert grown < 24 * lines
