"""A figure is the same wherever it is shown: for every default role, ``kpis`` and the roll-ups pane agree."""

from typing import Any

import pytest

from wallboard_tui.access.packs import NAMES, roles_of
from wallboard_tui.cli.snapshot import snapshot
from wallboard_tui.client.hub import HubClient
from wallboard_tui.metrics.kpis import CALLBACK_KPIS, SHARES_OF_TIME
from wallboard_tui.model.base import Doc
from wallboard_tui.model.board import Pane
from wallboard_tui.model.me import DIMENSIONS, Me
from wallboard_tui.tui.panes.missed import ask as missed
from wallboard_tui.tui.panes.rollups import RollupsData
from wallboard_tui.tui.panes.rollups import ask as rollups
from wallboard_tui.tui.panes.wallboard import ask as wallboard
from wallboard_tui.view.view import View

NOON = 1_795_262_400.0
SUPPORT, SALES, BILLING = (f"asterisk:pbx1:{name}" for name in ("support", "sales", "billing"))
BOB, CAT, DEE = (f"asterisk:pbx1:{name}" for name in ("Bob", "Cat", "Dee"))
PACKS = tuple(NAMES)
ROLES = [role.key for pack in PACKS for role in roles_of(pack)]
STATES = ("occupancy", "utilisation", "login_time", "available_time", "paused_time")


def somebody_of(role: str) -> Doc:
    """A person with a role, who manages north, works in south as Cat, and was granted a queue and an extension."""
    return {
        "key": role.replace(":", "-"), "name": role, "role": role, "extension": "103", "agents": [CAT],
        "manage_queues": [SUPPORT], "manage_extensions": ["102"], "manage_numbers": [],
    }  # fmt: skip


def calls(number: int) -> list[str]:
    """Calls of a morning: through one queue or two, answered by an agent of the queue or one who helps out."""
    lines = [f"{int(NOON) - 12000}|NONE|{queue}|{agent}|ADDMEMBER|" for queue, agent in (
        ("support", "Bob"), ("sales", "Cat"), ("sales", "Bob"), ("billing", "Dee"), ("support", "Dee"),
    )]  # fmt: skip
    for n in range(number):
        at, call = int(NOON) - 9000 + n * 171, f"{int(NOON) - 9000 + n * 171}.{n}"
        first, agent = (("support", "Bob"), ("sales", "Cat"), ("billing", "Dee"), ("sales", "Bob"), ("support", "Dee"))[
            n % 5
        ]
        lines.append(f"{at}|{call}|{first}|NONE|ENTERQUEUE||+35387000{n:04}|1")
        if n % 4 == 3:
            lines.append(f"{at + 20}|{call}|{first}|NONE|EXITWITHTIMEOUT|1|1|20")
            first, at = "billing", at + 21
            lines.append(f"{at}|{call}|{first}|NONE|ENTERQUEUE||+35387000{n:04}|1")
        if n % 7 == 6:
            lines.append(f"{at + 40}|{call}|{first}|NONE|ABANDON|1|1|40")
            continue
        lines.append(f"{at + 4}|{call}|{first}|Dee|RINGNOANSWER|3000")
        lines.append(f"{at + 9 + n % 3 * 10}|{call}|{first}|{agent}|CONNECT|{9 + n % 3 * 10}|{call}x|2")
        lines.append(f"{at + 100 + n % 3 * 10}|{call}|{first}|{agent}|COMPLETEAGENT|9|{91}|1")
    lines += [f"{int(NOON) - 5000}|NONE|NONE|Bob|PAUSEALL|Lunch|", f"{int(NOON) - 3800}|NONE|NONE|Bob|UNPAUSEALL||"]
    # One talks and one waits, now.
    lines += [
        f"{int(NOON) - 90}|now.1|sales|NONE|ENTERQUEUE||+353871111111|1",
        f"{int(NOON) - 80}|now.1|sales|Cat|CONNECT|10|now.x|2",
        f"{int(NOON) - 60}|now.2|support|NONE|ENTERQUEUE||+353872222222|1",
    ]
    return sorted(lines)


