"""The audit trail through a running hub: read, searched, in pages, and without what its reader may not know."""

from typing import Any

import pytest


async def save(house: Any, *edits: Any, by: str = "adm") -> Any:
    async with house.operator(by) as client:
        response = await client.post("/changes", json={"changes": list(edits)})
        assert response.status_code == 200, response.text
        return response.json()


def person(key: str, **fields: Any) -> Any:
    return {"kind": "person", "key": key, "set": fields}


async def test_the_audit_trail_goes_on_behind_the_last_entry_also_among_those_of_one_moment(house: Any) -> None:
    names = [f"Bob {number}" for number in range(7)]
    for name in names:
        await save(house, person("bob", name=name))
    async with house.operator("adm") as adm:
        found: list[Any] = []
        while page := (
            await adm.get(
                "/audit", params={"limit": 3, "target": "bob", "older_than": found[-1]["key"] if found else ""}
            )
        ).json():
            found += page
    assert [entry["after"]["name"] for entry in found] == names[::-1]
    assert len({entry["at"] for entry in found}) == 1


async def test_a_long_trail_is_sent_whole_and_a_search_in_it_holds_nobody_up(
    house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from wallboard_tui.hub import audit_trail

    monkeypatch.setattr(audit_trail, "LOOKED_AT", 10)
    entries = [house.hub.audit("adm", "person.changed", f"p{number}") for number in range(95)]
    await house.hub.run(house.hub.commit, entries)
    turns, read = [], house.hub.later

    async def later(*given: Any) -> Any:
        turns.append(given)
        return await read(*given)

    monkeypatch.setattr(house.hub, "later", later)
    async with house.operator("adm") as adm:
        found = (await adm.get("/audit", params={"limit": 1000})).json()
        assert len(found) == 95
        assert len(turns) > 9, "each turn on the hub's thread is short"
        assert [entry["target"] for entry in found[:2]] == ["p94", "p93"]
        assert (await adm.get("/audit", params={"text": "p7 person.changed"})).json()[-1]["target"] == "p7"
        assert (await adm.get("/audit", params={"text": "nobody"})).json() == []


async def test_a_trail_that_is_being_read_breaks_off_when_its_reader_is_closed_out(
    house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from wallboard_tui.hub import audit_trail

    monkeypatch.setattr(audit_trail, "LOOKED_AT", 10)
    await house.put(("person", {"key": "eve", "name": "Eve", "role": "standard:admin"}))
    await house.hub.run(house.hub.commit, [house.hub.audit("adm", "person.changed", f"p{n}") for n in range(95)])
    turns, read = [], house.hub.later

    async def later(*given: Any) -> Any:
        turns.append(given)
        if len(turns) == 3:
            await save(house, person("eve", disabled=True))
        return await read(*given)

    monkeypatch.setattr(house.hub, "later", later)
    async with house.operator("eve") as eve:
        text = (await eve.get("/audit", params={"limit": 1000})).text
    assert "p94" in text
    assert "p70" not in text
    assert not text.endswith("]"), "nobody takes it for the whole"


async def test_the_audit_trail_is_read_by_time_person_and_act(house: Any) -> None:
    for name in ("One", "Two", "Three"):
        house.clock.now += 10
        await save(house, person("bob", name=name))
    async with house.operator("adm") as adm:
        entries = (await adm.get("/audit", params={"target": "bob"})).json()
        assert [entry["after"]["name"] for entry in entries] == ["Three", "Two", "One"]
        older = (await adm.get("/audit", params={"target": "bob", "before": entries[0]["at"]})).json()
        assert [entry["after"]["name"] for entry in older] == ["Two", "One"]
        assert (await adm.get("/audit", params={"act": "person", "limit": 1})).json()[0]["target"] == "bob"
        assert (await adm.get("/audit", params={"by": "nobody"})).json() == []


async def test_the_audit_trail_is_searched_by_names_and_hides_callers_from_those_who_may_not_know_them(
    house: Any,
) -> None:
    await house.put(
        ("role", {"key": "custom:auditor", "name": "Auditor", "grants": {"audit": {}}}),
        ("person", {"key": "aud", "name": "Aud", "role": "custom:auditor"}),
    )
    contact = {"kind": "contact", "key": "+353899111222", "create": {"name": "Hortensia"}}
    await save(house, contact, person("bob", name="Bob T."))
    async with house.operator("aud") as aud:
        everything = (await aud.get("/audit")).text
        assert "contact.created" in everything
        assert "+353899111222" not in everything
        assert "Hortensia" not in everything
        assert (await aud.get("/audit", params={"text": "hortensia"})).json() == []
        (entry,) = (await aud.get("/audit", params={"text": "ada bob person.changed"})).json()
        assert entry["target"] == "bob"
    async with house.operator("adm") as adm:
        (entry,) = (await adm.get("/audit", params={"text": "hortensia"})).json()
        assert entry["target"] == "+353899111222"
