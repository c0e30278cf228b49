"""Playing a recording: today is today, what was before it is told once, and it can be ended and begun again."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from wallboard_tui.hub.released import release

MONDAY = 0
DAY = 86400


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """Ten calls a second apart, two on each of the 35 days behind them, and one in the hours before."""
    place = tmp_path / "sample"
    (place / "recorded").mkdir(parents=True)
    (place / "history" / "lead_in").mkdir(parents=True)

    def call(at: int, number: int) -> str:
        name = f"pbx1-{at}.{number}"
        return (
            f"{at}|{name}|support|NONE|ENTERQUEUE||+3538700{number:05}|1\n{at + 9}|{name}|support|NONE|ABANDON|1|1|9\n"
        )

    made = 1_700_000_000
    (place / "recorded" / "queue_log").write_text("".join(call(made + n * 10, n) for n in range(10)))
    weeks = "".join(call(day * DAY + 36000 + n * 600, 100 + n) for day in range(35) for n in range(2))
    (place / "history" / "queue_log").write_text(weeks)
    (place / "history" / "Master.csv").write_text("")
    (place / "history" / "lead_in" / "queue_log").write_text(call(10 * 3600, 900))
    (place / "history" / "lead_in" / "Master.csv").write_text("")
    return place


async def begin(house: Any, recording: Path, **more: Any) -> Any:
    async with house.operator() as operator:
        return await operator.post("/replay", json={"recording": str(recording), "source": "pbx1", **more})


async def settled(house: Any, calls: int) -> None:
    """Wait until so many calls are there and what was before is told."""

    def there() -> bool:
        told = house.hub.view.get_meta("told:pbx1") is not None
        return told and len(house.hub.journal.read_kind("call")) >= calls

    async with asyncio.timeout(30):
        while not await house.hub.read(there):  # noqa: ASYNC110 - nobody signals this
            await asyncio.sleep(0.05)


async def test_what_was_recorded_happens_now_and_what_was_before_is_told_once(
    house: Any, clock: Any, recording: Path
) -> None:
    answer = await begin(house, recording, offset=200)
    assert answer.json()["history"] is True
    assert len(house.hub.journal.read_kind("call")) >= 11, "today is in: what is played up to now, and what led to it"
    await settled(house, 67)
    starts = sorted(e.change.doc["started"] for e in house.hub.journal.read_kind("call"))
    recorded = [at for at in starts if at >= clock.now - 200]
    assert len(recorded) == 10
    assert len(starts) == 10 + 2 * 28 + 1
    assert house.hub.document("source", "pbx1")["mode"] == "replayed"
    assert house.hub.document("source", "pbx1")["complete_since"] is None
    await house.runtime.replays.end("pbx1")  # the clock moves for all, and the recording goes on for ever
    clock.now += 3600
    house.hub.view.set_meta("told:pbx1", None)
    await begin(house, recording, offset=200)
    await settled(house, 77)
    assert len(house.hub.journal.read_kind("call")) == 77, "ten new calls, and no other weeks"


async def test_while_the_weeks_are_being_told_the_source_says_how_far_back_it_is(
    house: Any, clock: Any, recording: Path
) -> None:
    said: list[float | None] = []

    async def listen(committed: Any) -> None:
        said.extend(
            entry.change.doc.get("complete_since") for entry in committed.entries if entry.change.kind == "source"
        )

    house.hub.listeners.append(listen)
    await begin(house, recording, offset=200)
    await settled(house, 67)
    told = [since for since in said if since is not None]
    assert said[-1] is None
    assert told == sorted(told, reverse=True), "newest first, and never less far back than before"
    assert told[0] == house.hub.document("source", "pbx1")["connected_since"]
    assert len(set(told)) >= 28, "when it began, today, then day by day"


async def test_a_recording_taken_up_again_later_has_the_same_calls(house: Any, clock: Any, recording: Path) -> None:
    """As after a kill of the hub: nothing twice, however late the hub comes to it, and even if the round is over."""
    began = clock.now - 60
    await begin(house, recording, began=began)
    await settled(house, 64)
    for later in (0.9, 7.4, 100.0):
        clock.now += later
        await begin(house, recording, began=began)
    await settled(house, 67)
    starts = [e.change.doc["started"] for e in house.hub.journal.read_kind("call")]
    played = sorted(at for at in starts if began <= at < began + 100)
    assert played == [int(began) + n * 10 for n in range(10)]


async def test_a_hub_that_starts_says_that_a_recording_is_not_played_until_it_is_taken_up_again(
    house: Any, clock: Any, recording: Path
) -> None:
    def links() -> Any:
        return house.hub.document("source", "pbx1")["links"]

    began = clock.now - 60
    await begin(house, recording, began=began)
    assert links() == {"recording": "up"}
    await settled(house, 64)
    assert links() == {"recording": "up"}, "what is told of the weeks behind it says nothing else"
    since = house.hub.document("source", "pbx1")["connected_since"]
    await house.runtime.replays.stop()
    await house.hub.run(release, house.hub, [])  # as a hub does when it starts
    stands = house.hub.document("source", "pbx1")
    assert (stands["mode"], stands["links"]) == ("replayed", {"recording": "down"})
    await begin(house, recording, began=began)
    assert links() == {"recording": "up"}
    assert house.hub.document("source", "pbx1")["connected_since"] == since, "what was before it is not told again"


@pytest.mark.parametrize(("change", "name"), [({"speed": 0}, "wrong-speed"), ({"source": "a/b"}, "wrong-source")])
async def test_a_wrong_replay_gets_a_sentence(house: Any, recording: Path, change: Any, name: str) -> None:
    assert (await begin(house, recording, **change)).json()["error"]["name"] == name


async def test_a_directory_without_a_recording_gets_a_sentence(house: Any, tmp_path: Path) -> None:
    error = (await begin(house, tmp_path / "nowhere")).json()["error"]
    assert (error["name"], "nowhere" in error["reason"]) == ("no-recording", True)
