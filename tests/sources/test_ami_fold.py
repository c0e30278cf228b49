"""What events say of one call: how a caller waits, who rings, talks, holds and passes on, in Asterisk 13 to 22."""

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallboard_tui.model.base import Doc
from wallboard_tui.model.call import Call
from wallboard_tui.sources.asterisk.ami.join import join
from wallboard_tui.sources.asterisk.ami.watch import Malformed, Watch
from wallboard_tui.sources.asterisk.merge import Asterisk
from wallboard_tui.sources.base import Part

T = 1_795_290_000.0
CALLER = "1795290000.1"
KEY = f"asterisk:pbx1:{CALLER}"
Event = tuple[float, dict[str, str]]


def event(at: float, name: str, **fields: str) -> Event:
    """An event of the caller, ``at`` seconds after the call began."""
    return T + at, {"event": name, "uniqueid": CALLER, "linkedid": CALLER, **fields}


def new(at: float = 0.0) -> Event:
    return event(at, "Newchannel", channel="PJSIP/trunk-1", exten="5001", calleridnum="+353861234567")


def join_queue(at: float, queue: str = "sales") -> Event:
    return event(at, "QueueCallerJoin", queue=queue, position="1", exten="5001", calleridnum="+353861234567")


def ring(at: float, agent: str, channel: str) -> Event:
    return event(at, "AgentCalled", queue="sales", membername=agent, interface=f"PJSIP/{agent}", destuniqueid=channel)


def answer(at: float, agent: str, channel: str, wait: int, rung: int = 2) -> list[Event]:
    fields = {"queue": "sales", "membername": agent, "destuniqueid": channel}
    return [
        event(at, "QueueCallerLeave", queue="sales"),
        event(at + 0.001, "AgentConnect", holdtime=str(wait), ringtime=str(rung), **fields),
    ]


def done(at: float, agent: str, wait: int, talk: int, why: str = "caller") -> Event:
    fields = {"queue": "sales", "membername": agent, "holdtime": str(wait), "talktime": str(talk)}
    return event(at, "AgentComplete", reason=why, **fields)


def hangup(at: float) -> Event:
    return event(at, "Hangup", cause="16")


def call_of(events: Iterable[Event], log: Iterable[str] = (), restarts: Iterable[float] = ()) -> Doc:
    """The call after events and lines of queue_log."""
    watch = Watch("pbx1")
    for at, fields in events:
        watch.take(fields, at)
    found: Doc | None = None
    system = Asterisk()
    for part in watch.parts():
        found = system.merge(part.key, found, [part], list(restarts))
    lines = list(log)
    if lines:
        found = system.merge(KEY, found, [Part(KEY, "queue_log", {"lines": lines})], list(restarts))
    assert found is not None
    Call.load(found)
    return found


ANSWERED = [new(), join_queue(1), ring(5, "Ann", "2.1"), *answer(8, "Ann", "2.1", 7, 3)]


def test_a_caller_waits_is_rung_for_talks_and_is_gone() -> None:
    assert [call_of(ANSWERED[:n])["state"] for n in (2, 3, 5)] == ["waiting", "ringing", "talking"]
    over = call_of([*ANSWERED, done(28, "Ann", 7, 20), hangup(28.1)])
    assert (over["state"], over["called"], over["caller"]) == ("ended", "5001", "+353861234567")
    (visit,), (leg,) = over["visits"], over["legs"]
    assert (visit["outcome"], visit["wait_s"], visit["entered"]) == ("answered", 7, T + 1)
    assert (leg["outcome"], leg["ring_s"], leg["talk_s"], leg["hold_s"]) == ("answered", 3, 20, 0)
    assert over["answered"] == leg["answered"] == T + 8.001


