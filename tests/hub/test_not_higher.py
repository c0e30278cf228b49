"""“Not higher than your own” through a running hub: nobody gives what they have not, nobody raises themselves, and
somebody is left who manages roles and people.
"""

import asyncio
from typing import Any

import pytest

from .editing import NOON, SALES, SUPPORT, change, edit, error, saved, trail


async def test_nobody_gives_what_they_have_not(house: Any) -> None:
    """“The role and the level of access you want to assign to a user can't be higher than your own.” (003)"""
    await house.put(
        ("role", {"key": "custom:lead", "name": "Lead", "grants": {
            "users": {"level": "manage"}, "roles.assign": {"level": "manage"}, "calls": {"scope": ["ALL"]}}}),
        ("person", {"key": "lee", "name": "Lee", "role": "custom:lead"}),
        ("role", {"key": "custom:bare", "name": "Bare", "grants": {"calls": {"scope": ["ALL"]}}}),
        ("person", {"key": "ben", "name": "Ben", "role": "custom:bare"}),
    )  # fmt: skip
    async with house.operator("lee") as lee:
        higher = await change(lee, edit("person", "ben", set={"role": "standard:manager"}))
        assert error(higher) == (403, "not-higher")
        assert "billing" in higher.json()["error"]["missing"]
        assert error(await change(lee, edit("person", "adm", set={"name": "Mine"}))) == (403, "not-higher")
        assert error(await change(lee, edit("person", "ben", set={"grants": {"export": {"scope": ["ALL"]}}}))) == (
            403,
            "not-higher",
        )
        grant = {"grants": {"calls": {"scope": ["queue:" + SALES]}}}
        await saved(lee, edit("person", "ben", set=grant))
        await saved(lee, edit("person", "new", create={"name": "New", "role": "custom:bare"}))
        made = await change(lee, edit("person", "boss", create={"name": "Boss", "role": "standard:admin"}))
        assert error(made) == (403, "not-higher")


async def test_nobody_raises_themselves(house: Any) -> None:
    await house.put(
        ("role", {"key": "custom:lead", "name": "Lead", "grants": {
            "users": {"level": "manage"}, "roles": {"level": "manage"}, "calls": {"scope": ["SELF"]}}}),
        ("person", {"key": "lee", "name": "Lee", "role": "custom:lead"}),
    )  # fmt: skip
    async with house.operator("lee") as lee:
        wider = {"grants": {"calls": {"scope": ["ALL"]}}}
        assert error(await change(lee, edit("person", "lee", set=wider))) == (403, "not-higher")
        role = {"grants": {"users": {"level": "manage"}, "roles": {"level": "manage"}, "calls": {"scope": ["ALL"]}}}
        assert error(await change(lee, edit("role", "custom:lead", set=role))) == (403, "not-higher")
        other = "asterisk:pbx1:Bob"
        await house.put(("agent", {"key": other, "source": "pbx1", "name": "Bob"}))
        taken = await change(lee, edit("person", "lee", set={"agents": [other]}))
        assert error(taken) == (403, "not-higher"), "to become another agent is to see their calls"


async def test_adding_to_a_team_and_routing_to_it_is_granting(house: Any) -> None:
    """“the person's grants, memberships, managed teams and queue routing resolved” of the order."""
    await house.put(
        ("role", {"key": "custom:teams", "name": "Teams", "grants": {
            "workgroups": {"level": "manage"}, "calls": {"scope": ["queue:" + SUPPORT, "team:north", "person:una"]}}}),
        ("person", {"key": "tim", "name": "Tim", "role": "custom:teams"}),
        ("role", {"key": "custom:group", "name": "Group", "grants": {"calls": {"scope": ["OWN_TEAMS"]}}}),
        ("person", {"key": "gus", "name": "Gus", "role": "custom:group"}),
        ("person", {"key": "una", "name": "Una", "role": "custom:group"}),
        ("team", {"key": "north", "name": "North", "members": ["gus"], "queues": [SUPPORT]}),
        ("team", {"key": "south", "name": "South", "members": ["cat"], "queues": [SALES]}),
    )  # fmt: skip
    async with house.operator("tim") as tim:
        await saved(tim, edit("team", "north", set={"members": ["gus", "una"]}))
        cat = await change(tim, edit("team", "north", set={"members": ["gus", "una", "cat"]}))
        assert error(cat) == (403, "not-higher"), "Tim would see the calls of Cat, which he does not"
        rex = await change(tim, edit("team", "north", set={"members": ["gus", "una", "rex"]}))
        assert error(rex) == (422, "unknown"), "Rex is in no team, so for Tim there is no such person"
        more = await change(tim, edit("team", "south", set={"members": ["cat", "gus"]}))
        assert error(more) == (403, "not-higher"), "Gus would see the sales calls, which Tim does not"
        routed = await change(tim, edit("team", "north", set={"queues": [SUPPORT, SALES]}))
        assert error(routed) == (403, "not-higher"), "the team would see the sales calls"


