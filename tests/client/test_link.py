"""How a terminal stands with its hub after a silence: what the hub wrote before it is no word of now."""

import asyncio
import logging

import pytest

from wallboard_tui.client.connection import Connection, HubClock
from wallboard_tui.client.link import SILENT, Link

STALE_S = 12.0


class Desk:
    """A link that was live at 1000 s, and its clock."""

    def __init__(self) -> None:
        self.at = 1000.0
        self.said: list[str] = []
        self.link = Link(self._said, lambda: self.at, heard=None, stale_s=STALE_S)
        self.link.turn("live")

    def _said(self, connection: Connection) -> None:
        self.said.append(connection.state)

    @property
    def state(self) -> str:
        return self.link.connection.state


def test_frames_that_lay_on_the_way_while_the_program_stood_still_make_nothing_live() -> None:
    desk = Desk()
    desk.at += 60
    assert not desk.link.heard(late=60)
    assert (desk.state, desk.link.connection.reason) == ("stale", SILENT)
    desk.link.busy()
    assert not desk.link.heard(late=59)
    assert desk.link.connection.last_heard is None, "the hub was not heard: its words of then were"
    assert desk.link.heard(late=0.2)
    assert desk.state == "live"
    assert desk.link.connection.last_heard == desk.at


def test_a_stream_of_which_everything_comes_late_is_believed_after_a_while() -> None:
    desk = Desk()
    desk.at += 60
    assert not desk.link.heard(late=60)
    desk.at += STALE_S
    assert not desk.link.heard(late=60)
    desk.at += 0.1
    assert desk.link.heard(late=60)
    assert desk.state == "live"


def test_a_slow_line_is_live_as_long_as_something_comes() -> None:
    desk = Desk()
    for _ in range(10):
        desk.at += 10
        assert desk.link.heard(late=40)
    assert desk.said == ["live"]


def test_writing_what_had_come_is_no_silence() -> None:
    desk = Desk()
    desk.at += 60
    desk.link.busy()
    assert desk.link.heard(late=60)
    assert desk.state == "live"


def test_how_late_a_frame_is_is_known_from_those_before_it() -> None:
    clock = HubClock(0.0, 0.0)
    assert clock.late(500.0, 10.0) == 0
    clock.heard(500.0, 10.0)
    assert clock.late(501.0, 71.0) == 60
    assert clock.late(561.5, 71.0) == 0


async def test_silence_is_seen_and_said_though_a_callback_failed_at_it(caplog: pytest.LogCaptureFixture) -> None:
    said: list[str] = []
    failed, told = 0, asyncio.Event()

    def tell(connection: Connection) -> None:
        nonlocal failed
        if connection.state == "stale" and failed < 3:
            failed += 1
            raise RuntimeError("the header is gone")
        said.append(connection.state)
        if connection.state == "stale":
            told.set()

    at = 1000.0
    link = Link(tell, lambda: at, heard=None, stale_s=0.04)
    link.turn("live")
    at += 1
    with caplog.at_level(logging.ERROR, "wallboard_tui.client.link"):
        watch = asyncio.create_task(link.watch())
        async with asyncio.timeout(10):
            await told.wait()
        assert not watch.done()
        watch.cancel()
    assert said == ["live", "stale"]
    (record,) = caplog.records
    assert "failed at its look at the hub's silence" in record.getMessage(), "once, and not at every look"
    assert "the header is gone" in str(record.exc_info)
