"""Lines of a call in any order, cut into any parts, repeated, give the same call."""

import random
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wallboard_tui.model.base import Doc
from wallboard_tui.model.call import Call
from wallboard_tui.sources.asterisk.merge import Asterisk
from wallboard_tui.sources.base import Part

KEY = "asterisk:pbx1:pbx1-1000.1"


def merged(*batches: Sequence[str], restarts: Sequence[float] = ()) -> Doc:
    call: Doc | None = None
    for lines in batches:
        call = Asterisk().merge(KEY, call, [Part(KEY, "queue_log", {"lines": list(lines)})], restarts)
    assert call is not None
    Call.load(call)
    return call


def outcomes(call: Doc) -> list[tuple[str, str]]:
    return [(visit["queue"].rpartition(":")[2], visit["outcome"]) for visit in call["visits"]]


ENTER = "1000|sales|NONE|ENTERQUEUE||+14155550100|1"


def test_a_caller_who_waits_is_waiting_and_one_who_talks_is_talking() -> None:
    assert merged([ENTER])["state"] == "waiting"
    call = merged([ENTER], ["1012|sales|Ann|CONNECT|12|pbx1-1008.2|4"])
    assert (call["state"], call["answered"]) == ("talking", 1012)
    assert call["legs"] == [
        {
            "agent": "asterisk:pbx1:Ann",
            "queue": "asterisk:pbx1:sales",
            "visit": 0,
            "outcome": "answered",
            "answered": 1012,
            "rang": 1008,
            "ring_s": 4,
        }
    ]


def test_an_attended_transfer_that_is_reported_after_the_agents_end_counts_once() -> None:
    call = merged(
        [
            ENTER,
            "1012|sales|Ann|CONNECT|12|x|4",
            "1030|sales|Ann|COMPLETEAGENT|12|18|1",
            "1041|sales|Ann|ATTENDEDTRANSFER|BRIDGE|b-1|12|29|1",
        ]
    )
    assert [leg.get("talk_s") for leg in call["legs"]] == [18]
    assert "transfer" not in call["legs"][0]
    assert outcomes(call) == [("sales", "answered")]


@pytest.mark.parametrize(
    ("verb", "transfer"),
    [
        ("BLINDTRANSFER|5002|xfer|12|18|1", "blind"),
        ("ATTENDEDTRANSFER|BRIDGE|b-1|12|18|1", "attended"),
        ("ATTENDEDTRANSFER|LINK|SIP/1-1|SIP/2-2|12|18|1", "attended"),
    ],
)
def test_a_transferred_caller_who_enters_another_queue_pays_a_second_visit(verb: str, transfer: str) -> None:
    call = merged(
        [
            ENTER,
            "1012|sales|Ann|CONNECT|12|x|4",
            f"1030|sales|Ann|{verb}",
            "1030|support|NONE|ENTERQUEUE||+1|1",
            "1034|support|NONE|ABANDON|1|1|4",
        ]
    )
    assert outcomes(call) == [("sales", "answered"), ("support", "abandoned")]
    assert (call["legs"][0]["talk_s"], call["legs"][0]["transfer"]) == (18, transfer)
    assert call["state"] == "ended"


REDIRECTED = [
    ENTER,
    "1012|sales|Ann|CONNECT|12|x|4",
    "1020|{second}|NONE|ENTERQUEUE||+1|1",
    "1025|{second}|{agent}|CONNECT|5|y|2",
    "1040|sales|Ann|COMPLETECALLER|12|28|1",
    "1041|{second}|{agent}|COMPLETECALLER|5|16|1",
]


@pytest.mark.parametrize(
    ("second", "agent"), [("support", "Bob"), ("sales", "Bob"), ("support", "Ann"), ("sales", "Ann")]
)
def test_a_talk_that_is_summed_up_after_its_caller_was_redirected_counts_once(second: str, agent: str) -> None:
    lines = [line.format(second=second, agent=agent) for line in REDIRECTED]
    for seed in range(20):
        random.Random(seed).shuffle(lines)
        call = merged(lines[:3], lines[3:])
        assert outcomes(call) == [("sales", "answered"), (second, "answered")]
        assert [leg["talk_s"] for leg in call["legs"]] == [28, 16]
        assert call["state"] == "ended"