async def test_to_say_what_a_number_is_dialled_by_is_granting(house: Any) -> None:
    """Else who sees one number's calls takes those of any other, and of what is no business number yet."""
    mine, other = "+35315550100", "+35315550200"
    await house.put(
        ("number", {"key": mine, "name": "Mine", "dialled": ["5001"]}),
        ("number", {"key": other, "name": "Other", "dialled": ["5002"]}),
        ("role", {"key": "custom:numbers", "name": "Numbers", "grants": {
            "numbers": {"level": "manage"}, "calls": {"scope": [f"number:{mine}"]}}}),
        ("person", {"key": "nan", "name": "Nan", "role": "custom:numbers"}),
    )  # fmt: skip
    async with house.operator("nan") as nan:
        for dialled in ("5002", "5009", other[1:]):
            wider = edit("number", mine, set={"dialled": ["5001", dialled]})
            assert error(await change(nan, wider)) == (403, "not-higher"), dialled
        await saved(nan, edit("number", mine, set={"name": "Our line", "campaign": "spring"}))
        # The calls of that one nobody here sees.
        await saved(nan, edit("number", other, set={"dialled": ["5002", "5009"]}))
    # Which an older hub took: the other is its own number, whatever is said of it.
    await house.put(("number", {"key": mine, "name": "Mine", "dialled": ["5001", other]}))
    at = int(NOON)
    await house.take([f"{at}|1.1|sales|NONE|DID|{other}", f"{at}|1.1|sales|NONE|ENTERQUEUE||+353861112222|1"])
    assert house.hub.document("call", "asterisk:pbx1:1.1")["number"] == other


async def test_to_seat_an_agent_or_to_say_by_what_an_agent_is_called_is_granting(house: Any) -> None:
    """Who watches a queue sees the states of whoever sits in it, and of an agent under every name."""
    bob, cat = "asterisk:pbx1:Bob", "asterisk:pbx1:Cat"
    watches = {"supervisor": {"scope": [f"queue:{SUPPORT}", f"agent:{bob}", "person:bob", "ext:102", "team:north"]}}
    await house.put(
        ("agent", {"key": bob, "source": "pbx1", "name": "Bob"}),
        ("agent", {"key": cat, "source": "pbx1", "name": "Cat", "interfaces": ["SIP/103"], "queues": [SALES]}),
        ("role", {"key": "custom:seats", "name": "Seats", "grants": {
            "call_flow": {"level": "manage"}, "users": {"level": "manage"}, **watches}}),
        ("person", {"key": "fay", "name": "Fay", "role": "custom:seats"}),
    )  # fmt: skip
    async with house.operator("fay") as fay:
        for seated in (
            edit("queue", SUPPORT, set={"members": [cat]}),
            edit("agent", cat, set={"queues": [SALES, SUPPORT]}),
            edit("agent", bob, set={"interfaces": ["SIP/103"]}),
        ):
            assert error(await change(fay, seated)) == (403, "not-higher"), seated
        await saved(fay, edit("queue", SUPPORT, set={"members": [bob]}))
    async with house.operator("adm") as adm:
        await saved(adm, edit("queue", SUPPORT, set={"members": [cat]}))


async def test_what_would_lie_in_wait_for_a_sign_in_is_judged_like_what_is_given_now(house: Any) -> None:
    """Whoever opens the sign-in later gives it, perhaps without looking."""
    everything = {"calls": {"scope": ["ALL"]}, "billing": {"level": "manage"}}
    manages = {name: {"level": "manage"} for name in ("users", "roles")}
    await house.put(
        ("role", {"key": "custom:lead", "name": "Lead", "grants": {**manages, "calls": {"scope": ["queue:" + SALES]}}}),
        ("person", {"key": "lee", "name": "Lee", "role": "custom:lead"}),
        ("role", {"key": "custom:vault", "name": "Vault", "login": False, "grants": everything}),
        ("person", {"key": "val", "name": "Val", "role": "calltracks:no-access", "grants": everything}),
    )
    async with house.operator("lee") as lee:
        for higher in (
            edit("role", "custom:ghost", create={"name": "Ghost", "login": False, "grants": everything}),
            edit("role", "custom:vault", set={"name": "Mine"}),
            edit("person", "ned", set={"grants": everything}),
            edit("person", "gus", create={"name": "Gus", "role": "calltracks:no-access", "grants": everything}),
            edit("person", "gus", create={"name": "Gus", "role": "custom:vault"}),
            edit("person", "val", set={"grants": {**everything, "export": {"scope": ["ALL"]}}}),
        ):
            assert error(await change(lee, higher)) == (403, "not-higher"), higher
        own = {"calls": {"scope": ["queue:" + SALES]}}
        await saved(lee, edit("role", "custom:ghost", create={"name": "Ghost", "login": False, "grants": own}))
        await saved(lee, edit("person", "gus", create={"name": "Gus", "role": "custom:ghost", "grants": own}))
        # What waits there already was given by somebody else.
        await saved(lee, edit("person", "val", set={"name": "Val Later"}))