async def furnish(house: Any) -> None:
    packs = [role for pack in PACKS for role in roles_of(pack)]
    people = [somebody_of(role) for role in ROLES]
    keys = [person["key"] for person in people]
    await house.put(
        ("organisation", {"key": "organisation", "name": "Corrib", "time_zone": "Europe/Dublin", "packs": PACKS}),
        *(("role", role.dump()) for role in packs),
        *(("person", person) for person in people),
        ("person", {"key": "dee", "name": "Dee", "role": "standard:agent", "agents": [DEE]}),
        ("queue", {"key": BILLING, "source": "pbx1", "name": "billing", "service_level_s": 10}),
        ("team", {"key": "north", "name": "North", "members": ["bob"], "managers": keys, "queues": [SUPPORT]}),
        ("team", {"key": "south", "name": "South", "members": ["cat", *keys], "queues": [SALES]}),
        ("team", {"key": "east", "name": "East", "members": ["dee"], "queues": [BILLING]}),
        ("source", {"key": "pbx1", "system": "asterisk", "mode": "followed", "lacks": ["wrap_s", "hold_s"]}),
    )
    await house.take(calls(50))


def of_pane(data: RollupsData) -> dict[str, dict[str, float | None]]:
    rows = {row.key or "": {each.kpi: each.value for each in row.figures} for row in data.rows}
    return {"all": rows[""]} if data.by == "all" and rows else rows


def shown_pane(view: View, me: Me, by: str, now: float) -> RollupsData:
    return rollups(view, me, Pane.model_validate({"pane": "rollups", "by": by}), now)


def rounded(figures: dict[str, float | None], kpis: Any) -> dict[str, float | None]:
    return {kpi: None if (value := figures[kpi]) is None else round(value, 6) for kpi in kpis}


async def test_every_default_role_has_the_same_figures_on_the_pane_and_from_the_command(house: Any) -> None:
    await furnish(house)
    compared = 0
    for role in ROLES:
        key = role.replace(":", "-")
        if key.endswith("no-access"):
            continue
        async with HubClient(f"unix:{house.socket}", operator=True, as_person=key) as client:
            async with snapshot(client) as (view, me, now):
                panes = {by: shown_pane(view, me, by, now) for by in DIMENSIONS} if "rollups" in me.panes else {}
            async with house.operator(key) as http:
                for by in DIMENSIONS:
                    answer = await http.get(f"/kpis?by={by}&period=today")
                    if by not in panes:
                        # Whoever has no such pane has, at most, figures of themselves: those of My metrics.
                        own = [] if answer.status_code == 403 else [row["key"] for row in answer.json()]
                        assert set(own) <= {CAT}, (role, by)
                        continue
                    assert (answer.status_code == 403) == bool(panes[by].refused), (role, by)
                    if panes[by].refused:
                        continue
                    told = {row["key"]: row["kpis"] for row in answer.json()}
                    shown = of_pane(panes[by])
                    assert {k for k, kpis in told.items() if kpis["offered"] or kpis["handled"]} <= set(shown), (
                        role,
                        by,
                    )
                    for subject, figures in shown.items():
                        assert rounded(figures, figures) == rounded(told[subject], figures), (role, by, subject)
                        compared += 1
    assert compared > 150


