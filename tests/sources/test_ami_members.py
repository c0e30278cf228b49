"""What the manager interface says about members, in the words of Asterisk 13 to 22."""

from collections.abc import Mapping
from typing import Any

import pytest

from wallboard_tui.model.base import Doc
from wallboard_tui.sources.asterisk.ami.corrections import Held, corrections
from wallboard_tui.sources.asterisk.ami.members import Members
from wallboard_tui.sources.asterisk.ami.watch import Malformed

ANN, SALES = "asterisk:pbx1:Ann", "asterisk:pbx1:sales"
T = 1_795_262_400.0
SHOWN = {
    "event": "QueueMember", "queue": "sales", "name": "Ann", "location": "SIP/101", "stateinterface": "SIP/101",
    "membership": "static", "penalty": "2", "status": "1", "paused": "0",
}  # fmt: skip
"""A member in QueueStatus: as old versions tell it."""


@pytest.fixture
def members() -> Members:
    """A queue with one static member."""
    found = Members("pbx1", lambda _queue: True)
    found.snapshot([{"event": "QueueParams", "queue": "sales"}], [SHOWN], T)
    return found


def agent_of(members: Members) -> Doc:
    """Ann's document."""
    return {doc["key"]: doc for kind, doc in members.documents() if kind == "agent"}[ANN]


@pytest.mark.parametrize(
    "event",
    [
        {"event": "QueueMemberPause", "membername": "Ann", "interface": "SIP/101", "paused": "1", "reason": "Lunch"},
        {"event": "QueueMemberPause", "membername": "Ann", "interface": "SIP/101", "paused": "1",
         "pausedreason": "Lunch", "lastpause": "1795262401", "logintime": "1795260000", "wrapuptime": "0"},
        {"event": "QueueMemberPaused", "membername": "Ann", "location": "SIP/101", "paused": "1", "reason": "Lunch"},
    ],
    ids=["13", "16 to 22", "before 12"],
)  # fmt: skip
def test_a_pause_is_understood_in_the_words_of_every_version(members: Members, event: Mapping[str, str]) -> None:
    members.take({**event, "queue": "sales"}, T + 1)
    (said,) = members.statements()
    assert (said["agent"], said["queue"], said["what"], said["reason"]) == (ANN, SALES, "pause", "Lunch")


def test_what_an_event_does_not_tell_stays_as_the_snapshot_had_it(members: Members) -> None:
    members.take({"event": "QueueMemberPaused", "queue": "sales", "membername": "Ann", "paused": "1"}, T + 1)
    known = agent_of(members)
    assert known["queues"] == [SALES], "still a static member"
    assert known["penalties"] == {SALES: 2}
    assert known["interfaces"] == ["SIP/101"]


def test_a_members_own_wrap_up_time_is_kept_and_none_is_the_queues() -> None:
    members = Members("pbx1", lambda _queue: True)
    shown: list[dict[str, Any]] = [{**SHOWN, "wrapuptime": "25"}, {**SHOWN, "queue": "vip", "wrapuptime": "0"}]
    members.snapshot([], shown, T)
    assert agent_of(members)["wrap_ups"] == {SALES: 25}


@pytest.mark.parametrize(
    ("event", "lacks"),
    [
        ({"event": "QueueMemberPause", "queue": "sales", "paused": "1"}, "MemberName and Interface"),
        ({"event": "QueueMemberAdded", "queue": "sales"}, "MemberName and Interface"),
        ({"event": "QueueMemberAdded", "membername": "Ann"}, "Queue"),
        ({"event": "QueueMemberPause", "queue": "sales", "membername": "Ann"}, "Paused"),
    ],
)
def test_an_event_that_does_not_say_who_or_what_says_nothing(
    members: Members, event: dict[str, str], lacks: str
) -> None:
    members.documents()
    with pytest.raises(Malformed, match=f"{event['event']} without {lacks}"):
        members.take(event, T + 1)
    assert members.statements() == []
    assert members.documents() == []


def test_a_member_without_a_name_in_a_snapshot_is_nobody() -> None:
    members = Members("pbx1", lambda _queue: True)
    members.snapshot([], [{"event": "QueueMember", "queue": "sales", "paused": "0"}], T)
    assert members.seats == {}


def test_of_queues_that_were_chosen_no_more_nobody_stays_a_member_but_by_another_witness() -> None:
    found = Members("pbx1", lambda queue: queue == "sales")
    found.snapshot([{"event": "QueueParams", "queue": "sales"}], [SHOWN], T)
    held = {seat: Held(False) for seat in ((ANN, SALES), (ANN, "asterisk:pbx1:night"), (ANN, ""))}
    said = corrections(found, held, T, only_new=False)
    assert [(doc["what"], doc["queue"]) for doc in said] == [("leave", "asterisk:pbx1:night")]
    assert corrections(found, held, T, only_new=True) == [], "queue_log goes on telling of it"


def test_a_member_who_is_paused_before_anybody_spoke_of_them_is_said_to_be_paused_and_nothing_after_it() -> None:
    found = Members("pbx1", lambda _queue: True)
    paused = {**SHOWN, "paused": "1", "pausedreason": "Lunch", "lastpause": str(int(T) - 60)}
    found.snapshot([{"event": "QueueParams", "queue": "sales"}], [paused], T)
    said = corrections(found, {}, T, only_new=False)
    assert [(doc["what"], doc["at"], doc["reason"]) for doc in said] == [("pause", T - 60, "Lunch")]
