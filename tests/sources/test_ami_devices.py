"""What members' phones do, as their state is told: shown only where no call that is followed tells it."""

import pytest

from wallboard_tui.metrics.presence import fold
from wallboard_tui.model.agent import Presence
from wallboard_tui.sources.asterisk.ami.devices import Devices, device_corrections
from wallboard_tui.sources.asterisk.ami.members import Members
from wallboard_tui.sources.asterisk.ami.watch import Watch

ANN, SALES, VIP = "asterisk:pbx1:Ann", "asterisk:pbx1:sales", "asterisk:pbx1:vip"
T = 1_795_262_400.0


def nobody() -> set[str]:
    return set()


def ann() -> set[str]:
    return {ANN}


def told(devices: Devices, now: float, engaged: bool = False) -> list[tuple[str, float]]:
    """What is said, and from when on."""
    found = devices.statements(T + now, ann if engaged else nobody)
    for doc in found:
        Presence.load(doc)
    return [(doc["what"], doc["at"] - T) for doc in found]


@pytest.fixture
def devices() -> Devices:
    """Ann's phone is free, in one queue."""
    found = Devices("pbx1")
    found.note((ANN, SALES), "1", T)
    assert found.statements(T, nobody) == []
    return found


@pytest.mark.parametrize("status", ["4", "5"], ids=["invalid", "unavailable"])
def test_a_phone_that_cannot_be_reached_is_said_at_once_and_so_is_that_it_is_back(
    devices: Devices, status: str
) -> None:
    devices.note((ANN, SALES), status, T + 10)
    assert told(devices, 10) == [("device_gone", 10)]
    assert told(devices, 11) == []
    devices.note((ANN, SALES), "1", T + 60)
    assert told(devices, 60) == [("device_free", 60)]


def test_an_agent_with_one_phone_that_is_there_can_be_rung(devices: Devices) -> None:
    devices.note((ANN, VIP), "5", T + 10)
    assert told(devices, 10) == []
    devices.forget((ANN, SALES), T + 20)
    assert told(devices, 20) == [("device_gone", 20)]
    devices.forget((ANN, VIP), T + 30)
    assert told(devices, 30) == [("device_free", 30)]


@pytest.mark.parametrize(("status", "what"), [("2", "device_busy"), ("3", "device_busy"), ("8", "device_busy"),
                                              ("6", "device_rings"), ("7", "device_busy")])  # fmt: skip
def test_a_phone_in_use_for_nothing_that_is_followed_is_said_after_a_while(
    devices: Devices, status: str, what: str
) -> None:
    devices.note((ANN, SALES), status, T + 10)
    assert told(devices, 11) == []
    assert told(devices, 13.5) == [(what, 10)]
    devices.note((ANN, SALES), "1", T + 40)
    assert told(devices, 40) == [("device_free", 40)]


def test_a_phone_in_use_for_a_call_that_is_followed_says_nothing(devices: Devices) -> None:
    devices.note((ANN, SALES), "6", T + 10)
    assert told(devices, 10, engaged=True) == []
    devices.note((ANN, SALES), "2", T + 14)
    assert told(devices, 60, engaged=True) == []
    assert told(devices, 61) == [], "the call has just ended"
    devices.note((ANN, SALES), "1", T + 61.2)
    assert told(devices, 61.2) == []
    assert told(devices, 99) == []


def test_what_is_in_use_after_its_call_ended_is_for_something_else(devices: Devices) -> None:
    devices.note((ANN, SALES), "2", T + 10)
    assert told(devices, 60, engaged=True) == []
    assert told(devices, 64) == [("device_busy", 60)]
    assert told(devices, 70, engaged=True) == [("device_free", 70)]


@pytest.mark.parametrize("status", ["0", "99", "", None])
def test_a_state_that_is_unknown_says_nothing_against_an_agent(status: str | None) -> None:
    devices = Devices("pbx1")
    devices.note((ANN, SALES), status, T)
    assert told(devices, 60) == []
    assert devices.gone() == frozenset()


