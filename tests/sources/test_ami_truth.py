"""The recorded manager interface gives the figures of the truth: alone what it can tell, with the files exactly; and
losing, repeating or reordering some of it changes nothing that the files repair.
"""

import lzma
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wallboard_tui.model.base import Doc
from wallboard_tui.model.call import Call
from wallboard_tui.sources.asterisk.ami.answers import Arrived
from wallboard_tui.sources.asterisk.ami.hearing import Hearing
from wallboard_tui.sources.asterisk.ami.members import Members
from wallboard_tui.sources.asterisk.ami.watch import Malformed, Watch
from wallboard_tui.sources.asterisk.ami.wire import Message, message
from wallboard_tui.sources.asterisk.cdr import read_cdr
from wallboard_tui.sources.asterisk.merge import Asterisk
from wallboard_tui.sources.asterisk.queue_log import read_queue_log
from wallboard_tui.sources.base import Part

T = 1_795_290_000.0
QUEUES = ("sales", "support", "billing", "vip")
ONE_SUM = ("abandoned", "timed_out", "exit_empty", "withdrawn")
"""What the manager interface calls by one name."""
Recording = Callable[[str], list[bytes]]


def heard(blocks: Iterable[bytes]) -> Iterator[tuple[float, Message]]:
    """Events with their times."""
    for block in blocks:
        found = message(block)
        if "event" in found and "actionid" not in found and "timestamp" in found:
            yield float(found["timestamp"]), found


@pytest.fixture(scope="module")
def main(ami_recording: Recording) -> list[tuple[float, Message]]:
    """The events of the recording that a watch understands."""
    wanted = Watch("pbx1").wanted
    return [(at, event) for at, event in heard(ami_recording("main")) if event["event"] in wanted]


def parts_of(events: Iterable[tuple[float, Message]], watch: Watch | None = None) -> list[Part]:
    """What a watch makes of events."""
    watch = watch or Watch("pbx1")
    for at, event in events:
        watch.take(event, at)
    return watch.parts()


def merged(calls: dict[str, Doc], parts: Iterable[Part], restarts: Sequence[float] = ()) -> dict[str, Doc]:
    """Calls after parts."""
    system = Asterisk()
    found = dict(calls)
    for part in parts:
        found[part.key] = system.merge(part.key, found.get(part.key), [part], restarts)
    return found


@pytest.fixture(scope="module")
def alone(main: list[tuple[float, Message]]) -> dict[str, Doc]:
    """Calls as the manager interface alone tells them."""
    return merged({}, parts_of(main))


@pytest.fixture(scope="module")
def files(recorded: Path) -> list[Part]:
    """What queue_log and the CDR say."""
    batches = [*read_queue_log([recorded / "queue_log.xz"], "pbx1"), *read_cdr([recorded / "Master.csv.xz"], "pbx1")]
    return [part for batch in batches for part in batch.parts]


def figures(calls: Iterable[Doc]) -> dict[str, dict[str, float]]:
    """Figures per queue, under the truth's names; talk holds the hold time, as Asterisk counts it."""
    found: dict[str, Counter[str]] = {queue: Counter() for queue in QUEUES}
    for call in calls:
        for visit in call.get("visits", ()):
            of = found[visit["queue"].rpartition(":")[2]]
            of["offered"] += 1
            of[visit["outcome"]] += 1
            if visit["outcome"] == "answered":
                of["wait"] += visit["wait_s"]
                of["longest"] = max(of["longest"], visit["wait_s"])
        for leg in call.get("legs", ()):
            if leg.get("queue") is None:
                continue
            of = found[leg["queue"].rpartition(":")[2]]
            of[f"leg {leg['outcome']}"] += 1
            of["talk"] += round(leg.get("talk_s", 0) + leg.get("hold_s", 0), 3)
            of[f"passed {leg.get('transfer')}"] += 1
    return {queue: dict(of) for queue, of in found.items()}


def check(found: dict[str, float], known: dict[str, Any], names: Iterable[str]) -> None:
    """See that figures of a queue are the truth's."""
    ours = {
        "offered": found["offered"], "answered": found["answered"], "abandoned": found.get("abandoned", 0),
        "timed_out": found.get("timed_out", 0), "exit_empty": found.get("exit_empty", 0),
        "exit_key": found.get("exit_key", 0), "withdrawn": found.get("withdrawn", 0),
        "agent_dump": found.get("leg dumped", 0), "max_wait_answered_s": found["longest"],
        "avg_wait_answered_s": round(found["wait"] / found["answered"], 3), "total_talk_s": found["talk"],
        "completed": found["leg answered"], "blind_transfers": found.get("passed blind", 0),
        "attended_transfers": found.get("passed attended", 0),
        "ring_no_answer": found.get("leg no_answer", 0) + found.get("leg rejected", 0),
    }  # fmt: skip
    assert {name: ours[name] for name in names} == {name: known[name] for name in names}