def test_the_end_of_a_talk_that_began_at_another_time_is_not_taken_for_the_redirected_callers() -> None:
    lines = [ENTER, "1012|sales|Ann|CONNECT|12|x|4", "1020|sales|NONE|ENTERQUEUE||+1|1"]
    call = merged([*lines, "1040|sales|Ann|COMPLETECALLER|5|15|1"])
    assert [leg.get("talk_s") for leg in call["legs"]] == [None, 15]


def test_leaving_and_entering_the_same_queue_within_one_second_are_two_visits() -> None:
    lines = [
        ENTER,
        "1040|sales|NONE|EXITWITHTIMEOUT|1|1|40",
        "1040|sales|NONE|ENTERQUEUE||+1|1",
        "1040|sales|Ann|CONNECT|0|x|0",
        "1050|sales|Ann|COMPLETECALLER|0|10|1",
    ]
    for seed in range(20):
        random.Random(seed).shuffle(lines)
        call = merged(lines)
        assert outcomes(call) == [("sales", "timed_out"), ("sales", "answered")]
        assert [visit["wait_s"] for visit in call["visits"]] == [40, 0]


def test_two_queues_within_one_second_are_put_in_the_order_that_leaves_nothing_over() -> None:
    call = merged(
        [
            "1000|support|NONE|ENTERQUEUE||+1|1",
            "1000|sales|NONE|ENTERQUEUE||+1|1",
            "1000|sales|NONE|EXITWITHKEY|1|1|1|0",
            "1000|support|NONE|EXITWITHKEY|1|1|1|0",
            "1000|sales|NONE|ENTERQUEUE||+1|2",
        ]
    )
    assert len(call["visits"]) == 3
    assert call["visits"][-1]["outcome"] == "waiting"


@pytest.mark.parametrize(
    ("line", "outcome", "waited"),
    [
        ("1040|sales|NONE|ABANDON|1|3|39", "abandoned", 39),
        ("1040|sales|NONE|EXITWITHTIMEOUT|1|3|39", "timed_out", 39),
        ("1040|sales|NONE|EXITWITHTIMEOUT|1", "timed_out", 40),
        ("1040|sales|NONE|EXITWITHKEY|9|1|3|39", "exit_key", 39),
        ("1040|sales|NONE|EXITEMPTY|1|3|39", "exit_empty", 39),
        ("1040|sales|NONE|WITHDRAW|1|3|39|by hand", "withdrawn", 39),
    ],
)
def test_each_way_out_of_a_queue_has_its_outcome_and_its_wait(line: str, outcome: str, waited: int) -> None:
    call = merged([ENTER, line])
    assert (call["visits"][0]["outcome"], call["visits"][0]["wait_s"], call["state"]) == (outcome, waited, "ended")
    assert call.get("answered") is None


@pytest.mark.parametrize(
    ("line", "outcome", "ring"),
    [
        ("RINGNOANSWER|8000", "no_answer", 8.0),
        ("RINGNOANSWER|0", "rejected", 0.0),
        ("RINGCANCELED|2735", "canceled", 2.735),
        ("AGENTDUMP|", "dumped", None),
    ],
)
def test_each_way_a_ring_ends_without_a_talk_has_its_outcome_and_the_caller_goes_on_waiting(
    line: str, outcome: str, ring: float | None
) -> None:
    call = merged([ENTER, f"1010|sales|Ann|{line}"])
    leg = call["legs"][0]
    assert (leg["outcome"], leg.get("ring_s")) == (outcome, ring)
    assert call["state"] == "waiting"


def test_lines_whose_forerunners_are_lost_make_the_visit_they_imply() -> None:
    assert outcomes(merged(["1040|sales|NONE|ABANDON|1|3|39"])) == [("sales", "abandoned")]
    call = merged(["1040|sales|Ann|COMPLETECALLER|10|20|1"])
    assert outcomes(call) == [("sales", "answered")]
    assert (call["started"], call["legs"][0]["answered"], call["legs"][0]["talk_s"]) == (1010, 1020, 20)


