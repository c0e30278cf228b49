"""A team that is made after its calls were taken in: their past is given by an act of its own, judged and audited."""

import json
from typing import Any

import pytest

SUPPORT, SALES = "asterisk:pbx1:support", "asterisk:pbx1:sales"
NOON = 1_795_262_400.0
DAY = 86_400.0


def answered(at: float, call: str, queue: str, agent: str) -> list[str]:
    start = int(at)
    return [
        f"{start}|{call}|{queue}|NONE|ENTERQUEUE||0861234567|1",
        f"{start + 5}|{call}|{queue}|{agent}|CONNECT|5|{call}x|2",
        f"{start + 65}|{call}|{queue}|{agent}|COMPLETECALLER|5|60|1",
    ]


LINES = [
    *answered(NOON - 2 * DAY, "old.1", "sales", "Cat"),
    *answered(NOON - 600, "new.1", "sales", "Cat"),
    *answered(NOON - 500, "new.2", "support", "Bob"),
    f"{int(NOON - 900)}|NONE|sales|Cat|ADDMEMBER|",
]


async def make(house: Any, **fields: Any) -> None:
    """A team, made after everything else is known."""
    edit = {"kind": "team", "key": "late", "create": {"name": "Late", **fields}}
    async with house.operator() as operator:
        (await operator.post("/changes", json={"changes": [edit]})).raise_for_status()


async def adopt(house: Any, person: str | None = None, **body: Any) -> Any:
    """What came of it: the last line, or the error."""
    async with house.operator(person) as client:
        answer = await client.post("/teams/late/past", json=body)
    return json.loads(answer.text.splitlines()[-1])


async def seen_by(house: Any, person: str) -> set[str]:
    async with house.operator(person) as client:
        answer = await client.get("/calls")
        return {call["key"].rsplit(":", 1)[-1] for call in answer.json()}


@pytest.mark.parametrize(
    ("fields", "calls"),
    [
        ({"queues": [SALES]}, {"old.1", "new.1"}),
        ({"members": ["bob"]}, {"new.2"}),
        ({"queues": [SALES], "members": ["bob"]}, {"old.1", "new.1", "new.2"}),
    ],
)
async def test_a_late_team_gets_the_calls_of_its_queues_and_members(house: Any, fields: Any, calls: set[str]) -> None:
    await house.put(("person", {"key": "max", "name": "Max", "role": "standard:supervisor"}))
    await house.take(LINES)
    await make(house, managers=["max"], **fields)
    assert await seen_by(house, "max") == set(), "a team that is made has no past by itself"

    counted = await adopt(house, dry_run=True)
    assert (counted["calls"], await seen_by(house, "max")) == (len(calls), set()), "counting changes nothing"
    done = await adopt(house, note="they asked for it")
    assert done["calls"] == len(calls)
    assert await seen_by(house, "max") == calls
    assert (await adopt(house))["calls"] == 0, "the second time there is nothing left"


async def test_a_call_only_gets_more_facts_and_reading_the_file_again_takes_none_away(house: Any) -> None:
    await house.take(LINES)
    before = house.hub.document("call", "asterisk:pbx1:new.1")
    await make(house, queues=[SALES])
    await adopt(house)
    after = house.hub.document("call", "asterisk:pbx1:new.1")
    assert set(after["facts"]) == {*before["facts"], "team:late"}
    assert {name: value for name, value in after.items() if name != "facts"} == {
        name: value for name, value in before.items() if name != "facts"
    }
    assert house.hub.document("call", "asterisk:pbx1:new.2")["facts"].count("team:late") == 0
    again = await house.take(LINES)
    assert (again.summary.new, again.summary.changed) == (0, 0)


async def test_log_ins_and_pauses_of_the_teams_queues_are_given_too(house: Any) -> None:
    await house.take(LINES)
    await make(house, queues=[SALES])
    assert (await adopt(house))["presences"] == 1
    (presence,) = (doc for doc in (e.change.doc for e in house.hub.journal.read_kind("presence")) if doc)
    assert "team:late" in presence["facts"]


