"""Text, figures, curves and tables in exact cells."""

from collections.abc import Mapping
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallboard_tui.tui.drawing import digits
from wallboard_tui.tui.drawing.glyphs import ASCII, GLYPHS, PLAIN, UNICODE, Glyphs
from wallboard_tui.tui.drawing.lines import fitted, merged, shares
from wallboard_tui.tui.drawing.spark import bar, chart, sparkline
from wallboard_tui.tui.drawing.table import Column, columns_that_fit, window
from wallboard_tui.tui.drawing.text import clean, figure, name, wrap
from wallboard_tui.tui.drawing.units import age, duration, moment, phone
from wallboard_tui.tui.look import Span, cells, width

GLYPH_SETS = st.sampled_from(list(GLYPHS.values()))
CONSOLE = frozenset("←↑→↓─│┌┐└┘├┤═║╔╗╚╝╠╣╦╩█░▒■▲▼●•♦–−×·»…≈“”")
"""Signs beside ASCII that Debian's console fonts Lat15, Lat2, Uni1 to Uni3 have in common (but for “…” in VGA's)."""
NUMBERS = st.one_of(st.none(), st.floats(allow_nan=True, allow_infinity=False))


@given(st.text(), st.integers(-3, 60), GLYPH_SETS, st.sampled_from(["left", "right", "centre"]))
def test_any_name_takes_exactly_the_cells_it_was_given(text: str, w: int, glyphs: Glyphs, align: str) -> None:
    assert cells(name(text, w, glyphs, align)) == max(0, w)


@given(st.text())
def test_ascii_alone_is_left_where_only_ascii_can_be_drawn(text: str) -> None:
    assert all(" " <= character <= "~" for character in clean(text, ascii_only=True))


@given(st.text(), st.text())
def test_the_width_of_cleaned_text_is_the_sum_of_its_parts(first: str, second: str) -> None:
    one, two = clean(first), clean(second)
    assert cells(one + two) == cells(one) + cells(two)


def test_what_a_terminal_would_obey_never_reaches_it() -> None:
    assert clean("Eve\x1b[2J\u202e\u200b\r\nMallory\u2066") == "Eve[2J Mallory"


def test_wide_and_combining_characters_keep_columns_in_line() -> None:
    assert name("李小龙", 8, UNICODE) == "李小龙  "
    assert name("李小龙", 5, UNICODE) == "李小…"
    assert name("李小龙", 4, UNICODE) == "李… "
    assert name("Zoe\u0308", 4, UNICODE) == "Zoë "
    assert cells(name("👩\u200d💻☎\ufe0f👍🏽", 20, UNICODE)) == 20


def test_a_name_that_is_cut_keeps_what_tells_it_apart() -> None:
    assert name("Eve O'Brien (pbx1)", 18, UNICODE) == "Eve O'Brien (pbx1)"
    assert name("Eve O'Brien (pbx1)", 14, UNICODE) == "Eve O'… (pbx1)"
    assert name("Eve O'Brien (pbx1)", 11, UNICODE) == "Eve… (pbx1)"
    assert name("Eve O'Brien (pbx1)", 10, UNICODE) == "Eve O'Bri…", "no name is left but its end"
    assert name("Eve O'Brien of Dublin", 10, UNICODE) == "Eve O'Bri…"
    assert name("(withheld number)", 8, UNICODE) == "(withhe…"


def test_a_figure_is_never_cut_in_the_middle() -> None:
    assert figure("12345", 5, UNICODE) == "12345"
    assert figure("12345", 4, UNICODE) == "   …"


@given(st.text(), st.integers(1, 40), GLYPH_SETS)
def test_wrapped_lines_fit_and_lose_no_word(text: str, w: int, glyphs: Glyphs) -> None:
    lines = wrap(text, w, glyphs)
    assert all(cells(line) <= w for line in lines)
    if w > 1:
        assert "".join("".join(lines).split()) == "".join(clean(text, glyphs.ascii).split())


@given(NUMBERS, GLYPH_SETS)
def test_every_duration_takes_five_cells(seconds: float | None, glyphs: Glyphs) -> None:
    assert cells(duration(seconds, glyphs)) == 5
    assert cells(age(seconds, glyphs)) <= 5


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "00:00"),
        (134, "02:14"),
        (3599, "59:59"),
        (3600, "1h00m"),
        (36000, "10h00"),
        (360000, "4d04h"),
        (1e6, "  11d"),
    ],
)
def test_durations_read_as_people_say_them(seconds: float, said: str) -> None:
    assert duration(seconds, UNICODE) == said


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("+353871234412", "+353 87 123 4412"),
        ("+12125550123", "+1 212 555 0123"),
        ("+442079460958", "+44 207 946 0958"),
        ("101", "101"),
        ("anonymous", "anonymous"),
        ("+", "+"),
    ],
)
def test_numbers_stand_in_groups_that_can_be_read_aloud(number: str, said: str) -> None:
    assert phone(number) == said