WHY = ("abandoned", "timed_out", "exit_empty", "exit_key", "withdrawn")
COUNTED = (
    "offered", "answered", "agent_dump", "max_wait_answered_s", "avg_wait_answered_s", "total_talk_s", "completed",
    "blind_transfers", "attended_transfers", "ring_no_answer",
)  # fmt: skip


def test_alone_it_gives_every_figure_but_why_callers_left(alone: dict[str, Doc], truth: dict[str, Any]) -> None:
    found = figures(alone.values())
    for queue, known in truth["queues"].items():
        check(found[queue], known, COUNTED)
        assert found[queue].get("gone", 0) == sum(known[name] for name in ONE_SUM), queue
        assert found[queue].get("left", 0) == known["exit_key"], queue
        assert not set(WHY) & set(found[queue]), "what cannot be told apart is not guessed"


@pytest.mark.parametrize("told", [True, False], ids=["clock told", "clock not told"])
def test_without_times_in_events_their_arrival_places_them_and_their_own_durations_count(
    told: bool, main: list[tuple[float, Message]], alone: dict[str, Doc], truth: dict[str, Any]
) -> None:
    watch = Watch("pbx1")
    hearing = Hearing(watch, Members("pbx1", watch.follows))
    ahead = 7200.0 if told else 0.0
    if told:
        hearing.clock.answered(T + ahead, T, T)
    for at, event in main:
        bare = {name: value for name, value in event.items() if name != "timestamp"}
        hearing.waiting.append(Arrived(at - ahead + 0.02, bare))
    hearing.take(len(main))
    found = merged({}, watch.parts())
    ours = figures(found.values())
    for queue, known in truth["queues"].items():
        check(ours[queue], known, COUNTED)
    assert found.keys() == alone.keys()
    assert all(abs(found[key]["started"] - alone[key]["started"]) < 1 for key in found)
    assert hearing.lag_s is None, "how long events took is not known"
    assert sum(hearing.unusable.values()) < 40, "ends of talks that name no caller are told by their times only"


def test_alone_it_gives_each_agent_the_calls_of_the_truth(alone: dict[str, Doc], truth: dict[str, Any]) -> None:
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for call in alone.values():
        for leg in call.get("legs", ()):
            of = found[leg["agent"].split(":", 2)[2]]
            of[leg["outcome"]] += 1
            of["talk"] += round(leg.get("talk_s", 0) + leg.get("hold_s", 0), 3)
    for name, known in truth["agents"].items():
        of = found[name]
        assert (of["answered"], of["talk"]) == (known["answered"], known["talk_s"]), name
        assert of["no_answer"] + of["rejected"] == known["ring_no_answer"], name
        assert (of["rejected"], of["dumped"]) == (known["of_which_zero_ms_rejects"], known["agent_dump"]), name
        assert of["canceled"] >= known["ring_canceled"], "queue_log does not know of rings lost to a colleague"


def test_with_the_files_every_figure_is_the_truths(
    alone: dict[str, Doc], files: list[Part], truth: dict[str, Any]
) -> None:
    calls = merged(alone, files)
    found = figures(calls.values())
    for queue, known in truth["queues"].items():
        check(found[queue], known, (*COUNTED, *WHY))
    canceled: Counter[str] = Counter()
    for call in calls.values():
        canceled.update(leg["agent"].split(":", 2)[2] for leg in call.get("legs", ()) if leg["outcome"] == "canceled")
        Call.load(call)
    assert dict(canceled) == {n: a["ring_canceled"] for n, a in truth["agents"].items() if a["ring_canceled"]}


def test_one_call_is_one_document_with_a_part_for_each_witness(alone: dict[str, Doc], files: list[Part]) -> None:
    calls = merged(alone, files)
    witnesses = Counter(tuple(sorted(call["parts"])) for call in calls.values() if call.get("visits"))
    assert set(witnesses) == {("ami", "cdr", "queue_log"), ("ami", "queue_log")}
    assert witnesses["ami", "cdr", "queue_log"] > 1500
    assert not any("Local/" in key or key.endswith((";1", ";2")) for key in calls)
    hold = sum(leg.get("hold_s") or 0 for call in calls.values() for leg in call.get("legs", ()))
    assert 100 < hold < 200, "only the manager interface knows hold; talk is without it"