async def test_only_what_began_since_a_day_is_given_where_that_is_said(house: Any) -> None:
    await house.take(LINES)
    await make(house, queues=[SALES])
    assert (await adopt(house, since="2026-11-21"))["calls"] == 1
    assert "team:late" not in house.hub.document("call", "asterisk:pbx1:old.1")["facts"]
    refused = await adopt(house, since="yesteryear")
    assert (refused["error"]["name"], refused["error"]["reason"]) == ("wrong-day", "“yesteryear” is no day.")


async def test_a_number_that_was_added_later_brings_the_calls_that_were_made_to_it(house: Any) -> None:
    await house.take(LINES)
    key = "asterisk:pbx1:new.1"
    call = house.hub.document("call", key)
    await house.put(("call", {**call, "called": "0766800111"}))
    await house.put(("number", {"key": "+353766800111", "name": "Main", "dialled": ["0766800111"]}))
    await make(house, numbers=["+353766800111"])
    assert (await adopt(house))["calls"] == 1
    found = house.hub.document("call", key)
    assert found["number"] == "+353766800111"
    assert {"number:+353766800111", "team:late"} <= set(found["facts"])


async def test_nobody_gives_a_past_that_goes_beyond_their_own_access(house: Any) -> None:
    """ACCESS: editing a membership or a routing is granting, and nobody raises themselves."""
    role = {"name": "Team maker", "grants": {"workgroups": {"level": "manage"}, "calls": {"scope": ["MANAGED"]}}}
    await house.put(("role", {"key": "custom:maker", **role}))
    await house.put(("person", {"key": "max", "name": "Max", "role": "custom:maker"}))
    await house.take(LINES)
    await make(house, queues=[SALES], managers=["max"])
    for person, rule in (("max", "not-higher"), ("bob", "not-permitted")):
        for dry_run in (True, False):
            assert (await adopt(house, person, dry_run=dry_run))["error"]["name"] == rule
    assert await seen_by(house, "max") == set()
    assert (await adopt(house, "bob", since="2026-11-20"))["error"]["name"] == "not-permitted"
    async with house.operator() as operator:
        trail = (await operator.get("/audit", params={"allowed": False})).json()
    assert {(one["by"], one["act"], one["target"]) for one in trail} == {
        ("max", "team.past-adopted", "late"), ("bob", "team.past-adopted", "late"),
    }  # fmt: skip
    assert trail[0]["after"] == {"since": "2026-11-20"}, "newest first: what was asked for is written down, too"


async def test_it_is_audited_with_how_much_it_was(house: Any) -> None:
    await house.take(LINES)
    await make(house, queues=[SALES])
    await adopt(house, "adm", note="they asked for it")
    async with house.operator() as operator:
        (entry,) = (await operator.get("/audit", params={"act": "team.past-adopted"})).json()
    assert (entry["by"], entry["target"], entry["note"]) == ("adm", "late", "they asked for it")
    assert entry["after"] == {"calls": 2, "presences": 1}


async def test_an_open_terminal_gets_the_past_at_once(house: Any) -> None:
    await house.put(("person", {"key": "max", "name": "Max", "role": "standard:supervisor"}))
    await house.take(LINES)
    await make(house, queues=[SALES], managers=["max"])
    frames = house.stream("max")
    async for frame in frames:
        if frame.event == "ready" and frame.data["from"] == 0:
            break
    await adopt(house)
    got: set[str] = set()
    async for frame in frames:
        got |= {key for kind, key, _, _, doc in frame.data.get("changes", ()) if kind == "call" and doc is not None}
        if len(got) == 2:
            break
    assert got == {"asterisk:pbx1:old.1", "asterisk:pbx1:new.1"}


async def test_a_team_that_is_none_is_not_found(house: Any) -> None:
    async with house.operator() as operator:
        answer = await operator.post("/teams/nobody/past", json={})
    assert (answer.status_code, answer.json()["error"]["name"]) == (404, "not-found")
