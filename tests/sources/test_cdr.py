"""Reading the CDR: which rows are calls, whose clock they have, and what can be told without uniqueids."""

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wallboard_tui.sources.asterisk.cdr import Cdr, read_cdr
from wallboard_tui.sources.asterisk.cdr_rows import name_of
from wallboard_tui.sources.asterisk.lines import split
from wallboard_tui.sources.base import Batch

DUBLIN = ZoneInfo("Europe/Dublin")


def row(**changes: str) -> str:
    fields = {
        "accountcode": "",
        "src": "+14155550100",
        "dst": "5001",
        "dcontext": "from-trunk",
        "clid": '"Al" <+14155550100>',
        "channel": "SIP/trunk-1",
        "dstchannel": "",
        "lastapp": "Queue",
        "lastdata": "sales",
        "start": "2026-07-01 10:00:00",
        "answer": "",
        "end": "2026-07-01 10:00:30",
        "duration": "30",
        "billsec": "0",
        "disposition": "NO ANSWER",
        "amaflags": "DOCUMENTATION",
        "uniqueid": "pbx1-1782896400.1",
        "userfield": "",
    }
    fields |= changes
    return ",".join('"' + value.replace('"', '""') + '"' for value in fields.values() if value != "-")


def read(*rows: str, zone: ZoneInfo | None = DUBLIN) -> tuple[Batch, list[str]]:
    reader = Cdr("pbx1", zone)
    batch = reader.read(split("Master.csv", 1, "".join(f"{text}\n" for text in rows).encode()))
    return batch, reader.finish().notes


def calls(store: Any, *rows: str, zone: ZoneInfo | None = DUBLIN) -> list[dict[str, Any]]:
    batch, _ = read(*rows, zone=zone)
    return list(store.take([batch]).calls.values())


def test_local_times_become_utc_by_the_zone(new_store: Any) -> None:
    (call,) = calls(new_store(), row())
    assert (call["started"], call["ended"]) == (1782896400, 1782896430)


def test_without_a_zone_the_uniqueids_tell_how_far_the_clock_is_from_utc(new_store: Any) -> None:
    summer = [row(uniqueid=f"pbx1-1782896400.{n}") for n in range(5)]
    winter = [row(start="2026-12-01 10:00:00", end="2026-12-01 10:09:00", uniqueid="pbx1-1796119200.9")]
    found = calls(new_store(), *summer, *winter, zone=None)
    assert {call["started"] for call in found} == {1782896400, 1796119200}
    assert "UTC, UTC+1 h" in read(*summer, *winter, zone=None)[1][0]


def test_without_a_zone_and_uniqueids_times_are_those_of_the_organisations_zone(new_store: Any) -> None:
    reader = Cdr("pbx1", local=DUBLIN)
    batch = reader.read(split("Master.csv", 1, row(uniqueid="-", userfield="-").encode() + b"\n"))
    (call,) = new_store().take([batch]).calls.values()
    assert (call["started"], call["ended"]) == (1782896400, 1782896430)
    assert "times were read as those of Europe/Dublin, the organisation's zone" in reader.finish().notes[-1]


def test_uniqueids_tell_the_clock_whatever_the_organisations_zone_is(new_store: Any) -> None:
    lines = "".join(f"{row(uniqueid=f'pbx1-1782896400.{n}')}\n" for n in range(3)).encode()
    for zone in ("Europe/Dublin", "America/New_York"):
        reader = Cdr("pbx1", local=ZoneInfo(zone))
        calls = new_store().take([reader.read(split("Master.csv", 1, lines))]).calls
        assert {call["started"] for call in calls.values()} == {1782896400}
        assert "by their uniqueids" in reader.finish().notes[0]


def test_a_row_from_the_future_is_refused_when_the_time_is_known() -> None:
    lines = row(uniqueid="-", userfield="-").encode() + b"\n"
    for now, refused in ((1782896430 - 299, 0), (1782896430 - 301, 1)):
        batch = Cdr("pbx1", DUBLIN, clock=lambda now=now: now).read(split("Master.csv", 1, lines))  # type: ignore[misc]
        assert (len(batch.refused), len(batch.parts)) == (refused, 1 - refused)
        assert all("future" in one.reason and one.line == 1 for one in batch.refused)


def test_a_row_of_another_age_is_refused_and_tells_nothing_of_the_clock() -> None:
    """A call known from queue_log would begin there, and its day be moved by what the uniqueid seems to tell."""
    old = row(start="1926-12-01 10:00:00", end="1926-12-01 10:09:00", uniqueid="pbx1-1782896400.1")
    lines = "".join(f"{line}\n" for line in (row(uniqueid="pbx1-1782896400.0"), old)).encode()
    reader = Cdr("pbx1")
    batch = reader.read(split("Master.csv", 1, lines))
    assert [(one.line, "outside 1990 to 2100" in one.reason) for one in batch.refused] == [(2, True)]
    assert len(batch.parts) == 1
    assert "the rows' times are UTC+1 h." in reader.finish().notes[0]


def test_a_zone_that_the_uniqueids_contradict_is_named_in_the_summary() -> None:
    _, notes = read(row(), row(), zone=ZoneInfo("America/New_York"))
    assert "America/New_York is likely not theirs" in notes[0]


