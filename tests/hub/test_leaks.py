"""Nothing of what a person may not know reaches them: planted secrets are searched for in every byte that the hub sends
and that their terminal keeps.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from pathlib import Path
from typing import Any

import pytest

from wallboard_tui.client.cache import Cache
from wallboard_tui.client.connection import Connection
from wallboard_tui.client.home import Home
from wallboard_tui.client.hub import HubClient
from wallboard_tui.client.sync import Sync

NOON = 1_795_262_400.0
CALLER, NAME, QUEUE, AGENT, TEAM, CONTACT = (
    "+353899111222", "Zephyrine Oblomov", "velvetline", "Quillfeather", "Obsidian Squad", "Hortensia Nightgale",
)  # fmt: skip
SECRETS = [word.encode() for word in (CALLER, NAME, QUEUE, AGENT, TEAM, CONTACT)]
KEY = f"asterisk:pbx1:{QUEUE}"
RESTRICTED: dict[str, dict[str, Any]] = {
    "sue": {"role": "standard:supervisor"},
    "bob": {"role": "standard:agent"},
    "non": {"role": "nuacom:non-admin", "manage_queues": ["asterisk:pbx1:support"], "toggles": {"wallboard": True}},
    "num": {"role": "custom:number"},
    "nil": {"role": "custom:nil"},
}
ASKED = (
    "/me", "/calls?limit=1000", f"/calls?text={QUEUE}", "/calls?text=Zeph", f"/calls?caller=%2B{CALLER[1:]}",
    f"/calls?queue={KEY}", *(f"/kpis?by={by}&period=all" for by in ("queue", "agent", "team", "number", "all")),
    "/boards", "/boards/secret", "/sources", "/catalogue", "/people", "/roles", "/teams", "/numbers", "/queues",
    "/audit", "/access-review", "/organisation", "/assignable", "/people/zed/access", "/why/zed/asterisk:pbx1:9.9",
    "/who-can-see/asterisk:pbx1:9.9", f"/why/%s/{KEY}?kind=queue", "/why/%s/asterisk:pbx1:9.9", "/people/zed/pin",
    "/health", "/openapi.json",
)  # fmt: skip


def documents() -> list[tuple[str, dict[str, Any]]]:
    """A team, a queue, an agent, a contact and a board that none of the restricted people may know of."""
    from wallboard_tui.access.packs import roles_of

    scope = {"scope": ["number:+35315550100"]}
    pane = {"pane": "wallboard", "queues": [QUEUE]}
    return [
        *(("role", one.dump()) for one in roles_of("nuacom")),
        ("role", {"key": "custom:number", "name": "Number", "grants": {"calls": scope, "analytics.rollup": scope}}),
        ("role", {"key": "custom:nil", "name": "Nil", "grants": {}}),
        *(("person", {"key": key, "name": key.title(), **doc}) for key, doc in RESTRICTED.items() if key != "bob"),
        ("agent", {"key": f"asterisk:pbx1:{AGENT}", "source": "pbx1", "name": AGENT, "queues": [KEY]}),
        ("queue", {"key": KEY, "source": "pbx1", "name": QUEUE, "title": QUEUE.title()}),
        ("person", {"key": "zed", "name": AGENT, "role": "standard:agent", "agents": [f"asterisk:pbx1:{AGENT}"]}),
        ("team", {"key": "zteam", "name": TEAM, "members": ["zed"], "queues": [KEY]}),
        ("contact", {"key": CALLER, "name": CONTACT}),
        ("number", {"key": "+35315550100", "name": "Main"}),
        ("board", {"key": "secret", "name": TEAM, "audience": {"people": ["zed"]},
                   "pages": [{"name": "1", "rows": [{"panes": [pane]}]}]}),
    ]  # fmt: skip


def lines(first: int) -> list[str]:
    """Calls that are secret (answered and missed), and one that everybody restricted might see."""
    at = int(NOON) + first
    return [
        f"{at}|9.9{first or ''}|{QUEUE}|NONE|ENTERQUEUE||{CALLER}|1",
        f"{at + 5}|9.9{first or ''}|{QUEUE}|{AGENT}|CONNECT|5|9.9x|2",
        f"{at + 9}|8.8{first}|{QUEUE}|NONE|ENTERQUEUE||{CALLER}|1",
        f"{at + 10}|NONE|NONE|{AGENT}|PAUSEALL|{NAME}|",
        f"{at + 11}|7.7{first}|support|NONE|ENTERQUEUE||+353861234567|1",
        f"{at + 16}|7.7{first}|support|Bob|CONNECT|5|7.7x|2",
        f"{at + 39}|8.8{first}|{QUEUE}|NONE|ABANDON|1|1|30",
        f"{at + 65}|9.9{first or ''}|{QUEUE}|{AGENT}|COMPLETECALLER|5|60|1",
        f"{at + 76}|7.7{first}|support|Bob|COMPLETECALLER|5|60|1",
    ]


@pytest.fixture
async def planted(house: Any) -> Any:
    """The house with the secrets in it."""
    await house.put(*documents())
    hashed = house.hub.document("credential", "bob")["password_hash"]
    await house.put(*(("credential", {"key": key, "password_hash": hashed}) for key in RESTRICTED))
    await house.take(lines(0))
    call = house.hub.document("call", "asterisk:pbx1:9.9")
    await house.put(("call", {**call, "caller_name": NAME}))
    return house


async def heard(house: Any, person: str) -> bytes:
    """Every byte of a feed: the snapshot, and what happens while it is open."""
    found = b""
    stream: AsyncGenerator[bytes, None] = house.runtime.feed.stream(person, None, None)
    async with aclosing(stream):
        filled = False
        async for frame in stream:
            found += frame
            if b"event: ready" in frame and b'"from":0' in frame.replace(b" ", b"") and not filled:
                filled = True
                await house.take(lines(100))
                # Whatever is made of it is sent within this; then something that everybody gets ends it.
                await asyncio.sleep(0.6)
                organisation = house.hub.document("organisation", "organisation")
                await house.put(("organisation", {**organisation, "min_sample": 6}))
            if filled and b'"min_sample":6' in frame.replace(b" ", b""):
                return found
    return found


@pytest.mark.parametrize("person", sorted(RESTRICTED))
async def test_no_secret_is_in_any_byte_of_feed_or_answer(planted: Any, person: str) -> None:
    sent = await heard(planted, person)
    answers = b""
    client = await planted.signed_in(person)
    for path in ASKED:
        response = await client.get(path.replace("%s", person))
        assert response.status_code < 500, path
        # An error may repeat the words of the question, and nothing else.
        if QUEUE not in path or response.is_success:
            answers += response.content
    await client.aclose()
    leaks = [secret for secret in SECRETS if secret in sent or secret in answers]
    assert leaks == []


async def test_the_search_finds_the_secrets_where_they_may_be_known(planted: Any) -> None:
    sent = await heard(planted, "adm")
    assert [secret for secret in SECRETS if secret not in sent] == [], "else the search above could not fail"


@pytest.mark.parametrize("person", ["sue", "non"])
async def test_no_secret_is_on_the_disk_of_a_terminal(planted: Any, person: str, tmp_path: Path) -> None:
    (kept,) = await disk_after(planted, person, tmp_path)
    assert kept, "there is a cache"
    assert [secret for secret in SECRETS if secret in kept] == []
    assert b"+353861234567" in kept, "the calls that are theirs are there"


async def test_what_was_lost_leaves_the_disk_of_a_terminal(planted: Any, tmp_path: Path) -> None:
    """Files and WAL of somebody who saw everything, and then only a queue."""

    async def demote() -> None:
        async with planted.operator("adm") as adm:
            edit = {"kind": "person", "key": "boss", "set": {"role": "nuacom:non-admin",
                    "manage_queues": ["asterisk:pbx1:support"]}}  # fmt: skip
            assert (await adm.post("/changes", json={"changes": [edit]})).status_code == 200

    await planted.put(("person", {"key": "boss", "name": "Boss", "role": "standard:admin"}))
    before, after = await disk_after(planted, "boss", tmp_path, demote)
    assert all(secret in before for secret in SECRETS)
    assert [secret for secret in SECRETS if secret in after] == []


async def disk_after(house: Any, person: str, directory: Path, then: Any = None) -> list[bytes]:
    """A terminal's whole disk once it has everything; and again after ``then``, where that is given."""
    home = Home.at(directory / "terminal").prepare()
    address = f"unix:{house.socket}"
    complete, changed = asyncio.Event(), asyncio.Event()

    def on_state(connection: Connection) -> None:
        if connection.state == "live" and connection.backfill_total > 0 and not connection.filling:
            complete.set()

    def disk() -> bytes:
        return b"".join(file.read_bytes() for file in sorted(home.cache.iterdir()) if file.is_file())

    async with HubClient(address, operator=True, as_person=person) as client:
        cache = Cache.open(home, address, person, NOON)
        sync = Sync(client, cache, clock=house.clock, on_state=on_state, on_me=lambda me: changed.set())
        task = asyncio.create_task(sync.run())
        try:
            async with asyncio.timeout(30):
                await complete.wait()
                found = [disk()]
                if then is not None:
                    changed.clear()
                    await then()
                    await changed.wait()
                    complete.clear()
                    await complete.wait()
                    found.append(disk())
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            cache.close()
    return found
