"""Figures without rows: what a person who may see figures but no calls is sent, and that it is what the hub counts."""

import asyncio
import sys
from contextlib import aclosing
from typing import Any

import pytest

from wallboard_tui.view import queries
from wallboard_tui.view.view import View

NOON = 1_795_262_400.0
DAY = 86400
SUPPORT, SALES = "asterisk:pbx1:support", "asterisk:pbx1:sales"


def day(start: float, number: int) -> list[str]:
    """Some answered and abandoned calls, and a pause."""
    lines = []
    for n in range(number):
        at, call = int(start) + n * 300, f"{int(start) + n * 300}.{n}"
        queue, agent = (("support", "Bob"), ("sales", "Cat"))[n % 2]
        lines.append(f"{at}|{call}|{queue}|NONE|ENTERQUEUE||+35387000{n:04}|1")
        if n % 3:
            lines.append(f"{at + 7}|{call}|{queue}|{agent}|CONNECT|7|{call}x|2")
            lines.append(f"{at + 107}|{call}|{queue}|{agent}|COMPLETEAGENT|7|100|1")
        else:
            lines.append(f"{at + 40}|{call}|{queue}|NONE|ABANDON|1|1|40")
    lines += [f"{int(start) - 50}|NONE|NONE|Bob|PAUSEALL|Lunch|", f"{int(start) + 900}|NONE|NONE|Bob|UNPAUSEALL||"]
    return sorted(lines)


@pytest.fixture
def new_screen(request: pytest.FixtureRequest) -> Any:
    return sys.modules[type(request.getfixturevalue("house")).__module__].Screen


def viewed(screen: Any) -> View:
    """A terminal's view with the figures it was sent."""
    view = View.open(None, lenses=len(screen.me["lenses"]))
    entries = []
    from wallboard_tui.model.change import Change, Entry

    for (kind, key), doc in screen.documents.items():
        entries.append(Entry(screen.seqs[kind, key], Change(kind, key, doc, 0.0, "hub"), 1))
    received = [(name.split(" ", 1)[0], doc, name.split(" ", 1)[1]) for name, doc in screen.figures.items()]
    view.apply(entries, received=received)
    return view


async def complete(house: Any, screen: Any, person: str) -> None:
    async with aclosing(house.stream(person)) as stream:
        async for frame in stream:
            screen.take(frame)
            if frame.event == "ready" and frame.data["from"] == 0:
                return


def compared(view: View, lens: int, by: Any, now: float) -> dict[str, Any]:
    """Measures that cells hold, without what is zero."""
    found = queries.measures(view, lens, by=by, start=0, end=NOON + DAY, now=now)
    return {k: {n: round(v, 3) for n, v in m.items() if v} for k, m in found.items() if any(m.values())}


async def test_reporting_only_gets_figures_without_rows_that_equal_the_hubs_own(house: Any, new_screen: Any) -> None:
    for back in range(3):
        await house.take(day(NOON - back * DAY - 7200, 20))
    screen = new_screen()
    await complete(house, screen, "ria")
    assert not screen.keys("call")
    assert not screen.keys("presence")
    lens = next(
        i for i, one in enumerate(screen.me["lenses"]) if not one["rows"] and "reports.queues" in one["permissions"]
    )
    view = viewed(screen)
    states = ("login_s", "available_s", "paused_s")
    for by in ("queue", "agent", "number", "all"):
        mine, hubs = compared(view, lens, by, NOON), compared(house.hub.view, 0, by, NOON)
        # How long a state lasts that an agent is in now is live: it takes wallboard or supervisor.
        for rows in (mine, hubs):
            for measures in rows.values():
                for name in states:
                    measures.pop(name, None)
        # Why an agent paused takes supervisor.
        assert not [name for measures in mine.values() for name in measures if name.startswith("paused_s:")]
        for measures in hubs.values():
            for name in [name for name in measures if name.startswith("paused_s:")]:
                del measures[name]
        differing = [
            (key, name)
            for key in hubs
            for name in {*hubs[key], *mine[key]}
            if hubs[key].get(name) != mine[key].get(name)
        ]
        assert not differing, by
        assert mine