KEEPS = {"users": {"level": "manage"}, "roles": {"level": "manage"}}

LOCKING_OUT: dict[str, list[Any]] = {
    "disabled": [edit("person", "adm", set={"disabled": True})],
    "another role": [edit("person", "adm", set={"role": "standard:agent"})],
    "a role that cannot sign in": [edit("person", "adm", set={"role": "calltracks:no-access"})],
    "removed": [edit("person", "adm", remove=True, confirm=True)],
    "written over": [edit("person", "adm", put={"name": "Ada", "role": "standard:agent"})],
    "the role without roles": [edit("role", "standard:admin", set={"grants": {"users": {"level": "manage"}}})],
    "the role without people": [edit("role", "standard:admin", set={"grants": {"roles": {"level": "manage"}}})],
    "the role only views": [edit("role", "standard:admin", set={"grants": {"users": {}, "roles": {}}})],
    "the role cannot sign in": [edit("role", "standard:admin", set={"login": False})],
    "the role removed": [edit("role", "standard:admin", remove=True, instead="standard:agent", confirm=True)],
    "each keeps one half": [
        edit("role", "custom:half", create={"name": "Half", "grants": {"users": {"level": "manage"}}}),
        edit("person", "bob", set={"role": "custom:half"}),
        edit("role", "standard:admin", set={"grants": {"roles": {"level": "manage"}}}),
    ],
    "the other is disabled": [
        edit("person", "bob", set={"role": "standard:admin", "disabled": True}),
        edit("person", "adm", set={"role": "standard:agent"}),
    ],
    "everybody at once": [
        edit("person", key, set={"role": "standard:agent"}) for key in ("adm", "sue", "bob", "cat", "rex", "ria")
    ],
}
"""Edits after which nobody would manage roles and people."""


@pytest.mark.parametrize("who", ["adm", None])
async def test_the_last_person_who_manages_roles_and_people_keeps_both(house: Any, who: str | None) -> None:
    """In whatever shape it is tried, by the admin or the operator: nothing is saved, each attempt is written down."""
    async with house.operator(who) as client:
        seq = house.hub.journal.get("person", "adm").seq
        for shape, edits in LOCKING_OUT.items():
            foreseen = await saved(client, *edits, dry_run=True)
            assert "last-admin" in {one["rule"] for one in foreseen["refused"]}, shape
            answer = await change(client, *edits)
            assert answer.status_code in (403, 422), shape
            rules = {one["rule"] for one in answer.json()["error"]["findings"]}
            assert "last-admin" in rules, shape
        assert house.hub.journal.get("person", "adm").seq == seq
        assert len(await trail(house, allowed=False, limit=1000)) == sum(map(len, LOCKING_OUT.values()))
        await saved(client, edit("person", "eve", create={"name": "Eve", "role": "standard:admin"}))
        await saved(client, edit("person", "adm", set={"role": "standard:agent"}))
    async with house.operator() as operator:
        assert error(await change(operator, edit("person", "eve", set={"disabled": True}))) == (422, "last-admin")


async def test_of_two_admins_who_demote_each_other_at_once_one_stays(house: Any) -> None:
    await house.put(("person", {"key": "eve", "name": "Eve", "role": "standard:admin"}))
    async with house.operator("adm") as one, house.operator("eve") as two:
        answers = await asyncio.gather(
            change(one, edit("person", "eve", set={"role": "standard:agent"})),
            change(two, edit("person", "adm", set={"role": "standard:agent"})),
        )
    assert sorted(answer.status_code for answer in answers) == [200, 403]
    assert [house.hub.access(key).me.may("roles") for key in ("adm", "eve")].count(True) == 1


