"""What the header and the page *Sources* say of phone systems: pure lines from health documents."""

import pytest

from wallboard_tui.model.base import Doc
from wallboard_tui.tui.drawing.glyphs import ASCII
from wallboard_tui.tui.look import Line, Look, width
from wallboard_tui.tui.panes.sources import about_lines, lasting, outage, source_lines, trouble
from wallboard_tui.view.health import states

NOW = 1_763_733_600.0
"""Friday 21 November 2025, 14:00:00 in Dublin."""
DAY = NOW - 14 * 3600
ZONE = "Europe/Dublin"
LOOK = Look()
PBX: Doc = {
    "key": "pbx1", "system": "asterisk", "mode": "followed", "version": "Asterisk 22.10.1", "connected_since": DAY,
    "last_event": NOW - 2, "links": {"ami": "up", "queue_log": "up"}, "errors": {}, "error": "", "lag_s": 0.24,
    "events_per_s": 12.34, "malformed": 3, "gaps": [], "lacks": ["wrap_s", "hold_s"],
}  # fmt: skip
DOWN: Doc = {
    **PBX, "links": {"ami": "down", "queue_log": "down"}, "connected_since": None, "lag_s": None, "events_per_s": None,
    "errors": {"ami": "10.0.0.5:5038 refused the connection. Is Asterisk running?"},
    "gaps": [{"start": NOW - 4000, "end": NOW - 3900, "closed_by": ["queue_log"]}, {"start": NOW - 190}],
}  # fmt: skip
GAP: Doc = {**PBX, "gaps": [{"start": NOW - 4000, "end": NOW - 3500}]}


def words(lines: list[Line]) -> str:
    return "\n".join("".join(span.text for span in line) for line in lines)


def page(*docs: Doc, w: int = 78, look: Look = LOOK) -> str:
    return words(source_lines({f"pbx{n}": doc for n, doc in enumerate(docs, 1)}, DAY, NOW, ZONE, w, look))


def header(*docs: Doc, look: Look = LOOK) -> str:
    found = trouble(states({f"pbx{n}": doc for n, doc in enumerate(docs, 1)}, DAY), ZONE, NOW, look)
    return "" if found is None else found.text


def banner(*docs: Doc) -> tuple[str, ...]:
    return outage(states({f"pbx{n}": doc for n, doc in enumerate(docs, 1)}, DAY), ZONE, NOW)


def test_nothing_is_said_while_all_is_well() -> None:
    assert header(PBX) == ""
    assert banner(PBX, GAP) == ()


def test_the_header_says_what_is_wrong_since_when_in_glyph_and_word() -> None:
    assert header(DOWN) == "■ pbx1 line down 13:56"
    assert header(GAP) == "▲ pbx1 gap 12:53–13:01"
    assert header(GAP, DOWN) == "■ pbx2 line down 13:56 +1"
    assert header(DOWN, look=Look(glyphs=ASCII)) == "! pbx1 line down 13:56"


def test_the_banner_says_that_figures_end_there() -> None:
    longest, *_, shortest = banner(DOWN)
    assert longest == (
        "PHONE SYSTEM  No word from pbx1 since 13:56:50 (3 min): its figures end there, and what goes on now is "
        "not known. It is tried again by itself."
    )
    assert shortest == "PHONE SYSTEM  No word from pbx1 since 13:56:50 (3 min)."
    assert "pbx1 and pbx2" in banner(DOWN, DOWN)[0]
    assert "not been reached yet" in banner({**DOWN, "gaps": [], "last_event": None})[0]


def test_a_recording_that_nothing_plays_is_said_to_stand_still_and_not_to_be_tried_again() -> None:
    played = {"key": "pbx1", "system": "asterisk", "mode": "replayed", "connected_since": DAY, "last_event": NOW - 190}
    over = {**played, "links": {"recording": "down"}}
    assert (header(played), banner(played)) == ("", ())
    assert header(over) == "■ pbx1 not played 13:56"
    assert banner(over)[0] == (
        "RECORDING  pbx1 has not been played since 13:56:50 (3 min): figures end there. To play it anew: wallboard demo"
    )
    assert "not played since 13:56:50" in page(over)
    assert "recording down" in page(over)
    assert "live" not in page(over) + page(played)
    assert banner(DOWN, over)[0].startswith("PHONE SYSTEM  No word from pbx1 "), "what can come back is said first"