async def test_whoever_may_not_see_states_is_not_told_times_in_them(house: Any) -> None:
    await furnish(house)
    for role in ("standard:reporting-only", "calltracks:read-only"):
        async with house.operator(role.replace(":", "-")) as http, house.operator() as everybody:
            mine = {row["key"]: row for row in (await http.get("/kpis?by=agent&period=today")).json()}
            every = {row["key"]: row for row in (await everybody.get("/kpis?by=agent&period=today")).json()}
        assert set(mine) == set(every) == {BOB, CAT, DEE}
        assert {row["kpis"][kpi] for row in mine.values() for kpi in STATES} == {None}
        assert {row["measures"]["available_s"] for row in mine.values()} == {None}
        for row in every.values():
            assert 0 < (row["kpis"]["occupancy"] or 0) < 100, row
        # Cat talks now, which is not told to those who read reports only.
        assert mine[BOB]["kpis"]["aht"] == every[BOB]["kpis"]["aht"] is not None


async def test_own_time_in_a_state_is_told_with_own_analytics(house: Any) -> None:
    await furnish(house)
    async with house.operator("mightycall-agent") as http, house.operator() as everybody:
        (mine,) = (await http.get("/kpis?by=agent&period=today")).json()
        every = {row["key"]: row for row in (await everybody.get("/kpis?by=agent&period=today")).json()}
    assert mine["key"] == CAT
    assert mine["kpis"]["occupancy"] == pytest.approx(every[CAT]["kpis"]["occupancy"])


async def test_a_teams_handling_and_occupancy_are_known_to_its_supervisor(house: Any) -> None:
    await furnish(house)
    async with house.operator("standard-supervisor") as http, house.operator() as everybody:
        mine = {row["key"]: row["kpis"] for row in (await http.get("/kpis?by=team&period=today")).json()}["north"]
        whole = {row["key"]: row["kpis"] for row in (await everybody.get("/kpis?by=team&period=today")).json()}["north"]
    assert mine["handled"] == whole["handled"] > 0
    assert mine["aht"] == whole["aht"]
    assert mine["occupancy"] == pytest.approx(whole["occupancy"])


async def test_no_share_of_time_is_told_of_calls_that_others_took(house: Any) -> None:
    """In a queue of a team, and in all that its supervisor may see, people of other teams talk, too."""
    await furnish(house)
    for by in ("queue", "all"):
        async with house.operator("standard-supervisor") as http, house.operator() as everybody:
            mine = (await http.get(f"/kpis?by={by}&period=today")).json()
            whole = (await everybody.get(f"/kpis?by={by}&period=today")).json()
        assert any(row["kpis"]["handled"] for row in mine)
        assert {row["kpis"][kpi] for row in mine for kpi in SHARES_OF_TIME} == {None}
        assert any(row["kpis"]["occupancy"] for row in whole)


async def test_a_tile_of_a_queue_that_is_not_ones_own_says_that_it_is_a_part(house: Any) -> None:
    await furnish(house)
    parts = {}
    for person in ("standard-supervisor", "standard-admin"):
        async with (
            HubClient(f"unix:{house.socket}", operator=True, as_person=person) as client,
            snapshot(client) as (view, me, now),
        ):
            tiles = wallboard(view, me, Pane(pane="wallboard"), now).tiles
            parts[person] = {tile.key: tile.part for tile in tiles if tile.key}
    assert parts["standard-admin"] == {SUPPORT: False, SALES: False, BILLING: False}
    assert not parts["standard-supervisor"].pop(SUPPORT), "a queue of the team"
    assert set(parts["standard-supervisor"].values()) == {True}, "their agents helped out there"


async def test_there_is_one_all_over_the_visible_rows_only(house: Any) -> None:
    """A visit to a queue whose name a person may not know is a row they do not see: no total counts it."""
    await furnish(house)
    for person in ("justcall-supervisor", "standard-supervisor", "standard-admin"):
        async with HubClient(f"unix:{house.socket}", operator=True, as_person=person) as client:
            async with snapshot(client) as (view, me, now):
                board = wallboard(view, me, Pane.model_validate({"pane": "wallboard"}), now)
                table = shown_pane(view, me, "queue", now)
            told = (await client.kpis({"by": "all", "period": "today"}))[0]["kpis"]
        tile = {each.kpi: each.value for each in board.tiles[-1].figures}
        assert table.total is not None
        total = {each.kpi: each.value for each in table.total.figures}
        for kpi in ("offered", "answered", "service_level", "asa", "abandon_rate", "aht"):
            assert tile[kpi] == pytest.approx(total[kpi]) == pytest.approx(told[kpi]), (person, kpi)