def test_a_caller_has_the_number_with_which_they_came_into_the_first_queue() -> None:
    def came(at: float, queue: str, number: str, name: str) -> Event:
        sent = {"exten": "600", "calleridnum": number, "calleridname": name}
        return event(at, "QueueCallerJoin", queue=queue, position="1", **sent)

    ways = [new(0), came(1, "sales", "+353861234568", "Sales: Mary"), came(9, "support", "901", "Other")]
    call = call_of([*ways, hangup(20)])
    assert (call["caller"], call["caller_name"]) == ("+353861234568", "Sales: Mary"), "as queue_log tells it"
    assert call["called"] == "5001", "what was dialled, and not where the dialplan went on"
    assert call_of([new(0), came(1, "sales", "", ""), hangup(20)])["caller"] == "+353861234567"


def test_durations_are_the_events_own_also_when_only_their_arrival_places_them() -> None:
    at_once = [(T, fields) for _, fields in [*ANSWERED, done(28, "Ann", 7, 20), hangup(28.1)]]
    placed = [(T + n / 1e6, fields) for n, (_, fields) in enumerate(at_once)]
    over = call_of(placed)
    assert over["visits"][0]["wait_s"] == 7
    assert over["legs"][0]["talk_s"] == 20


def test_time_on_hold_is_apart_from_talk_and_their_sum_is_asterisks() -> None:
    held = [event(10, "Hold", uniqueid="2.1"), event(13.5, "Unhold", uniqueid="2.1"), event(20, "Hold", uniqueid="2.1")]
    leg = call_of([*ANSWERED, *held, done(28, "Ann", 7, 20)])["legs"][0]
    assert (leg["hold_s"], leg["talk_s"]) == (11.5, 8.5), "a hold that nobody ended lasts to the end of the talk"
    again = [event(14, "Unhold", uniqueid="2.1")]
    leg = call_of([*ANSWERED, *held[:2], *again, done(28, "Ann", 7, 20)])["legs"][0]
    assert (leg["hold_s"], leg["talk_s"]) == (3.5, 16.5), "an unhold that ends nothing says nothing"


def test_who_is_on_hold_is_said_while_they_are() -> None:
    held = [event(10, "Hold", uniqueid="2.1"), event(13.5, "Unhold", uniqueid="2.1"), event(20, "Hold", uniqueid="2.1")]
    legs = [call_of([*ANSWERED, *held[:n]])["legs"][0] for n in range(4)]
    assert [leg.get("held") for leg in legs] == [None, T + 10, None, T + 20]
    for end in (done(28, "Ann", 7, 20), hangup(28), join_queue(28)):
        assert "held" not in call_of([*ANSWERED, held[0], end])["legs"][0], end
    log = [f"{int(T) + 1}|sales|NONE|ENTERQUEUE||1|1", f"{int(T) + 8}|sales|Ann|CONNECT|7|2.1|3"]
    ended = [*log, f"{int(T) + 28}|sales|Ann|COMPLETEAGENT|7|20|1"]
    for lines, known in ((log, T + 10), (ended, None)):
        assert call_of([*ANSWERED, held[0]], lines)["legs"][0].get("held") == known


def test_hold_is_unknown_where_something_may_have_been_missed() -> None:
    watch = Watch("pbx1")
    for at, fields in ANSWERED:
        watch.take(fields, at)
    watch.missed(T + 15)
    watch.take(done(28, "Ann", 7, 20)[1], T + 28)
    leg = Asterisk().merge(KEY, None, watch.parts())["legs"][0]
    assert leg["talk_s"] == 20
    assert "hold_s" not in leg


def test_why_a_caller_left_unanswered_is_not_guessed_and_queue_log_says_it() -> None:
    left = [
        new(), join_queue(1), ring(3, "Ann", "2.1"),
        event(9, "QueueCallerAbandon", queue="sales", holdtime="8", position="1"),
        event(9.001, "QueueCallerLeave", queue="sales"), hangup(9.01),
    ]  # fmt: skip
    alone = call_of(left)
    assert (alone["visits"][0]["outcome"], alone["visits"][0]["wait_s"]) == ("gone", 8)
    assert alone["legs"][0]["outcome"] == "canceled"
    log = ["1795290001|sales|NONE|ENTERQUEUE||+353861234567|1", "1795290009|sales|NONE|EXITWITHTIMEOUT|1|1|8"]
    settled = call_of(left, log)
    assert [visit["outcome"] for visit in settled["visits"]] == ["timed_out"]


