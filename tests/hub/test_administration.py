"""Editing people, roles and teams through a running hub: what is saved, refused, told, and written down."""

from typing import Any

import pytest

from .editing import NOON, QA, change, edit, error, saved, trail


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


async def test_what_one_had_seen_is_not_told_as_changed_meanwhile(house: Any) -> None:
    async with house.operator("adm") as one, house.operator() as two:
        await saved(two, edit("person", "bob", set={"name": "Robert"}))
        seen = house.hub.journal.get("person", "bob").seq
        await saved(two, edit("person", "bob", set={"email": "r@example.org"}))
        late = await change(one, edit("person", "bob", set={"extension": "109"}, revision=seen))
        assert [field["field"] for field in late.json()["error"]["fields"]] == ["email"]


async def test_documents_applied_together_are_not_told_as_changed_since(house: Any) -> None:
    """Their trail stands behind each of them: what came after is the other admin's alone."""
    people = [["person", {"key": key, "name": key.title(), "role": "standard:agent"}] for key in ("eve", "fay")]
    async with house.operator("adm") as one, house.operator() as operator:
        await operator.post("/apply", json={"documents": people})
        seen = house.hub.journal.get("person", "eve").seq
        await saved(one, edit("person", "eve", set={"name": "Eva"}))
        late = await change(operator, edit("person", "eve", set={"name": "Evelyn"}, revision=seen))
    told = [(field["field"], field["was"], field["by"]) for field in late.json()["error"]["fields"]]
    assert told == [("name", "Eve", "adm")]


async def test_a_role_that_its_organisation_brings_along_too_is_told_of_once(house: Any) -> None:
    """An export holds an organisation and its roles; with two entries the next admin hears of a change nobody made."""
    organisation = {**house.hub.document("organisation", "organisation"), "packs": ["standard", "justcall"]}
    role = {"key": "justcall:agent", "name": "Agent", "pack": "justcall"}
    async with house.operator("adm") as one, house.operator() as operator:
        await operator.post("/apply", json={"documents": [["organisation", organisation], ["role", role]]})
        assert [entry["act"] for entry in await trail(house) if entry["target"] == role["key"]] == ["role.created"]
        seen = house.hub.journal.get("role", role["key"]).seq
        await saved(one, edit("role", role["key"], set={"description": "On the phone"}))
        late = await change(operator, edit("role", role["key"], set={"name": "Agents"}, revision=seen))
    assert {field["by"] for field in late.json()["error"]["fields"]} == {"adm"}


async def test_a_refused_attempt_is_written_down_with_its_rule_and_what_would_have_changed(house: Any) -> None:
    bob = house.hub.document("person", "bob")
    async with house.operator("sue") as sue:
        await change(
            sue,
            edit("person", "bob", put={**bob, "name": "Robert"}),
            edit("person", "cat", put=house.hub.document("person", "cat")),
            edit("team", "south", remove=True),
        )
    team, person = await trail(house, allowed=False)
    assert (person["target"], person["before"], person["after"]) == ("bob", {"name": "Bob Tanaka"}, {"name": "Robert"})
    assert (team["act"], team["before"]["members"], team["after"]) == ("team.removed", ["cat"], None)
    assert team["note"].startswith("not-permitted: You may not remove a team")


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


async def test_a_disabled_persons_sessions_do_not_come_back_with_them(house: Any) -> None:
    bob = await house.signed_in("bob")
    async with house.operator("adm") as adm:
        await saved(adm, edit("person", "bob", set={"disabled": True}))
        await saved(adm, edit("person", "bob", set={"disabled": False}))
    assert error(await bob.get("/me")) == (401, "disabled")
    await bob.aclose()
    await (await house.signed_in("bob")).aclose()


@pytest.mark.parametrize(
    ("kind", "key", "doc"),
    [
        ("person", "bob", {"name": "Beth", "role": "standard:agent"}),
        ("team", "north", {"name": "Far north"}),
        ("role", "standard:receptionist", {"name": "Desk"}),
    ],
)
@pytest.mark.parametrize("how", ["create", "put"])
async def test_what_is_removed_is_not_made_again_in_the_same_set(
    house: Any, kind: str, key: str, doc: Any, how: str
) -> None:
    """Whoever comes after would have the password, the PIN and the open terminals of whoever was there before."""
    gone = edit(kind, key, remove=True, confirm=True, **({"instead": "standard:agent"} if kind == "role" else {}))
    async with house.operator("adm") as adm:
        refused = await change(adm, gone, edit(kind, key, **{how: doc}))
        assert error(refused) == (422, "in-use")
        await saved(adm, gone)
        assert error(await change(adm, edit(kind, key, **{how: doc}))) == (422, "in-use")


@pytest.mark.parametrize("key", ["Bob", "a b", "-x", "ü"])
async def test_keys_that_cannot_be_typed_are_refused(house: Any, key: str) -> None:
    async with house.operator("adm") as adm:
        made = await change(adm, edit("person", key, create={"name": "X", "role": "standard:agent"}))
        assert error(made) == (422, "wrong-key")


@pytest.mark.parametrize("name", ["\x1b]0;mine\x07", "two\nlines", "long " * 25])
async def test_what_others_read_on_a_line_fits_on_one_whatever_it_names(house: Any, name: str) -> None:
    queue = "asterisk:pbx1:sales"
    async with house.operator("adm") as adm:
        for given in (
            edit("number", "+35315550100", create={"name": name}),
            edit("number", "+35315550100", create={"name": "Main", "campaign": name}),
            edit("queue", queue, set={"title": name}),
            edit("person", "bob", set={"name": name}),
        ):
            assert error(await change(adm, given)) == (422, "wrong-field"), given
        await saved(adm, edit("number", "+35315550100", create={"name": "", "campaign": "Été 2026 [radio]"}))
        await saved(adm, edit("queue", queue, set={"title": "Vertrieb – Süd"}), edit("queue", queue, set={"title": ""}))


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
