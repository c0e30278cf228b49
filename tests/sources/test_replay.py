"""Playing a recording."""

import asyncio
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from wallboard_tui.sources.base import Batch
from wallboard_tui.sources.replay import Recording, Round, opening, play, shifted_id

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


def test_nobody_looks_ended_while_the_recording_still_has_something_to_say_of_them(
    recording: Recording, new_store: Any
) -> None:
    """A call has a CDR row for each agent who was rung; all of them were written when it ended."""
    current, store = Round(recording, "pbx1", NOW), new_store()
    ended: dict[str, float] = {}
    for step in range(0, 1100, 2):
        batch = current.due(NOW + step)
        if batch is None:
            continue
        store.take([batch])
        for key in {part.key for part in batch.parts}:
            assert key not in ended or ended[key] >= NOW + step - 4, (key, store.calls[key])
            if store.calls[key]["state"] == "ended" and store.calls[key]["parts"].get("cdr"):
                ended.setdefault(key, NOW + step)
    assert len(ended) > 1000


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


def test_the_agent_pool_is_there_from_the_beginning_where_nobody_is_seen_to_log_in(recorded: Path) -> None:
    """A choice of calls has no log-ins; without this, agents of the pool would talk while signed out."""
    recording = Recording.of(recorded)
    chosen = Recording.of(recorded.parent / "played")
    assert set(chosen.members("pbx1")) - set(recording.members("pbx1")) == {"Quinn Pool", "Rosa Pool"}
    opened = opening(chosen, "pbx1", 1_800_000_000)
    assert "asterisk:pbx1:Quinn Pool" in {doc["agent"] for _, doc in opened.documents if doc["what"] == "login"}