def test_leaving_without_that_word_is_by_a_key_or_because_nobody_was_there() -> None:
    call = call_of([new(), join_queue(1), event(9, "QueueCallerLeave", queue="sales"), hangup(12)])
    assert call["visits"][0]["outcome"] == "left"
    assert call["state"] == "ended"


def test_a_ring_ends_unanswered_refused_dumped_or_lost_to_a_colleague() -> None:
    fields = {"queue": "sales"}

    def missed(at: float, agent: str, ms: str, channel: str) -> Event:
        return event(at, "AgentRingNoAnswer", membername=agent, ringtime=ms, destuniqueid=channel, **fields)

    events = [
        new(), join_queue(1),
        ring(2, "Ann", "2.1"), missed(14, "Ann", "12000", "2.1"),
        ring(15, "Bob", "2.2"), missed(15.4, "Bob", "0", "2.2"),
        ring(16, "Cat", "2.3"), event(18, "AgentDump", membername="Cat", destuniqueid="2.3", **fields),
        ring(20, "Dee", "2.4"), ring(20, "Eve", "2.5"), *answer(22, "Eve", "2.5", 21),
    ]  # fmt: skip
    legs = {leg["agent"].rpartition(":")[2]: leg for leg in call_of(events)["legs"]}
    assert {name: leg["outcome"] for name, leg in legs.items()} == {
        "Ann": "no_answer", "Bob": "rejected", "Cat": "dumped", "Dee": "canceled", "Eve": "answered",
    }  # fmt: skip
    assert (legs["Ann"]["ring_s"], legs["Ann"]["rang"]) == (12, T + 2)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (event(20, "BlindTransfer", result="Success", transfereruniqueid="2.1"), "blind"),
        (event(20, "AttendedTransfer", result="Success", origtransfereruniqueid="2.1"), "attended"),
        (event(20, "AttendedTransfer", result="Success", secondtransfereruniqueid="2.1"), "attended"),
        (event(20, "BlindTransfer", result="Fail", transfereruniqueid="2.1"), "unknown"),
    ],
)
def test_a_transfer_is_of_the_kind_that_was_said(said: Event, kind: str) -> None:
    leg = call_of([*ANSWERED, said, done(28, "Ann", 7, 20, "transfer")])["legs"][0]
    assert leg["transfer"] == kind


def test_a_caller_passed_to_another_queue_pays_two_visits_in_one_call() -> None:
    events = [
        *ANSWERED, event(20, "BlindTransfer", transfereruniqueid="2.1"), join_queue(20.1, "support"),
        done(20.2, "Ann", 7, 12, "transfer"),
    ]  # fmt: skip
    call = call_of(events)
    assert [visit["outcome"] for visit in call["visits"]] == ["answered", "waiting"]
    assert (call["state"], call["legs"][0]["talk_s"], call["legs"][0]["transfer"]) == ("waiting", 12, "blind")


def test_the_end_of_a_talk_that_comes_after_the_hangup_and_without_the_callers_id_is_theirs() -> None:
    last = done(28, "Ann", 7, 20)
    nameless = (last[0], {k: v for k, v in last[1].items() if k not in ("uniqueid", "linkedid")})
    leg = call_of([*ANSWERED, hangup(27.9), nameless])["legs"][0]
    assert (leg["talk_s"], leg["ended"]) == (20, T + 28)


def test_a_call_whose_beginning_was_not_heard_is_made_from_the_durations_of_its_end() -> None:
    call = call_of([done(28, "Ann", 7, 20), hangup(28.1)])
    assert (call["visits"][0]["entered"], call["visits"][0]["wait_s"]) == (T + 1, 7)
    assert (call["legs"][0]["answered"], call["legs"][0]["talk_s"]) == (T + 8, 20)
    assert "hold_s" not in call["legs"][0]