def test_after_a_time_without_a_line_what_is_believed_becomes_what_is() -> None:
    known = {ANN, "asterisk:pbx1:Bob"}
    assert device_corrections("pbx1", {ANN}, known, {}, T) == []
    believed = {ANN: "device_gone", "asterisk:pbx1:Bob": "device_busy", "asterisk:pbx1:Gone": "device_gone"}
    later = device_corrections("pbx1", {ANN}, known, believed, T)
    assert [(doc["agent"], doc["what"]) for doc in later] == [("asterisk:pbx1:Bob", "device_free")]


def test_a_phone_that_is_gone_when_it_is_first_told_of_is_said_so() -> None:
    devices = Devices("pbx1")
    devices.note((ANN, SALES), "5", T + 5)
    assert told(devices, 5) == [("device_gone", 5)]


def test_members_hand_on_the_state_of_their_phones_from_events_and_snapshots() -> None:
    members = Members("pbx1", lambda queue: queue != "other")
    shown = {"event": "QueueMember", "queue": "sales", "name": "Ann", "location": "PJSIP/101", "status": "5"}
    members.snapshot([{"event": "QueueParams", "queue": "sales"}], [shown], T)
    assert members.frozen().devices.gone() == {ANN}
    status = {"event": "QueueMemberStatus", "queue": "sales", "membername": "Ann", "interface": "PJSIP/101"}
    members.documents()
    members.take({**status, "status": "1"}, T + 5)
    members.take({**status, "status": "5", "queue": "other"}, T + 6)
    assert members.devices.statements(T + 6, nobody) == [], "it was gone for no time anybody asked"
    members.take({**status, "status": "4"}, T + 7)
    assert [(doc["what"], doc["at"]) for doc in members.devices.statements(T + 7, nobody)] == [("device_gone", T + 7)]
    assert members.documents() == [], "the agent is who it was"
    members.snapshot([{"event": "QueueParams", "queue": "sales"}], [], T + 60)
    assert members.devices.known() == frozenset()


def test_who_rings_or_talks_for_a_queue_is_engaged() -> None:
    watch = Watch("pbx1")
    fields = {"uniqueid": "1.1", "queue": "sales", "membername": "Ann", "destuniqueid": "2.1"}
    watch.take({"event": "AgentCalled", **fields}, T)
    assert watch.engaged() == {ANN}
    watch.take({"event": "AgentConnect", **fields}, T + 5)
    assert watch.engaged() == {ANN}
    watch.take({"event": "AgentComplete", **fields}, T + 50)
    assert watch.engaged() == set()


# -- what it makes of an agent


def says(at: float, what: str, queue: str | None = None) -> dict[str, object]:
    return {"agent": ANN, "at": T + at, "what": what, "queue": queue}


def states(*events: dict[str, object]) -> list[tuple[str, str, float, float | None]]:
    """The agent as a whole: state, reason, from when to when."""
    found = fold(ANN, events, (SALES,), since=T)
    return [
        (i.state, i.reason, i.start - T, None if i.end is None else i.end - T) for i in found if i.queue is None
    ]  # fmt: skip


def test_an_agent_whose_phone_is_gone_is_out_and_says_why() -> None:
    assert states(says(10, "device_gone"), says(60, "device_free")) == [
        ("available", "", 0, 10), ("signed_in", "", 0, 10), ("out", "device unavailable", 10, 60),
        ("available", "", 60, None), ("signed_in", "", 60, None),
    ]  # fmt: skip


def test_a_pause_counts_as_one_whatever_the_phone_does() -> None:
    found = states(says(5, "pause", SALES), says(10, "device_gone"), says(60, "unpause", SALES))
    assert [one for one in found if one[0] != "signed_in"] == [
        ("available", "", 0, 5), ("paused", "", 5, 60), ("out", "device unavailable", 60, None),
    ]  # fmt: skip


def test_a_phone_in_use_takes_nothing_from_the_time_an_agent_is_there() -> None:
    found = states(says(10, "device_busy"), says(60, "device_free"))
    assert found == [
        ("available", "", 0, None), ("signed_in", "", 0, None), ("engaged", "device_busy", 10, 60),
    ]  # fmt: skip


def test_what_is_taken_back_at_the_moment_something_new_is_said_is_taken_back_before() -> None:
    found = states(says(10, "device_gone"), says(60, "device_free"), says(60, "device_busy"))
    assert [one for one in found if one[0] in ("out", "engaged")] == [
        ("out", "device unavailable", 10, 60), ("engaged", "device_busy", 60, None),
    ]  # fmt: skip