def test_the_banner_does_not_say_that_figures_end_where_queue_log_goes_on() -> None:
    longest, *_, shortest = banner({**DOWN, "links": {"ami": "down", "queue_log": "up"}})
    assert longest.startswith("PHONE SYSTEM  No line to pbx1 since 13:56 (3 min): queue_log goes on telling its queues")
    assert shortest == "PHONE SYSTEM  No line to pbx1 since 13:56 (3 min)"
    never = {**DOWN, "links": {"ami": "down", "queue_log": "up"}, "gaps": [], "last_event": None}
    assert banner(never)[-1] == "PHONE SYSTEM  No line to pbx1"


def test_an_account_that_sees_nothing_of_queues_is_said_in_header_and_banner() -> None:
    blind = {**PBX, "sees": {"agent": False, "call": True}}
    assert header(blind) == "■ pbx1 lacks read=agent"
    assert "up to a minute old" in banner(blind)[0]
    assert banner({**PBX, "sees": {"agent": True, "call": False}}) == (), "without call, queues are known as they go on"


def test_a_gap_of_seconds_is_said_by_how_long_it_was() -> None:
    assert header({**PBX, "gaps": [{"start": NOW - 60, "end": NOW - 49}]}) == "▲ pbx1 gap 13:59 (11 s)"
    assert header(GAP) == "▲ pbx1 gap 12:53–13:01"


def test_the_page_has_everything_that_is_known() -> None:
    text = page(PBX)
    for part in (
        "● pbx1  live since 00:00:00", "Asterisk 22.10.1", "line up, queue_log up", "13:59:58, 2 s ago",
        "12.3 a second, lag 0.2 s, unreadable 3", "Wrap-up time",
    ):  # fmt: skip
        assert part in text


def test_the_page_says_which_queues_are_followed() -> None:
    assert "queues       all that it has" in page({**PBX, "follows": []})
    assert "queues       only night, sales" in page({**PBX, "follows": ["night", "sales"]})
    assert "q10, q11 and 28 more" in page({**PBX, "follows": [f"q{n}" for n in range(40)]}, w=100)
    assert "queues  " not in page(PBX), "files tell of all that they hold"
    assert "wallboard source queues NAME" in words(about_lines(200, LOOK))


def test_the_page_says_what_is_wrong_first_and_which_stretches_were_not_seen() -> None:
    text = page(PBX, DOWN)
    assert text.startswith("■ pbx2  line down since 13:56:50"), "the worst comes first"
    assert "refused the connection. Is Asterisk running?" in text
    assert "since 13:56:50 (3 min): goes on" in text
    assert "12:53:20 to 12:55:00 (100 s): told by queue_log" in text.replace("1 min", "100 s")
    assert "incomplete" in page(GAP)


def test_errors_that_were_not_sent_have_no_line() -> None:
    public = {key: DOWN[key] for key in ("key", "system", "mode", "connected_since", "last_event", "links", "gaps")}
    text = page(public)
    assert "line down" in text
    assert "refused" not in text


def test_without_sources_it_says_how_to_begin() -> None:
    assert "wallboard source add asterisk" in words(source_lines({}, DAY, NOW, ZONE, 78, LOOK))


@pytest.mark.parametrize("w", [30, 60, 78, 158])
def test_lines_are_never_wider_than_the_page(w: int) -> None:
    for lines in (source_lines({"pbx1": DOWN}, DAY, NOW, ZONE, w, LOOK), about_lines(w, LOOK)):
        assert max(width(line) for line in lines) <= w


def test_how_long_something_lasted_is_said_as_people_say_it() -> None:
    assert [lasting(s) for s in (0.4, 59, 240, 7500, 400_000)] == ["0 s", "59 s", "4 min", "2 h 05", "4 days"]
