"""Reading queue_log: what stands in a file is taken in as far as it can be, and each refused line is reported."""

import gzip
import lzma
import time
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wallboard_tui.model.base import Doc
from wallboard_tui.sources.asterisk.lines import split
from wallboard_tui.sources.asterisk.queue_log import QueueLog, read_queue_log
from wallboard_tui.sources.base import Batch, Unreadable


def read(data: bytes, now: float | None = None) -> Batch:
    return QueueLog("pbx1", None if now is None else lambda: now).read(split("queue_log", 1, data))


def refusals(data: bytes, now: float | None = None) -> list[tuple[int, str]]:
    return [(refused.line, refused.reason) for refused in read(data, now).refused]


GOOD = b"1795290364|pbx1-1795290364.0|sales|NONE|ENTERQUEUE||+14155550227|1\n"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"1795290364|pbx1-1795290364.0|sales", "fewer than five fields"),
        (b"1795290364|pbx1-1795290364.0|sales|Ann|CONN", "beginning of an event"),
        (b"1795290364|pbx1-1795290364.0|sales|Ann|CONNECT|2", "parameters of CONNECT"),
        (b"1795290364|x|sales|NONE|ABANDON|1|1|1795290366|x|sales|NONE|ABANDON|1|1|2", "parameters of ABANDON"),
        (b"1795290364|x|sales|NONE|ENTE1795290366|x|sales|NONE|ABANDON|1|1|2", "no event"),
        (b"1795290364|x|sales|Ann|RINGNOANSWER|8s", "parameters of RINGNOANSWER"),
        (b"5|sales|NONE|ABANDON|1|1|2", "outside 1990 to 2100"),
        (b"99999999999|x|sales|NONE|ABANDON|1|1|2", "outside 1990 to 2100"),
        (b"[Nov 21 19:46:05] NOTICE[812] app_queue.c: ...", "does not begin with a time"),
        ("１７９５２９０３６４|x|sales|NONE|ABANDON|1|1|2".encode(), "does not begin with a time"),
        (b"1795290364|x|sales|Chlo\xe9|CONNECT|2|x|1", "not UTF-8"),
        (b"1795290364|x|sales|Ann|CONNECT|2|x|1\x00\x00", "binary data"),
        ("1795290364|x|sales|Chloé|CONNECT|2|x|1".encode("utf-16-le"), "UTF-16; convert"),
        ("\x001795290364|x|sales|Ann|CONNECT|2|x|1".encode("utf-16-be"), "UTF-16; convert"),
        (b"\x00" * 40, "binary data"),
    ],
)
def test_a_line_that_cannot_stand_is_refused_with_its_number_and_a_reason(line: bytes, reason: str) -> None:
    batch = read(GOOD + line + b"\n" + GOOD.replace(b".0|", b".1|"))
    assert [(refused.file, refused.line) for refused in batch.refused] == [("queue_log", 2)]
    assert reason in batch.refused[0].reason
    assert [part.key for part in batch.parts] == ["asterisk:pbx1:pbx1-1795290364.0", "asterisk:pbx1:pbx1-1795290364.1"]
    assert batch.read == 3


@pytest.mark.parametrize(
    "line",
    [
        b"1795290368|NONE|sales|Ann|WRAPCODE|a|b|c",
        b'1795290368|NONE|sales|Ann|NOTE|N\xc3\xa4h, "quoted"',
        b"1795290368|NONE|sales|Ann|CSAT|5",
        b"1795290368|REALTIME|sales|IAX2/1|RINGINUSE|0",
        b"1795290368|MANAGER|sales|IAX2/1|PENALTY|1",
        b"1795290368|NONE|NONE|NONE|CONFIGRELOAD|",
        b"1795290364|pbx1-1795290364.0|sales|NONE|ENTERQUEUE||+1|1|Carter | Sons",
        b"",
    ],
)
def test_lines_of_other_kinds_are_let_through(line: bytes) -> None:
    assert refusals(GOOD + line + b"\n") == []


