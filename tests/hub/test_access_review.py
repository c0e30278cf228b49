"""The access review through a running hub: who holds what, since when, used when, decided by whom."""

from typing import Any


async def save(house: Any, *edits: Any, by: str = "adm") -> Any:
    async with house.operator(by) as client:
        response = await client.post("/changes", json={"changes": list(edits)})
        assert response.status_code == 200, response.text
        return response.json()


def person(key: str, **fields: Any) -> Any:
    return {"kind": "person", "key": key, "set": fields}


async def test_the_review_is_overdue_after_a_quarter_until_somebody_decides(house: Any, clock: Any) -> None:
    """“Audit quarterly — Review which roles have export and reporting permissions.” (000)"""
    async with house.operator("adm") as adm:
        rows = (await adm.get("/access-review")).json()["rows"]
        assert [row for row in rows if row["overdue"]] == []
        clock.now += 92 * 86400
        rows = (await adm.get("/access-review", params={"overdue": True})).json()["rows"]
        assert {row["person"] for row in rows} >= {"adm", "sue"}
        body = {"person": "sue", "permission": "export", "decision": "keep", "note": "monthly figures"}
        kept = (await adm.post("/access-review", json=body)).json()
        assert (kept["decided"], kept["decided_by"], kept["overdue"]) == ("keep", "adm", False)
        left = (await adm.get("/access-review", params={"overdue": True})).json()["rows"]
        assert ("sue", "export") not in {(row["person"], row["permission"]) for row in left}
    async with house.operator("sue") as sue:
        assert (await sue.get("/access-review")).json()["error"]["name"] == "not-permitted"


async def test_the_review_names_who_gave_it_when_and_when_it_was_used(house: Any, clock: Any) -> None:
    clock.now += 100
    await save(house, person("bob", grants={"users": {"level": "manage"}}))
    given = clock.now
    clock.now += 100
    await save(house, person("bob", name="Robert"))
    async with house.operator("adm") as adm:
        rows = {(row["person"], row["permission"]): row for row in (await adm.get("/access-review")).json()["rows"]}
    row = rows["bob", "users"]
    assert (row["since"], row["given_by"], row["through"]) == (given, "adm", ["a grant of their own"])
    assert row["last_used"] is None
    assert rows["adm", "users"]["last_used"] == given, "to the hour"


async def test_of_several_toggles_each_is_said_to_be_given_when_it_was(house: Any, clock: Any) -> None:
    await house.put(("person", {"key": "eve", "name": "Eve", "role": "standard:admin"}))
    clock.now += 100
    await save(house, person("bob", toggles={"view_call_recordings": True}))
    first = clock.now
    clock.now += 100
    await save(house, person("bob", toggles={"view_call_recordings": True, "export_data": True}), by="eve")
    async with house.operator("adm") as adm:
        rows = [row for row in (await adm.get("/access-review")).json()["rows"] if row["person"] == "bob"]
    given = {row["permission"]: (row["since"], row["given_by"]) for row in rows}
    assert (given["recordings"], given["export"]) == ((first, "adm"), (clock.now, "eve"))


USES: dict[str, tuple[set[str], list[tuple[str, str, Any]]]] = {
    "the list of members": ({"users"}, [("GET", "/people", None)]),
    "what somebody else may do": ({"users"}, [("GET", "/people/bob/access", None)]),
    "a one-time code": ({"users"}, [("POST", "/people/bob/code", None)]),
    "the list of roles": ({"roles"}, [("GET", "/roles", None)]),
    "another role": (
        {"roles", "roles.assign"}, [("POST", "/changes", {"changes": [person("bob", role="standard:receptionist")]})],
    ),
    "another name": ({"users"}, [("POST", "/changes", {"changes": [person("bob", name="Robert")]})]),
    "one's own board": (set(), [("POST", "/changes", {"changes": [person("adm", board="mine")]})]),
    "a foreseen change": (set(), [
        ("POST", "/changes", {"changes": [person("cat", name="Kate")], "dry_run": True}),
    ]),
    "the audit trail": ({"audit"}, [("GET", "/audit", None)]),
    "the organisation as a file": ({"users", "roles"}, [("GET", "/organisation", None)]),
    "looking through other eyes": ({"users", "roles"}, [("GET", "/me", {"as": "bob"})]),
    "all calls": ({"everything"}, [("GET", "/calls", None)]),
    "figures of all": ({"everything"}, [("GET", "/kpis", None)]),
    "nothing": (set(), [("GET", "/me", None), ("GET", "/catalogue", None), ("GET", "/people/adm/access", None)]),
}  # fmt: skip
"""What an admin does, and the sensitive permissions that are used by it."""


async def test_the_review_says_when_each_permission_was_last_used(house: Any, clock: Any) -> None:
    for what, (permissions, asked) in USES.items():
        clock.now += 2 * 3600
        async with house.operator("adm") as adm:
            for method, path, body in asked:
                view = {"Wallboard-View-As": body["as"]} if body and "as" in body else {}
                answer = await adm.request(method, path, json=None if view else body, headers=view)
                assert answer.status_code == 200, f"{what}: {answer.text}"
            rows = (await adm.get("/access-review")).json()["rows"]
        used = {row["permission"] for row in rows if row["person"] == "adm" and row["last_used"] == clock.now}
        assert used == permissions, what


async def test_a_board_that_shows_everything_uses_that_and_one_of_a_team_does_not(house: Any) -> None:
    for key in ("adm", "sue"):
        async with house.operator(key) as client, client.stream("GET", "/feed") as answer:
            await anext(answer.aiter_bytes())
    async with house.operator("adm") as adm:
        rows = (await adm.get("/access-review")).json()["rows"]
    assert [row["person"] for row in rows if row["last_used"] and row["permission"] == "everything"] == ["adm"]