@given(st.floats(-1e6, 5e9), st.floats(-1e6, 5e9))
def test_a_moment_takes_eight_cells_in_any_zone(at: float, now: float) -> None:
    assert cells(moment(at, now, "Europe/Dublin")) == 8
    assert cells(moment(at, now, "No/Such")) == 8


@given(st.lists(NUMBERS), st.integers(-2, 50), st.integers(0, 8), GLYPH_SETS)
def test_curves_take_exactly_their_room(values: list[float | None], w: int, h: int, glyphs: Glyphs) -> None:
    assert cells(sparkline(values, w, glyphs)) == max(0, w)
    lines = chart(values, w, h, glyphs)
    assert len(lines) == h
    assert all(cells(line) == max(0, w) for line in lines)


def test_a_curve_rises_with_its_values_and_shows_zero_as_a_value() -> None:
    assert sparkline([0, 1, 4, 8], 4, UNICODE) == "▁▂▅█"
    assert sparkline([None, 0], 2, UNICODE) == " ▁"


@given(st.floats(-1, 2), st.integers(0, 30), GLYPH_SETS)
def test_a_bar_takes_exactly_its_room(share: float, w: int, glyphs: Glyphs) -> None:
    assert cells(bar(share, w, glyphs)) == w


@given(st.text("0123456789:.% –", min_size=1, max_size=8), st.sampled_from(digits.FONTS), GLYPH_SETS)
def test_big_figures_have_the_size_they_say(text: str, font: digits.Font, glyphs: Glyphs) -> None:
    lines = digits.paint(text, font, glyphs)
    assert len(lines) == font.height
    assert len({cells(line) for line in lines}) == 1
    if not (glyphs.ascii and font is digits.SMALL):
        assert cells(lines[0]) == digits.width_of(text, font)


def test_a_linux_console_has_every_sign_that_is_drawn_for_it() -> None:
    said = [getattr(PLAIN, field.name) for field in fields(PLAIN)]
    signs = {
        sign
        for each in said
        if not isinstance(each, bool)
        for sign in "".join(dict(each).values() if isinstance(each, Mapping) else each)
    }
    for font in digits.FONTS:
        signs |= set("".join(digits.paint("0123456789:.% –hmd", font, PLAIN)))
    steps = [n / 20 for n in range(21)]
    signs |= set(sparkline(steps, 40, PLAIN) + bar(0.5, 8, PLAIN) + "".join(chart(steps, 40, 6, PLAIN)))
    assert not {sign for sign in signs if not sign.isascii()} - CONSOLE


def test_ten_digits_differ_in_every_size_and_glyph_set() -> None:
    for font in digits.FONTS:
        for glyphs in (UNICODE, PLAIN, ASCII):
            assert len({tuple(digits.paint(digit, font, glyphs)) for digit in "0123456789"}) == 10


@given(st.lists(st.tuples(st.text(), st.sampled_from("ab"))), st.integers(0, 40))
def test_a_fitted_line_is_exactly_as_wide_as_asked(parts: list[tuple[str, str]], w: int) -> None:
    line = fitted([Span(clean(text), role) for text, role in parts], w)
    assert width(line) == w
    assert all(one.style != two.style for one, two in zip(merged(line), merged(line)[1:], strict=False))


@given(st.integers(0, 500), st.lists(st.integers(1, 12), min_size=1, max_size=20))
def test_shares_add_up(total: int, weights: list[int]) -> None:
    assert sum(shares(total, weights)) == total


@given(st.integers(1, 200))
def test_columns_that_have_no_room_fall_out_whole(w: int) -> None:
    columns = [Column("a", "A", 8, 20), Column("b", "B", 5, 9, 2), Column("c", "C", 5, 5, 1)]
    fit = columns_that_fit(columns, w)
    assert sum(room for _, room in fit) + 2 * (len(fit) - 1) <= max(w, 1)
    assert fit[0][0].key == "a"
    if w >= 22:
        assert [column.key for column, _ in fit] == ["a", "b", "c"]
    elif w >= 15:
        assert [column.key for column, _ in fit] == ["a", "c"]


@given(st.integers(0, 300), st.integers(0, 40), st.none() | st.integers(-5, 400))
def test_the_page_holds_the_cursor(count: int, h: int, cursor: int | None) -> None:
    page = window(count, h, cursor)
    assert len(page) == min(count, h)
    if cursor is not None and 0 <= cursor < count and h:
        assert cursor in page
