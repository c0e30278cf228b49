"""Header, banner and footer: pure lines from where things stand."""

from dataclasses import replace

import pytest

from wallboard_tui.tui.actions import ACTIONS, BY_ID, applies
from wallboard_tui.tui.look import Line, Look, width
from wallboard_tui.tui.standing import Standing
from wallboard_tui.tui.widgets.footer import footer_spans, progress
from wallboard_tui.tui.widgets.header import Heading, age_text, banner_line, header_line
from wallboard_tui.view.health import Gap, SourceState

NOW = 1_763_733_600.0
LOOK = Look()
HEADING = Heading("OPERATIONS", "Now", 1, 3, "Europe/Dublin", "Ann Byrne", "Supervisor")


def words(line: Line | None) -> str:
    return "".join(span.text for span in line or ())


def head(state: str, heard: float | None, reason: str = "") -> str:
    return words(header_line(HEADING, Standing(state, NOW, heard, reason), 120, LOOK))


def test_a_live_header_says_board_page_time_age_and_person() -> None:
    text = head("live", NOW - 0.4)
    for part in ("OPERATIONS", "Now 1/3", "Fri 21 Nov 14:00:00", "● live 0.4 s", "Ann Byrne (Supervisor)"):
        assert part in text


@pytest.mark.parametrize(
    ("state", "heard", "said"),
    [
        ("connecting", None, "connecting"),
        ("connecting", NOW - 3600, "as of 13:00:00"),
        ("stale", NOW - 14, "stale 14 s"),
        ("live", NOW - 16, "stale 16 s"),
    ],
)
def test_a_header_without_the_hub_says_how_old_the_data_is(state: str, heard: float | None, said: str) -> None:
    assert said in head(state, heard)


@pytest.mark.parametrize("width_", [40, 60, 80, 100, 160, 400])
def test_a_header_is_exactly_as_wide_as_the_screen_and_keeps_clock_and_connection(width_: int) -> None:
    line = header_line(HEADING, Standing("live", NOW, NOW), width_, LOOK)
    assert width(line) == width_
    assert "14:00:00" in words(line)
    assert "live" in words(line)


@pytest.mark.parametrize("width_", [36, 40, 60, 80])
@pytest.mark.parametrize("page", ["Today", "A page with a long name"])
def test_a_narrow_header_never_runs_into_the_clock_nor_breaks_a_name_off_without_a_sign(width_: int, page: str) -> None:
    heading = replace(HEADING, board="Operations of the whole house", page=page)
    text = words(header_line(heading, Standing("live", NOW, NOW), width_, LOOK))
    where = text[: text.index("14:00:00")]
    assert where.endswith(" ")
    assert "1/3" in where
    assert page in where or "▸" not in where
    assert heading.board in where or "…" in where


def test_a_short_interruption_is_called_reconnecting_and_a_first_contact_connecting() -> None:
    assert "· connecting 3.0 s" in head("connecting", NOW - 3), "what is drawn is from the cache, and so old"
    assert "reconnecting 3.0 s" in head("connecting", NOW - 3, "The connection broke off.")


def test_the_banner_comes_within_15_seconds_even_if_the_client_stopped_watching() -> None:
    assert banner_line(Standing("live", NOW, NOW - 14), "UTC", 100, LOOK) is None
    text = words(banner_line(Standing("live", NOW, NOW - 15.1), "Europe/Dublin", 100, LOOK))
    assert "STALE" in text
    assert "13:59:44" in text


def test_the_banner_says_that_nothing_is_shown_any_longer_once_the_lease_is_over() -> None:
    """No board is as of a time when there is none."""
    text = words(banner_line(Standing("stale", NOW, NOW - 70, "Over.", empty=True), "UTC", 90, LOOK))
    assert "Nothing heard from the hub for 70 s: without it nothing is shown now." in text
    assert "as of" not in text


def test_the_banner_gives_the_reason() -> None:
    text = words(banner_line(Standing("stale", NOW, NOW - 60, "No hub runs there."), "UTC", 160, LOOK))
    assert "No hub runs there." in text


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.44, "0.4 s"), (9.9, "9.9 s"), (14.2, "14 s"), (180, "3 min"), (9000, "2 h")]
)
def test_ages_are_said_as_people_say_them(seconds: float, text: str) -> None:
    assert age_text(seconds) == text


