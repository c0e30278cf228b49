"""What was before the recording: the weeks, and the hours that lead up to it."""

import lzma
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import mean
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from wallboard_tui.model.base import Doc
from wallboard_tui.model.call import missed
from wallboard_tui.sources.base import Batch
from wallboard_tui.sources.history import LEAD_IN_S, SHOWN_DAYS, History
from wallboard_tui.sources.replay import Recording, Round

DUBLIN = ZoneInfo("Europe/Dublin")
QUARTER = 900
EVENING = "2026-11-21T21:42:00"
MOMENTS = (
    "2026-11-21T00:30:00", "2026-11-21T07:00:00", "2026-11-21T12:00:00", EVENING,
    "2026-10-25T00:40:00", "2026-10-25T01:30:00", "2026-10-25T07:00:00", "2026-10-25T21:40:00",
    "2026-03-29T00:30:00", "2026-03-29T02:30:00", "2026-03-29T07:00:00", "2026-03-29T23:55:00",
)  # fmt: skip
"""Any hour, also on the days on which the clocks change."""


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=DUBLIN).timestamp()


def midnight_before(moment: float) -> float:
    local = datetime.fromtimestamp(moment, DUBLIN)
    return datetime(local.year, local.month, local.day, tzinfo=DUBLIN).timestamp()


def talks_of(calls: Iterable[Doc]) -> dict[str, list[tuple[float, float]]]:
    """When each agent talked to callers, in order."""
    found: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for call in calls:
        for leg in call.get("legs", ()):
            if leg["outcome"] == "answered" and leg.get("ended") is not None:
                found[leg["agent"]].append((leg["answered"], leg["ended"]))
    return {agent: sorted(spans) for agent, spans in found.items()}


def still_missed(calls: Iterable[Doc], when: float) -> list[tuple[str | None, float]]:
    """Caller and hours since the last attempt, of those whom nobody has spoken to since."""
    spoken: Counter[str] = Counter()
    tried: dict[str, tuple[str | None, float]] = {}
    for call in sorted(calls, key=lambda call: call["started"]):
        who = call.get("caller") or call["key"]
        if call.get("answered"):
            spoken[who] = 1
            tried.pop(who, None)
        elif missed(call) and call["ended"] - call["started"] >= 5:
            tried[who] = call.get("caller"), (when - call["started"]) / 3600
    return list(tried.values())


@pytest.fixture(scope="module")
def history(sample_data: Path) -> History:
    return History.of(sample_data / "history", DUBLIN)


@pytest.fixture(scope="module")
def told(history: History) -> list[Batch]:
    """Everything before a Saturday evening."""
    return list(history.batches(at(EVENING), "pbx1"))


@pytest.fixture(scope="module")
def store(told: list[Batch], new_store: Any) -> Any:
    """All of it taken in. Not to be changed."""
    return new_store().take(told)


@pytest.fixture
def lead_in(history: History, new_store: Any) -> Any:
    def of(moment: str) -> dict[str, Doc]:
        calls: dict[str, Doc] = new_store().take([next(history.batches(at(moment), "pbx1"))]).calls
        return calls

    return of