def test_a_line_about_no_call_makes_no_call() -> None:
    for nothing in (b"NONE", b"REALTIME", b"MANAGER", b""):
        assert read(GOOD.replace(b"pbx1-1795290364.0", nothing)).parts == []


def test_windows_line_ends_and_a_byte_order_mark_are_no_mistake() -> None:
    batch = read(b"\xef\xbb\xbf" + GOOD.replace(b"\n", b"\r\n"))
    assert batch.refused == []
    assert batch.parts[0].part == {"lines": ["1795290364|sales|NONE|ENTERQUEUE||+14155550227|1"]}


def test_a_file_in_another_encoding_is_refused_line_by_line() -> None:
    assert len(refusals((GOOD * 3).decode().encode("utf-16"))) >= 3


def test_a_line_from_the_future_is_refused_when_the_time_is_known() -> None:
    assert refusals(GOOD, now=1795290364 - 299) == []
    assert "future" in refusals(GOOD, now=1795290364 - 301)[0][1]


def test_a_batch_says_its_horizon_its_restarts_and_what_it_lacks() -> None:
    batch = read(b"1795290370|NONE|NONE|NONE|QUEUESTART|\n" + GOOD)
    assert (batch.horizon, batch.restarts) == (1795290370, [1795290370])
    assert "hold_s" in batch.lacks


def presences(data: bytes) -> list[tuple[Any, ...]]:
    found: list[Doc] = [doc for kind, doc in read(data).documents if kind == "presence"]
    return [(doc["agent"][14:], (doc.get("queue") or "")[14:], doc["what"], doc.get("reason", "")) for doc in found]


def test_what_agents_say_of_their_presence_becomes_documents() -> None:
    assert presences(
        b"1795290371|MANAGER|sales|IAX2/agent206|ADDMEMBER|PAUSED\n"
        b"1795290372|NONE|NONE|Zack Moore|PAUSEALL|Lunch\n1795290372|NONE|vip|Zack Moore|PAUSE|Lunch\n"
        b"1795290374|NONE|NONE|Zack Moore|UNPAUSEALL|\n1795290376|MANAGER|sales|IAX2/agent206|REMOVEMEMBER|\n"
        b"1795290378|x|NONE|301|AGENTLOGIN|IAX2/hotdesk301-1\n1795290379|x|NONE|301|AGENTLOGOFF|IAX2/hotdesk301-1|164\n"
    ) == [
        ("IAX2/agent206", "sales", "join", ""),
        ("IAX2/agent206", "sales", "pause", ""),
        ("Zack Moore", "", "pause", "Lunch"),
        ("Zack Moore", "vip", "pause", "Lunch"),
        ("Zack Moore", "", "unpause", ""),
        ("IAX2/agent206", "sales", "leave", ""),
        ("301", "", "login", ""),
        ("301", "", "logout", ""),
    ]


@pytest.mark.parametrize("compress", [lambda data: data, gzip.compress, lzma.compress])
def test_plain_gz_and_xz_files_are_read_alike(tmp_path: Path, compress: Any) -> None:
    path = tmp_path / "queue_log.1"
    path.write_bytes(compress(GOOD * 20_000))
    batches = list(read_queue_log([path], "pbx1"))
    assert sum(batch.read for batch in batches) == 20_000
    assert batches[-1].done == batches[-1].total == path.stat().st_size


@pytest.mark.parametrize("length", [70_000, 3_500_000])
@pytest.mark.parametrize("end", [b"\n", b""])
def test_a_line_beyond_all_measure_is_one_refused_line(tmp_path: Path, length: int, end: bytes) -> None:
    path = tmp_path / "queue_log"
    after = (end + GOOD.replace(b".0|", b".1|")) * bool(end)
    path.write_bytes(GOOD + b"1795290364|x|sales|NONE|ENTERQUEUE||" + b"9" * length + after)
    batches = list(read_queue_log([path], "pbx1"))
    (refused,) = [refused for batch in batches for refused in batch.refused]
    assert (refused.line, refused.reason) == (2, "longer than any line can be")
    assert sum(batch.read for batch in batches) == 3 if end else 2
    keys = {part.key for batch in batches for part in batch.parts}
    assert keys == {"asterisk:pbx1:pbx1-1795290364.0", *["asterisk:pbx1:pbx1-1795290364.1"] * bool(end)}


