"""Playing a recording, and the weeks behind it."""

import asyncio
import sys
from collections import Counter
from datetime import datetime
from importlib.util import module_from_spec, spec_from_file_location
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from wallboard_tui.sources.asterisk.lines import read_lines
from wallboard_tui.sources.base import Batch
from wallboard_tui.sources.replay import History, Recording, Round, play, shifted_id

DUBLIN = ZoneInfo("Europe/Dublin")
NOW = 1_800_000_000.0


@pytest.fixture(scope="module")
def recording(recorded: Path) -> Recording:
    return Recording.of(recorded)


def test_a_round_gives_what_is_due_and_nothing_before(recording: Recording) -> None:
    current = Round(recording, "pbx1", NOW)
    assert current.due(NOW - 1) is None
    first = current.due(NOW + 60)
    assert first is not None
    assert first.restarts == [NOW]
    assert NOW < (first.horizon or 0) <= NOW + 60
    assert current.due(NOW + 60) is None
    assert not current.over


def test_a_whole_round_is_the_recording_moved_to_now(recording: Recording, whole: Any, new_store: Any) -> None:
    current = Round(recording, "pbx1", NOW)
    store = new_store().take(batch for step in range(0, 1100, 7) if (batch := current.due(NOW + step)) is not None)
    assert current.over
    shift = NOW - recording.start
    moved = {shifted_id(key, int(shift)): call for key, call in whole.calls.items()}
    assert set(store.calls) == {f"asterisk:pbx1:{key.rpartition(':')[2]}" for key in moved}
    for key, call in store.calls.items():
        before = moved[key]
        assert call["started"] == before["started"] + shift
        assert [visit["outcome"] for visit in call.get("visits", ())] == [
            v["outcome"] for v in before.get("visits", ())
        ]
        assert [leg.get("talk_s") for leg in call.get("legs", ())] == [
            leg.get("talk_s") for leg in before.get("legs", ())
        ]


def test_two_rounds_are_different_calls(recording: Recording) -> None:
    rounds = [Round(recording, "pbx1", NOW + start) for start in (0, 1100)]
    keys = [{part.key for part in batch.parts} for r in rounds if (batch := r.due(NOW + 9999)) is not None]
    assert len(keys) == 2
    assert not keys[0] & keys[1]


def test_at_twice_the_speed_it_takes_half_the_time(recording: Recording) -> None:
    current = Round(recording, "pbx1", NOW, speed=2.0)
    assert current.ends_at == NOW + recording.seconds / 2
    batch = current.due(current.ends_at)
    assert current.over
    assert batch is not None
    assert (batch.horizon or 0) <= current.ends_at


def test_it_plays_again_when_over_with_everybody_there_from_the_beginning(recording: Recording) -> None:
    clock = [NOW]

    async def sleep(seconds: float) -> None:
        clock[0] += 100

    async def collect() -> list[Batch]:
        found: list[Batch] = []
        async for batch in play(recording, "pbx1", NOW, clock=lambda: clock[0], sleep=sleep):
            found.append(batch)
            if sum(len(batch.restarts) for batch in found) == 3:
                break
        return found

    batches = asyncio.run(collect())
    said = {
        what: {doc["agent"] for _, doc in batches[0].documents if doc["what"] == what} for what in ("login", "unpause")
    }
    assert len(said["login"]) == 22, "static members of the queues; the agent pool logs in by itself"
    assert len(said["unpause"]) == 26
    starts = [at for batch in batches for at in batch.restarts]
    assert starts[0] == NOW
    assert all(later - earlier > recording.seconds for earlier, later in pairwise(starts))


@pytest.fixture(scope="module")
def history(sample_data: Path) -> History:
    return History.of(sample_data / "history", DUBLIN)


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=DUBLIN).timestamp()


@pytest.fixture(scope="module")
def told(history: History, sample_data: Path) -> Any:
    """28 days and a Wednesday until two o'clock, over the change to winter time."""
    batches = list(history.batches(at("2026-11-04T14:00:00"), "pbx1"))
    return batches


def test_the_weeks_behind_are_busy_office_days_and_quiet_weekends(told: list[Batch], new_store: Any) -> None:
    store = new_store().take(told)
    days: Counter[str] = Counter()
    for call in store.calls.values():
        local = datetime.fromtimestamp(call["started"], DUBLIN)
        days[local.date().isoformat()] += 1
        assert 8 <= local.hour <= 20, "calls come between 08:00 and 20:00, also after the clocks went back"
    assert len(days) == 29
    full = {day: count for day, count in days.items() if day != "2026-11-04"}
    for day, count in full.items():
        weekend = datetime.fromisoformat(day).weekday() > 4
        assert (100 < count < 450) if weekend else (550 < count < 1000), (day, count)
    assert {call["state"] for call in store.calls.values()} == {"ended"}
    assert store.refused == []
    inbound = [call for call in store.calls.values() if call["direction"] == "inbound"]
    assert all(call.get("called") for call in inbound)
    assert any(call["direction"] == "outbound" and call.get("answered") for call in store.calls.values())


def test_today_ends_now_and_comes_first(told: list[Batch]) -> None:
    now = at("2026-11-04T14:00:00")
    horizons = [batch.horizon or 0 for batch in told]
    assert horizons == sorted(horizons, reverse=True)
    assert now - 1800 < horizons[0] <= now


def test_telling_it_again_later_gives_the_same_calls_and_more(
    history: History, told: list[Batch], new_store: Any
) -> None:
    before = new_store().take(told)
    after = new_store().take(history.batches(at("2026-11-06T09:30:00"), "pbx1"))
    first_day = at("2026-10-09T00:00:00")
    kept = {key: call for key, call in before.calls.items() if call["started"] >= first_day}
    assert {key: after.calls[key] for key in kept} == kept
    assert len(after.calls) > len(kept)


def test_an_agents_talks_do_not_overlap(told: list[Batch], new_store: Any) -> None:
    talks: dict[str, list[tuple[float, float]]] = {}
    for call in new_store().take(told).calls.values():
        for leg in call.get("legs", ()):
            if leg["outcome"] == "answered":
                talks.setdefault(leg["agent"], []).append((leg["answered"], leg["ended"]))
    for agent, spans in talks.items():
        spans.sort()
        assert all(end <= start for (_, end), (start, _) in pairwise(spans)), agent


def test_the_script_makes_the_history_that_is_committed(sample_data: Path) -> None:
    spec = spec_from_file_location("make_history", sample_data / "make_history.py")
    assert spec is not None
    assert spec.loader is not None
    script = module_from_spec(spec)
    sys.modules["make_history"] = script
    spec.loader.exec_module(script)
    office = script.Office(script.SEED)
    office.day(0)
    made = [f"{moment}|{text}" for moment, _, text in sorted(office.lines)]
    committed = next(read_lines(sample_data / "history" / "queue_log.xz")).lines
    assert committed[: len(made)] == made