@pytest.mark.parametrize("moment", MOMENTS)
def test_today_is_well_under_way_at_any_hour(lead_in: Any, moment: str) -> None:
    until = at(moment)
    starts = [call["started"] for call in lead_in(moment).values()]
    began = max(midnight_before(until), until - LEAD_IN_S)
    per_half_hour = Counter(int(until - start) // (2 * QUARTER) for start in starts)
    assert all(per_half_hour[back] >= 5 for back in range(int(until - began) // (2 * QUARTER)))
    assert until - 300 < max(starts) < until, "calls that would not be over by then are left out"
    assert min(starts) >= max(until - LEAD_IN_S, midnight_before(until) - 3 * 3600)
    assert all(per_half_hour[back] >= 5 for back in range(4)), "also when the last two hours reach into yesterday"


@pytest.mark.parametrize("moment", MOMENTS)
def test_it_leads_up_to_the_recording_without_a_cliff(
    lead_in: Any, moment: str, sample_data: Path, new_store: Any
) -> None:
    until = at(moment)
    quarters = Counter(int(until - call["started"]) // QUARTER for call in lead_in(moment).values())
    rise = [quarters[back] for back in range(7, -1, -1)]
    assert all(later <= 2.5 * earlier + 10 for earlier, later in pairwise(rise)), rise
    first = Round(Recording.of(sample_data / "played"), "pbx1", until).due(until + QUARTER)
    live = len(new_store().take([first] if first else []).calls)
    assert live <= 5 * rise[-1]


def test_calls_come_in_the_same_order_and_last_as_long_whatever_the_hour(lead_in: Any) -> None:
    def shape(calls: dict[str, Doc], until: float) -> list[Any]:
        ordered = sorted(calls.values(), key=lambda call: (call["started"], call["key"].rpartition(".")[2]))
        return [
            (call["started"] - until, call.get("talk_s"), [v.get("wait_s") for v in call.get("visits", ())],
             [(leg.get("ring_s"), leg.get("talk_s"), leg["outcome"]) for leg in call.get("legs", ())])
            for call in ordered
        ]  # fmt: skip

    whole = shape(lead_in(EVENING), at(EVENING))
    for moment in ("2026-11-21T00:30:00", "2026-10-25T01:30:00", "2026-03-29T07:00:00"):
        part = shape(lead_in(moment), at(moment))
        assert part == whole[-len(part) :]


def test_who_works_when_it_begins_is_there(history: History) -> None:
    """After midnight the lead-in is cut: agents who had come before are there from the cut on, paused if they were."""
    until = at("2026-11-21T00:30:00")
    presence = [doc for kind, doc in next(history.batches(until, "pbx1")).documents if kind == "presence"]
    begins = min(doc["at"] for doc in presence)
    assert begins == midnight_before(until) - 3 * 3600
    there = {doc["agent"] for doc in presence if doc["at"] == begins and doc["what"] in ("login", "join")}
    assert 8 <= len(there) < 26
    there |= {doc["agent"] for doc in presence if doc["what"] in ("login", "join")}
    assert len(there) == 26, "everybody has come by the time the recording begins"


def test_an_agents_talks_do_not_overlap(store: Any) -> None:
    talks = talks_of(store.calls.values())
    assert len(talks) == 26
    for agent, spans in talks.items():
        assert all(end <= start for (_, end), (start, _) in pairwise(spans)), agent
        assert spans[-1][1] < at(EVENING), "the recording has them all to itself"


def test_everything_is_over_and_nothing_is_refused(store: Any) -> None:
    assert {call["state"] for call in store.calls.values()} == {"ended"}
    assert store.refused == []
    inbound = [call for call in store.calls.values() if call["direction"] == "inbound"]
    assert all(call.get("called") for call in inbound)
    assert any(call["direction"] == "outbound" and call.get("answered") for call in store.calls.values())
    assert 0 < sum(call.get("caller") is None for call in inbound) <= len(inbound) / 100


def test_the_weeks_behind_are_busy_office_days_and_quiet_weekends(store: Any) -> None:
    days: Counter[str] = Counter()
    for call in store.calls.values():
        local = datetime.fromtimestamp(call["started"], DUBLIN)
        if call["started"] >= at(EVENING) - LEAD_IN_S:
            continue
        days[local.date().isoformat()] += 1
        assert 8 <= local.hour <= 20, "calls come between 08:00 and 20:00, also before the clocks went back"
    last = datetime.fromisoformat(EVENING).date()
    assert set(days) == {(last - timedelta(days=back)).isoformat() for back in range(1, SHOWN_DAYS + 1)}
    for day, count in days.items():
        weekend = datetime.fromisoformat(day).weekday() > 4
        assert (100 < count < 450) if weekend else (550 < count < 1000), (day, count)


def test_callers_are_served_as_well_at_weekends(store: Any, organisation: dict[str, dict[str, Doc]]) -> None:
    """Fewer people work then because fewer call: no day is such that the next one stands out beside it."""
    in_time, offered = Counter[date](), Counter[date]()
    for call in store.calls.values():
        for visit in call.get("visits", ()) if call["started"] < at(EVENING) - LEAD_IN_S else ():
            day = datetime.fromtimestamp(visit["entered"], DUBLIN).date()
            offered[day] += 1
            within = visit["outcome"] == "answered" and visit["wait_s"] <= threshold(visit["queue"], organisation)
            in_time[day] += within
    levels = {day: 100 * in_time[day] / offered[day] for day in offered}
    assert all(75 < level < 96 for level in levels.values()), levels
    weekends = [level for day, level in levels.items() if day.weekday() > 4]
    weekdays = [level for day, level in levels.items() if day.weekday() <= 4]
    assert abs(mean(weekends) - mean(weekdays)) < 8


def threshold(queue: str, organisation: dict[str, dict[str, Doc]]) -> float:
    seconds: float = organisation["queue"][queue]["service_level_s"]
    return seconds


def test_a_handful_of_missed_callers_is_left_to_call(store: Any) -> None:
    left = still_missed(store.calls.values(), at(EVENING))
    assert 5 <= len(left) <= 20, left
    assert sum(hours > 72 for _, hours in left) <= 6
    assert sum(caller is None for caller, _ in left) <= 1


def test_one_vip_tried_twice_and_nobody_has_called_back(store: Any, organisation: dict[str, dict[str, Doc]]) -> None:
    left = dict(still_missed(store.calls.values(), at(EVENING)))
    vips = [key for key, contact in organisation["contact"].items() if contact.get("vip") and key in left]
    assert len(vips) == 1
    assert left[vips[0]] < 3.5, "also shortly after midnight"
    assert (
        sum(call.get("caller") == vips[0] for call in store.calls.values() if call["started"] > at(EVENING) - 12_000)
        == 2
    )


def test_what_is_newest_comes_first(told: list[Batch]) -> None:
    horizons = [batch.horizon or 0 for batch in told]
    assert horizons == sorted(horizons, reverse=True)
    assert at(EVENING) - 60 < horizons[0] < at(EVENING)
    assert [batch.done for batch in told] == list(range(1, told[0].total + 1))


def test_telling_it_again_gives_the_same(history: History, told: list[Batch]) -> None:
    again = list(history.batches(at(EVENING), "pbx1"))
    assert [(batch.parts, batch.documents) for batch in again] == [(batch.parts, batch.documents) for batch in told]


def test_a_date_has_the_same_calls_whenever_it_is_told(history: History, told: list[Batch]) -> None:
    def parts(batches: Iterable[Batch]) -> list[Any]:
        return [batch.parts for batch in batches]

    later = parts(history.batches(at("2026-11-24T09:30:00"), "pbx1"))
    assert later[4:] == parts(told)[1:-3]


def test_the_script_makes_the_history_that_is_committed(sample_data: Path) -> None:
    """The lead-in, the first three days and what is played; `make_history.py --check` compares all of it."""
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); import make_history as m; r = m.Recorded(m.HERE)\n"
        "files = m.lead_in(r) | {'weeks': m.weeks(r, days=3)['history/queue_log.xz']} | m.to_play(r)\n"
        "sys.stdout.buffer.write('\\0'.join(files.values()).encode())"
    )
    made = subprocess.run([sys.executable, "-c", script, str(sample_data)], capture_output=True, check=True).stdout
    history = ("lead_in/queue_log.xz", "lead_in/Master.csv.xz", "queue_log.xz")
    names = (*(f"history/{name}" for name in history), "played/queue_log.xz", "played/Master.csv.xz")
    committed = [lzma.decompress((sample_data / name).read_bytes()) for name in names]
    pieces = made.split(b"\0")
    assert pieces[:2] + pieces[3:] == committed[:2] + committed[3:]
    assert len(pieces[2]) > 100_000
    assert committed[2].startswith(pieces[2])
