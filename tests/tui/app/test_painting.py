"""What is printed for a change leaves the terminal as if all had been printed anew, in fewer bytes."""

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console
from rich.segment import Segment
from textual._compositor import ChopsUpdate
from textual.app import App, ComposeResult
from textual.filter import NoColor
from textual.screen import Screen as TextualScreen
from textual.strip import Strip
from textual.widgets import Static

from wallboard_tui.tui.look import Line, Span, width
from wallboard_tui.tui.themes import RoleStyle, Theme
from wallboard_tui.tui.widgets.changes import Changes, ChangesCompositor, Run
from wallboard_tui.tui.widgets.lines import LineWidget
from wallboard_tui.tui.widgets.painter import LineStrip, Palette, differing, strip

THEME = Theme(
    "test",
    roles={
        "text": RoleStyle(fg="#cccccc", bg="#101010"),
        "value": RoleStyle(fg="#ffffff", bold=True),
        "dim": RoleStyle(dim=True),
        "alert": RoleStyle(fg="#ff0000", reverse=True),
        "header": RoleStyle(underline=True),
        "selected": RoleStyle(bg="#004488"),
    },
)
CONSOLE = Console(file=io.StringIO(), force_terminal=True, color_system="truecolor")
W = 24

Screen = dict[int, tuple[str, frozenset[str]]]
"""Column → character and the attributes it is shown with."""


def obey(screen: Screen, told: str) -> None:
    """A terminal of one line that understands just what is printed: places, attributes, text."""
    x, on = 0, dict[str, str]()
    for place, sgr, text in re.findall(r"\x1b\[1;(\d+)H|\x1b\[([\d;]*)m|([^\x1b]+)", told):
        if place:
            x = int(place) - 1
        elif text:
            for character in text:
                screen[x] = character, frozenset(f"{name}={value}" for name, value in on.items())
                x += cell_len(character)
        else:
            codes = sgr.split(";")
            while codes:
                code = codes.pop(0)
                if code in ("", "0"):
                    on = {}
                elif code in ("38", "48"):
                    on[code] = ";".join(codes[:4])
                    del codes[:4]
                else:
                    on[code] = ""


def seen(screen: Screen) -> dict[int, tuple[str, frozenset[str]]]:
    """What a person sees: of a blank only its ground, unless a line runs through it."""
    return {
        x: (c, frozenset(a for a in attributes if c != " " or a.startswith(("48", "7", "4=")) or "7=" in attributes))
        for x, (c, attributes) in screen.items()
    }


@st.composite
def lines(draw: st.DrawFn) -> Line:
    spans: list[Span] = []
    while (room := W - width(tuple(spans))) > 0:
        text = draw(st.text("ab 12 ●日", min_size=1, max_size=min(room, 8)))
        while cell_len(text) > room:
            text = text[:-1] or " "
        spans.append(Span(text, draw(st.sampled_from([*THEME.roles, "alert+selected"]))))
    return tuple(spans)


def changes(made: LineStrip, ranges: list[tuple[int, int]]) -> str:
    return Changes([Run(0, 0, made, left, right) for left, right in ranges]).render_segments(CONSOLE)


def line_strip(line: Line) -> LineStrip:
    made = strip(line, W, Palette(THEME))
    assert isinstance(made, LineStrip)
    return made


@given(lines())
def test_a_line_looks_as_textual_itself_would_print_it(line: Line) -> None:
    ours, theirs = Screen(), Screen()
    obey(ours, line_strip(line).render(CONSOLE))
    obey(theirs, Strip(list(line_strip(line))).render(CONSOLE))
    assert seen(ours) == seen(theirs)


@given(lines(), lines())
def test_printing_what_differs_is_as_good_as_printing_everything(old: Line, new: Line) -> None:
    partly, wholly = Screen(), Screen()
    obey(partly, line_strip(old).render(CONSOLE))
    obey(partly, changes(line_strip(new), differing(old, new, W)))
    obey(wholly, line_strip(new).render(CONSOLE))
    # A wide character leaves the second of its cells to nobody.
    assert {x: seen(partly)[x] for x in wholly} == seen(wholly)


@given(lines())
def test_equal_lines_do_not_differ(line: Line) -> None:
    assert differing(line, line, W) == []


@given(lines(), st.integers(0, W), st.integers(0, W))
def test_a_part_is_as_wide_as_asked(line: Line, one: int, other: int) -> None:
    start, end = sorted((one, other))
    if start < end:
        text = re.sub(r"\x1b\[[\d;]*m", "", line_strip(line).part(start, end, CONSOLE))
        assert cell_len(text) == end - start