def test_which_witness_came_first_does_not_matter(
    main: list[tuple[float, Message]], alone: dict[str, Doc], files: list[Part]
) -> None:
    late = merged(merged({}, files), parts_of(main))
    assert late == merged(alone, files)
    again = merged(late, [*parts_of(main), *files])
    assert again == late
    assert all(again[key] is late[key] for key in late), "what adds nothing is no change"


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_what_the_line_lost_or_said_twice_the_files_repair(
    data: st.DataObject, main: list[tuple[float, Message]], files: list[Part], truth: dict[str, Any]
) -> None:
    size = len(main)
    events = list(main)
    for _ in range(data.draw(st.integers(1, 4), label="changes")):
        start = data.draw(st.integers(0, size - 1), label="from")
        length = data.draw(st.integers(1, 1500), label="length")
        kind = data.draw(st.sampled_from(["drop", "repeat", "late"]), label="kind")
        piece = events[start : start + length]
        if kind == "drop":
            del events[start : start + length]
        elif kind == "repeat":
            events[start + length : start + length] = piece
        else:
            del events[start : start + length]
            events += piece
        size = len(events)
    watch = Watch("pbx1")
    parts: list[Part] = []
    for at, event in events:
        try:
            watch.take(event, at)
        except Malformed:
            assert event["event"] == "AgentComplete", "it may lack the caller's id, which then is not known any more"
    parts += watch.parts()
    found = figures(merged(merged({}, parts), files).values())
    for queue, known in truth["queues"].items():
        check(found[queue], known, (*COUNTED, *WHY))


# -- live


def _reference(log: list[list[str]], at: int) -> tuple[set[tuple[str, str]], set[tuple[str, str, str]]]:
    """Who waits where, and who talks to whom, by a slow reading of queue_log up to and with a second."""
    waiting: set[tuple[str, str]] = set()
    talking: set[tuple[str, str, str]] = set()
    for stamp, call, queue, agent, verb, *_ in log:
        if int(stamp) > at:
            break
        if verb == "ENTERQUEUE":
            waiting.add((call, queue))
        elif verb in ("ABANDON", "EXITWITHTIMEOUT", "EXITWITHKEY", "EXITEMPTY", "WITHDRAW"):
            waiting.discard((call, queue))
        elif verb == "CONNECT":
            waiting.discard((call, queue))
            talking.add((call, queue, agent))
        elif verb in ("COMPLETEAGENT", "COMPLETECALLER", "BLINDTRANSFER", "ATTENDEDTRANSFER"):
            talking.discard((call, queue, agent))
    return waiting, talking


def test_what_goes_on_is_at_any_moment_what_a_slow_reading_of_the_log_gives(
    main: list[tuple[float, Message]], recorded: Path, truth: dict[str, Any]
) -> None:
    text = lzma.decompress((recorded / "queue_log.xz").read_bytes()).decode()
    log = [line.split("|") for line in text.splitlines()]
    watch, done, compared = Watch("pbx1"), 0, 0
    calls: dict[str, Doc] = {}
    start, end = truth["window"]
    for moment in range(start + 20, end, 29):
        upto = next((i for i in range(done, len(main)) if main[i][0] >= moment + 1), len(main))
        calls = merged(calls, parts_of(main[done:upto], watch))
        done = upto
        waiting = {
            (key.split(":", 2)[2], visit["queue"].rpartition(":")[2])
            for key, call in calls.items()
            for visit in call.get("visits", ())
            if visit["outcome"] == "waiting"
        }
        talking = {
            (key.split(":", 2)[2], leg["queue"].rpartition(":")[2], leg["agent"].split(":", 2)[2])
            for key, call in calls.items()
            for leg in call.get("legs", ())
            if leg["outcome"] == "answered" and "ended" not in leg and leg.get("queue")
        }
        assert (waiting, talking) == _reference(log, moment), moment
        compared += len(waiting) + len(talking)
    assert compared > 500


def test_members_and_their_pauses_are_told_as_queue_log_tells_them(ami_recording: Recording, recorded: Path) -> None:
    members = Members("pbx1", lambda _queue: True)
    shown = [message(block) for block in ami_recording("main") if b"ActionID: queuestatus-4" in block]
    later = 2e9  # a phone system that does not tell its clock was asked by another one
    members.snapshot((), [one for one in shown if one.get("event") == "QueueMember"], later)
    for at, event in heard(ami_recording("main")):
        if event["event"] in Members.EVENTS:
            members.take(event, at)
    said = {doc["key"] for doc in members.statements()}
    logged = {
        doc["key"]: doc
        for batch in read_queue_log([recorded / "queue_log.xz"], "pbx1")
        for kind, doc in batch.documents
        if kind == "presence" and doc.get("queue") and doc["what"] in ("pause", "unpause")
    }
    assert len(set(logged) - said) <= len(logged) // 50, "but for those that fell on the edge of a second"
    assert {doc["reason"] for doc in logged.values() if doc.get("reason")} >= {"Lunch", "Réunion"}