@pytest.mark.parametrize("compress", [gzip.compress, lzma.compress])
def test_a_compressed_file_that_is_cut_off_is_read_as_far_as_it_goes(tmp_path: Path, compress: Any) -> None:
    lines = [GOOD.replace(b".0|", b".%d|" % (n * 7919 % 1_000_003)) for n in range(50_000)]
    path = tmp_path / "queue_log.gz"
    whole = compress(b"".join(lines))
    for cut in (5000, 4, len(whole) // 2, len(whole) - 40):
        path.write_bytes(whole[:-cut])
        readable = decompressed(whole[:-cut]).count(b"\n")
        batches = list(read_queue_log([path], "pbx1"))
        assert sum(len(part.part["lines"]) for batch in batches for part in batch.parts) == readable
        (refused,) = [refused for batch in batches for refused in batch.refused]
        assert (refused.file, refused.line) == (str(path), readable + 1)
        assert "damaged or cut off" in refused.reason


def decompressed(data: bytes) -> bytes:
    """All that the library gives of compressed data, whole or not."""
    if data.startswith(b"\x1f\x8b"):
        return zlib.decompressobj(wbits=31).decompress(data)
    return lzma.LZMADecompressor().decompress(data)


def test_compressed_files_that_stand_one_after_the_other_in_one_are_read_to_the_end(tmp_path: Path) -> None:
    path = tmp_path / "queue_log.gz"
    for data in (gzip.compress(GOOD * 3) * 3, lzma.compress(GOOD * 3) * 2 + bytes(8) + lzma.compress(GOOD * 3)):
        path.write_bytes(data)
        batches = list(read_queue_log([path], "pbx1"))
        assert [refused for batch in batches for refused in batch.refused] == []
        assert sum(batch.read for batch in batches) == 9


def test_a_file_that_is_not_there_gets_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"absent cannot be read: No such file.*Check the path"):
        list(read_queue_log([tmp_path / "absent"], "pbx1"))


@settings(max_examples=200, deadline=None)
@given(data=st.binary(max_size=400))
def test_whatever_bytes_stand_in_a_file_reading_goes_on(data: bytes) -> None:
    batch = read(GOOD + data + b"\n" + GOOD.replace(b".0|", b".1|"))
    assert {part.key[-2:] for part in batch.parts} >= {".0", ".1"}
    said = [line for line in (GOOD + data).split(b"\n")[1:] if line.strip(b"\r")]
    assert len(batch.refused) == len(said), "random bytes are no line of queue_log: each is reported"


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_a_recording_torn_anywhere_is_taken_in_and_reported(recorded: Path, data: st.DataObject) -> None:
    with lzma.open(recorded / "queue_log.xz") as file:
        lines = file.read().split(b"\n")
    start = data.draw(st.integers(0, len(lines) - 40))
    text = bytearray(b"\n".join(lines[start : start + 40]) + b"\n")
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text) - 1))
        text[at : at + data.draw(st.integers(0, 60))] = data.draw(st.binary(max_size=6))
    batch = read(bytes(text) + GOOD)
    assert any(part.key == "asterisk:pbx1:pbx1-1795290364.0" for part in batch.parts) or batch.refused
    assert all(refused.reason and refused.line > 0 for refused in batch.refused)


def test_reading_takes_less_than_25_us_a_line(recorded: Path) -> None:
    best = min(_seconds(recorded) for _ in range(3))
    assert best / 6287 < 25e-6


def _seconds(recorded: Path) -> float:
    began = time.process_time()
    list(read_queue_log([recorded / "queue_log.xz"], "pbx1"))
    return time.process_time() - began