async def test_of_two_admins_who_step_down_at_once_one_stays(house: Any) -> None:
    await house.put(("person", {"key": "eve", "name": "Eve", "role": "standard:admin"}))
    async with house.operator("adm") as one, house.operator("eve") as two:
        answers = await asyncio.gather(
            change(one, edit("person", "adm", set={"disabled": True})),
            change(two, edit("person", "eve", set={"disabled": True})),
        )
    assert sorted(answer.status_code for answer in answers) == [200, 422]


async def test_nobody_gets_the_pin_of_somebody_who_administers_more(house: Any) -> None:
    """Whoever has a PIN calls in its owner's name. What they see is not compared: “set up pin numbers for outbound
    calls” is said of Local Managers without a limit (002), and a PIN shows nothing.
    """
    await house.put(
        ("person", {"key": "max", "name": "Max", "role": "calltracks:local-manager", "extension": "150"}),
        ("person", {"key": "sup", "name": "Sup", "role": "calltracks:customer-super-admin", "extension": "151"}),
        ("person", {"key": "off", "name": "Off", "role": "standard:admin", "extension": "152", "disabled": True}),
        ("role", {"key": "custom:pins", "name": "Pins", "grants": {"pins": {"level": "manage"}}}),
        ("person", {"key": "pim", "name": "Pim", "role": "custom:pins", "extension": "153"}),
    )
    async with house.operator("adm") as adm, house.operator("max") as max, house.operator("pim") as pim:
        assert (await adm.put("/people/sup/pin", json={"pin": "80517"})).status_code == 200
        for key in ("adm", "sup", "off"):
            assert error(await max.get(f"/people/{key}/pin")) == (403, "not-higher")
            assert error(await max.put(f"/people/{key}/pin", json={"pin": "4711"})) == (403, "not-higher")
            assert error(await max.put(f"/people/{key}/pin", json={"pin": None})) == (403, "not-higher")
        assert (await adm.get("/people/sup/pin")).json()["pin"] == "80517"
        for key in ("bob", "max"):
            assert (await max.get(f"/people/{key}/pin")).status_code == 200, "what they see is not compared"
        assert (await pim.put("/people/pim/pin", json={"pin": "4712"})).status_code == 200
        for key in ("bob", "adm", "nobody"):  # Pim knows of nobody else
            answers = (await pim.get(f"/people/{key}/pin"), await pim.put(f"/people/{key}/pin", json={"pin": "4713"}))
            assert [error(answer) for answer in answers] == [(404, "not-found")] * 2
    refused = await trail(house, act="pin", allowed=False)
    assert [entry["target"] for entry in refused if entry["by"] == "max"] == ["off"] * 2 + ["sup"] * 2 + ["adm"] * 2


async def test_a_code_that_somebody_gave_is_withdrawn_when_they_are_demoted(house: Any) -> None:
    """“When someone is demoted, what they approved beyond their new reach is listed and suspended.”"""
    await house.put(("person", {"key": "eve", "name": "Eve", "role": "standard:admin"}))
    async with house.operator("eve") as eve, house.operator("adm") as adm:
        code = (await eve.post("/people/sue/code")).json()["code"]
        found = await saved(adm, edit("person", "eve", set={"role": "standard:agent"}))
        assert found["suspended"] == [
            "The one-time code that Eve gave Sue Lead is good no longer: Sue Lead may now do more."
        ]
    async with house.client() as client:
        wanted = {"person": "sue", "old": code, "new": "a new long password"}
        assert error(await client.post("/password", json=wanted)) == (401, "sign-in-failed")


async def test_who_is_raised_while_their_code_is_made_gets_none(house: Any) -> None:
    """To hash a code takes a while: it is judged again when it is written down, like every change."""
    await house.put(
        ("role", {"key": "custom:lead", "name": "Lead", "grants": {
            "users": {"level": "manage"}, "calls": {"scope": ["ALL"]}}}),
        ("person", {"key": "lee", "name": "Lee", "role": "custom:lead"}),
        ("role", {"key": "custom:bare", "name": "Bare", "grants": {"calls": {"scope": ["ALL"]}}}),
        ("person", {"key": "ben", "name": "Ben", "role": "custom:bare"}),
    )  # fmt: skip
    signing, hashed = house.runtime.sign_in, house.runtime.sign_in.hashed

    async def while_it_is_hashed(code: str) -> str:
        async with house.operator("adm") as adm:
            await saved(adm, edit("person", "ben", set={"role": "standard:admin"}))
        return str(await hashed(code))

    signing.hashed = while_it_is_hashed
    async with house.operator("lee") as lee:
        assert error(await lee.post("/people/ben/code")) == (403, "not-higher")
    assert (house.hub.document("credential", "ben") or {}).get("code_hash") is None
    assert [one["by"] for one in await trail(house, act="code.given", allowed=False)] == ["lee"]
