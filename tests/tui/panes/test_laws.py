"""Laws of every picture: exactly the size asked for, whatever is drawn; and little redrawn when little changes."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wallboard_tui.model.base import Doc
from wallboard_tui.tui.drawing.glyphs import GLYPHS
from wallboard_tui.tui.look import Line, Look, Size, width
from wallboard_tui.tui.panes import PANES, text
from wallboard_tui.tui.panes.agents import AgentRow, AgentsData
from wallboard_tui.tui.panes.calls import CallRow, CallsData
from wallboard_tui.tui.panes.clock import ClockData
from wallboard_tui.tui.panes.figures import Shown
from wallboard_tui.tui.panes.journey import draw_journey
from wallboard_tui.tui.panes.metrics import Compared, MetricsData, StateTime
from wallboard_tui.tui.panes.missed import MissedData, MissedRow
from wallboard_tui.tui.panes.rollups import RollupRow, RollupsData
from wallboard_tui.tui.panes.seen import Names, Progress
from wallboard_tui.tui.panes.text_pane import TextData
from wallboard_tui.tui.panes.tiles import Tile
from wallboard_tui.tui.panes.wallboard import WallboardData

words = st.text(max_size=40)
times = st.floats(0, 4e9)
maybe_time = st.none() | times
seconds = st.none() | st.floats(0, 1e7)
counts = st.integers(0, 10**6)
kpis = st.sampled_from(
    ["waiting", "longest_wait_now", "service_level", "abandon_rate", "asa", "aht", "offered", "handled"]
)
levels = st.sampled_from(["ok", "warn", "alert"])
zones = st.sampled_from(["Europe/Dublin", "Asia/Kathmandu", "Nowhere/At_all"])
rows_of = st.sampled_from

shown = st.builds(
    Shown,
    kpis,
    words,
    st.none() | st.floats(-1e6, 1e6),
    st.sampled_from(["–", "n/a", "77.8 %", "02:14", "1:02:14", "100000", ""]),
    st.sampled_from(["value", "none", "n/a", "loading"]),
    st.booleans(),
    levels,
)
progress = st.builds(Progress, st.booleans(), maybe_time)
curve = st.lists(st.none() | st.floats(0, 1e6), max_size=40).map(tuple)
tile = st.builds(
    Tile,
    key=st.none() | words,
    name=words,
    waiting=counts,
    oldest=maybe_time,
    talking=counts,
    available=st.none() | counts,
    signed_in=st.none() | counts,
    figures=st.lists(shown, max_size=8).map(tuple),
    level=levels,
    trend=curve,
    change=st.none() | st.floats(-100, 100),
)
states = st.sampled_from(["talking", "ringing", "wrap", "available", "paused", "out", "strange"])
agent = st.builds(AgentRow, words, words, states, maybe_time, words, words)
statuses = st.sampled_from(["open", "claimed", "reached", "not_reached", "resolved", "strange_one"])
missed = st.builds(
    MissedRow, words, st.none() | words, st.booleans(), words, st.booleans(), counts, words, seconds, words, words,
    times, times, statuses,
)  # fmt: skip
calls = st.builds(
    CallRow, words, times, words, words, st.none() | words, st.booleans(), words, words, words, seconds, seconds,
    maybe_time, maybe_time, words,
)  # fmt: skip
rollup = st.builds(
    RollupRow, words, words, st.lists(shown, max_size=8, unique_by=lambda each: each.kpi).map(tuple),
    st.none() | st.floats(-100, 100), curve, levels,
)  # fmt: skip
compared = st.builds(
    Compared, st.sampled_from(["handled", "aht", "own_missed_call_rate", "sms_sent"]), shown, shown, shown,
    st.none() | st.floats(-1e4, 1e4), st.none() | st.booleans(),
)  # fmt: skip
state_time = st.builds(StateTime, states, words, st.floats(0, 1e6))


def many(one: st.SearchStrategy[Any], most: int = 16) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(one, max_size=most).map(tuple)


ANSWERS: dict[str, st.SearchStrategy[Any]] = {
    "wallboard": st.builds(WallboardData, times, words, many(tile, 24), progress, words),
    "agents": st.builds(AgentsData, times, words, many(agent, 40), st.none() | words, words),
    "rollups": st.builds(
        RollupsData, times, words, st.sampled_from(["queue", "team", "agent", "all"]), words, many(rollup),
        st.none() | rollup, progress, words, st.booleans(), st.none() | words, words, st.just("") | words,
    ),
    "metrics": st.builds(
        MetricsData, times, words, words, zones, st.booleans(), states, maybe_time, many(compared, 8),
        many(state_time, 6), st.floats(0, 1e6), curve, many(calls), progress,
    ),
    "missed": st.builds(
        MissedData, times, words, zones, many(missed), st.dictionaries(statuses, counts), words, st.booleans(),
        st.none() | words, words, progress, many(shown, 3), levels,
    ),
    "calls": st.builds(CallsData, times, words, zones, many(calls), st.booleans(), st.none() | words, words),
    "text": st.builds(TextData, times, words, st.text(max_size=400)),
    "clock": st.builds(ClockData, times, words, zones),
}  # fmt: skip
sizes = st.builds(Size, st.integers(0, 170), st.integers(0, 50)) | st.sampled_from(
    [Size(80, 24), Size(160, 48), Size(240, 67), Size(400, 100)]
)
looks = st.builds(Look, glyphs=st.sampled_from(list(GLYPHS.values())), stale_s=st.none() | st.floats(0, 1e6))


def assert_exact(lines: list[Line], size: Size, look: Look) -> None:
    assert len(lines) == size.h
    assert [width(line) for line in lines] == [size.w] * size.h
    assert all(span.text.isprintable() for line in lines for span in line)
    if look.glyphs.ascii:
        assert all(span.text.isascii() for line in lines for span in line)
    if look.stale_s is not None:
        assert all("stale" in span.style for line in lines for span in line)


@pytest.mark.parametrize("pane", sorted(PANES))
@settings(max_examples=50, deadline=None)
@given(data=st.data(), size=sizes, look=looks)
def test_any_answer_fills_any_rectangle_exactly(pane: str, data: st.DataObject, size: Size, look: Look) -> None:
    answer = data.draw(ANSWERS[pane])
    if getattr(answer, "rows", ()) and hasattr(answer, "selected") and data.draw(st.booleans()):
        answer = replace(answer, selected=data.draw(st.sampled_from(answer.rows)).key)
    assert_exact(PANES[pane].draw(answer, size, look), size, look)


queues = st.none() | st.sampled_from(["q:1", "q:2"])
visits = st.fixed_dictionaries(
    {"queue": queues, "entered": times},
    optional={
        "outcome": st.sampled_from(["answered", "abandoned", "waiting", "x"]),
        "left": maybe_time,
        "wait_s": seconds,
    },
)
legs = st.fixed_dictionaries(
    {"agent": queues},
    optional={
        "visit": st.none() | st.integers(0, 3), "outcome": st.sampled_from(["answered", "no_answer", "ringing"]),
        "rang": maybe_time, "answered": maybe_time, "ended": maybe_time, "ring_s": seconds, "talk_s": seconds,
        "hold_s": seconds, "transfer": st.none() | words,
    },
)  # fmt: skip
call_docs = st.fixed_dictionaries(
    {"key": words, "started": times},
    optional={
        "direction": st.sampled_from(["inbound", "outbound"]),
        "state": st.sampled_from(["waiting", "talking", "ended"]),
        "answered": maybe_time, "ended": maybe_time, "caller": st.none() | words, "caller_name": st.none() | words,
        "number": queues, "called": st.none() | words, "visits": st.lists(visits, max_size=4), "talk_s": seconds,
        "legs": st.lists(legs, max_size=6), "masked": st.lists(st.sampled_from(["caller", "contact"])),
    },
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(call=call_docs, size=sizes, look=looks, now=times)
def test_any_call_has_a_journey_of_exactly_its_size(call: Doc, size: Size, look: Look, now: float) -> None:
    assert_exact(
        draw_journey(call, Names(queues={"q:1": {"title": "Sales"}}), size, look, now, "Europe/Dublin"), size, look
    )


def board(count: int) -> WallboardData:
    """Tiles that all wait alike."""
    figures = (Shown("waiting", "waiting", 1, "1"), Shown("service_level", "SL 80/20 B", 92.4, "92.4 %"))
    tiles = [Tile(f"q{i}", f"Queue {i}", 1, 900.0, 2, 3, 5, figures, "ok", (1.0, 2.0)) for i in range(count)]
    return WallboardData(1000.0, "", tuple(tiles), Progress(), "today")


@pytest.mark.parametrize(("size", "words"), [(Size(160, 30), "part of its calls"), (Size(78, 8), "Queue 1 (part)")])
def test_a_queue_that_is_seen_in_part_is_said_to_be_however_little_room_there_is(size: Size, words: str) -> None:
    data, draw = board(5), PANES["wallboard"].draw
    assert words not in text(draw(data, size, Look()))
    tiles = tuple(replace(tile, part=tile.key == "q1", signed_in=None) for tile in data.tiles)
    assert text(draw(replace(data, tiles=tiles), size, Look())).count(words) == 1


def changed(before: list[Line], after: list[Line]) -> int:
    """How many lines must be sent again."""
    return sum(one != two for one, two in zip(before, after, strict=True))


@pytest.mark.parametrize("size", [Size(80, 24), Size(160, 48), Size(240, 67)])
def test_one_changed_figure_redraws_one_line(size: Size) -> None:
    data, look = board(6), Look()
    tiles = list(data.tiles)
    tiles[2] = replace(tiles[2], figures=(tiles[2].figures[0], replace(tiles[2].figures[1], value=91.0, text="91.0 %")))
    draw = PANES["wallboard"].draw
    assert 1 <= changed(draw(data, size, look), draw(replace(data, tiles=tuple(tiles)), size, look)) <= 3


def test_a_second_redraws_only_lines_with_a_running_time() -> None:
    rows = tuple(
        AgentRow(f"a{i}", f"Agent {i}", "out" if i else "talking", None if i else 900.0, "", "") for i in range(30)
    )
    data, look, size = AgentsData(1000.0, "Agents", rows), Look(), Size(80, 24)
    draw = PANES["agents"].draw
    assert changed(draw(data, size, look), draw(replace(data, now=1001.0), size, look)) == 1


@pytest.mark.parametrize("pane", ["agents", "calls", "missed", "rollups"])
def test_moving_the_selection_within_a_page_redraws_two_lines(pane: str) -> None:
    answers = {
        "agents": AgentsData(0, "", tuple(AgentRow(f"k{i}", f"N{i}", "talking", 0, "", "") for i in range(9))),
        "calls": CallsData(
            0,
            "",
            "UTC",
            tuple(
                CallRow(f"k{i}", 0, "inbound", "ended", "1", False, "", "", "", 1, 1, None, None, "") for i in range(9)
            ),
        ),
        "missed": MissedData(
            0,
            "",
            "UTC",
            tuple(MissedRow(f"k{i}", "1", False, "", False, 1, "", 1, "", "", 0, 0, "open") for i in range(9)),
            {},
        ),
        "rollups": RollupsData(
            0,
            "",
            "queue",
            "today",
            tuple(RollupRow(f"k{i}", f"N{i}", (), None, ()) for i in range(9)),
            None,
            Progress(),
        ),
    }
    size, look, draw = Size(40, 13), Look(), PANES[pane].draw
    here, there = replace(answers[pane], selected="k3"), replace(answers[pane], selected="k4")  # type: ignore[type-var]
    assert changed(draw(here, size, look), draw(there, size, look)) == 2


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 90), st.integers(0, 89), st.integers(30, 170), st.integers(4, 30))
def test_the_selected_row_is_always_on_the_screen(count: int, at: int, w: int, h: int) -> None:
    at = min(at, count - 1)
    rows = tuple(AgentRow(f"k{i}", f"Agent{i:02d}", "talking", 0, "", "") for i in range(count))
    lines = PANES["agents"].draw(AgentsData(0, "Agents", rows, f"k{at}"), Size(w, h), Look())
    assert any("selected" in span.style for line in lines for span in line)


def test_sixty_agents_are_all_on_one_screen() -> None:
    rows = tuple(AgentRow(f"k{i}", f"A{i:02d}", "talking", 0, "", "") for i in range(60))
    drawn = text(PANES["agents"].draw(AgentsData(0, "Agents", rows), Size(80, 22), Look()))
    assert all(f"A{i:02d}" in drawn for i in range(60))
    assert "more" not in drawn


def test_those_who_do_not_fit_are_counted() -> None:
    rows = tuple(AgentRow(f"k{i}", f"A{i:02d}", "talking", 0, "", "") for i in range(60))
    drawn = text(PANES["agents"].draw(AgentsData(0, "Agents", rows), Size(40, 12), Look()))
    named = sum(f"A{i:02d}" in drawn for i in range(60))
    assert f"+{60 - named} more" in drawn


def test_with_little_room_the_worst_queues_stay() -> None:
    data = board(30)
    tiles = [replace(each, level="alert") if each.key == "q29" else each for each in data.tiles]
    drawn = text(PANES["wallboard"].draw(replace(data, tiles=tuple(tiles)), Size(60, 8), Look()))
    assert "ALERT  Queue 29" in drawn
    assert "more" in drawn


@pytest.mark.parametrize("glyphs", list(GLYPHS.values()), ids=list(GLYPHS))
@pytest.mark.parametrize(("level", "word"), [("warn", "WARN"), ("alert", "ALERT")])
def test_a_level_is_a_sign_and_a_word_not_a_colour_alone(level: str, word: str, glyphs: Any) -> None:
    data = board(2)
    bad = Shown("service_level", "SL 80/20 B", 61.3, "61.3 %", level=level)
    tiles = (replace(data.tiles[0], level=level, figures=(data.tiles[0].figures[0], bad)), data.tiles[1])
    drawn = text(PANES["wallboard"].draw(replace(data, tiles=tiles), Size(80, 10), Look(glyphs=glyphs)))
    assert f"{glyphs.level[level]} {word}" in drawn
    assert f"{glyphs.level[level]} 61.3 %" in drawn


def test_the_longest_wait_runs_on_without_asking_again() -> None:
    data = board(1)
    tile = replace(data.tiles[0], figures=(Shown("longest_wait_now", "longest", 100, "01:40"),))
    later = replace(data, tiles=(tile,), now=1035.0)
    assert "02:15" in text(PANES["wallboard"].draw(later, Size(60, 10), Look()))


def test_stale_data_says_how_old_it_is() -> None:
    drawn = text(PANES["wallboard"].draw(board(2), Size(80, 10), Look(stale_s=32)))
    assert "32 s old" in drawn
