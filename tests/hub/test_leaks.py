"""Nothing of what a person may not know reaches them: planted secrets are searched for in every byte that the hub sends
and that their terminal keeps.
"""

import asyncio
import re
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

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
    "non": {
        "role": "nuacom:non-admin",
        "manage_queues": ["asterisk:pbx1:support"],
        "toggles": {"wallboard": True},
        "manage_numbers": ["+35315550100"],
    },
    "num": {"role": "custom:number"},
    "nil": {"role": "custom:nil"},
    "msk": {"role": "custom:masked"},
    "mgr": {"role": "custom:manager"},
    "mac": {"role": "custom:faceless"},
}
"""People with little access of each sort; ``msk`` works on missed opportunities of callers they may not know, ``mgr``
manages numbers and the teams' wallboard of one number, ``mac`` sees a queue's calls and not who called.
"""
OVER_THE_NUMBER = ("non", "num", "mgr")
"""To whom a number is granted, over which calls come to the secret queue."""
HEARD_BY_OTHERS = b"+353861234567"
"""A caller of the queue that most of them see."""
KNOWN: dict[str, tuple[bytes, ...]] = {"msk": (QUEUE.encode(), TEAM.encode(), AGENT.encode())}
"""Secrets that some may know: all missed opportunities name all queues, and those who may work on them."""
ASKED = (
    "/me", "/calls?limit=1000", f"/calls?text={QUEUE}", "/calls?text=Zeph", f"/calls?caller=%2B{CALLER[1:]}",
    f"/calls?queue={KEY}", *(f"/kpis?by={by}&period=all" for by in ("queue", "agent", "team", "number", "all")),
    "/boards", "/boards/secret", "/sources", "/catalogue", "/people", "/roles", "/teams", "/numbers", "/queues",
    "/audit", "/access-review", "/organisation", "/assignable", "/people/zed/access", "/why/zed/asterisk:pbx1:9.9",
    "/who-can-see/asterisk:pbx1:9.9", f"/why/%s/{KEY}?kind=queue", "/why/%s/asterisk:pbx1:9.9", "/people/zed/pin",
    "/health", "/openapi.json", "/documents/queue", "/doctor", "/calls?text=899111", "/organisation?kinds=number",
)  # fmt: skip
"""Every call that reads; ``%s``: whoever asks."""


