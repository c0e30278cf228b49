"""What is remembered of a phone system is what goes on in it, however long it is listened to, however large it is."""

import gc
import tracemalloc
from collections import Counter
from collections.abc import Callable

import pytest

from wallboard_tui.sources.asterisk.ami import snapshot
from wallboard_tui.sources.asterisk.ami.members import Members
from wallboard_tui.sources.asterisk.ami.watch import Watch
from wallboard_tui.sources.asterisk.ami.wire import Message, message

HOUR_S = 900.0
"""Between one turn of the recording and the next."""
TELL_EVERY = 300
"""Events between two tellings."""
MORE = 100_000
"""Bytes by which memory may differ from one turn to the next."""
IDENTS = (
    "uniqueid", "linkedid", "destuniqueid", "transfereruniqueid", "origtransfereruniqueid", "secondtransfereruniqueid",
)  # fmt: skip


def listened(events: list[Message], turns: int) -> list[int]:
    """Bytes held after each turn of the same events with other calls."""
    watch = Watch("pbx1")
    members = Members("pbx1", watch.follows)
    held: list[int] = []
    tracemalloc.start()
    try:
        for turn in range(turns):
            for number, event in enumerate(events):
                fresh = {**event, **{name: f"{turn}-{event[name]}" for name in IDENTS if name in event}}
                at = float(event["timestamp"]) + turn * HOUR_S
                (members if event["event"] in Members.EVENTS else watch).take(fresh, at)
                if number % TELL_EVERY == 0:
                    tell(watch, members)
            tell(watch, members)
            assert not watch.callers, "every caller of the recording hung up"
            gc.collect()
            held.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    return held


def tell(watch: Watch, members: Members) -> None:
    """As a line does: what was told is not kept."""
    watch.parts()
    members.statements()
    members.documents()


@pytest.mark.parametrize("turns", [2, pytest.param(21, marks=pytest.mark.slow)], ids=["short", "300,000 events"])
def test_memory_stays_flat_however_long_it_is_listened(ami_recording: Callable[[str], list[bytes]], turns: int) -> None:
    wanted = Watch("pbx1").wanted | Members.EVENTS
    found = [message(block) for block in ami_recording("main")]
    events = [one for one in found if one.get("event") in wanted and "actionid" not in one and "timestamp" in one]
    assert len(events) > 10_000
    held = listened(events, turns)
    assert max(held) - held[0] < MORE, held


def test_queues_that_are_not_followed_leave_nothing_behind() -> None:
    watch = Watch("pbx1", ["sales"])
    members = Members("pbx1", watch.follows)
    for number in range(40_000):
        call, queue = f"{number}.1", f"queue-{number}"
        who = {"uniqueid": call, "queue": queue, "membername": "Ann", "interface": "PJSIP/101"}
        for name in ("QueueCallerJoin", "AgentCalled", "QueueCallerLeave", "AgentConnect", "AgentComplete", "Hangup"):
            watch.take({"event": name, **who}, float(number))
        members.take({"event": "QueueMemberPause", "paused": "1", **who}, float(number))
    shown = [{"event": "QueueMember", "queue": f"queue-{n}", "name": "Ann", "location": "PJSIP/101"} for n in range(9)]
    members.snapshot([{"event": "QueueParams", "queue": "queue-1"}], shown)
    assert (watch.callers, watch.parts(), watch.pending) == ({}, [], 0)
    assert (members.seats, members.queues, members.statements(), members.documents()) == ({}, {}, [], [])


def test_who_talks_is_found_among_many_members() -> None:
    members = Members("pbx1", lambda _queue: True)
    seats = [
        {"event": "QueueMember", "queue": f"q{queue}", "name": f"A{agent}", "location": f"Local/{agent}@agents/n"}
        for queue in range(100)
        for agent in range(200)
    ]
    members.snapshot([], seats)
    channels: list[Message] = []
    for talk in range(1_000):
        bridge = {"bridgeid": f"b{talk}"}
        data = f"q{talk % 100},t"
        channels += [
            {"uniqueid": f"{talk}.1", "application": "Queue", "applicationdata": data, "channel": "SIP/t-1", **bridge},
            {"uniqueid": f"{talk}.2", "channel": f"Local/{talk % 200}@agents-0a{talk};1", **bridge},
        ]
    found = list(snapshot.talks(channels, members))
    assert found == [(f"{talk}.1", f"q{talk % 100}", f"A{talk % 200}") for talk in range(1_000)]


def test_a_phone_system_of_forty_thousand_queues_is_written_down_in_one_go() -> None:
    members = Members("pbx1", lambda _queue: True)
    params = [{"event": "QueueParams", "queue": f"q{number}"} for number in range(40_000)]
    shown = [
        {"event": "QueueMember", "queue": f"q{number}", "name": f"A{number % 500}", "membership": "static"}
        for number in range(40_000)
    ]
    members.snapshot(params, shown)
    found = dict(Counter(kind for kind, _ in members.documents()))
    assert found == {"queue": 40_000, "agent": 500}