async def test_a_wallboard_alone_breaks_nothing_down(house: Any) -> None:
    await furnish(house)
    await house.put(("person", {**somebody_of("justcall:agent"), "toggles": {"view_wallboard": True}}))
    async with house.operator("justcall-agent") as http:
        for by in ("queue", "team", "number", "all"):
            error = (await http.get(f"/kpis?by={by}&period=today")).json()["error"]
            assert error["name"] == "not-permitted"
            assert "you may break them down by agent." in error["reason"]


async def test_live_states_of_a_team_take_wallboard_or_supervisor(house: Any) -> None:
    """Analytics of a team are figures; what its agents do now is not among them."""
    await furnish(house)
    await house.put(
        ("role", {"key": "custom:a", "name": "A", "grants": {"analytics": {"scope": ["team:north"]}}}),
        ("person", {"key": "ana", "name": "Ana", "role": "custom:a"}),
    )
    async with HubClient(f"unix:{house.socket}", operator=True, as_person="ana") as client, client.feed() as frames:
        async for frame in frames:
            kinds = [document[0] for document in frame.data.get("documents", ())]
            assert "live_agent" not in kinds
            if frame.event == "ready" and not frame.data["from"]:
                break


async def test_no_part_of_a_centre_holds_more_of_its_agents_time_than_the_whole(house: Any) -> None:
    """A colleague whom somebody's calls only name counts in none of that person's figures."""
    eve = "asterisk:pbx1:Eve"
    await furnish(house)
    members = ["cat", "eve", *(person["key"] for person in map(somebody_of, ROLES))]
    await house.put(
        ("agent", {"key": eve, "source": "pbx1", "name": "Eve", "queues": [SALES, BILLING]}),
        ("person", {"key": "eve", "name": "Eve", "role": "standard:agent", "agents": [eve]}),
        ("team", {"key": "south", "name": "South", "members": members, "queues": [SALES]}),
    )
    start = int(NOON) - 11000
    await house.take(
        [
            f"{start}|e.1|sales|NONE|ENTERQUEUE||+353870000001|1",
            f"{start + 5}|e.1|sales|Eve|RINGNOANSWER|5000",
            f"{start + 7}|e.1|sales|Cat|CONNECT|7|e.2|2",
            f"{start + 107}|e.1|sales|Cat|COMPLETEAGENT|7|100|1",
        ]
    )
    parts = {}
    for role in (None, *ROLES):
        async with house.operator(role and role.replace(":", "-")) as http:
            if (answer := await http.get("/kpis?by=queue&period=today")).status_code != 403:
                parts[role] = {row["key"]: row["measures"] for row in answer.json()}
    whole = parts.pop(None)
    joined_s = 12000.0 - 60.0  # until the newest thing that was heard
    assert whole[BILLING]["login_s"] > whole[BILLING]["talk_s"]
    assert len(parts) > 10
    more = [
        (role, queue, name)
        for role, queues in parts.items()
        for queue, measures in queues.items()
        for name in ("login_s", "available_s", "paused_s")
        if (measures[name] or 0.0) > (whole[queue][name] or 0.0) + 1e-6
    ]
    assert not more
    # Cat's own figures, in whose calls Eve rang, hold Cat's time in the queue and no more.
    own = parts["mightycall:agent"]
    assert {queue: measures["login_s"] for queue, measures in own.items()} == {SALES: joined_s, BILLING: 0.0}