async def test_figures_move_with_the_calls(house: Any, new_screen: Any, clock: Any) -> None:
    await house.take(day(NOON - 7200, 20))
    screen = new_screen()
    offered = f"cell 0/queue/{SUPPORT}/inbound/{int(NOON) // 900 * 900}"
    async with asyncio.timeout(20), aclosing(house.stream("ria")) as stream:
        async for frame in stream:
            screen.take(frame)
            if frame.event == "ready" and frame.data["from"] == 0:
                await house.take(day(NOON, 2))
            cell = next((d for k, d in screen.figures.items() if k.endswith(offered.split("0/", 1)[1])), None)
            if cell is not None and cell["measures"].get("offered"):
                break
    assert cell is not None
    view = viewed(screen)
    lens = cell["lens"]
    assert compared(view, lens, "queue", NOON) == compared(house.hub.view, 0, "queue", NOON)


async def test_a_restricted_person_gets_figures_of_their_scope_alone(house: Any, new_screen: Any) -> None:
    await house.put(
        ("role", {"key": "custom:r", "name": "R", "grants": {"analytics.rollup": {"scope": [f"queue:{SUPPORT}"]}}}),
        ("person", {"key": "quin", "name": "Quin", "role": "custom:r"}),
    )
    for back in range(2):
        await house.take(day(NOON - back * DAY - 7200, 20))
    screen = new_screen()
    await complete(house, screen, "quin")
    subjects = {
        doc["subject"] for name, doc in screen.figures.items() if name.startswith("cell") and doc["by"] == "queue"
    }
    assert subjects == {SUPPORT}
    assert "sales" not in str(screen.figures)
    assert "Cat" not in str(screen.figures)
    mine = compared(viewed(screen), 0, "queue", NOON)
    assert mine == {SUPPORT: compared(house.hub.view, 0, "queue", NOON)[SUPPORT]}
    whole = compared(house.hub.view, 0, "all", NOON)
    assert compared(viewed(screen), 0, "all", NOON)[""]["calls"] < whole[""]["calls"]


async def test_kpis_are_computed_over_visible_rows_only(house: Any) -> None:
    for back in range(2):
        await house.take(day(NOON - back * DAY - 7200, 20))
    async with house.operator() as everybody, house.operator("sue") as sue, house.operator("bob") as bob:
        every = {row["key"]: row for row in (await everybody.get("/kpis?by=queue&period=all")).json()}
        assert set(every) == {SUPPORT, SALES}
        mine = {row["key"]: row for row in (await sue.get("/kpis?by=queue&period=all")).json()}
        assert set(mine) == {SUPPORT}
        assert mine[SUPPORT]["measures"]["offered"] == every[SUPPORT]["measures"]["offered"]
        total = (await sue.get("/kpis?by=all&period=all")).json()[0]
        assert total["measures"]["offered"] == every[SUPPORT]["measures"]["offered"]
        own = (await bob.get("/kpis?by=agent&period=all")).json()
        assert [row["key"] for row in own] == ["asterisk:pbx1:Bob"]
        assert (await bob.get("/kpis?by=queue&period=all")).json()["error"]["name"] == "not-permitted"


