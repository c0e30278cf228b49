"""The organisation as a file, against running hubs: what is exported, applied to a fresh hub and exported again is the
same file; a dry run changes nothing and says the difference; applied again, nothing changes.
"""

import random
from typing import Any

import pytest

from wallboard_tui.access.packs import NAMES, roles_of
from wallboard_tui.model.base import Doc
from wallboard_tui.reports.organisation import OrganisationMistakes, edits, from_toml, to_toml

QUEUES = tuple(f"asterisk:pbx1:{name}" for name in ("sales", "support", "Café “4”"))
NUMBERS = ("+35315550100", "+35315550200")
SCOPED = ("calls", "recents", "recordings", "analytics", "analytics.rollup", "reports.missed", "wallboard", "export")
PLAIN = ("users", "roles", "numbers", "billing", "contacts", "audit")
ATOMS = ("ALL", "MANAGED", "OWN_TEAMS", "SELF", "GRANTED", *(f"queue:{key}" for key in QUEUES),
         *(f"number:{key}/inbound" for key in NUMBERS), "ext:101/outbound", "team:t0")  # fmt: skip
WORDS = ("Ann", "Zoë O'Neill", 'a "quoted" name', "back\\slash", "日本", "Łucja-Ø", "x" * 60)


def grants(dice: random.Random) -> Doc:
    found: Doc = {}
    for name in dice.sample(SCOPED, dice.randint(0, 4)):
        scope = dice.sample(ATOMS, dice.randint(1, 3))
        found[name] = {"level": dice.choice(("view", "manage")), "scope": scope}
    found.update({name: {"level": dice.choice(("view", "manage"))} for name in dice.sample(PLAIN, dice.randint(0, 2))})
    return found


def organisation(seed: int) -> list[tuple[str, Doc]]:
    """An organisation with several packs, custom and customised roles, toggles, grants, teams and numbers."""
    dice = random.Random(seed)
    packs = ["standard", *dice.sample([name for name in NAMES if name != "standard"], dice.randint(1, 3))]
    roles = [role.dump() for pack in packs for role in roles_of(pack)]
    changed = dice.choice([role for role in roles if role["key"] != "standard:admin" and role.get("login", True)])
    changed["grants"] = grants(dice)
    own = [{"key": f"custom:r{n}", "name": f"{dice.choice(WORDS)} {n}", "grants": grants(dice)} for n in range(3)]
    people = []
    for number in range(8):
        person = {"key": f"p{number}", "name": dice.choice(WORDS), "role": dice.choice([*roles, *own])["key"]}
        person["grants"] = grants(dice) if dice.random() < 0.5 else {}
        person["extension"] = f"1{number:02}" if dice.random() < 0.7 else None
        person["manage_queues"] = dice.sample(QUEUES, dice.randint(0, 2))
        person["toggles"] = {"view_call_recordings": dice.random() < 0.5} if dice.random() < 0.5 else {}
        people.append(person)
    keys = [person["key"] for person in people]
    teams = [
        {"key": f"t{n}", "name": f"Team {n}", "members": dice.sample(keys, 3), "managers": dice.sample(keys, 1),
         "queues": dice.sample(QUEUES, dice.randint(0, 2)), "numbers": dice.sample(NUMBERS, dice.randint(0, 1))}
        for n in range(3)
    ]  # fmt: skip
    return [
        ("organisation", {"key": "organisation", "name": dice.choice(WORDS), "time_zone": "Europe/Dublin",
                          "packs": packs, "min_sample": dice.randint(1, 9)}),
        *(("role", role) for role in (*roles, *own)),
        *(("queue", {"key": key, "source": "pbx1", "name": key.rpartition(":")[2]}) for key in QUEUES),
        *(("number", {"key": key, "name": dice.choice(WORDS)}) for key in NUMBERS),
        ("agent", {"key": "asterisk:pbx1:Ann", "source": "pbx1", "name": "Ann"}),
        *(("person", person) for person in people),
        *(("team", team) for team in teams),
    ]  # fmt: skip


def test_what_a_phone_system_says_of_a_queue_is_no_part_of_the_file() -> None:
    queue = {"key": QUEUES[0], "source": "pbx1", "name": "sales", "service_level_s": 30}
    text = to_toml([("queue", {**queue, "told": {"service_level_s": 30}})])
    assert from_toml(text, "org.toml") == [("queue", queue)]
    with pytest.raises(OrganisationMistakes, match="there is no field “told”"):
        from_toml(text + "told = { service_level_s = 5 }\n", "org.toml")


async def test_a_queue_put_from_a_file_follows_its_phone_system_where_the_file_says_nothing_else(house: Any) -> None:
    key = QUEUES[0]
    queue = {"key": key, "source": "pbx1", "name": "sales"}
    told = {"service_level_s": 30, "wrap_up_s": 10}
    await house.put(("queue", {**queue, "service_level_s": 45, "wrap_up_s": 10, "told": told}))
    assert (await applied(house, to_toml([("queue", {**queue, "wrap_up_s": 5})]))).status_code == 200
    found = await house.hub.read(house.hub.document, "queue", key)
    assert found == {**queue, "service_level_s": 30, "wrap_up_s": 5, "told": told}