def a_day_of_sam() -> list[str]:
    """Sam joins queues and leaves them under an interface, and speaks of all queues at once under the own name."""
    interface, start = "Local/agent-112@agents", int(NOON) - 11000
    return sorted(
        f"{start + at}|NONE|{line}"
        for at, line in (
            (0, "NONE|Sam|AGENTLOGIN|SIP/sam-1"),
            (100, f"support|{interface}|ADDMEMBER|"),
            (100, f"sales|{interface}|ADDMEMBER|"),
            (1000, "NONE|Sam|PAUSEALL|Lunch|"),
            (1500, "NONE|Sam|UNPAUSEALL||"),
            (3000, f"support|{interface}|REMOVEMEMBER|"),
            # Away from Support: what is said now is nothing to those who watch it alone.
            (3200, "NONE|Sam|PAUSEALL|Doctor|"),
            (3900, "NONE|Sam|UNPAUSEALL||"),
            (4000, "NONE|Sam|AGENTLOGOFF|SIP/sam-1|4000"),
            (6000, "NONE|Sam|AGENTLOGIN|SIP/sam-2"),
            (6300, f"support|{interface}|ADDMEMBER|"),
            (7000, "NONE|Sam|AGENTLOGOFF|SIP/sam-2|1000"),
        )
    )


async def test_a_queues_figures_are_the_same_for_whoever_watches_it_though_agents_join_and_sign_out_of_all(
    house: Any,
) -> None:
    """What is said of no queue is about the queues that the agent is signed into: these learn of it, and no other."""
    await furnish(house)
    sam = "asterisk:pbx1:Sam"
    await house.put(
        ("agent", {"key": sam, "source": "pbx1", "name": "Sam", "interfaces": ["Local/agent-112@agents"]}),
        ("role", {"key": "custom:desk", "name": "Desk", "grants": {"calls": {"scope": [f"queue:{SUPPORT}"]},
            "analytics.rollup": {"scope": [f"queue:{SUPPORT}"]}, "wallboard": {"scope": [f"queue:{SUPPORT}"]}}}),
        ("role", {"key": "custom:figures", "name": "Figures", "grants": {
            "analytics.rollup": {"scope": [f"queue:{SUPPORT}"]}, "wallboard": {"scope": [f"queue:{SUPPORT}"]}}}),
        ("person", {"key": "desk", "name": "Desk", "role": "custom:desk"}),
        ("person", {"key": "figures", "name": "Figures", "role": "custom:figures"}),
    )  # fmt: skip
    await house.take(a_day_of_sam())
    names = ("login_s", "available_s", "paused_s")
    async with house.operator() as http:
        whole = {row["key"]: row for row in (await http.get("/kpis?by=queue&period=today")).json()}[SUPPORT]
    for person in ("desk", "figures"):
        async with house.operator(person) as http:
            rows = {row["key"]: row for row in (await http.get("/kpis?by=queue&period=today")).json()}
        assert {n: rows[SUPPORT]["measures"][n] for n in names} == {n: whole["measures"][n] for n in names}, person
        client = HubClient(f"unix:{house.socket}", operator=True, as_person=person)
        async with client, snapshot(client) as (view, me, now):
            (shown,) = [row for row in shown_pane(view, me, "queue", now).rows if row.key == SUPPORT]
            with view.reading() as db:
                told = db.execute("SELECT what, at - ? FROM presence WHERE agent = ? ORDER BY at", (NOON - 11000, sam))
                heard = told.fetchall()
        assert {each.kpi: each.value for each in shown.figures}["occupancy"] == whole["kpis"]["occupancy"], person
        if person == "desk":
            assert ("pause", 1000.0) in heard, "a pause in every queue is one in this"
            assert not {("pause", 3200.0), ("logout", 4000.0)} & set(heard), "no longer here, and not again yet"