def test_an_answer_that_was_not_heard_belongs_to_the_visit_that_was_given_up_meanwhile() -> None:
    call = call_of([new(), join_queue(1), hangup(28), done(28.1, "Ann", 7, 20)])
    assert [visit["outcome"] for visit in call["visits"]] == ["answered"]
    assert (call["legs"][0]["talk_s"], call["state"]) == (20, "ended")


def test_the_end_of_another_talk_of_the_agent_is_not_taken_for_this_one() -> None:
    at, fields = done(12, "Ann", 7, 400)
    nameless = {k: v for k, v in fields.items() if k not in ("uniqueid", "linkedid")} | {"timestamp": str(at)}
    watch = Watch("pbx1")
    for moment, said in ANSWERED:
        watch.take(said, moment)
    with pytest.raises(Malformed, match="AgentComplete without Uniqueid"):
        watch.take(nameless, at)


def test_the_end_of_a_talk_from_before_the_line_that_names_no_caller_is_no_mistake_of_the_phone_system() -> None:
    at, fields = done(12, "Ann", 7, 20)
    nameless = {k: v for k, v in fields.items() if k not in ("uniqueid", "linkedid")}
    watch = Watch("pbx1")
    watch.hears_from = T
    watch.take(nameless, at)
    assert not watch.parts()
    with pytest.raises(Malformed, match="AgentComplete without Uniqueid"):
        watch.take(nameless, at + 60)


def test_a_snapshot_that_does_not_show_a_call_closes_it_unless_it_is_heard_of_again() -> None:
    watch = Watch("pbx1")
    for at, fields in ANSWERED[:2]:
        watch.take(fields, at)
    watch.close_others(["9.9"], T + 30)
    parts = watch.parts()
    closed = Asterisk().merge(KEY, None, parts)
    assert (closed["state"], closed["visits"][0]["outcome"]) == ("ended", "unknown")
    assert "wait_s" not in closed["visits"][0]
    for at, fields in answer(40, "Ann", "2.1", 39):
        watch.take(fields, at)
    again = Asterisk().merge(KEY, closed, watch.parts())
    assert (again["state"], again["visits"][0]["outcome"]) == ("talking", "answered")


def test_a_snapshot_shows_callers_and_talks_that_nobody_told_of() -> None:
    watch = Watch("pbx1")
    watch.found_waiting("1.1", "sales", T - 40, T, "+353861234567", "Mary")
    watch.found_talking("2.1", "sales", "Ann", T)
    calls = {part.key: Asterisk().merge(part.key, None, [part]) for part in watch.parts()}
    waiting, talking = calls["asterisk:pbx1:1.1"], calls["asterisk:pbx1:2.1"]
    assert (waiting["state"], waiting["visits"][0]["entered"]) == ("waiting", T - 40)
    assert (talking["state"], talking["legs"][0]["agent"]) == ("talking", "asterisk:pbx1:Ann")
    assert "wait_s" not in talking["visits"][0]
    watch.found_waiting("1.1", "sales", T - 40, T + 60)
    assert watch.parts() == [], "what is known is not said again"


def test_a_start_of_the_phone_system_ends_what_went_on_before() -> None:
    assert call_of(ANSWERED[:2], restarts=[T + 60])["state"] == "lost"
    assert call_of([*ANSWERED, done(28, "Ann", 7, 20), hangup(29)], restarts=[T + 60])["state"] == "ended"


OVER_BY_ITSELF = {
    "hung up": [*ANSWERED, done(28, "Ann", 7, 20), hangup(29)],
    "completed": [*ANSWERED, done(28, "Ann", 7, 20)],
    "given up": [new(), join_queue(1), event(9, "QueueCallerAbandon", queue="sales", holdtime="8")],
    "left": [new(), join_queue(1), event(9, "QueueCallerLeave", queue="sales"), hangup(12)],
    "past the queues": [
        new(), event(2, "DialBegin", destuniqueid="2.1", destchannel="PJSIP/103-1", dialstring="103"),
        event(6, "DialEnd", destuniqueid="2.1", dialstatus="ANSWER"), hangup(26),
    ],
}  # fmt: skip