async def exported(house: Any) -> str:
    async with house.operator() as client:
        answer = await client.get("/organisation")
    assert answer.status_code == 200, answer.text
    return to_toml([(kind, doc) for kind, doc in answer.json()["documents"]])


async def applied(house: Any, text: str, *, dry_run: bool = False) -> Any:
    changes = [one.model_dump(mode="json") for one in edits(from_toml(text, "org.toml"), [], prune=False)]
    async with house.operator() as client:
        return await client.post("/changes", json={"changes": changes, "dry_run": dry_run})


@pytest.mark.parametrize("seed", range(4))
async def test_an_exported_organisation_applied_to_a_fresh_hub_is_exported_the_same(
    seed: int, a_running_hub: Any, tmp_path: Any, clock: Any
) -> None:
    async with a_running_hub(tmp_path / "old", clock, organisation(seed)) as old:
        text = await exported(old)
    bare = [("organisation", {"key": "organisation", "name": "New", "time_zone": "UTC", "packs": []})]
    async with a_running_hub(tmp_path / "new", clock, bare) as new:
        empty = await exported(new)
        foreseen = (await applied(new, text, dry_run=True)).json()
        assert {one["key"] for one in foreseen["differences"]} >= {"organisation", "p0", "t0", "custom:r0", NUMBERS[0]}
        assert await exported(new) == empty, "a dry run changes nothing"
        assert (answer := await applied(new, text)).status_code == 200, answer.text
        assert await exported(new) == text
        again = (await applied(new, text)).json()
        assert (again["applied"], again["differences"]) == ([], [])


async def test_who_may_read_all_of_an_organisation_and_change_a_part_of_it_applies_it_with_that_part_changed(
    house: Any,
) -> None:
    """002's Customer Super Admin sees the account and does not change it; its table stands in the file all the same."""
    await house.put(
        *(("role", one.dump()) for one in roles_of("calltracks")),
        ("person", {"key": "cas", "name": "Cas", "role": "calltracks:customer-super-admin"}),
    )
    async with house.operator("cas") as cas:
        documents = (await cas.get("/organisation")).json()["documents"]
        text = to_toml([(kind, doc) for kind, doc in documents])
        assert "[organisation]" in text

        async def apply(said: str) -> Any:
            wanted = edits(from_toml(said, "org.toml"), [], prune=False)
            changes = [one.model_dump(mode="json") for one in wanted if one.kind != "queue"]
            return await cas.post("/changes", json={"changes": changes})

        answer = await apply(text)
        assert answer.status_code == 200, answer.text
        assert answer.json()["applied"] == []
        refused = await apply(text.replace('time_zone = "Europe/Dublin"', 'time_zone = "UTC"'))
        assert refused.json()["error"]["name"] == "not-permitted", "what stands there may be read, and not changed"
        about = {one["about"] for one in refused.json()["error"]["findings"]}
        assert about == {"organisation organisation"}


@pytest.mark.parametrize("seed", range(30))
def test_an_organisation_is_the_same_once_written_and_read(seed: int) -> None:
    text = to_toml(organisation(seed))
    assert to_toml([(kind, doc) for kind, doc in from_toml(text, "org.toml")]) == text


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("extension = 4711", ["org.toml", "person 1 (p0)", "extension"]),
        ('rôle = "standard:agent"', ["org.toml", "line "]),
        ('rolle = "standard:agent"', ["org.toml", "person 1 (p0)", "rolle", "role"]),
    ],
)
def test_a_mistake_in_a_file_is_named_with_its_file_place_and_key(line: str, said: list[str]) -> None:
    text = f'[[person]]\nkey = "p0"\nname = "P"\n{line}\nrole = \'x\'\n'
    with pytest.raises(OrganisationMistakes) as mistake:
        from_toml(text, "org.toml")
    assert [word for word in said if word not in str(mistake.value)] == []


@pytest.mark.parametrize(
    ("field", "rule"),
    [
        ('role = "custom:nobody"', "unknown"),
        ('role = "calltracks:no-access"\nmissed_mail = true', "no-access"),
        ('role = "justcall:agent"\ntoggles = { configure_wallboard = true, view_wallboard = false }', "wallboard"),
        ('role = "justcall:agent"\nextension = "not one"', "wrong-field"),
    ],
)
async def test_a_file_that_breaks_a_rule_is_refused_by_its_name_and_whole(
    field: str, rule: str, a_running_hub: Any, home: Any, clock: Any
) -> None:
    bare = [("organisation", {"key": "organisation", "name": "New", "time_zone": "UTC", "packs": []})]
    text = "[organisation]\nname = \"Corrib\"\ntime_zone = \"UTC\"\npacks = ['standard', 'justcall', 'calltracks']\n"
    text += '[[person]]\nkey = "good"\nname = "Good"\nrole = "standard:agent"\n'
    text += f'[[person]]\nkey = "bad"\nname = "Bad"\n{field}\n'
    async with a_running_hub(home, clock, bare) as house:
        before = await exported(house)
        answer = await applied(house, text)
        assert (answer.status_code, answer.json()["error"]["name"]) == (422, rule), answer.text
        assert "bad" in answer.text
        assert await exported(house) == before
