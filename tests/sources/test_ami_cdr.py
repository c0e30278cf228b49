"""CDR records that come as events of the manager interface: the rows that a CDR file has of the same calls."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from wallboard_tui.model.base import Doc
from wallboard_tui.sources.asterisk.ami.watch import Malformed, Watch
from wallboard_tui.sources.asterisk.ami.wire import Message, message
from wallboard_tui.sources.asterisk.cdr import read_cdr
from wallboard_tui.sources.asterisk.merge import Asterisk
from wallboard_tui.sources.base import Part

Rows = dict[str, list[list[Any]]]
T = 1_795_290_000
"""2026-11-21 19:40:00 UTC."""


@pytest.fixture(scope="module")
def records(ami_recording: Callable[[str], list[bytes]]) -> list[tuple[float, Message]]:
    """The records of the recording, and when each came."""
    found = [message(block) for block in ami_recording("cdr")]
    assert len(found) > 2_900
    return [(float(event["timestamp"]), event) for event in found]


@pytest.fixture(scope="module")
def of_file(recorded: Path) -> Rows:
    """The rows of the file that was written meanwhile, by call."""
    found: Rows = {}
    for batch in read_cdr([recorded / "Master.csv.xz"], "pbx1"):
        for part in batch.parts:
            found.setdefault(part.key, []).extend(part.part["rows"])
    return {key: sorted(rows) for key, rows in found.items()}


def rows_of(parts: list[Part]) -> Rows:
    """Rows by call; nothing else was said."""
    assert {part.witness for part in parts} <= {"cdr"}
    return {part.key: sorted(part.part["rows"]) for part in parts}


def heard(records: list[tuple[float, Message]], watch: Watch | None = None) -> list[Part]:
    """What is told of records."""
    watch = watch or Watch("pbx1")
    for at, event in records:
        watch.take(event, at)
    return watch.parts()


def moved(event: Message, hours: float) -> Message:
    """A record as a phone system in another zone writes it."""
    found = dict(event)
    for name in ("starttime", "answertime", "endtime"):
        if found[name]:
            found[name] = str(datetime.fromisoformat(found[name]) + timedelta(hours=hours))
    return found


@pytest.mark.parametrize("hours", [0, 2, -3.5, 5.75, 13, -12])
def test_they_are_the_rows_of_the_file_whatever_zone_the_phone_system_is_in(
    hours: float, records: list[tuple[float, Message]], of_file: Rows
) -> None:
    assert rows_of(heard([(at, moved(event, hours)) for at, event in records])) == of_file


def test_a_call_told_by_event_and_by_file_is_one_document(records: list[tuple[float, Message]], recorded: Path) -> None:
    system = Asterisk()
    calls: dict[str, Doc] = {}
    for part in heard(records):
        calls[part.key] = system.merge(part.key, calls.get(part.key), [part])
    for batch in read_cdr([recorded / "Master.csv.xz"], "pbx1"):
        for part in batch.parts:
            assert system.merge(part.key, calls[part.key], [part]) is calls[part.key]
    assert {call["direction"] for call in calls.values()} == {"inbound", "outbound"}


def record(start: str, end: str, lasted: int, call: str = "1795290000.1", **more: str) -> Message:
    """A record of an outbound call."""
    known = {
        "event": "Cdr", "source": "102", "destination": "+353861234567", "destinationcontext": "internal",
        "callerid": "102", "channel": "PJSIP/102-1", "destinationchannel": "PJSIP/trunk-2", "lastapplication": "Dial",
        "lastdata": "PJSIP/+353861234567@trunk", "starttime": start, "answertime": "", "endtime": end,
        "duration": str(lasted), "billableseconds": "0", "disposition": "NO ANSWER", "uniqueid": call, "userfield": "",
    }  # fmt: skip
    return {**known, **more}


def test_an_outbound_call_is_told_with_its_times_and_how_it_ended() -> None:
    said = record(
        "2026-11-21 20:40:00", "2026-11-21 20:41:10", 70, answertime="2026-11-21 20:40:10", billableseconds="60",
        disposition="ANSWERED",
    )  # fmt: skip
    (part,) = heard([(T + 70.4, said)])
    call = Asterisk().merge(part.key, None, [part])
    assert (call["direction"], call["extension"], call["called"]) == ("outbound", "102", "+353861234567")
    assert (call["started"], call["answered"], call["ended"], call["talk_s"]) == (T, T + 10, T + 70, 60)


def test_one_whose_zone_cannot_be_told_waits_for_another_that_tells_it() -> None:
    watch = Watch("pbx1")
    late = record("2026-11-21 19:40:00", "2026-11-21 19:40:30", 30)
    assert heard([(T + 4_000, late)], watch) == [], "sent an hour after its end, in which of two zones?"
    plain = record("2026-11-21 20:50:00", "2026-11-21 20:50:30", 30, call="1795294200.1")
    found = rows_of(heard([(T + 4_231, plain)], watch))
    assert [(key, rows[0][0]) for key, rows in found.items()] == [
        ("asterisk:pbx1:1795290000.1", T), ("asterisk:pbx1:1795294200.1", T + 4_200),
    ]  # fmt: skip


def test_summer_time_that_ends_or_begins_during_a_call_moves_neither_end_of_it() -> None:
    autumn = 1_792_889_700  # 2026-10-25 00:55 UTC: 01:55 in Dublin, where it is 01:00 again five minutes later
    watch = Watch("pbx1")
    before = record("2026-10-25 01:50:00", "2026-10-25 01:50:30", 30, call=f"{autumn - 300}.1")
    during = record(
        "2026-10-25 01:55:00", "2026-10-25 01:05:00", 600, call=f"{autumn}.1", answertime="2026-10-25 01:00:00",
        billableseconds="300", disposition="ANSWERED",
    )  # fmt: skip
    found = rows_of(heard([(autumn - 269, before), (autumn + 601, during)], watch))
    assert found[f"asterisk:pbx1:{autumn}.1"][0][:3] == [autumn, autumn + 300, autumn + 600]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"uniqueid": ""}, "without Uniqueid"),
        ({"uniqueid": "x"}, "no UniqueID that tells a time"),
        ({"starttime": "yesterday"}, "is not a time"),
        ({"starttime": "2026-11-21 19:10:00", "duration": "1830"}, "times that no zone explains"),
        ({"endtime": "2026-11-21 19:39:00", "duration": ""}, "an end before its start"),
    ],
)
def test_one_that_cannot_be_placed_is_refused_and_not_guessed(changes: dict[str, str], words: str) -> None:
    watch = Watch("pbx1")
    with pytest.raises(Malformed, match=words):
        watch.take({**record("2026-11-21 19:40:00", "2026-11-21 19:40:30", 30), **changes}, T + 30.5)
    assert watch.parts() == []


def test_calls_of_queues_that_are_not_followed_are_not_told_by_their_records_either() -> None:
    watch = Watch("pbx1", ["sales"])
    call = "1795290000.1"
    for name in ("QueueCallerJoin", "QueueCallerLeave", "Hangup"):
        watch.take({"event": name, "uniqueid": call, "queue": "other"}, T + 1.0)
    fields = {"source": "+353861234567", "destination": "5001", "callerid": "", "lastapplication": "Queue"}
    said = record("2026-11-21 19:40:00", "2026-11-21 19:40:30", 30, call, **{**fields, "lastdata": "other,t"})
    later = {**said, "lastapplication": "VoiceMail", "lastdata": "102"}
    ours = {**said, "lastdata": "sales,t", "uniqueid": "1795290000.2"}
    found = heard([(T + 30.5, said), (T + 30.5, later), (T + 30.5, ours)], watch)
    assert [part.key for part in found] == ["asterisk:pbx1:1795290000.2"]


def test_where_a_file_of_them_is_read_events_are_not_even_asked_for() -> None:
    assert "Cdr" in Watch("pbx1").wanted
    assert "Cdr" not in Watch("pbx1", records=False).wanted
    assert (
        heard([(T + 30.5, record("2026-11-21 19:40:00", "2026-11-21 19:40:30", 30))], Watch("p", records=False)) == []
    )
