"""A full disk, as SQLite meets it: what was acknowledged stands, what was refused left nothing, and it goes on."""
# ruff: noqa: ASYNC110 - conditions nobody signals

import asyncio
import sqlite3
from typing import Any

import pytest

from wallboard_tui.journal import JournalError

NOON = 1_795_262_400
LONG = "x" * 6000
CORRIB = {"name": "Corrib", "time_zone": "Europe/Dublin", "packs": ["standard"]}


def fill(connection: sqlite3.Connection) -> None:
    """Leave no room for another page: SQLite answers as it does on a full disk."""
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")


def free(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA max_page_count = 1000000")


async def status_of(client: Any) -> str:
    return str((await client.get("/health")).json()["status"])


async def test_what_is_durable_is_acknowledged_although_there_is_no_room_for_the_view(house: Any) -> None:
    view = house.hub.view._connections.writer
    person = {"key": "eve", "name": "Eve Long", "role": "standard:agent", "manage_numbers": [LONG]}
    async with house.operator() as client:
        frames = house.stream("adm")
        async for frame in frames:
            if frame.event == "ready" and frame.data["from"] == 0:
                break
        await house.hub.run(fill, view)
        answer = await client.post("/apply", json={"documents": [["person", person]]})
        assert (answer.status_code, answer.json()["applied"]) == (200, 1)
        assert house.hub.document("person", "eve") is not None
        assert await status_of(client) == "view-behind"
        assert "eve" not in [doc["key"] for doc in (await client.get("/documents/person")).json()]
        refused = await client.post("/people/eve/code")
        assert (refused.status_code, refused.json()["error"]["name"]) == (507, "disk-full"), (
            "not: there is no such person"
        )

        await house.hub.run(free, view)
        async with asyncio.timeout(20):
            while await status_of(client) != "ok":
                await asyncio.sleep(0.02)
            assert "eve" in [doc["key"] for doc in (await client.get("/documents/person")).json()]
            async for frame in frames:
                if any(change[1] == "eve" for change in frame.data.get("changes", ())):
                    break
        await frames.aclose()


async def test_further_changes_are_refused_until_there_is_room_and_nothing_is_told_twice(house: Any) -> None:
    told: list[str] = []
    house.hub.applied.append(lambda entries: told.extend(entry.change.key for entry in entries))
    view = house.hub.view._connections.writer
    await house.hub.run(fill, view)
    await house.put(("contact", {"key": "+353870000001", "name": LONG}))
    with pytest.raises(JournalError, match="no room for it"):
        await house.put(("contact", {"key": "+353870000002", "name": "Refused"}))
    assert house.hub.document("contact", "+353870000002") is None
    assert told == []
    await house.hub.run(free, view)
    await house.put(("contact", {"key": "+353870000009", "name": "Last"}))
    assert told == ["+353870000001", "+353870000009"]
    assert house.hub.view.seq == house.hub.journal.seq()


async def test_an_import_that_finds_the_disk_full_says_so_and_goes_on_later(house: Any, tmp_path: Any) -> None:
    log = tmp_path / "queue_log"
    log.write_text("".join(f"{NOON - n}|{n}.1|support|NONE|ENTERQUEUE||+35387{n:07}|1\n" for n in range(500)))
    body = {"kind": "queue-log", "paths": [str(log)], "source": "pbx1"}
    async with house.operator() as client:
        for full in (house.hub.journal._writer, house.hub.view._connections.writer):
            await house.hub.run(fill, full)
            answer = await client.post("/import", json=body)
            assert (answer.status_code == 507) or (b'"disk-full"' in answer.content.splitlines()[-1]), answer.text
            assert "disk" in answer.text
            await house.hub.run(free, full)
        summary = (await client.post("/import", json=body)).content.splitlines()[-1]
        assert b'"refused":0' in summary.replace(b" ", b"")
        assert len((await client.get("/calls?limit=1000")).json()) == 500
        assert await status_of(client) == "ok"


async def test_an_organisation_is_founded_with_its_admins_code_or_not_at_all(
    home: Any, clock: Any, a_running_hub: Any
) -> None:
    async with a_running_hub(home, clock) as house, house.operator() as client:
        await house.hub.run(fill, house.hub.journal._writer)
        refused = await client.post("/init", json=CORRIB)
        assert (refused.status_code, refused.json()["error"]["name"]) == (507, "disk-full")
        assert await house.hub.run(house.hub.journal.count) == 0
        await house.hub.run(free, house.hub.journal._writer)
        made = (await client.post("/init", json=CORRIB)).json()
        body = {"person": "admin", "old": made["code"], "new": "four words that fit"}
        assert (await client.post("/password", json=body)).status_code == 200
