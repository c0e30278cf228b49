"""One call, one pause and one phone in the words of each Asterisk from 13 to 22: what is understood is the same."""

from collections.abc import Iterator, Mapping

import pytest

from wallboard_tui.model.base import Doc
from wallboard_tui.sources.asterisk.ami import snapshot
from wallboard_tui.sources.asterisk.ami.answers import Arrived
from wallboard_tui.sources.asterisk.ami.hearing import Hearing
from wallboard_tui.sources.asterisk.ami.members import Members
from wallboard_tui.sources.asterisk.ami.watch import Watch
from wallboard_tui.sources.asterisk.ami.wire import Message, message
from wallboard_tui.sources.asterisk.merge import Asterisk

T = 1_795_262_400
ANN, SALES = "asterisk:pbx1:Ann", "asterisk:pbx1:sales"
MEMBER = {
    "Queue": "sales", "MemberName": "Ann", "Interface": "PJSIP/101", "StateInterface": "PJSIP/101",
    "Membership": "static", "Penalty": "2", "CallsTaken": "7", "LastCall": "0", "LastPause": "0", "LoginTime": "0",
    "InCall": "0", "Status": "1", "Paused": "0", "PausedReason": "", "Ringinuse": "1", "Wrapuptime": "0",
}  # fmt: skip
"""A member in an event of Asterisk 22."""
CHANNEL = {
    "Channel": "PJSIP/trunk-1", "ChannelState": "6", "ChannelStateDesc": "Up", "CallerIDNum": "+353861234567",
    "CallerIDName": "<unknown>", "ConnectedLineNum": "<unknown>", "Language": "en", "AccountCode": "",
    "Context": "from-trunk", "Exten": "5001", "Priority": "1", "Uniqueid": "1795262401.1", "Linkedid": "1795262401.1",
}  # fmt: skip
AGENT = {
    "DestChannel": "PJSIP/101-2", "DestUniqueid": "1795262402.2", "DestLinkedid": "1795262401.1", "Queue": "sales",
    "Interface": "PJSIP/101", "MemberName": "Ann",
}  # fmt: skip

OF_16 = frozenset({"LoginTime", "Wrapuptime"})
OF_13_LATER = frozenset({"LastPause", "InCall", "PausedReason"})
VERSIONS: dict[str, frozenset[str]] = {
    "13.0": OF_13_LATER | OF_16 | {"Linkedid", "Language"},
    "13.38": OF_16 | {"Linkedid"},
    "16": frozenset({"Wrapuptime"}),
    "18": frozenset(),
    "20": frozenset(),
    "22": frozenset(),
}
"""Version → fields that it does not have yet."""


def said() -> Iterator[tuple[float, str, Mapping[str, str]]]:
    """What happens, in the words of Asterisk 22."""
    yield 1, "Newchannel", CHANNEL
    yield 1.2, "QueueCallerJoin", {**CHANNEL, "Queue": "sales", "Position": "1", "Count": "1"}
    yield 2, "QueueMemberStatus", {**MEMBER, "Status": "6"}
    yield 2, "AgentCalled", {**CHANNEL, **AGENT}
    yield 8, "QueueCallerLeave", {**CHANNEL, "Queue": "sales", "Position": "1", "Count": "0"}
    yield 8, "AgentConnect", {**CHANNEL, **AGENT, "HoldTime": "7", "RingTime": "6"}
    yield 8, "QueueMemberStatus", {**MEMBER, "Status": "2", "InCall": "1"}
    yield 12, "QueueMemberPause", {**MEMBER, "Paused": "1", "PausedReason": "Lunch", "LastPause": str(T + 12)}
    talk = {"HoldTime": "7", "TalkTime": "20", "Reason": "caller"}
    yield 28, "AgentComplete", {**CHANNEL, **AGENT, **talk}
    yield 28, "Hangup", {**CHANNEL, "Cause": "16", "Cause-txt": "Normal Clearing"}
    yield 28.1, "QueueMemberStatus", {**MEMBER, "Status": "1", "Paused": "1", "PausedReason": "Lunch"}
    yield 60, "QueueMemberStatus", {**MEMBER, "Status": "5", "Paused": "1", "PausedReason": "Lunch"}


def event(version: str, at: float, name: str, fields: Mapping[str, str]) -> Message:
    """An event as a version sends it, through the bytes."""
    told = {field: value for field, value in fields.items() if field not in VERSIONS[version]}
    if "PausedReason" in VERSIONS[version] and fields.get("PausedReason"):
        told["Reason"] = fields["PausedReason"]
    lines = [f"Event: {name}", "Privilege: agent,all", f"Timestamp: {T + at:.6f}"]
    return message("\r\n".join([*lines, *(f"{field}: {value}" for field, value in told.items())]).encode())


def heard(version: str) -> tuple[Doc, list[tuple[str, str]], Doc]:
    """The call, what the agent and their phone did, and the agent, as a version tells it."""
    watch = Watch("pbx1")
    members = Members("pbx1", watch.follows)
    shown = event(version, 0, "QueueMember", MEMBER)
    shown |= {"name": shown.pop("membername"), "location": shown.pop("interface")}
    params, status, entries = snapshot.queues([message(b"Event: QueueParams\r\nQueue: sales"), shown])
    members.snapshot(params, status, float(T))
    assert not entries
    agent = next(doc for kind, doc in members.documents() if kind == "agent")
    hearing = Hearing(watch, members)
    hearing.waiting.extend(Arrived(T + at, event(version, at, name, fields)) for at, name, fields in said())
    hearing.take(99)
    assert hearing.unusable == {}
    (part,) = watch.parts()
    statements = members.statements() + members.devices.statements(T + 60.0, watch.engaged)
    return Asterisk().merge(part.key, None, [part]), [(doc["what"], doc.get("reason", "")) for doc in statements], agent


@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_tells_the_same_in_its_own_words(version: str) -> None:
    call, statements, agent = heard(version)
    assert (call["state"], call["caller"], call["called"]) == ("ended", "+353861234567", "5001")
    assert [(visit["outcome"], visit["wait_s"]) for visit in call["visits"]] == [("answered", 7)]
    assert [(leg["agent"], leg["ring_s"], leg["talk_s"]) for leg in call["legs"]] == [(ANN, 6, 20)]
    assert statements == [("pause", "Lunch"), ("device_gone", "")]
    assert (agent["queues"], agent["penalties"], agent["interfaces"]) == ([SALES], {SALES: 2}, ["PJSIP/101"])


def test_what_versions_tell_is_one_call() -> None:
    calls = [{**heard(version)[0], "key": ""} for version in VERSIONS]
    assert all(call == calls[0] for call in calls)