def test_a_running_clock_prints_the_clock_alone() -> None:
    old = (Span("Ann Byrne   talking  ", "text"), Span("01", "value"), Span(" ", "text"))
    new = (old[0], Span("02", "value"), old[2])
    assert differing(old, new, W) == [(21, 23)]
    assert len(changes(line_strip(new), [(21, 23)])) < len(line_strip(new).render(CONSOLE)) / 2 + 10


def test_changes_close_together_are_one() -> None:
    old = tuple(Span(text, role) for text, role in zip("abcdefghijklmnopqrstuvwx", ["text", "dim"] * 12, strict=True))
    new = tuple(span._replace(text="!") if x in (1, 4, 20) else span for x, span in enumerate(old))
    assert differing(old, new, W) == [(1, 5), (20, 21)]


def test_a_palette_wears_the_programs_filters() -> None:
    bare = Palette(THEME, [NoColor()])
    assert bare["value"].color is None or bare["value"].color.is_default
    assert bare["value"].bold


def test_a_line_that_goes_to_the_screen_as_it_is_never_becomes_segments() -> None:
    made = LineStrip((Span("Ben", "value"), Span(" talking", "dim")), Palette(THEME))
    assert made.divide([11]) == [made]
    made.render(CONSOLE)
    made.part(2, 5, CONSOLE)
    assert made.cell_length == 11
    assert "_segments" not in {name for name in Strip.__slots__ if _is_set(made, name)}


def test_a_line_that_is_cut_is_a_strip_like_any_other() -> None:
    made = LineStrip((Span("Ben", "value"), Span(" talking", "dim")), Palette(THEME))
    assert [each.text for each in made.divide([4, 11])] == ["Ben ", "talking"]
    assert made.crop(1, 5).text == "en t"
    assert made.text == "Ben talking"


def _is_set(strip_: Strip, name: str) -> bool:
    try:
        object.__getattribute__(strip_, name)
    except AttributeError:
        return False
    return True


class TwoSides(App[None]):
    """Two widgets of lines side by side, and a box that can be put in front of both."""

    CSS = """
    Screen { layers: below above; layout: horizontal; }
    LineWidget { width: 1fr; height: 1fr; }
    Static { layer: above; width: 10; height: 3; offset: 8 1; }
    """

    def get_default_screen(self) -> TextualScreen[None]:
        screen = super().get_default_screen()
        screen._compositor = ChangesCompositor()
        return screen

    def compose(self) -> ComposeResult:
        yield LineWidget(id="left")
        yield LineWidget(id="right")
        yield Static("in front")


def printed(update: ChopsUpdate | None) -> dict[tuple[int, int], Segment]:
    """Each cell that an update prints, by line and column."""
    assert isinstance(update, Changes)
    return {
        (run.y, run.x + run.start + column): Segment(character, segment.style)
        for run in update.runs
        for column, (character, segment) in enumerate(
            (character, segment) for segment in run.strip.crop(run.start, run.stop) for character in segment.text
        )
    }


@pytest.mark.parametrize("covered", [False, True])
async def test_what_changed_is_printed_wherever_it_is_and_never_over_what_is_in_front(covered: bool) -> None:
    app = TwoSides()
    async with app.run_test(size=(24, 6)) as pilot:
        app.query_one(Static).display = covered
        sides = [app.query_one("#left", LineWidget), app.query_one("#right", LineWidget)]
        for side in sides:
            side.show([(Span(f"line {y}".ljust(12)),) for y in range(6)], THEME)
        await pilot.pause()
        compositor = app.screen._compositor
        assert isinstance(compositor, ChangesCompositor)
        with app.batch_update():  # so that nothing is printed before it is looked at
            for side in sides:
                side.show([(Span(f"line {y + 1}".ljust(12)),) for y in range(6)], THEME)
            compositor.update_widgets(set(sides))
            seen_here = printed(compositor.render_partial_update())
            assert compositor.render_partial_update() is None
    places = {(y, x) for y in range(6) for x in (5, 17)}
    hidden = {(y, x) for y, x in places if covered and 1 <= y < 4 and 8 <= x < 18}
    assert {place: seen_here[place].text for place in places - hidden} == {
        (y, x): str(y + 1) for y, x in places - hidden
    }
    assert not hidden & {place for place, cell in seen_here.items() if cell.text.isdigit()}
