"""Editing people, roles and teams through a running hub: what is saved, refused, told, and written down."""

import asyncio
from typing import Any

import httpx
import pytest

SUPPORT, SALES = "asterisk:pbx1:support", "asterisk:pbx1:sales"
PASSWORD = "correct horse battery"
NOON = 1_795_262_400.0
QA = {
    "name": "QA Analyst",
    "grants": {
        "calls": {"scope": ["ALL"]},
        "recordings": {"scope": ["ALL"]},
        "scores": {"level": "manage", "scope": ["ALL"]},
        "caller_number": {"scope": ["ALL"]},
    },
}


async def change(client: httpx.AsyncClient, *edits: Any, **more: Any) -> httpx.Response:
    response: httpx.Response = await client.post("/changes", json={"changes": list(edits), **more})
    return response


async def saved(client: httpx.AsyncClient, *edits: Any, **more: Any) -> Any:
    response = await change(client, *edits, **more)
    assert response.status_code == 200, response.text
    return response.json()


def edit(kind: str, key: str, **given: Any) -> Any:
    return {"kind": kind, "key": key, **given}


def error(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["name"]


async def trail(house: Any, **params: Any) -> Any:
    async with house.operator() as operator:
        return (await operator.get("/audit", params=params)).json()


async def test_an_admin_creates_a_role_and_gives_it_to_two_people(house: Any) -> None:
    """“create a custom role with access to call recordings and scoring but not billing or account settings.” (000)"""
    async with house.operator("adm") as adm:
        found = await saved(
            adm,
            edit("role", "custom:qa-analyst", create=QA),
            edit("person", "bob", set={"role": "custom:qa-analyst"}),
            edit("person", "cat", set={"role": "custom:qa-analyst"}),
        )
        assert [one["person"] for one in found["effects"]] == ["bob", "cat"]
        assert "Your role is now QA Analyst." in found["effects"][0]["sentence"]
        assert found["notices"] == 2
    async with house.operator("bob") as bob:
        me = (await bob.get("/me")).json()
        assert set(me["permissions"]) == {"calls", "recordings", "scores", "caller_number"}
        assert me["panes"] == ["calls"]


async def test_what_is_not_permitted_is_refused_and_written_down(house: Any) -> None:
    async with house.operator("sue") as sue:
        refused = await change(sue, edit("person", "bob", set={"role": "standard:admin"}))
        assert error(refused) == (403, "not-permitted")
        assert "Assign roles" in refused.json()["error"]["reason"]
    (entry,) = await trail(house, allowed=False)
    assert (entry["by"], entry["act"], entry["target"]) == ("sue", "person.changed", "bob")
    assert entry["before"] == {"role": "standard:agent"}
    assert entry["after"] == {"role": "standard:admin"}
    assert house.hub.document("person", "bob")["role"] == "standard:agent"


async def test_every_change_is_written_down_with_the_fields_that_differ(house: Any) -> None:
    async with house.operator("adm") as adm:
        await saved(adm, edit("person", "bob", set={"name": "Bob T.", "extension": "102"}), note="married")
    (entry,) = await trail(house, act="person")
    assert (entry["by"], entry["act"], entry["target"], entry["note"]) == ("adm", "person.changed", "bob", "married")
    assert (entry["before"], entry["after"]) == ({"name": "Bob Tanaka"}, {"name": "Bob T."})


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


async def test_the_second_of_two_admins_is_told_what_changed(house: Any) -> None:
    async with house.operator("adm") as one, house.operator() as two:
        rows = (await one.get("/people")).json()
        revision = next(row["revision"] for row in rows if row["key"] == "bob")
        await saved(two, edit("person", "bob", set={"name": "Robert", "email": "r@example.org"}, revision=revision))
        late = await change(one, edit("person", "bob", set={"name": "Bobby"}, revision=revision))
        assert error(late) == (409, "changed-meanwhile")
        fields = {field["field"]: field for field in late.json()["error"]["fields"]}
        assert set(fields) == {"name", "email"}
        assert (fields["name"]["was"], fields["name"]["theirs"], fields["name"]["yours"]) == (
            "Bob Tanaka", "Robert", "Bobby",
        )  # fmt: skip
        assert fields["name"]["by"] == "hub:operator"
        fresh = next(row["revision"] for row in (await one.get("/people")).json() if row["key"] == "bob")
        await saved(one, edit("person", "bob", set={"name": "Bobby"}, revision=fresh))


async def test_a_change_set_is_all_or_nothing(house: Any) -> None:
    seq = house.hub.journal.get("person", "bob").seq
    async with house.operator("adm") as adm:
        refused = await change(
            adm,
            edit("person", "bob", set={"name": "Robert"}),
            edit("person", "cat", set={"role": "nobody:knows"}),
        )
        assert error(refused) == (422, "unknown")
    assert house.hub.journal.get("person", "bob").seq == seq


async def test_a_dry_run_says_everything_and_stores_nothing(house: Any) -> None:
    before = house.hub.journal.seq()
    async with house.operator("adm") as adm:
        found = await saved(adm, edit("person", "bob", set={"role": "standard:admin"}), dry_run=True)
        assert found["dry_run"]
        assert found["applied"] == [{"kind": "person", "key": "bob", "revision": 0}]
        assert "Added" in found["effects"][0]["sentence"]
        wrong = await saved(adm, edit("person", "adm", set={"disabled": True}), dry_run=True)
        assert [one["rule"] for one in wrong["refused"]] == ["last-admin"]
    assert house.hub.journal.seq() == before


async def test_reminders_of_missed_opportunities_need_the_report(house: Any) -> None:
    """“It is important to ensure you don't tick the 'Send email reminders for missed opportunities?' option as they
    cannot access the Missed Opportunities Report.” (002)
    """
    async with house.operator("adm") as adm:
        calls_only = edit("person", "cal", create={"name": "Cal", "role": "calltracks:calls-only", "missed_mail": True})
        assert error(await change(adm, calls_only)) == (422, "missed-mail")
        await saved(adm, edit("person", "rex", set={"missed_mail": True}))
        found = await saved(adm, edit("person", "rex", set={"role": "calltracks:calls-only"}))
        assert [one["rule"] for one in found["warnings"] if one["rule"] == "missed-mail"]
        assert not house.hub.document("person", "rex").get("missed_mail")


async def test_no_access_means_no_mail_no_code_and_no_session(house: Any) -> None:
    """“Please remember to ensure you DO NOT tick either of the email options, as they cannot access the system to
    respond.” (002)
    """
    async with house.operator("adm") as adm:
        for field in ("missed_mail", "report_mail"):
            assert error(await change(adm, edit("person", "ned", set={field: True}))) == (422, "no-access")
        refused = await adm.post("/people/ned/code")
        assert error(refused) == (422, "no-access")
        rex = await house.signed_in("rex")
        await saved(adm, edit("person", "rex", set={"role": "calltracks:no-access"}))
        assert error(await rex.get("/me")) == (401, "disabled")
        await rex.aclose()


async def test_a_disabled_persons_sessions_do_not_come_back_with_them(house: Any) -> None:
    bob = await house.signed_in("bob")
    async with house.operator("adm") as adm:
        await saved(adm, edit("person", "bob", set={"disabled": True}))
        await saved(adm, edit("person", "bob", set={"disabled": False}))
    assert error(await bob.get("/me")) == (401, "disabled")
    await bob.aclose()
    await (await house.signed_in("bob")).aclose()


async def test_a_tab_without_a_report_is_refused(house: Any) -> None:
    """“A new role as a minimum must contain 'view tab' and at least one 'view' subsection … without having this
    checked the UI will error.” (002)
    """
    async with house.operator("adm") as adm:
        tab = {"name": "Tab", "grants": {"reports.tab": {}}}
        assert error(await change(adm, edit("role", "custom:tab", create=tab))) == (422, "reports-tab")
        tab["grants"] = {"reports.missed": {"scope": ["ALL"]}}
        await saved(adm, edit("role", "custom:tab", create=tab), edit("person", "rex", set={"role": "custom:tab"}))
        assert "reports.tab" in house.hub.access("rex").me.permissions, "the tab comes with the report"


async def test_configuring_implies_viewing(house: Any) -> None:
    async with house.operator("adm") as adm:
        toggles = {"configure_wallboard": True, "view_wallboard": False}
        assert error(await change(adm, edit("person", "bob", set={"toggles": toggles}))) == (422, "wallboard")
        await saved(adm, edit("person", "bob", set={"toggles": {"configure_wallboard": True}}))
        assert house.hub.access("bob").me.may("wallboard")


async def test_warnings_name_the_rule_and_forbid_nothing(house: Any) -> None:
    await house.put(("number", {"key": "+35315550100", "name": "Main"}))
    async with house.operator("adm") as adm:
        found = await saved(adm, edit("person", "lin", create={"name": "Lin", "role": "standard:supervisor"}))
        assert {one["rule"] for one in found["warnings"]} == {"empty-grants"}
        found = await saved(adm, edit("person", "rea", create={"name": "Rea", "role": "standard:read-only"}))
        assert {one["rule"]: one["severity"] for one in found["warnings"]} == {"broad": "advice"}
        found = await saved(adm, edit("person", "lin", set={"caller_ids": ["+35315550100"]}))
        assert "extension" in {one["rule"] for one in found["warnings"]}, "calls need an extension"
        found = await saved(adm, edit("person", "lin", set={"caller_ids": [], "extension": "102"}))
        said = {one["rule"]: one["reason"] for one in found["warnings"]}
        assert "without a Caller ID" in said["caller-id"]
        assert "Bob Tanaka" in said["extension"], "two people with one extension see each other's calls"
        wrong = await change(adm, edit("person", "lin", set={"default_caller_id": "+35319999999"}))
        assert error(wrong) == (422, "caller-id")


TOGGLED = {"configure_wallboard": True, "view_wallboard": False}
RULES: dict[str, tuple[str, Any]] = {
    "not-permitted": ("sue", edit("role", "custom:x", create=QA)),
    "not-higher": ("lee", edit("person", "new", create={"name": "New", "role": "standard:manager"})),
    "last-admin": ("adm", edit("person", "adm", set={"disabled": True})),
    "in-use": ("adm", edit("team", "north", remove=True)),
    "reports-tab": ("adm", edit("role", "custom:tab", create={"name": "Tab", "grants": {"reports.tab": {}}})),
    "missed-mail": ("adm", edit("person", "cal", set={"missed_mail": True})),
    "schedule": ("adm", edit("person", "cal", set={"report_mail": True})),
    "no-access": ("adm", edit("person", "ned", set={"report_mail": True})),
    "caller-id": ("adm", edit("person", "bob", set={"default_caller_id": "+35319999999"})),
    "wallboard": ("adm", edit("person", "bob", set={"toggles": TOGGLED})),
    "extension": ("adm", edit("person", "cal", set={"caller_ids": ["+35315550100"]})),
    "empty-grants": ("adm", edit("person", "lin", create={"name": "Lin", "role": "standard:supervisor"})),
    "broad": ("adm", edit("person", "rea", create={"name": "Rea", "role": "standard:read-only"})),
    "pin": ("adm", {"pin": "12"}),
}
"""For each rule somebody, and an edit to which it has something to say."""
WARNING = ("extension", "empty-grants", "broad")


async def test_every_rule_says_its_name_the_reason_and_the_next_step_and_each_refusal_is_written_down(
    house: Any,
) -> None:
    await house.put(
        ("role", {"key": "custom:lead", "name": "Lead", "grants": {"users": {"level": "manage"}}}),
        ("person", {"key": "lee", "name": "Lee", "role": "custom:lead"}),
        ("person", {"key": "cal", "name": "Cal", "role": "calltracks:calls-only"}),
        ("number", {"key": "+35315550100", "name": "Main"}),
    )
    async with house.operator("adm") as adm:
        assert set((await adm.get("/catalogue")).json()["rules"]) == set(RULES)
    for rule, (who, wanted) in RULES.items():
        async with house.operator(who) as client:
            pin = rule == "pin"
            answer = await (client.put("/people/bob/pin", json=wanted) if pin else change(client, wanted))
        if rule in WARNING:
            said = {one["rule"]: one for one in answer.json()["warnings"]}[rule]
        else:
            assert answer.status_code in (403, 422), rule
            said = answer.json()["error"]
            assert said["name"] == rule
            (entry,) = await trail(house, limit=1)
            target = "bob" if pin else wanted["key"]
            assert (entry["by"], entry["allowed"], entry["target"]) == (who, False, target), rule
            assert said["reason"] in entry["note"], rule
            given = {} if pin else {**wanted.get("set", {}), **wanted.get("create", {})}
            assert (entry["after"] or {}) == given, rule
        assert said["reason"].endswith("."), rule
        assert said["next"], rule


async def test_removing_says_who_loses_what_first(house: Any) -> None:
    async with house.operator("adm") as adm:
        refused = await change(adm, edit("team", "north", remove=True))
        assert error(refused) == (422, "in-use")
        assert "Sue Lead loses" in refused.json()["error"]["reason"]
        await saved(adm, edit("team", "north", remove=True, confirm=True))
        again = await change(adm, edit("team", "north", create={"name": "North", "managers": ["sue"]}))
        assert error(again) == (422, "in-use"), "old calls still name the team"
        refused = await change(adm, edit("role", "standard:agent", remove=True))
        assert error(refused) == (422, "in-use")
        assert "Bob Tanaka, Cat Byrne have the role Agent." in refused.json()["error"]["reason"]
        await saved(adm, edit("role", "standard:agent", remove=True, instead="standard:read-only"))
        assert house.hub.document("person", "bob")["role"] == "standard:read-only"


async def test_a_grant_to_a_removed_queue_never_fits_one_of_its_name(house: Any) -> None:
    async with house.operator("adm") as adm:
        await saved(adm, edit("person", "bob", set={"grants": {"calls": {"scope": ["queue:" + SALES]}}}))
        await saved(adm, edit("queue", SALES, remove=True, confirm=True))
        assert not house.hub.document("person", "bob").get("grants")
        assert not house.hub.document("team", "south").get("queues")
        await house.put(("queue", {"key": SALES, "source": "pbx1", "name": "sales"}))
        assert "queue:" + SALES not in house.hub.access("bob").me.permissions["calls"].scope


@pytest.mark.parametrize("key", ["Bob", "a b", "-x", "ü"])
async def test_keys_that_cannot_be_typed_are_refused(house: Any, key: str) -> None:
    async with house.operator("adm") as adm:
        made = await change(adm, edit("person", key, create={"name": "X", "role": "standard:agent"}))
        assert error(made) == (422, "wrong-key")


async def test_a_field_that_there_is_not_is_named_with_those_there_are(house: Any) -> None:
    async with house.operator("adm") as adm:
        wrong = await change(adm, edit("person", "bob", set={"naem": "x"}))
        assert error(wrong) == (422, "wrong-field")
        assert "naem" in wrong.json()["error"]["reason"]
        assert "name" in wrong.json()["error"]["next"]
        every: list[dict[str, Any]] = [
            {"calls": {"scope": ["everything"]}},
            {"calls": {}},
            {"nope": {"scope": ["ALL"]}},
            {"users": {"scope": ["ALL"]}},
            {"calls": {"level": "own", "scope": ["ALL"]}},
        ]
        for grants in every:
            wrong = await change(adm, edit("role", "custom:x", create={"name": "X", "grants": grants}))
            assert error(wrong) == (422, "wrong-field"), grants


async def test_a_pin_is_unique_needs_an_extension_and_never_shows(house: Any) -> None:
    """“set up pin numbers for outbound calls” (002, Local Manager)"""
    await house.put(("person", {"key": "max", "name": "Max", "role": "calltracks:local-manager"}))
    async with house.operator("max") as mgr, house.operator("sue") as sue:
        assert (await mgr.put("/people/bob/pin", json={"pin": "80517"})).json() == {"person": "bob", "pin": "80517"}
        assert (await mgr.get("/people/bob/pin")).json()["pin"] == "80517"
        assert error(await mgr.put("/people/cat/pin", json={"pin": "80517"})) == (422, "pin")
        assert error(await mgr.put("/people/cat/pin", json={"pin": "12"})) == (422, "pin")
        assert error(await mgr.put("/people/rex/pin", json={"pin": "4242"})) == (422, "extension")
        assert error(await sue.get("/people/bob/pin")) == (403, "not-permitted")
    entries = await trail(house, act="pin", allowed=True)
    assert [(entry["act"], entry["target"]) for entry in entries] == [("pin.set", "bob")]
    assert "80517" not in str(entries)


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


async def test_every_refused_attempt_to_change_something_is_written_down(house: Any) -> None:
    async with house.operator("sue") as sue:
        decision = {"person": "adm", "permission": "roles", "decision": "remove"}
        board = {"name": "Mine", "pages": [{"name": "1", "rows": [{"panes": [{"pane": "clock"}]}]}]}
        for answer in (
            await change(sue, edit("role", "custom:x", create=QA)),
            await sue.put("/people/bob/pin", json={"pin": "4711"}),
            await sue.post("/people/adm/code"),
            await sue.post("/access-review", json=decision),
            await sue.put("/boards/mine", json=board),
            await sue.post("/teams/south/past", json={}),
            await sue.get("/me", headers={"Wallboard-View-As": "bob"}),
        ):
            assert error(answer) == (403, "not-permitted")
        assert error(await sue.post("/apply", json={"documents": []})) == (403, "only-operator")
    async with house.operator("adm") as adm:
        viewing = {"Wallboard-View-As": "sue"}
        assert error(await adm.post("/people/bob/code", headers=viewing)) == (403, "read-only")
    entries = await trail(house, allowed=False)
    assert [(entry["by"], entry["act"], entry["target"]) for entry in entries] == [
        ("adm", "viewed-as", "sue"), ("sue", "hub.apply", ""), ("sue", "viewed-as", "bob"),
        ("sue", "team.past-adopted", "south"), ("sue", "board.saved", "mine"), ("sue", "review.remove", "adm/roles"),
        ("sue", "code.given", "adm"), ("sue", "pin.set", "bob"), ("sue", "role.created", "custom:x"),
    ]  # fmt: skip
    assert all(entry["note"] for entry in entries)
    assert "4711" not in str(entries)


async def test_working_on_a_missed_opportunity_that_one_may_only_see_is_refused_and_written_down(house: Any) -> None:
    await house.take([f"{int(NOON) - 900}|1.1|support|NONE|ENTERQUEUE||+353861234567|1",
                      f"{int(NOON) - 870}|1.1|support|NONE|ABANDON|1|1|30"])  # fmt: skip
    async with house.operator("ria") as ria:
        answer = await ria.post("/followups/+353861234567", json={"act": "claim"})
        assert error(answer) == (403, "not-permitted")
    (entry,) = await trail(house, allowed=False)
    assert (entry["by"], entry["act"], entry["target"]) == ("ria", "followup.claim", "+353861234567")


async def test_taking_out_a_kind_that_is_none_is_refused_with_those_there_are(house: Any) -> None:
    for person in ("adm", "bob"):
        async with house.operator(person) as client:
            answer = await client.get("/organisation?kinds=colour")
        assert answer.status_code == 422
        assert "“colour” is no kind" in answer.text
        assert "person" in answer.text