def documents() -> list[tuple[str, dict[str, Any]]]:
    """A team, a queue, an agent, a contact and a board that none of the restricted people may know of."""
    from wallboard_tui.access.packs import roles_of

    scope = {"scope": ["number:+35315550100"]}
    pane = {"pane": "wallboard", "queues": [QUEUE]}
    return [
        *(("role", one.dump()) for one in roles_of("nuacom")),
        ("role", {"key": "custom:number", "name": "Number", "grants": {"calls": scope, "analytics.rollup": scope}}),
        ("role", {"key": "custom:nil", "name": "Nil", "grants": {}}),
        ("role", {"key": "custom:masked", "name": "Masked", "grants": {
            "reports.missed": {"level": "manage", "scope": ["ALL"]}}}),
        ("role", {"key": "custom:faceless", "name": "Faceless", "grants": {
            name: {"scope": ["queue:asterisk:pbx1:support"]} for name in ("calls", "analytics.rollup", "wallboard")}}),
        ("role", {"key": "custom:manager", "name": "Manager", "grants": {
            "numbers": {"level": "manage"}, "wallboard": {"level": "manage", **scope}, "calls": scope}}),
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
        # A call that is theirs by its first queue, and went on where they see nothing.
        f"{at + 80}|6.6{first}|support|NONE|ENTERQUEUE||+353861234567|1",
        f"{at + 85}|6.6{first}|support|NONE|EXITWITHTIMEOUT|1|1|5",
        f"{at + 86}|6.6{first}|{QUEUE}|NONE|ENTERQUEUE||+353861234567|1",
        f"{at + 90}|6.6{first}|{QUEUE}|{AGENT}|CONNECT|4|6.6{first}x|2",
        f"{at + 99}|6.6{first}|{QUEUE}|{AGENT}|COMPLETECALLER|4|9|1",
        # Calls that came over the number which some of them have been granted, and went where they see nothing.
        f"{at + 60}|5.5{first}|{QUEUE}|NONE|DID|+35315550100",
        f"{at + 60}|5.5{first}|{QUEUE}|NONE|ENTERQUEUE||+353861234567|1",
        f"{at + 64}|5.5{first}|{QUEUE}|{AGENT}|CONNECT|4|5.5{first}x|2",
        f"{at + 70}|4.4{first}|{QUEUE}|NONE|DID|+35315550100",
        f"{at + 70}|4.4{first}|{QUEUE}|NONE|ENTERQUEUE||+353861234568|1",
        f"{at + 99}|5.5{first}|{QUEUE}|{AGENT}|COMPLETECALLER|4|9|1",
        f"{at + 100}|4.4{first}|{QUEUE}|NONE|ABANDON|1|1|30",
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
    """Every byte of a feed: the snapshot, what happens while it is open, and what happened while it was away."""

    async def until_everybody_is_told(cursor: str | None, mark: int) -> bytes:
        found, marked = b"", False
        stream: AsyncGenerator[bytes, None] = house.runtime.feed.stream(person, None, cursor)
        async with aclosing(stream):
            async for frame in stream:
                found += frame
                if b"event: ready" in frame and b'"from":0' in frame.replace(b" ", b"") and not marked:
                    marked = True
                    if cursor is None:
                        await happen(100)
                    organisation = house.hub.document("organisation", "organisation")
                    await house.put(("organisation", {**organisation, "min_sample": mark}))
                if marked and b'"min_sample":%d' % mark in frame.replace(b" ", b""):
                    return found
        return found

    async def happen(first: int) -> None:
        await house.take(lines(first))
        # Whatever is made of it is sent within this; then something that everybody gets ends it.
        await asyncio.sleep(0.6)

    begun = await until_everybody_is_told(None, 6)
    await happen(200)
    resumed = await until_everybody_is_told(re.findall(rb"^id: (.*)$", begun, re.MULTILINE)[-1].decode(), 7)
    assert b'"answer":"continue"' in resumed.replace(b" ", b""), "else it would be another snapshot"
    return begun + resumed


async def test_no_secret_is_in_what_is_shared_with_those_who_may_know_it(planted: Any) -> None:
    """Whoever sees everything is served first: what was encoded for them lies ready for everybody."""

    async def snapshot(person: str) -> bytes:
        found = b""
        async with aclosing(planted.runtime.feed.stream(person, None, None)) as stream:
            async for frame in stream:
                found += frame
                if b"event: ready" in frame and b'"from":0' in frame:
                    break
        return found

    for first in (0, 500):
        if first:
            await planted.take(lines(first))
            # Access changes, and nothing that the calls name: what was encoded before is shared on.
            await planted.put(("role", {"key": "custom:unused", "name": "Unused", "grants": {}}))
        whole = await snapshot("adm")
        assert all(secret in whole for secret in SECRETS)
        for person in sorted(RESTRICTED, reverse=bool(first)):
            sent = await snapshot(person)
            leaks = [secret for secret in SECRETS if secret in sent and secret not in KNOWN.get(person, ())]
            assert leaks == [], person
            if person == "mac":
                assert HEARD_BY_OTHERS not in sent


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
    secrets = [*SECRETS, HEARD_BY_OTHERS] if person == "mac" else SECRETS
    leaks = [secret for secret in secrets if secret in sent or secret in answers]
    if person in ("sue", "non", "mac"):
        assert b"asterisk:pbx1:6.6" in sent, "the call that went on is theirs"
        assert b"asterisk:pbx1:6.6" in answers
    if person in OVER_THE_NUMBER:
        assert b"asterisk:pbx1:5.5" in sent, "the calls of a granted number are theirs, whichever queue they went to"
        assert b"asterisk:pbx1:5.5" in answers
    if person == "non":
        assert b"+353861234568" in sent, "the caller who was missed there is theirs to call back"
    assert [secret for secret in leaks if secret not in KNOWN.get(person, ())] == []


async def test_every_call_that_reads_is_searched(planted: Any) -> None:
    """By the hub's own description; ``/feed`` is heard from its first byte on."""
    async with planted.client() as client:
        paths = (await client.get("/openapi.json")).json()["paths"]
    reads = {path for path, calls in paths.items() if "get" in calls} - {"/feed"}
    shapes = {path: re.compile(re.sub(r"\\{[^}]*\\}", "[^?]+", re.escape(path)) + r"(\?.*)?") for path in reads}
    assert [path for path, shape in shapes.items() if not any(shape.fullmatch(one) for one in ASKED)] == []


HIDDEN = {
    "person": ("zed", "zod"), "team": ("zteam", "zbeam"), "queue": (KEY, KEY.replace("velvet", "damask")),
    "contact": (CALLER, CALLER[:-1] + "9"), "call": ("asterisk:pbx1:9.9", "asterisk:pbx1:9.7"),
    "followup": (CALLER, CALLER[:-1] + "9"), "board": ("secret", "sacred"), "role": ("custom:hidden", "custom:heaven"),
    "agent": (f"asterisk:pbx1:{AGENT}", f"asterisk:pbx1:{AGENT[::-1]}"), "extension": ("4711", "4712"),
    "number": ("+35318880000", "+35318880009"),
}  # fmt: skip
"""By kind a key that there is, and one that there is not: an answer must not tell which is which."""
EDITED = ("person", "team", "queue", "contact", "role", "agent", "extension", "number")
FIELDS: dict[str, dict[str, Any]] = {
    "person": {"name": AGENT, "role": "standard:agent"}, "team": {"name": TEAM, "members": ["zed"]},
    "contact": {"name": CONTACT}, "queue": {"title": QUEUE.title()}, "role": {"name": TEAM},
    "agent": {"name": AGENT}, "extension": {"name": AGENT}, "number": {"name": QUEUE},
}  # fmt: skip
"""What stands in those that there are: whoever says the same must not learn that it does."""


def tries(kind: str, key: str, me: str) -> Iterator[tuple[str, str, Any]]:
    """Everything that can be tried about one key: method, path, body."""
    quoted = quote(key, safe="")
    yield "GET", f"/why/{me}/{quoted}?kind={kind}", None
    yield "GET", f"/who-can-see/{quoted}?kind={kind}", None
    yield "GET", f"/calls?{kind}={quoted}", None
    yield "GET", f"/calls?text={quoted}", None
    yield "GET", f"/calls?caller={quoted}", None
    yield "GET", f"/kpis?by={kind}&period={quoted}", None
    if kind == "person":
        yield from (("GET", f"/people/{key}/{what}", None) for what in ("access", "pin"))
        yield "PUT", f"/people/{key}/pin", {"pin": "4711"}
        yield "POST", f"/people/{key}/code", {}
        yield "POST", "/access-review", {"person": key, "permission": "export", "decision": "keep"}
    if kind == "team":
        yield "POST", f"/teams/{key}/past", {}
        yield "POST", f"/teams/{key}/past", {"dry_run": True}
    if kind == "board":
        yield "GET", f"/boards/{key}", None
        yield "PUT", f"/boards/{key}?revision=1", {"name": TEAM, "pages": []}
    if kind == "followup":
        for act in ("claim", "resolve", "note", "nonsense"):
            yield "POST", f"/followups/{quoted}", {"act": act, "note": ""}
    if kind in EDITED:
        fields = FIELDS[kind]
        first, value = next(iter(fields.items()))
        for given in ({"set": fields}, {"set": {first: value}}, {"set": {first: "x"}}, {"put": fields},
                      {"create": fields}, {"remove": True}, {"remove": True, "confirm": True},
                      {"set": {first: "x"}, "revision": 1}, {"put": fields, "revision": 1}):  # fmt: skip
            for dry_run in (True, False):
                yield "POST", "/changes", {"changes": [{"kind": kind, "key": key, **given}], "dry_run": dry_run}


@pytest.mark.parametrize(
    ("person", "knows"), [("bob", ()), ("sue", ()), ("msk", ("person", "team", "queue", "number"))]
)
async def test_nobody_learns_by_trying_what_there_is(planted: Any, person: str, knows: tuple[str, ...]) -> None:
    """Statuses, headers and bytes of every answer about something hidden are those about something invented.
    ``knows``: kinds of which the person may know what there is.
    """
    await planted.put(
        ("role", {"key": "custom:hidden", "name": TEAM}),
        ("extension", {"key": "4711", "name": AGENT}),
        ("number", {"key": "+35318880000", "name": QUEUE}),
    )
    async with planted.operator("adm") as adm:  # so that there is something that somebody changed
        edits = [{"kind": kind, "key": HIDDEN[kind][0], "set": FIELDS[kind]} for kind in EDITED]
        edits += [{"kind": "person", "key": "zed", "set": {"email": "zed@example.org"}}]
        assert (await adm.post("/changes", json={"changes": edits})).status_code == 200
    client = await planted.signed_in(person)
    told = []
    for kind in HIDDEN.keys() - set(knows):
        there, invented = HIDDEN[kind]
        pairs = zip(tries(kind, there, person), tries(kind, invented, person), strict=True)
        for (method, path, body), (_, other, like) in pairs:
            answers = [await client.request(method, path, json=body), await client.request(method, other, json=like)]
            heads = [{**one.headers, "date": "", "content-length": ""} for one in answers]
            texts = [one.text.replace(key, "KEY") for one, key in zip(answers, (there, invented), strict=True)]
            if answers[0].status_code != answers[1].status_code or texts[0] != texts[1] or heads[0] != heads[1]:
                told.append(f"{method} {path} {body}: {texts[0][:200]} and {texts[1][:200]}")
    await client.aclose()
    assert told == []


async def test_the_search_finds_the_secrets_where_they_may_be_known(planted: Any) -> None:
    sent = await heard(planted, "adm")
    assert [secret for secret in SECRETS if secret not in sent] == [], "else the search above could not fail"


async def test_what_would_go_beyond_ones_own_is_not_told_in_words(planted: Any) -> None:
    """Somebody who edits people tries to grant a queue, and a team, of which they know no more than a guessed key."""
    scope = {"scope": ["queue:asterisk:pbx1:support"]}
    await planted.put(
        ("role", {"key": "custom:lead", "name": "Lead", "grants": {"users": {"level": "manage"}, "calls": scope}}),
        ("role", {"key": "custom:staff", "name": "Staff", "grants": {"calls": scope}}),
        ("person", {"key": "lee", "name": "Lee", "role": "custom:lead"}),
        ("person", {"key": "kim", "name": "Kim", "role": "custom:staff"}),
    )
    async with planted.operator("lee") as lee:
        for atom, named in ((f"queue:{KEY}", QUEUE.title()), ("team:zteam", TEAM)):
            edit = {"kind": "person", "key": "kim", "set": {"grants": {"calls": {"scope": [atom]}}}}
            for dry_run in (True, False):
                answer = await lee.post("/changes", json={"changes": [edit], "dry_run": dry_run})
                assert f"there is no {atom.partition(':')[0]}" in answer.text, "for Lee there is none"
                assert named not in answer.text


async def test_numbers_that_people_type_are_masked_as_callers_are(planted: Any) -> None:
    """In the history of a missed opportunity, and in the trail: notes, and refusals that say what they were about."""
    await planted.put(
        ("role", {"key": "custom:clerk", "name": "Clerk", "grants": {
            "audit": {}, "contacts": {}, "reports.missed": {"level": "manage", "scope": ["ALL"]}}}),
        ("person", {"key": "kay", "name": "Kay", "role": "custom:clerk"}),
    )  # fmt: skip
    spoken = f"ring {CALLER[:4]} {CALLER[4:6]} {CALLER[6:9]}-{CALLER[9:]} after 17:30, bill 4711"
    async with planted.operator("adm") as adm:
        noted = await adm.post(f"/followups/{CALLER}", json={"act": "note", "note": spoken})
        assert noted.status_code == 200, noted.text
        wrong = {"kind": "contact", "key": CALLER, "set": {"nmae": "x"}}
        assert (await adm.post("/changes", json={"changes": [wrong]})).status_code == 422
        trails = [(await adm.get("/audit")).text]
    async with planted.operator("kay") as kay:
        trails.append((await kay.get("/audit")).text)
    assert [CALLER in trail for trail in trails] == [True, False]
    assert "…" in trails[1]
    sent = await heard(planted, "msk")
    assert CALLER[6:9] + "-" not in sent.decode()
    assert "after 17:30, bill 4711" in sent.decode(), "times and short numbers are no callers"


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


async def test_why_agents_paused_is_told_of_those_alone_who_are_supervised(house: Any) -> None:
    """Who watches everything and supervises one team gets the states of all, and the reasons of that team."""
    every = {"scope": ["ALL"]}
    watches = dict.fromkeys(("wallboard", "analytics", "analytics.filter_agents", "analytics.rollup"), every)
    supervises = {"supervisor": {"scope": ["team:north"]}}
    await house.put(
        ("role", {"key": "custom:eye", "name": "Eye", "grants": {**watches, **supervises}}),
        ("role", {"key": "custom:all", "name": "All", "grants": {**watches, "supervisor": every}}),
        (
            "role",
            {
                "key": "custom:seat",
                "name": "Seat",
                "grants": {**watches, "supervisor": {"scope": ["queue:asterisk:pbx1:support"]}},
            },
        ),
        *(("person", {"key": key, "name": key, "role": f"custom:{key}"}) for key in ("eye", "all", "seat")),
    )
    began = int(NOON) - 7200
    await house.take(
        sorted(
            f"{began + at}|NONE|{queue}|{agent}|{said}"
            for agent, queue in (("Bob", "support"), ("Cat", "sales"))
            for at, said in ((0, "ADDMEMBER|"), (100, f"PAUSE|Why{agent}"), (700, "UNPAUSE|"))
        )
    )
    told: dict[str, dict[str, set[str]]] = {}
    for person in ("eye", "all", "seat"):
        async with house.operator(person) as client:
            for by in ("agent", "team", "queue", "all"):
                rows = (await client.get("/kpis", params={"by": by, "period": "today"})).json()
                assert sum(row["measures"]["paused_s"] for row in rows) == 1200
                reasons = {name.partition(":")[2] for row in rows for name in row["measures"] if ":" in name}
                told.setdefault(person, {})[by] = reasons
    assert told == {
        "eye": {"agent": {"WhyBob"}, "team": {"WhyBob"}, "queue": set(), "all": set()},
        "all": {by: {"WhyBob", "WhyCat"} for by in ("agent", "team", "queue", "all")},
        "seat": {"agent": set(), "team": set(), "queue": {"WhyBob"}, "all": set()},
    }
