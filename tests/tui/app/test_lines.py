"""The price of a change: only lines that changed are drawn again. Counts, not times."""

import asyncio
from collections.abc import Sequence

import pytest
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from wallboard_tui.tui.frames import Frames
from wallboard_tui.tui.look import Line, Span
from wallboard_tui.tui.messages import ConnectionChanged, ViewChanged
from wallboard_tui.tui.screens.asking import REST_S, rest_s
from wallboard_tui.tui.themes import PLAIN_THEME, Theme
from wallboard_tui.tui.widgets.lines import LineWidget
from wallboard_tui.tui.widgets.painter import Palette, fit, focused, strip


class Counting(LineWidget):
    """Counts which lines Textual asks for, and which regions are refreshed."""

    def __init__(self) -> None:
        super().__init__(id="lines")
        self.asked: list[int] = []
        self.regions: list[Region] = []

    def render_line(self, y: int) -> Strip:
        self.asked.append(y)
        return super().render_line(y)

    def refresh(
        self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False
    ) -> "Counting":
        if hasattr(self, "regions"):
            self.regions += regions
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)


class Lines(App[None]):
    def compose(self) -> ComposeResult:
        yield Counting()


def page(changed: Sequence[int] = (), lines: int = 24) -> list[Line]:
    return [(Span(f"line {y}{' changed' if y in changed else ''}"),) for y in range(lines)]


async def test_a_change_draws_only_the_lines_that_changed() -> None:
    app = Lines()
    async with app.run_test(size=(80, 24)) as pilot:
        widget = app.query_one(Counting)
        assert widget.show(page(), PLAIN_THEME) == 24
        await pilot.pause()
        widget.asked.clear()
        widget.regions.clear()
        assert widget.show(page(changed=(3, 17)), PLAIN_THEME) == 2
        assert widget.regions == [Region(0, 3, 80, 1), Region(0, 17, 80, 1)]
        await pilot.pause()
        assert sorted(widget.asked) == [3, 17]


async def test_no_change_draws_nothing() -> None:
    app = Lines()
    async with app.run_test(size=(80, 24)) as pilot:
        widget = app.query_one(Counting)
        widget.show(page(), PLAIN_THEME)
        await pilot.pause()
        widget.asked.clear()
        assert widget.show(page(), PLAIN_THEME) == 0
        await pilot.pause()
        assert widget.asked == []


async def test_another_theme_draws_everything() -> None:
    app = Lines()
    async with app.run_test(size=(80, 24)) as pilot:
        widget = app.query_one(Counting)
        widget.show(page(), PLAIN_THEME)
        await pilot.pause()
        assert widget.show(page(), Theme("other")) == 24


async def test_frames_come_only_when_asked_for_and_not_faster_than_the_rate() -> None:
    now = [100.0]
    frames = Frames(rate=10.0, monotonic=lambda: now[0])
    drawing = asyncio.create_task(frames.next())
    await asyncio.sleep(0)
    assert not drawing.done()
    for _ in range(50):
        frames.request()
    await asyncio.wait_for(drawing, 5)
    assert frames.drawn == 1
    assert abs(frames.wait_s - 0.1) < 1e-6
    now[0] += 0.1
    assert frames.wait_s < 1e-6
    drawing = asyncio.create_task(frames.next())
    await asyncio.sleep(0)
    assert not drawing.done()
    drawing.cancel()


async def test_dear_questions_make_longer_pauses() -> None:
    frames = Frames(rate=10.0, monotonic=lambda: 100.0)
    frames.request()
    await asyncio.wait_for(frames.next(), 5)
    frames.pause(0.3)
    assert abs(frames.wait_s - 0.3) < 1e-6
    frames.pause(0.01)
    assert abs(frames.wait_s - 0.1) < 1e-6


def test_what_changed_is_asked_in_time_and_asking_never_takes_more_than_a_third_of_a_core() -> None:
    assert rest_s(0.005) == pytest.approx(0.05), "cheap questions take a tenth of a core"
    assert rest_s(0.03) == REST_S, "dearer ones more, so that nobody waits longer"
    for cost in (0.05, 0.1, 1.0, 20.0):
        assert rest_s(cost) >= 3 * cost


def test_a_strip_is_exactly_as_wide_as_asked() -> None:
    for width in (0, 1, 3, 10, 80):
        assert strip((Span("日本語 text", "title"),), width, Palette(PLAIN_THEME)).cell_length == width


def test_a_line_with_something_at_both_ends_is_cut_on_the_left() -> None:
    line = fit((Span("a long title"),), (Span("right"),), 10)
    assert "".join(span.text for span in line) == "a lonright"


def test_the_focus_shows_in_frame_and_title_only() -> None:
    line = focused((Span("┌", "frame"), Span("Calls", "title"), Span("12", "value")))
    assert [span.style for span in line] == ["frame+focus", "title+focus", "value"]


def test_the_focus_leaves_the_frame_of_an_alert_as_it_is() -> None:
    line = focused((Span("┏", "frame.alert"), Span("Calls", "title"), Span("┐", "frame.warn")))
    assert [span.style for span in line] == ["frame.alert", "title+focus", "frame.warn"]


def test_waiting_messages_about_the_view_are_put_together() -> None:
    older, newer = ViewChanged(frozenset({"call"})), ViewChanged(frozenset({"presence"}))
    assert older.can_replace(newer)
    assert newer.kinds == {"call", "presence"}
    assert not older.can_replace(Message())
    assert ConnectionChanged().can_replace(ConnectionChanged())