def missed_calls() -> list[str]:
    """Callers who gave up in one queue or in two: some are answered later, some are not, one is missed again."""
    lines = []
    for n in range(24):
        caller, at = f"+3538750000{n:02}", int(NOON) - 9500 + n * 113
        for attempt, queue in enumerate(("support", "sales", "billing")[n % 3 :][: 1 + n % 2]):
            start, call = at + 400 * attempt, f"miss.{n}.{attempt}"
            lines += [
                f"{start}|{call}|{queue}|NONE|ENTERQUEUE||{caller}|1",
                f"{start + 31}|{call}|{queue}|NONE|ABANDON|1|1|31",
            ]
        if n % 3 != 1:
            start, call = at + 1500 + 60 * n, f"back.{n}"
            lines += [
                f"{start}|{call}|sales|NONE|ENTERQUEUE||{caller}|1",
                f"{start + 7}|{call}|sales|Cat|CONNECT|7|{call}x|2",
                f"{start + 47}|{call}|sales|Cat|COMPLETECALLER|7|40|1",
            ]
    return sorted(lines)


async def test_missed_callers_are_the_same_on_the_pane_and_from_the_command_for_every_default_role(house: Any) -> None:
    await furnish(house)
    await house.take(missed_calls())
    values: set[float | None] = set()
    for role in ROLES:
        key = role.replace(":", "-")
        if key.endswith("no-access"):
            continue
        async with HubClient(f"unix:{house.socket}", operator=True, as_person=key) as client:
            async with snapshot(client) as (view, me, now):
                panes = {
                    queue: {each.kpi: each.value for each in missed(view, me, pane, now).figures}
                    for queue in ("", SUPPORT, SALES, BILLING)
                    for pane in [Pane(pane="missed", queues=(queue,) if queue else ())]
                }
            async with house.operator(key) as http:
                answers = {by: await http.get(f"/kpis?by={by}&period=today") for by in ("all", "queue", "agent")}
        for by, answer in answers.items():
            for row in answer.json() if answer.status_code == 200 else ():
                told = {kpi: row["kpis"][kpi] for kpi in CALLBACK_KPIS}
                if by == "agent" or not me.may("reports.missed"):
                    assert set(told.values()) == {None}, (role, by)
                else:
                    assert told == panes["" if by == "all" else row["key"]], (role, by, row["key"])
                    values.update(told.values())
    assert len(values) > 6, "figures of everybody, of parts, and of each queue"


async def test_who_may_not_see_missed_callers_or_a_part_of_them_alone_is_told_no_rate_of_everything(house: Any) -> None:
    await furnish(house)
    await house.take(missed_calls())
    everything, support = {"scope": ["ALL"]}, {"scope": [f"queue:{SUPPORT}"]}
    grants = {
        "without": {"analytics.rollup": everything},
        "part": {"analytics.rollup": everything, "reports.missed": support},
        "narrow": {"analytics.rollup": support, "reports.missed": everything},
    }
    for key, granted in grants.items():
        await house.put(
            ("role", {"key": f"custom:{key}", "name": key, "grants": granted}),
            ("person", {"key": key, "name": key, "role": f"custom:{key}"}),
        )

    async def told(person: str | None, by: str) -> dict[str, Any]:
        async with house.operator(person) as http:
            rows = (await http.get(f"/kpis?by={by}&period=today")).json()
        return {row["key"]: (row["kpis"]["callback_rate"], row["measures"]["callers_missed"]) for row in rows}

    whole = {by: await told(None, by) for by in ("all", "queue", "team", "number")}
    assert whole["all"]["all"][1] == whole["number"][""][1] > 20
    assert whole["team"]["north"] == whole["queue"][SUPPORT]
    assert set((await told("without", "queue")).values()) == {(None, None)}
    assert await told("part", "all") == {"all": (None, None)}
    assert await told("part", "queue") == {
        SUPPORT: whole["queue"][SUPPORT], SALES: (None, None), BILLING: (None, None)
    }  # fmt: skip
    assert await told("narrow", "queue") == {SUPPORT: whole["queue"][SUPPORT]}
