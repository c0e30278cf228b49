"""Following a growing file: nothing is missed and nothing is told twice, through renames, truncations and restarts."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wallboard_tui.sources.asterisk.tail import Tail, tail_cdr, tail_queue_log
from wallboard_tui.sources.base import Batch


def line(number: int) -> str:
    return f"{1795290364 + number}|pbx1-1795290364.{number}|sales|NONE|ENTERQUEUE||+1415555{number:04}|1"


def write(path: Path, *numbers: int) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write("".join(f"{line(number)}\n" for number in numbers))


def drain(tail: Tail) -> list[str]:
    """Everything there is now; a rotation takes two looks to be believed."""
    found: list[str] = []
    idle = 0
    while idle < 3:
        piece = tail.read()
        idle = idle + 1 if piece is None else 0
        found += piece.lines if piece else []
    return found


def test_new_lines_come_once_and_in_order(tmp_path: Path) -> None:
    path = tmp_path / "queue_log"
    tail = Tail(path)
    assert drain(tail) == []
    write(path, 1, 2)
    assert drain(tail) == [line(1), line(2)]
    write(path, 3)
    assert drain(tail) == [line(3)]


def test_a_last_line_without_an_end_waits_for_it(tmp_path: Path) -> None:
    path = tmp_path / "queue_log"
    write(path, 1)
    with path.open("a", encoding="utf-8") as file:
        file.write(line(2)[:30])
    tail = Tail(path)
    assert drain(tail) == [line(1)]
    with path.open("a", encoding="utf-8") as file:
        file.write(line(2)[30:] + "\n")
    assert drain(tail) == [line(2)]


def test_a_rotation_by_rename_loses_nothing_that_was_still_written_to_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "queue_log"
    write(path, 1)
    tail = Tail(path)
    assert drain(tail) == [line(1)]
    path.rename(tmp_path / "queue_log.1")
    write(tmp_path / "queue_log.1", 2)
    write(path, 3)
    assert drain(tail) == [line(2), line(3)]


def test_a_truncated_file_is_read_from_its_beginning(tmp_path: Path) -> None:
    path = tmp_path / "queue_log"
    write(path, 1, 2)
    tail = Tail(path)
    drain(tail)
    os.truncate(path, 0)
    write(path, 3)
    assert drain(tail) == [line(3)]


def test_a_position_is_taken_up_where_it_was_left(tmp_path: Path) -> None:
    path = tmp_path / "queue_log"
    write(path, 1, 2)
    first = Tail(path)
    drain(first)
    position = first.position
    first.close()
    write(path, 3)
    second = Tail(path, position)
    piece = second.read()
    assert piece is not None
    assert (piece.lines, piece.first) == ([line(3)], 3)


def test_a_file_that_rotated_twice_while_nobody_read_is_read_to_its_end_and_then_the_next_ones(tmp_path: Path) -> None:
    path = tmp_path / "queue_log"
    write(path, 1)
    first = Tail(path)
    drain(first)
    position = first.position
    first.close()
    write(path, 2)
    path.rename(tmp_path / "queue_log.2")
    os.utime(tmp_path / "queue_log.2", (1000, 1000))
    write(path, 3)
    path.rename(tmp_path / "queue_log.1")
    os.utime(tmp_path / "queue_log.1", (2000, 2000))
    write(path, 4)
    tail = Tail(path, position)
    assert drain(tail) == [line(2), line(3), line(4)]
    assert tail.notes == []


def test_a_position_in_a_file_that_is_gone_starts_over_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "queue_log"
    write(path, 5)
    tail = Tail(path, {"inode": 1, "offset": 500, "line": 9, "head": "00"})
    assert drain(tail) == [line(5)]
    assert "rotated or replaced" in tail.notes[0]


def test_a_regrown_file_under_the_same_inode_is_not_taken_for_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "queue_log"
    write(path, 1)
    first = Tail(path)
    drain(first)
    position = first.position
    first.close()
    os.truncate(path, 0)
    write(path, 7, 8, 9)
    assert drain(Tail(path, position)) == [line(7), line(8), line(9)]


def test_a_file_that_is_rotated_twice_between_two_looks_is_read_to_the_end(tmp_path: Path) -> None:
    path = tmp_path / "queue_log"
    write(path, 0)
    tail = Tail(path)
    told = drain(tail)
    for number in (1, 2):
        path.rename(tmp_path / f"queue_log.{number}")
        os.utime(tmp_path / f"queue_log.{number}", (1000 + number, 1000 + number))
        write(path, number)
    told += drain(tail)
    tail.close()
    assert told == [line(0), line(1), line(2)]


@settings(max_examples=60, deadline=None)
@given(steps=st.lists(st.sampled_from(["write", "half", "read", "rotate", "restart"]), max_size=25))
def test_whatever_happens_to_the_file_every_line_is_told_once(tmp_path_factory: Any, steps: list[str]) -> None:
    directory: Path = tmp_path_factory.mktemp("tail")
    path = directory / "queue_log"
    tail, told, written, rotated, half = Tail(path), list[str](), 0, 0, ""
    for step in [*steps, "write", "read"]:
        if step in ("write", "half"):
            text = line(written) + "\n"
            with path.open("a", encoding="utf-8") as file:
                file.write(half + (text if step == "write" else text[:20]))
            half = "" if step == "write" else text[20:]
            written += 1
        elif step == "rotate" and tail.position and path.exists() and not half:
            rotated += 1
            path.rename(directory / f"queue_log.{rotated}")
            os.utime(directory / f"queue_log.{rotated}", (rotated, rotated))
        elif step == "read":
            told += drain(tail)
        elif step == "restart":
            position = tail.position
            tail.close()
            tail = Tail(path, position)
    tail.close()
    assert told == [line(number) for number in range(written)]


async def collect(batches: AsyncIterator[Batch], enough: Callable[[list[Batch]], bool]) -> list[Batch]:
    found: list[Batch] = []
    async with asyncio.timeout(20):
        async for batch in batches:
            found.append(batch)
            if enough(found):
                break
    return found


def calls(batches: list[Batch]) -> list[str]:
    return [part.key for batch in batches for part in batch.parts]


def test_a_followed_queue_log_gives_batches_with_positions(tmp_path: Path) -> None:
    path = tmp_path / "queue_log"
    write(path, 1)
    first = asyncio.run(collect(tail_queue_log(path, "pbx1", poll_s=0.01), lambda found: len(found) > 1))
    assert calls(first) == ["asterisk:pbx1:pbx1-1795290364.1"]
    write(path, 2)
    position = first[-1].position
    later = asyncio.run(
        collect(tail_queue_log(path, "pbx1", position=position, poll_s=0.01), lambda found: bool(found))
    )
    assert calls(later) == ["asterisk:pbx1:pbx1-1795290364.2"]
    assert later[0].horizon == 1795290366


@pytest.mark.parametrize(
    "header",
    [
        "",
        "accountcode,src,dst,dcontext,clid,channel,dstchannel,lastapp,lastdata,start,answer,"
        "end,duration,billsec,disposition,amaflags,uniqueid,userfield\n",
    ],
)
def test_a_followed_cdr_is_understood_when_taken_up_in_the_middle(tmp_path: Path, header: str) -> None:
    path = tmp_path / "Master.csv"
    row = (
        '"","+1415","5001","in","""A"" <+1415>","SIP/t-1","","Queue","s","2026-11-21 19:46:05",,"2026-11-21 19:46:08",'
        '3,0,"NO ANSWER","DOCUMENTATION","pbx1-1795290365.{n}","did-5001"\n'
    )
    path.write_text(header + row.format(n=1), encoding="utf-8")
    first = asyncio.run(collect(tail_cdr(path, "pbx1", poll_s=0.01), lambda found: bool(calls(found))))
    with path.open("a", encoding="utf-8") as file:
        file.write(row.format(n=2))
    position = first[-1].position
    later = asyncio.run(
        collect(tail_cdr(path, "pbx1", position=position, poll_s=0.01), lambda found: bool(calls(found)))
    )
    assert calls(later) == ["asterisk:pbx1:pbx1-1795290365.2"]
    assert later[0].parts[0].part["rows"][0][4] == "A"