@pytest.mark.parametrize("events", OVER_BY_ITSELF.values(), ids=OVER_BY_ITSELF)
def test_a_start_of_the_phone_system_moves_no_end_of_a_call_that_was_over(events: list[Event]) -> None:
    alone = call_of(events)
    later = call_of(events, restarts=[T + 3600])
    assert later == alone
    assert later["state"] == "ended"
    assert later["ended"] <= T + 29
    again = Asterisk().merge(KEY, alone, [], [T + 3600])
    assert again is alone


def test_what_a_start_of_the_phone_system_cut_off_ended_then_and_nobody_knows_how() -> None:
    talking = call_of(ANSWERED, restarts=[T + 3600])
    assert (talking["state"], talking["ended"], talking["legs"][0]["ended"]) == ("lost", T + 3600, T + 3600)
    assert "talk_s" not in talking["legs"][0]
    waiting = call_of([new(), join_queue(1)], restarts=[T + 3600])
    assert (waiting["state"], waiting["ended"], waiting["visits"][0]["outcome"]) == ("lost", T + 3600, "unknown")
    past = call_of(OVER_BY_ITSELF["past the queues"][:-1], restarts=[T + 3600])
    assert (past["state"], past["ended"], past["answered"]) == ("lost", T + 3600, T + 6)
    assert "talk_s" not in past
    assert "talk_s" not in past["legs"][0]


def test_a_call_past_the_queues_that_a_snapshot_does_not_show_any_more_talked_for_nobody_knows_how_long() -> None:
    watch = Watch("pbx1")
    for at, fields in OVER_BY_ITSELF["past the queues"][:-1]:
        watch.take(fields, at)
    watch.close_others((), T + 500)
    call = Asterisk().merge(KEY, None, watch.parts())
    assert (call["state"], call["ended"], "talk_s" in call) == ("ended", T + 500, False)


def test_only_chosen_queues_are_followed() -> None:
    watch = Watch("pbx1", ["support"])
    for at, fields in [*ANSWERED, done(28, "Ann", 7, 20), hangup(28.1)]:
        watch.take(fields, at)
    assert watch.parts() == []
    assert watch.callers == {}


def test_events_are_read_as_asterisk_13_and_older_write_them() -> None:
    old = [
        event(1, "Join", queue="sales", calleridnum="100"),
        event(5, "AgentCalled", queue="sales", agentname="x", membername="Ann", destuniqueid="2.1"),
        event(8, "AgentConnect", queue="sales", membername="Ann", holdtime="7", ringtime="3", destuniqueid="2.1"),
        event(9, "Leave", queue="sales"),
    ]
    assert call_of(old)["state"] == "talking"


@pytest.mark.parametrize("name", ["QueueCallerJoin", "AgentCalled", "AgentConnect", "AgentRingNoAnswer", "AgentDump"])
@pytest.mark.parametrize("missing", ["uniqueid", "queue", "membername"])
def test_an_event_without_its_key_fields_is_refused_by_name(name: str, missing: str) -> None:
    fields = {"event": name, "uniqueid": "1.1", "queue": "sales", "membername": "Ann"}
    del fields[missing]
    if missing == "membername" and name == "QueueCallerJoin":
        Watch("pbx1").take(fields, T)
        return
    with pytest.raises(Malformed, match=name):
        Watch("pbx1").take(fields, T)