def test_history_shows_its_progress_only_while_it_comes_in() -> None:
    assert "41 %" in words(progress(Standing("live", NOW, NOW, "", 41, 100), LOOK))
    assert progress(Standing("live", NOW, NOW, "", 100, 100), LOOK) == ()
    assert progress(Standing("live", NOW, NOW), LOOK) == ()


def test_a_narrow_footer_shows_whole_actions_only() -> None:
    for room in range(20, 120, 7):
        shown = footer_spans([action for action in ACTIONS if action.footer], {}, room)
        assert sum(width(line) for _, line in shown) <= room


def test_the_footer_keeps_help_commands_and_quit_where_there_is_little_room() -> None:
    missed = [a for a in ACTIONS if a.footer and applies(a, "missed") and not a.keys.startswith("escape")]
    ids = [action.id for action, _ in footer_spans(missed, {}, 80)]
    assert ids[-3:] == ["app.help", "app.palette", "app.quit"]
    assert ids[:2] == ["row.open", "missed.claim"]


def test_the_footer_of_an_ascii_terminal_is_ascii() -> None:
    shown = footer_spans([a for a in ACTIONS if a.footer], {}, 400, ascii_only=True)
    assert all(span.text.isascii() for _, line in shown for span in line)


def test_a_footer_shows_a_persons_own_keys() -> None:
    (one, *_) = footer_spans([a for a in ACTIONS if a.id == "missed.claim"], {"missed.claim": "f5"}, 40)
    assert words(one[1]) == " F5 Claim "


@pytest.mark.parametrize(
    ("state", "age", "old", "banner"),
    [
        ("connecting", 3600, True, False),
        ("connecting", 3, False, False),
        ("live", 0.4, False, False),
        ("live", 16, True, True),
        ("stale", 14, True, True),
    ],
)
def test_a_picture_from_the_cache_is_dimmed_and_stands_still_until_the_hub_has_answered(
    state: str, age: float, old: bool, banner: bool
) -> None:
    standing = Standing(state, NOW, NOW - age)
    assert standing.old is old
    assert standing.shown == (NOW - age if old else NOW), "nobody knows whether what went on then still does"
    assert (banner_line(standing, "UTC", 120, LOOK) is not None) is banner


DOWN = SourceState("pbx1", "alert", "line down", NOW - 120, heard=False)
GAP = SourceState("pbx2", "warn", "gap", NOW - 7200, (Gap(NOW - 7200, NOW - 6900),))


@pytest.mark.parametrize("width_", [60, 80, 120, 160])
def test_a_phone_system_that_is_down_stands_in_the_header_at_any_width(width_: int) -> None:
    line = header_line(replace(HEADING, sources=(DOWN, GAP)), Standing("live", NOW, NOW), width_, LOOK)
    assert width(line) == width_
    assert "■ pbx1 line down 13:58 +1" in words(line)
    assert ("● live" in words(line)) == (width_ >= 80), "that the hub is well gives way"


def test_a_gap_stands_beside_the_connection_and_needs_no_banner() -> None:
    line = header_line(replace(HEADING, sources=(GAP,)), Standing("live", NOW, NOW), 120, LOOK)
    assert "▲ pbx2 gap 12:00–12:05  ● live" in words(line)
    assert banner_line(Standing("live", NOW, NOW), "Europe/Dublin", 120, LOOK, (GAP,)) is None


def test_a_hub_that_is_away_is_said_before_a_phone_system_that_is() -> None:
    alone = banner_line(Standing("live", NOW, NOW), "Europe/Dublin", 120, LOOK, (DOWN,))
    assert "No word from pbx1 since 13:58:00" in words(alone)
    both = banner_line(Standing("stale", NOW, NOW - 60), "Europe/Dublin", 120, LOOK, (DOWN,))
    assert "Nothing heard from the hub" in words(both)


def test_the_way_back_is_not_what_a_narrow_footer_leaves_out() -> None:
    of_pane = ("row.open", "rollups.sort", "rollups.period", "rollups.by")
    names = (*of_pane, "board.zoom", "board.unzoom", "board.next_page", "app.help", "app.palette", "app.quit")
    shown = [action.id for action, _ in footer_spans([BY_ID[name] for name in names], {}, 80)]
    assert "board.unzoom" in shown
    assert "board.next_page" not in shown
    assert shown == sorted(shown, key=names.index)