def test_a_clock_that_is_set_back_during_a_call_leaves_no_caller_waiting_for_ever() -> None:
    call = merged([ENTER, "400|sales|Ann|CONNECT|12|x|4", "420|sales|Ann|COMPLETECALLER|12|20|1"])
    assert outcomes(call) == [("sales", "answered")]
    assert call["state"] == "ended"


def test_a_negative_duration_is_unknown_and_not_a_number() -> None:
    call = merged([ENTER, "1012|sales|Ann|CONNECT|12|x|4", "1013|sales|Ann|COMPLETECALLER|12|-3580|1"])
    assert "talk_s" not in call["legs"][0]


def test_what_the_organisation_stamped_stays() -> None:
    stamped = merged([ENTER]) | {
        "facts": ["queue:x"],
        "number": "+353",
        "campaign": "c",
        "contact": "+1",
        "caller": "?",
    }
    call = Asterisk().merge(KEY, stamped, [Part(KEY, "queue_log", {"lines": ["1040|sales|NONE|ABANDON|1|3|39"]})])
    assert (call["facts"], call["number"], call["campaign"], call["contact"]) == (["queue:x"], "+353", "c", "+1")
    assert call["caller"] == "+14155550100"


def test_a_part_that_adds_nothing_gives_the_old_document_itself() -> None:
    call = merged([ENTER])
    assert Asterisk().merge(KEY, call, [Part(KEY, "queue_log", {"lines": [ENTER]})]) is call


def test_a_restart_loses_what_was_open_and_leaves_what_was_over() -> None:
    talking = ["1012|sales|Ann|CONNECT|12|x|4"]
    lost = merged([ENTER], restarts=[900, 1500, 1900])
    assert (lost["state"], lost["ended"], lost["visits"][0]["outcome"]) == ("lost", 1500, "unknown")
    assert merged([ENTER], talking, restarts=[1500])["legs"][0]["ended"] == 1500
    assert "talk_s" not in merged([ENTER], talking, restarts=[1500])["legs"][0]
    assert merged([ENTER], ["1040|sales|NONE|ABANDON|1|3|39"], restarts=[1500])["state"] == "ended"


def test_a_call_that_comes_in_the_second_of_the_start_is_not_lost() -> None:
    # Asterisk writes QUEUESTART just before its first line: a call of that second is the new process's.
    assert merged([ENTER], restarts=[1000])["state"] == "waiting"


def test_a_restart_that_becomes_known_later_is_the_same_as_one_known_before() -> None:
    late = Asterisk().merge(KEY, merged([ENTER], restarts=[1900]), [], [1500, 1900])
    assert late == merged([ENTER], restarts=[1500, 1900])


def test_a_cdr_row_closes_a_call_whose_last_line_never_came() -> None:
    row = [1000, 1000, 1060, "+14155550100", "Al", "5001", "in", "SIP/t-1", "", "Queue", "sales", "ANSWERED", ""]
    parts = [Part(KEY, "queue_log", {"lines": [ENTER]}), Part(KEY, "cdr", {"rows": [row]})]
    call = Asterisk().merge(KEY, None, parts)
    assert (call["state"], call["ended"], call["visits"][0]["outcome"]) == ("ended", 1060, "unknown")
    assert call == Asterisk().merge(KEY, Asterisk().merge(KEY, None, parts[1:]), parts[:1])