async def test_calls_of_a_granted_number_count_under_it_and_under_no_queue_that_is_not_known(
    house: Any, new_screen: Any
) -> None:
    """On the screen and for scripts alike: with the rows, and where the hub sends figures instead of them."""
    number = "+35315550100"
    scope = {"scope": [f"number:{number}"]}
    await house.put(
        ("number", {"key": number, "name": "Main"}),
        ("role", {"key": "custom:rows", "name": "Rows", "grants": {"calls": scope, "analytics.rollup": scope}}),
        ("role", {"key": "custom:none", "name": "None", "grants": {"analytics.rollup": scope}}),
        ("person", {"key": "rae", "name": "Rae", "role": "custom:rows"}),
        ("person", {"key": "fig", "name": "Fig", "role": "custom:none"}),
    )
    lines = day(NOON - 7200, 20)
    over = [
        f"{line.split('|')[0]}|{line.split('|')[1]}|sales|NONE|DID|{number}"
        for line in lines
        if "|sales|NONE|ENTER" in line
    ]
    await house.take(sorted([*over, *lines], key=lambda line: line.split("|")[0]))
    async with house.operator() as everybody:
        every = {row["key"]: row["measures"] for row in (await everybody.get("/kpis?by=number&period=all")).json()}
    counted = {name: every[number][name] for name in ("calls", "offered", "answered", "abandoned", "handled", "talk_s")}
    assert counted["offered"] == 10
    for person in ("rae", "fig"):
        async with house.operator(person) as client:
            answers = {by: (await client.get(f"/kpis?by={by}&period=all")).json() for by in ("number", "all", "queue")}
        assert [row["key"] for row in answers["number"]] == [number]
        for by in ("number", "all"):
            assert {name: answers[by][0]["measures"][name] for name in counted} == counted, (person, by)
        assert answers["queue"] == [] or [row["key"] for row in answers["queue"]] == [""]
        assert SALES not in str(answers)
        screen = new_screen()
        await complete(house, screen, person)
        assert SALES not in str((screen.documents, screen.figures))
        mine = compared(viewed(screen), 0, "number", NOON)[number]
        assert {name: mine[name] for name in counted} == counted


async def test_kpis_say_nothing_of_who_waits_now_to_somebody_who_sees_reports_only(house: Any) -> None:
    await house.take(day(NOON - 7200, 20))
    await house.take([f"{int(NOON) - 60}|{int(NOON)}.1|support|NONE|ENTERQUEUE||+353871234567|1"])
    await house.put(("source", {"key": "pbx1", "system": "asterisk", "mode": "followed"}))
    async with house.operator() as everybody, house.operator("ria") as ria:
        every = {row["key"]: row["measures"] for row in (await everybody.get("/kpis?by=queue&period=all")).json()}
        finished = {row["key"]: row["measures"] for row in (await ria.get("/kpis?by=queue&period=all")).json()}
    assert every[SUPPORT]["waiting"] == 1
    assert not finished[SUPPORT].get("waiting")
    assert finished[SUPPORT]["offered"] == every[SUPPORT]["offered"] - 1


async def test_agents_are_named_as_the_askers_screen_names_them(house: Any) -> None:
    local = "Local/agent-108@agents/n"
    for at, agent in ((NOON - 600, local), (NOON - 500, "PJSIP/109")):
        call = f"{at:.0f}|{at:.0f}.1|support"
        await house.take([f"{call}|NONE|ENTERQUEUE||+353861234567|1", f"{call}|{agent}|CONNECT|0|{at:.0f}x|2"])
    await house.put(
        ("agent", {"key": f"asterisk:pbx1:{local}", "source": "pbx1", "name": local, "extension": "108"}),
        ("agent", {"key": "asterisk:pbx1:PJSIP/109", "source": "pbx1", "name": "PJSIP/109", "extension": "109"}),
        ("person", {"key": "hugh", "name": "Hugh D", "role": "standard:agent", "agents": [f"asterisk:pbx1:{local}"]}),
    )
    async with house.operator() as client, house.operator("hugh") as hugh:
        rows = (await client.get("/kpis?by=agent&period=today")).json()
        assert {row["name"] for row in rows} == {"Hugh D", "109"}
        assert [row["name"] for row in (await hugh.get("/kpis?by=agent&period=today")).json()] == ["Hugh D"]


async def test_a_figure_without_a_denominator_is_null(house: Any) -> None:
    async with house.operator() as client:
        row = (await client.get("/kpis?by=queue&period=today")).json()[0]
        assert row["kpis"]["service_level"] is None
        assert row["measures"]["offered"] == 0
        assert row["name"] == "sales"


async def test_there_is_a_row_of_all_on_a_day_on_which_nothing_happened(house: Any) -> None:
    async with house.operator() as client:
        (row,) = (await client.get("/kpis?by=all&period=today")).json()
    assert row["key"] == "all"
    assert row["measures"]["offered"] == row["measures"]["calls"] == 0
    assert row["kpis"]["service_level"] is None