def test_a_call_past_the_queues_rings_talks_and_ends() -> None:
    dial = event(2, "DialBegin", destuniqueid="2.1", destchannel="PJSIP/103-00a1", dialstring="103")
    picked = event(6, "DialEnd", destuniqueid="2.1", dialstatus="ANSWER")
    events = [new(), dial, picked, hangup(26)]
    states = [call_of(events[:n])["state"] for n in (2, 3, 4)]
    assert states == ["ringing", "talking", "ended"]
    ended = call_of(events)
    assert (ended["answered"], ended["talk_s"], ended["called"]) == (T + 6, 20, "5001")
    assert [(leg["agent"], leg["outcome"]) for leg in ended["legs"]] == [("asterisk:pbx1:PJSIP/103", "answered")]


def test_local_channels_are_no_calls_of_their_own() -> None:
    watch = Watch("pbx1")
    for ident in ("3.1", "3.2"):
        leg = {
            "event": "Newchannel",
            "uniqueid": ident,
            "linkedid": "3.1",
            "channel": f"Local/101@agents-1;{ident[-1]}",
        }
        watch.take(leg, T)
        watch.take({"event": "Hangup", "uniqueid": ident, "channel": leg["channel"]}, T + 1)
    assert watch.parts() == []


LOG = [
    "1795290001|sales|NONE|ENTERQUEUE||+353861234567|1", "1795290014|sales|Ann|RINGNOANSWER|12000",
    "1795290022|sales|Eve|CONNECT|21|2.5|2", "1795290042|sales|Eve|COMPLETECALLER|21|20|1",
]  # fmt: skip
HEARD = [
    new(), join_queue(1), ring(2, "Ann", "2.1"),
    event(14, "AgentRingNoAnswer", queue="sales", membername="Ann", ringtime="12000", destuniqueid="2.1"),
    ring(20, "Eve", "2.5"), *answer(22, "Eve", "2.5", 21), event(25, "Hold", uniqueid="2.5"),
    event(30, "Unhold", uniqueid="2.5"), done(42, "Eve", 21, 20), hangup(42.1),
]  # fmt: skip


@given(st.integers(0, len(LOG)), st.integers(2, len(HEARD)))
def test_whichever_witness_is_ahead_the_call_has_one_visit_and_each_ring_once(logged: int, heard: int) -> None:
    call = call_of(HEARD[:heard], LOG[:logged])
    assert len(call["visits"]) == 1
    legs = [leg["agent"] for leg in call["legs"]]
    assert len(legs) == len(set(legs))
    over = logged == 4 or heard >= 10
    talks = logged == 3 or heard >= 7
    left = heard == 6  # Asterisk says that a caller left the queue a moment before it says for whom
    states = {"ended"} if over else {"talking"} if talks else {"ended"} if left else {"waiting", "ringing"}
    assert call["state"] in states


def test_a_caller_is_not_lost_for_the_moment_between_leaving_the_queue_and_the_answer() -> None:
    watch = Watch("pbx1")
    for at, fields in ANSWERED[:-1]:
        watch.take(fields, at)
    before = Asterisk().merge(KEY, None, watch.parts(T + 7))
    assert before["state"] == "ringing"
    watch.take(ANSWERED[-1][1], ANSWERED[-1][0])
    assert Asterisk().merge(KEY, before, watch.parts(T + 7))["state"] == "talking"


def test_together_queue_logs_word_comes_first_and_hold_from_the_other() -> None:
    call = call_of(HEARD, LOG)
    eve = call["legs"][1]
    assert (eve["talk_s"], eve["hold_s"]) == (15, 5)
    assert eve["answered"] == 1795290022


@given(st.lists(st.integers(0, 400), max_size=5), st.lists(st.integers(0, 400), max_size=5))
def test_visits_are_paired_in_order_and_as_many_as_there_can_be(ours: list[int], theirs: list[int]) -> None:
    def visits(times: list[int], outcome: str) -> list[dict[str, Any]]:
        return [{"queue": "q", "entered": float(at), "outcome": outcome, "left": at + 1.0} for at in sorted(times)]

    found, _ = join(visits(ours, "abandoned"), [], visits(theirs, "gone"), [])
    assert len(found) == max(len(ours), len(theirs))
    assert sum(visit["outcome"] == "abandoned" for visit in found) == len(ours)