VERBS = (
    "ENTERQUEUE||+1415|1",
    "CONNECT|3|x|1",
    "ABANDON|1|1|5",
    "EXITWITHTIMEOUT|1|1|9",
    "EXITWITHKEY|1|1|1|2",
    "EXITEMPTY|1|1|3",
    "WITHDRAW|1|1|3|x",
    "COMPLETEAGENT|3|4|1",
    "COMPLETECALLER|3|-4|1",
    "RINGNOANSWER|0",
    "RINGCANCELED|700",
    "AGENTDUMP|",
    "SYSCOMPAT|",
    "BLINDTRANSFER|1|c|3|4|1",
    "ATTENDEDTRANSFER|BRIDGE|b|3|4|1",
    "DID|5001",
)
LINES = st.builds(
    lambda at, queue, agent, verb: f"{at}|{queue}|{agent}|{verb}",
    st.integers(1000, 1004),
    st.sampled_from(["sales", "support"]),
    st.sampled_from(["Ann", "Bo"]),
    st.sampled_from(VERBS),
)


@settings(max_examples=300, deadline=None)
@given(
    lines=st.lists(LINES, min_size=1, max_size=14),
    restarts=st.lists(st.integers(998, 1006), max_size=3),
    data=st.data(),
)
def test_any_order_any_cut_and_any_repetition_give_the_same_call(
    lines: list[str], restarts: list[int], data: Any
) -> None:
    expected = merged(lines, restarts=sorted(restarts))
    shuffled = data.draw(st.permutations(lines + data.draw(st.lists(st.sampled_from(lines), max_size=4))))
    cut = data.draw(st.integers(1, len(shuffled)))
    known = data.draw(st.integers(0, len(restarts)))
    call: Doc | None = None
    for piece, told in ((shuffled[:cut], restarts[:known]), (shuffled[cut:], restarts)):
        call = Asterisk().merge(KEY, call, [Part(KEY, "queue_log", {"lines": piece})], sorted(told))
    assert call == expected
    assert (expected["state"] in ("ended", "lost")) == (expected.get("ended") is not None)
    assert all(leg["visit"] < len(expected["visits"]) for leg in expected["legs"])
    if expected["state"] == "ended":
        assert all(visit["outcome"] != "waiting" for visit in expected["visits"])
        assert all("ended" in leg for leg in expected["legs"])


def test_the_recording_in_any_order_gives_the_same_calls(whole: Any, new_store: Any) -> None:
    rng = random.Random(5)
    for key in rng.sample(sorted(whole.calls), 400):
        call = whole.calls[key]
        parts = [
            Part(key, "queue_log", {"lines": [line]}) for line in call["parts"].get("queue_log", {}).get("lines", ())
        ]
        parts += [Part(key, "cdr", {"rows": [row]}) for row in call["parts"].get("cdr", {}).get("rows", ())]
        rng.shuffle(parts)
        again: Doc | None = None
        for part in parts + parts[:2]:
            again = Asterisk().merge(key, again, [part])
        assert again == call


def cdr(start: int, end: int, app: str = "Queue", answer: int = 0) -> Part:
    row = [start, answer, end, "+14155550100", "", "5001", "from-trunk", "SIP/t-1", "SIP/a-1", app, "", "ANSWERED", ""]
    return Part(KEY, "cdr", {"rows": [row]})


def test_a_row_of_the_cdr_about_an_earlier_part_of_the_call_does_not_end_it() -> None:
    """A blind transfer: the first agent's row ends when the caller enters the second queue, and the call goes on."""
    lines = [ENTER, "1012|sales|Ann|CONNECT|12|x|4", "1030|sales|Ann|BLINDTRANSFER|5002|xfer|12|18|1"]
    second = "1030|support|NONE|ENTERQUEUE||+14155550100|1"
    call = Asterisk().merge(KEY, merged([*lines, second]), [cdr(1000, 1030, answer=1012)])
    assert (call["state"], call["visits"][-1]["outcome"]) == ("waiting", "waiting")
    call = Asterisk().merge(KEY, call, [Part(KEY, "queue_log", {"lines": ["1041|support|Bob|CONNECT|11|y|3"]})])
    assert call["state"] == "talking"
    over = Asterisk().merge(KEY, call, [cdr(1030, 1090, answer=1041)])
    assert (over["state"], over["ended"], over["legs"][-1]["ended"]) == ("ended", 1090, 1090)
    restarted = Asterisk().merge(KEY, call, [], [1055.0])
    assert (restarted["state"], restarted["ended"]) == ("lost", 1055)