async def test_what_a_dimension_has_not_is_null_and_not_0(house: Any) -> None:
    await house.take(day(NOON - 7200, 20))
    async with house.operator() as client:
        agents = (await client.get("/kpis?by=agent&period=today")).json()
        numbers = (await client.get("/kpis?by=number&period=today")).json()
    assert {row["measures"]["handled"] for row in agents} == {6.0, 7.0}
    for row in agents:
        assert row["measures"]["offered"] is row["measures"]["wait_max_s"] is row["kpis"]["answered"] is None
    (none,) = [row for row in numbers if row["name"] == "no number"]
    assert none["key"] == ""
    assert none["measures"]["offered"] == 20
    assert none["measures"]["login_s"] is none["kpis"]["paused_time"] is None


@pytest.mark.parametrize(
    ("query", "name"),
    [("by=colour&period=today", "wrong-call"), ("by=queue&period=soon", "wrong-period")],
)
async def test_wrong_questions_are_told_what_is_allowed(house: Any, query: str, name: str) -> None:
    async with house.operator() as client:
        error = (await client.get(f"/kpis?{query}")).json()["error"]
    assert error["name"] == name
    assert error["reason"].endswith(".")


async def test_calls_are_filtered_by_what_one_may_see_of_them(house: Any) -> None:
    await house.take(day(NOON - 7200, 20))
    async with house.operator() as everybody, house.operator("sue") as sue:
        assert len((await everybody.get("/calls?limit=500")).json()) == 20
        mine = (await sue.get("/calls?limit=500")).json()
        assert len(mine) == 10
        assert [c["started"] for c in mine] == sorted((c["started"] for c in mine), reverse=True)
        assert (await sue.get(f"/calls?queue={SALES}")).json() == []
        assert len((await sue.get("/calls?limit=3")).json()) == 3
        assert all(c["direction"] == "inbound" for c in mine if "direction" in c)


async def test_why_says_by_which_clause(house: Any) -> None:
    await house.take(day(NOON - 7200, 4))
    async with house.operator() as operator, house.operator("sue") as sue, house.operator("bob") as bob:
        key = next(c["key"] for c in (await operator.get("/calls")).json() if c["visits"][0]["queue"] == SALES)
        assert (await operator.get(f"/why/adm/{key}")).json()["permitted"] is True
        no = (await operator.get(f"/why/sue/{key}")).json()
        assert no["permitted"] is False
        assert "Sue Lead" in no["sentence"]
        assert (await sue.get(f"/why/sue/{key}")).json()["permitted"] is False
        assert (await bob.get(f"/why/adm/{key}")).status_code == 403
        assert (await operator.get("/why/adm/nothing")).status_code == 404


async def test_asking_why_does_not_tell_that_there_is_a_call_one_does_not_see(house: Any) -> None:
    await house.take(day(NOON - 7200, 4))
    async with house.operator() as operator:
        key = next(c["key"] for c in (await operator.get("/calls")).json() if c["visits"][0]["queue"] == SALES)
    sue, bob = await house.signed_in("sue"), await house.signed_in("bob")
    try:
        unseen, unheard_of = await sue.get(f"/why/sue/{key}"), await sue.get("/why/sue/asterisk:pbx1:no.such")
        assert unseen.status_code == unheard_of.status_code == 404
        assert unseen.text.replace(key, "KEY") == unheard_of.text.replace("asterisk:pbx1:no.such", "KEY")
        seen = next(c["key"] for c in (await bob.get("/calls")).json())
        assert (await bob.get(f"/why/bob/{seen}")).json()["permitted"] is True
    finally:
        await sue.aclose()
        await bob.aclose()


async def test_why_an_agent_paused_is_not_told_without_the_supervisors_workspace(house: Any, new_screen: Any) -> None:
    await house.take(day(NOON - 7200, 20))
    async with house.operator() as everybody, house.operator("ria") as ria:
        query = "/kpis?by=all&period=all"
        assert "Lunch" in (await everybody.get(query)).text
        assert "Lunch" not in (await ria.get(query)).text
    screen = new_screen()
    await complete(house, screen, "ria")
    assert screen.figures
    assert "Lunch" not in repr(screen.figures)
