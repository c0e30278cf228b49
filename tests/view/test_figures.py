"""Measures of periods: days and zones, what goes on, teams, trends."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from wallboard_tui.metrics.kpis import compute, settings_of
from wallboard_tui.metrics.measures import MEASURES
from wallboard_tui.metrics.quarters import period
from wallboard_tui.model.base import Doc
from wallboard_tui.view import queries
from wallboard_tui.view.queries import By
from wallboard_tui.view.view import View

SALES, VIP = "asterisk:pbx1:sales", "asterisk:pbx1:vip"
ANN, BEN = "asterisk:pbx1:Ann", "asterisk:pbx1:Ben"


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


NOON = at("2026-11-21T12:00")
DAY = (at("2026-11-21T00:00"), at("2026-11-22T00:00"))


def call(key: str, started: float, **fields: Any) -> Doc:
    return {"key": f"asterisk:pbx1:{key}", "source": "pbx1", "state": "ended", "started": started, **fields}


def answered(key: str, started: float, *, agent: str = ANN, queue: str = SALES, talk: int = 60, **fields: Any) -> Doc:
    return call(
        key, started, answered=started + 10, ended=started + 10 + talk,
        visits=[{"queue": queue, "entered": started, "outcome": "answered", "wait_s": 10}],
        legs=[{"agent": agent, "queue": queue, "visit": 0, "outcome": "answered", "answered": started + 10,
               "ended": started + 10 + talk, "talk_s": talk}],
        **fields,
    )  # fmt: skip


def waiting(key: str, started: float, queue: str = SALES) -> Doc:
    return call(key, started, state="waiting", visits=[{"queue": queue, "entered": started}])


def talking(key: str, started: float, agent: str = ANN, queue: str = SALES) -> Doc:
    return call(
        key, started, state="talking", answered=started + 10,
        visits=[{"queue": queue, "entered": started, "outcome": "answered", "wait_s": 10}],
        legs=[{"agent": agent, "queue": queue, "visit": 0, "outcome": "answered", "answered": started + 10}],
    )  # fmt: skip


def ask(view: View, by: By, now: float = NOON, day: tuple[float, float] = DAY) -> dict[str, dict[str, float]]:
    return queries.measures(view, 0, by=by, start=day[0], end=day[1], now=now)


def test_talk_is_split_over_the_quarters_it_covers_and_counts_stay_where_the_call_started(
    view: View, make: Any
) -> None:
    start = at("2026-11-21T11:50")
    view.apply([make("call", answered("1", start, talk=1500))])
    course = queries.trend(
        view, 0, by="agent", subject=ANN, start=at("2026-11-21T11:45"), end=at("2026-11-21T12:30"), step=900, now=NOON
    )
    assert [(step["handled"], step["talk_s"]) for step in course] == [(1, 590), (0, 900), (0, 10)]
    assert [step["start"] for step in course] == [at("2026-11-21T11:45"), NOON, at("2026-11-21T12:15")]
    assert ask(view, "agent")[ANN]["talk_s"] == 1500


def test_hold_is_no_talk(view: View, make: Any) -> None:
    doc = answered("1", NOON)
    doc["legs"][0] |= {"talk_s": 40, "hold_s": 20}
    view.apply([make("call", doc)])
    found = ask(view, "agent")[ANN]
    assert (found["talk_s"], found["hold_s"], found["busy_s"]) == (40, 20, 60)


def test_days_are_the_organisations_also_when_clocks_change(view: View, make: Any) -> None:
    zone = "Europe/Dublin"
    view.apply([make("organisation", {"key": "organisation", "time_zone": zone})])
    times = ["2026-10-24T22:59", "2026-10-24T23:01", "2026-10-25T00:30", "2026-10-25T01:30", "2026-10-25T23:59",
             "2026-10-26T00:01"]  # fmt: skip
    view.apply([make("call", answered(str(i), at(moment))) for i, moment in enumerate(times)])
    now = at("2026-10-26T09:00")
    autumn = period("2026-10-25", zone, now)
    assert autumn[1] - autumn[0] == 25 * 3600
    assert ask(view, "all", now, autumn)[""]["calls"] == 4
    days = queries.trend(view, 0, by="all", subject="", start=at("2026-10-24T12:00"), end=now, step=86400, now=now)
    assert [day["calls"] for day in days] == [1, 4, 1]


def test_another_time_zone_has_other_days(view: View, make: Any) -> None:
    view.apply([make("call", answered("1", at("2026-11-21T23:30")))])
    assert ask(view, "all")[""]["calls"] == 1
    view.apply([make("organisation", {"key": "organisation", "time_zone": "Asia/Tokyo"})])
    now = at("2026-11-22T03:00")
    assert ask(view, "all", now, period("today", "Asia/Tokyo", now))[""]["calls"] == 1
    assert ask(view, "all", now, period("yesterday", "Asia/Tokyo", now)) == {}


@pytest.mark.parametrize("hours", [(0, 48), (5, 30), (6.25, 7.5), (20, 29.75), (0, 24), (23, 24)])
def test_a_period_of_days_and_quarters_is_the_sum_of_its_quarters(
    view: View, make: Any, hours: tuple[float, float]
) -> None:
    begin = at("2026-11-20T00:00")
    view.apply([make("call", answered(str(i), begin + 600 * i, talk=i)) for i in range(288)])
    start, end = (begin + 3600 * hour for hour in hours)
    found = queries.measures(view, 0, by="queue", start=start, end=end, now=at("2027-01-01T00:00"))[SALES]
    course = queries.trend(
        view, 0, by="queue", subject=SALES, start=start, end=end, step=900, now=at("2027-01-01T00:00")
    )
    for name in ("offered", "talk_s", "handled"):
        assert found[name] == sum(step[name] for step in course), name


def test_a_waiting_caller_counts_against_the_service_level_once_they_waited_too_long(view: View, make: Any) -> None:
    view.apply([make("call", answered("1", NOON - 600)), make("call", waiting("2", NOON - 15))])
    settings = settings_of({})
    found = ask(view, "queue", NOON)[SALES]
    assert (found["offered"], found["waiting"], found["pending"], found["waiting_longest_s"]) == (2, 1, 1, 15)
    assert compute(found, settings)["service_level"] == 100
    found = ask(view, "queue", NOON + 10)[SALES]
    assert (found["offered"], found["waiting"], found.get("pending", 0)) == (2, 1, 0)
    assert compute(found, settings)["service_level"] == 50


def test_a_queues_own_threshold_decides_how_long_a_caller_may_wait(view: View, make: Any) -> None:
    view.apply([make("queue", {"key": SALES, "source": "pbx1", "name": "sales", "service_level_s": 5})])
    view.apply([make("call", waiting("2", NOON - 15))])
    assert ask(view, "queue")[SALES]["pending"] == 0


def test_calls_in_progress_are_handled_and_their_talk_grows(view: View, make: Any) -> None:
    view.apply([make("call", talking("1", NOON - 70))])
    for by, subject in (("queue", SALES), ("agent", ANN), ("all", ""), ("number", "")):
        found = ask(view, by)[subject]  # type: ignore[arg-type]
        assert (found["handled"], found["talk_s"], found["calls"]) == (1, 60, 1), by
        assert ask(view, by, NOON + 5)[subject]["talk_s"] == 65  # type: ignore[arg-type]
    view.apply([make("call", answered("1", NOON - 70, talk=60))])
    assert ask(view, "agent", NOON + 5)[ANN]["talk_s"] == 60


def test_talk_that_began_yesterday_counts_today_from_midnight_on(view: View, make: Any) -> None:
    view.apply([make("call", talking("1", DAY[0] - 110))])
    found = ask(view, "agent", DAY[0] + 50)[ANN]
    assert (found["handled"], found["talk_s"]) == (0, 50)


def test_nobody_waits_and_nothing_grows_in_files_that_were_imported(view: View, make: Any) -> None:
    view.apply([make("source", {"key": "pbx1", "system": "asterisk", "last_event": NOON - 100})])
    view.apply([make("call", waiting("1", NOON - 500)), make("call", talking("2", NOON - 400))])
    view.apply(
        [
            make(
                "presence",
                {"key": "p", "source": "pbx1", "agent": ANN, "at": NOON - 300, "what": "pause", "queue": SALES},
            )
        ]
    )
    found = ask(view, "queue")[SALES]
    assert (found["offered"], found["waiting"], found["pending"], found["handled"], found["talk_s"]) == (2, 0, 0, 1, 0)
    assert ask(view, "agent")[ANN]["paused_s"] == 200
    assert queries.live_queues(view, 0, NOON) == {}
    assert [agent.state for agent in queries.live_agents(view, 0, NOON)] == ["out"]
    followed = {"key": "pbx1", "system": "asterisk", "mode": "followed", "last_event": NOON - 100}
    view.apply([make("source", followed)])
    assert ask(view, "queue")[SALES]["waiting"] == 1
    assert ask(view, "agent")[ANN]["paused_s"] == 300


def test_a_call_through_two_queues_is_two_visits_and_one_call(view: View, make: Any) -> None:
    doc = answered("1", NOON - 100)
    doc["visits"].insert(0, {"queue": VIP, "entered": NOON - 200, "outcome": "timed_out", "wait_s": 100})
    doc["legs"][0]["visit"] = 1
    view.apply([make("call", doc)])
    found = ask(view, "queue")
    assert [(found[q]["calls"], found[q]["offered"]) for q in (SALES, VIP)] == [(1, 1), (1, 1)]
    assert (ask(view, "all")[""]["calls"], ask(view, "all")[""]["offered"]) == (1, 2)


def test_a_call_that_rang_six_phones_is_one_missed_call(view: View, make: Any) -> None:
    legs = [{"agent": f"asterisk:pbx1:a{i}", "queue": SALES, "visit": 0, "outcome": "no_answer"} for i in range(6)]
    visits = [{"queue": SALES, "entered": NOON, "outcome": "abandoned", "wait_s": 30}]
    view.apply([make("call", call("1", NOON, ended=NOON + 30, visits=visits, legs=legs))])
    for by in ("queue", "all"):
        (found,) = ask(view, by).values()
        assert (found["inbound_missed"], found["answerable"], found["ring_no_answer"]) == (1, 1, 6)


@pytest.mark.parametrize(
    ("visit", "answerable", "missed"),
    [
        ({"outcome": "abandoned", "wait_s": 4}, 0, 0),
        ({"outcome": "abandoned", "wait_s": 5}, 1, 1),
        ({"outcome": "closed"}, 0, 0),
        ({"outcome": "full"}, 1, 1),
        ({"outcome": "timed_out", "wait_s": 60}, 1, 1),
    ],
)
def test_calls_out_of_hours_or_given_up_at_once_are_not_answerable(
    view: View, make: Any, visit: Doc, answerable: int, missed: int
) -> None:
    view.apply([make("call", call("1", NOON, ended=NOON + 60, visits=[{"queue": SALES, "entered": NOON, **visit}]))])
    found = ask(view, "queue")[SALES]
    assert (found["answerable"], found["inbound_missed"]) == (answerable, missed)
    assert found["offered"] == (0 if visit["outcome"] in ("closed", "full") else 1)


def test_a_team_has_visits_from_its_queues_and_legs_from_its_members(view: View, make: Any) -> None:
    people = [
        {"key": "ann", "name": "Ann", "role": "r", "agents": [ANN]},
        {"key": "ben", "name": "Ben", "role": "r", "agents": [BEN]},
    ]
    view.apply([make("person", doc) for doc in people])
    view.apply([make("team", {"key": "north", "name": "North", "members": ["ann", "ben"], "queues": [SALES]})])
    view.apply([make("call", answered("1", NOON, agent=ANN, queue=SALES, talk=30))])
    view.apply([make("call", answered("2", NOON, agent=BEN, queue=VIP, talk=40))])
    view.apply([make("call", answered("3", NOON, agent="asterisk:pbx1:Cy", queue=SALES, talk=50))])
    found = ask(view, "team")["north"]
    assert (found["offered"], found["handled"], found["talk_s"], found["calls"]) == (2, 2, 70, 2)
    course = queries.trend(view, 0, by="team", subject="north", start=NOON, end=NOON + 900, step=900, now=NOON)
    assert (course[0]["offered"], course[0]["talk_s"]) == (2, 70)


def test_all_is_every_call_once_whatever_its_number(view: View, make: Any) -> None:
    view.apply([make("call", answered("1", NOON, number="+1", campaign="tv")), make("call", answered("2", NOON))])
    assert set(ask(view, "number")) == {"+1", ""}
    assert set(ask(view, "campaign")) == {"tv"}
    found = ask(view, "all")[""]
    assert (found["calls"], found["offered"], found["handled"]) == (2, 2, 2)
    assert set(found) >= set(MEASURES)


def test_calls_past_the_queues_are_calls_of_who_has_the_extension(view: View, make: Any) -> None:
    outbound = call("1", NOON, direction="outbound", extension="101", answered=NOON + 5, ended=NOON + 65, talk_s=60)
    view.apply([make("call", outbound)])
    assert ask(view, "agent") == {}
    view.apply([make("agent", {"key": ANN, "source": "pbx1", "name": "Ann", "extension": "101"})])
    found = ask(view, "agent")[ANN]
    assert (found["outbound"], found["outbound_answered"], found["busy_s"], found["handled"]) == (1, 1, 60, 0)


def test_an_agent_is_one_whatever_name_the_phone_system_uses(view: View, make: Any) -> None:
    iax = "asterisk:pbx1:IAX2/206"
    events = [(NOON, "join"), (NOON + 10, "pause"), (NOON + 40, "unpause"), (NOON + 90, "leave")]
    said = [
        {"key": f"p{moment}", "source": "pbx1", "agent": iax, "at": moment, "what": what, "queue": SALES}
        for moment, what in events
    ]
    view.apply([make("call", answered("1", NOON, agent=iax)), *(make("presence", doc) for doc in said)])
    assert set(ask(view, "agent")) == {iax}
    view.apply([make("agent", {"key": ANN, "source": "pbx1", "name": "Ann", "interfaces": ["IAX2/206"]})])
    found = ask(view, "agent")
    assert set(found) == {ANN}
    assert (found[ANN]["handled"], found[ANN]["paused_s"], found[ANN]["login_s"]) == (1, 30, 90)
    view.apply([make("agent", {"key": ANN, "source": "pbx1", "name": "Ann"})])
    assert set(ask(view, "agent")) == {iax}


def test_occupancy_of_a_day_comes_out_of_the_rows(view: View, make: Any) -> None:
    view.apply([make("queue", {"key": SALES, "source": "pbx1", "name": "sales", "members": [ANN]})])
    events = [(NOON + 900, "pause", "Lunch"), (NOON + 1800, "unpause", "")]
    said = [
        {"key": f"p{moment}", "source": "pbx1", "agent": ANN, "at": moment, "what": what, "reason": why}
        for moment, what, why in events
    ]
    view.apply([make("presence", doc) for doc in said])
    view.apply([make("call", answered(str(i), NOON + 100 * i, talk=60)) for i in range(5)])
    found = ask(view, "agent", NOON + 3600)[ANN]
    assert (found["login_s"], found["available_s"], found["paused_s"], found["paused_s:Lunch"]) == (
        3600,
        2700,
        900,
        900,
    )
    figures = compute(found, settings_of({}))
    assert figures["occupancy"] == pytest.approx(100 * 300 / 2700)
    assert figures["utilisation"] == pytest.approx(100 * 300 / 3600)


def test_only_a_rounded_whole_of_seconds_is_ever_added(view: View, make: Any) -> None:
    doc = answered("1", NOON + 899.7, talk=1)
    doc["legs"][0] |= {"answered": NOON + 899.7, "talk_s": 1000.1, "ended": NOON + 1899.8}
    view.apply([make("call", doc), make("call", answered("2", NOON, talk=0))])
    assert ask(view, "agent")[ANN]["talk_s"] == 1000.1
