"""Who says what members did where queue_log is read beside a live line."""

import asyncio

import pytest

from wallboard_tui.hub.witnesses import GROWN_BEFORE_S, TOLD_BY_FILE_S, Files, Statements
from wallboard_tui.model.base import Doc

NOON = 1_795_262_400.0
HEARD = 100.0
DUE = HEARD + TOLD_BY_FILE_S
PAUSE: Doc = {"what": "pause", "at": NOON}
GONE: Doc = {"what": "device_gone", "at": NOON}


@pytest.fixture
async def files() -> Files:
    """A queue_log that was read to its end."""
    found = Files(queue_log=True)
    found.caught_up.set()
    return found


async def test_without_queue_log_the_line_says_everything_at_once() -> None:
    assert Statements(Files()).hear([PAUSE, GONE], HEARD) == [PAUSE, GONE]


async def test_what_a_phone_does_no_file_says_and_it_is_not_waited_for(files: Files) -> None:
    statements = Statements(files)
    assert statements.hear([PAUSE, GONE], HEARD) == [GONE]
    assert statements.due(DUE, log_is_read=True) == [PAUSE]


async def test_the_rest_is_said_once_and_not_before_the_file_had_its_chance(files: Files) -> None:
    statements = Statements(files)
    statements.hear([PAUSE], HEARD)
    assert statements.due(DUE - 0.1, log_is_read=True) == []
    assert statements.due(DUE, log_is_read=True) == [PAUSE]
    assert statements.due(DUE + 60, log_is_read=True) == []


async def test_a_file_that_grew_since_or_just_before_has_said_it(files: Files) -> None:
    for grown, due in ((HEARD + 2, []), (HEARD - GROWN_BEFORE_S, []), (HEARD - GROWN_BEFORE_S - 0.1, [PAUSE])):
        statements = Statements(files)
        statements.hear([PAUSE], HEARD)
        files.grown_at = grown
        assert statements.due(DUE, log_is_read=True) == due, grown


async def test_of_what_was_before_the_files_newest_line_only_the_file_tells_as_long_as_it_is_read(files: Files) -> None:
    """Its seconds are whole ones."""
    for told, is_read, due in ((NOON + 1, True, []), (NOON + 1, False, [PAUSE]), (NOON + 0.9, True, [PAUSE])):
        statements = Statements(files)
        statements.hear([PAUSE], HEARD)
        files.told_until = told
        assert statements.due(DUE, log_is_read=is_read) == due, (told, is_read)


async def test_while_the_file_is_still_being_read_everything_waits(files: Files) -> None:
    files.caught_up = asyncio.Event()
    statements = Statements(files)
    statements.hear([PAUSE], HEARD)
    assert statements.due(DUE + 600, log_is_read=True) == []
    files.caught_up.set()
    assert statements.due(DUE + 600, log_is_read=True) == [PAUSE]