# -- the shorter recordings


def _lines(path: Path) -> list[Part]:
    return [part for batch in read_queue_log([path], "pbx1") for part in batch.parts]


def test_what_a_gap_hid_the_files_tell(ami_recording: Recording, files: list[Part], truth: dict[str, Any]) -> None:
    watch = Watch("pbx1")
    parts = parts_of(heard(ami_recording("gap1")), watch)
    lost = max(at for at, _ in heard(ami_recording("gap1")))
    watch.missed(lost + 25)
    parts += parts_of(heard(ami_recording("gap2")), watch)
    found = figures(merged(merged({}, parts), files).values())
    for queue, known in truth["queues"].items():
        check(found[queue], known, (*COUNTED, *WHY))


def test_without_the_files_calls_that_a_gap_hid_are_closed_and_not_counted_as_known(ami_recording: Recording) -> None:
    watch = Watch("pbx1")
    parts = parts_of(heard(ami_recording("gap1")), watch)
    going_on = set(watch.callers)
    assert going_on
    later = list(heard(ami_recording("gap2")))
    watch.missed(later[0][0])
    watch.close_others((), later[0][0])
    calls = merged({}, parts + watch.parts())
    assert {call["state"] for call in calls.values()} == {"ended"}
    cut = [visit for call in calls.values() for visit in call.get("visits", ()) if visit["outcome"] == "unknown"]
    assert cut, "whoever waited has left, and nobody said how"
    assert all("wait_s" not in visit for visit in cut)


@pytest.mark.parametrize("name", ["crash", "restart"])
def test_calls_that_a_start_of_the_phone_system_cut_off_do_not_go_on(
    name: str, ami_recording: Recording, captures: Path
) -> None:
    logs = [captures / f"{name}.queue_log"] + ([captures / "restart.queue_log.0"] if name == "restart" else [])
    batches = list(read_queue_log(logs, "pbx1"))
    restarts = sorted({at for batch in batches for at in batch.restarts})
    watch = Watch("pbx1")
    parts = parts_of(heard(ami_recording(f"{name}1")), watch)
    first = min(at for at, _ in heard(ami_recording(f"{name}2")))
    watch.close_others((), first)
    parts += parts_of(heard(ami_recording(f"{name}2")), watch)
    logged = [part for batch in batches for part in batch.parts]
    both = merged(merged({}, parts, restarts), logged, restarts)
    only_log = merged({}, logged, restarts)
    told_last = merged(merged({}, logged), parts)
    told_last = {key: Asterisk().merge(key, call, [], restarts) for key, call in told_last.items()}
    assert told_last == both, "a start that is told after the snapshot is the same as one told before"
    before = {key: call for key, call in both.items() if call["started"] < first}
    assert {call["state"] for call in before.values()} <= {"ended", "lost"}
    lost = {key for key, call in before.items() if call["state"] == "lost"}
    assert lost >= {key for key, call in only_log.items() if call["state"] == "lost"}
    assert {before[key]["ended"] for key in lost} <= set(restarts)
    assert bool(lost) == (name == "crash"), "an orderly restart hangs everybody up first, and says so"
    ours, theirs = figures(both.values()), figures(c for k, c in both.items() if k in only_log)
    assert ours == theirs
    of_log = figures(only_log.values())
    for queue in QUEUES:
        for figure in ("offered", "answered", "abandoned", "talk", "leg no_answer", "leg canceled"):
            assert ours[queue].get(figure) == of_log[queue].get(figure), (queue, figure)


def test_a_session_that_may_see_everything_hears_of_calls_what_the_other_hears(
    ami_recording: Recording, main: list[tuple[float, Message]]
) -> None:
    events = list(heard(ami_recording("everything")))
    assert {event["event"] for _, event in events} > {event["event"] for _, event in main}
    said = _said(parts_of(events))
    assert len(said) > 500
    assert {line[0] for _, line in said} >= {"join", "ring", "answer", "done", "hangup"}
    assert said <= _said(parts_of(main))


def _said(parts: Iterable[Part]) -> set[tuple[str, tuple[Any, ...]]]:
    """What is said of calls of queues, without its time."""
    words = {
        "join",
        "ring",
        "noanswer",
        "dump",
        "answer",
        "done",
        "hold",
        "unhold",
        "pass",
        "abandon",
        "leave",
        "hangup",
    }
    lines = ((part.key, line) for part in parts if part.witness == "ami" for line in part.part["lines"])
    return {(key, tuple(line[1:])) for key, line in lines if line[1] in words}