def test_rows_without_uniqueid_stand_for_themselves_and_the_summary_says_so(new_store: Any) -> None:
    rows = [row(uniqueid="-", userfield="-"), row(uniqueid="-", userfield="-", src="+14155550101")]
    assert len(calls(new_store(), *rows)) == 2
    assert "2 rows have no uniqueid" in read(*rows)[1][0]


def test_rows_with_a_userfield_but_no_uniqueid_are_told_apart(new_store: Any) -> None:
    (call,) = calls(new_store(), row(uniqueid="-", userfield="did-5009"))
    assert call["called"] == "5009"


def test_a_table_exported_with_a_header_is_understood(new_store: Any) -> None:
    header = "calldate,clid,src,dst,dcontext,channel,dstchannel,lastapp,lastdata,duration,billsec,disposition,uniqueid"
    text = "2026-07-01 10:00:00,Al,102,103,from-internal,SIP/102-1,SIP/103-1,Dial,SIP/103,30,20,ANSWERED,1782896400.1"
    (call,) = calls(new_store(), header, text)
    assert (call["direction"], call["extension"], call["answered"], call["talk_s"]) == (
        "internal",
        "102",
        1782896410,
        20,
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"channel": "Local/agent-101@agents-00000012;2"},
        {"channel": "Local/7001@xfer-1;1"},
        {"dcontext": "agents"},
        {"dcontext": "agent-request"},
        {"lastapp": "AppQueue"},
        {"lastapp": "AgentLogin"},
        {"dst": "*301", "src": "301"},
    ],
)
def test_legs_and_log_ins_are_no_calls_of_their_own(changes: dict[str, str]) -> None:
    batch, _ = read(row(**changes))
    assert (batch.parts, batch.refused, batch.read) == ([], [], 1)


def test_an_outbound_call_names_whom_it_reached_and_who_called(new_store: Any) -> None:
    (call,) = calls(
        new_store(),
        row(
            src="205",
            dst="900353871234567",
            dcontext="from-phones",
            clid='"Priya" <205>',
            dstchannel="SIP/trunk-2",
            lastapp="Dial",
            lastdata="SIP/trunk/00353871234567,20,tT",
            answer="2026-07-01 10:00:10",
            disposition="ANSWERED",
        ),
    )
    assert (call["direction"], call["extension"], call["caller"]) == ("outbound", "205", "00353871234567")
    assert (call["answered"], call["talk_s"], "caller_name" in call) == (1782896410, 20, False)


def test_a_call_put_through_to_a_phone_past_the_queues_has_a_leg(new_store: Any) -> None:
    (call,) = calls(
        new_store(),
        row(
            dst="5009",
            dstchannel="SIP/102-000a",
            lastapp="Dial",
            lastdata="SIP/102",
            answer="2026-07-01 10:00:10",
            disposition="ANSWERED",
        ),
    )
    (leg,) = call["legs"]
    assert (leg["agent"], leg["outcome"], leg["talk_s"]) == ("asterisk:pbx1:SIP/102", "answered", 20)
    assert call["answered"] == 1782896410


def test_a_withheld_number_is_none(new_store: Any) -> None:
    (call,) = calls(new_store(), row(src="anonymous", clid='"Anonymous" <anonymous>'))
    assert "caller" not in call
    assert "caller_name" not in call


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a,b,c", "3 columns"),
        (row(start="yesterday"), "is not a time"),
        (row(end="2026-07-01 09:00:00"), "ends before"),
        (row(start="2026-02-31 10:00:00"), "out of range|must be in range"),
        (row()[:-30], "no CDR row"),
        (row() + row(), "36 columns|35 columns|no CDR row"),
        ("[Nov 21] NOTICE: cdr", "columns"),
    ],
)
def test_a_row_that_cannot_stand_is_refused_with_its_line(text: str, reason: str) -> None:
    batch, _ = read(row(), text, row())
    assert len(batch.parts) == 2
    (refused,) = batch.refused
    assert refused.line == 2
    assert any(word in refused.reason for word in reason.split("|"))


@settings(max_examples=150, deadline=None)
@given(data=st.binary(max_size=300))
def test_whatever_bytes_stand_in_a_file_reading_goes_on(data: bytes) -> None:
    batch = Cdr("pbx1").read(split("Master.csv", 1, row().encode() + b"\n" + data + b"\n" + row().encode()))
    assert {part.key for part in batch.parts} >= {"asterisk:pbx1:pbx1-1782896400.1"}
    assert all(refused.reason and refused.line > 1 for refused in batch.refused)


@pytest.mark.parametrize(
    ("clid", "name"),
    [
        ('"John Carter" <+1415>', "John Carter"),
        ('"ACME Corp \\"HQ\\"" <+1415>', 'ACME Corp "HQ"'),
        ('"" <+1415>', ""),
        ('"A very long caller name that was cut', "A very long caller name that was cut"),
        ("+1415", ""),
        ('"Unknown" <1>', ""),
    ],
)
def test_a_callers_name_is_taken_out_of_the_caller_id(clid: str, name: str) -> None:
    assert name_of(clid, "+1415") == name


def test_the_recording_says_which_clock_it_has(recorded: Path) -> None:
    notes = [note for batch in read_cdr([recorded / "Master.csv.xz"], "pbx1") for note in batch.notes]
    assert notes == ["No zone was given; by their uniqueids the rows' times are UTC."]
