"""Access that changes under open terminals: who is cut over, what they are told, and viewing as somebody else."""

import asyncio
import sys
from contextlib import aclosing
from typing import Any

import pytest

NOON = 1_795_262_400.0


@pytest.fixture
def new_screen(request: pytest.FixtureRequest) -> Any:
    return sys.modules[type(request.getfixturevalue("house")).__module__].Screen


def answered(at: float, call: str, queue: str, agent: str) -> list[str]:
    start = int(at)
    return [
        f"{start}|{call}|{queue}|NONE|ENTERQUEUE||+353861234567|1",
        f"{start + 5}|{call}|{queue}|{agent}|CONNECT|5|{call}x|2",
        f"{start + 65}|{call}|{queue}|{agent}|COMPLETECALLER|5|60|1",
    ]


async def save(house: Any, *edits: Any, by: str = "adm") -> Any:
    async with house.operator(by) as client:
        response = await client.post("/changes", json={"changes": list(edits)})
        assert response.status_code == 200, response.text
        return response.json()


def person(key: str, **fields: Any) -> Any:
    return {"kind": "person", "key": key, "set": fields}


async def session_of(house: Any, client: Any) -> str:
    from wallboard_tui.hub.passwords import token_key

    return str(token_key(client.headers["Authorization"].removeprefix("Bearer ")))


async def until(stream: Any, event: str, screen: Any = None) -> Any:
    async with asyncio.timeout(10):
        async for frame in stream:
            if screen is not None:
                screen.take(frame)
            if frame.event == event:
                return frame
    return None


async def filled(stream: Any, screen: Any = None) -> None:
    async with asyncio.timeout(10):
        async for frame in stream:
            if screen is not None:
                screen.take(frame)
            if frame.event == "ready" and frame.data["from"] == 0:
                return


async def test_saving_is_acknowledged_when_every_open_feed_is_cut_over(house: Any) -> None:
    streams = [house.stream("bob") for _ in range(3)]
    for stream in streams:
        await filled(stream)
    await save(house, person("bob", role="standard:receptionist"))
    for stream in streams:
        frame = await asyncio.wait_for(anext(stream), 1)
        assert (frame.event, frame.data["reason"]) == ("bye", "access-changed"), "it waited before the answer came"


async def test_who_is_not_affected_notices_nothing(house: Any) -> None:
    stream = house.stream("cat")
    await filled(stream)
    await save(house, person("bob", role="standard:receptionist"))
    organisation = house.hub.document("organisation", "organisation")
    await house.put(("contact", {"key": "+353", "name": "X"}), ("organisation", {**organisation, "min_sample": 7}))
    events = [await asyncio.wait_for(anext(stream), 5) for _ in range(1)]
    assert [frame.event for frame in events if frame.event == "bye"] == []
    await stream.aclose()


async def test_people_are_told_once_in_plain_words_what_changed(house: Any) -> None:
    """“When you adjust permissions, let affected team members know what they can and cannot access” (000)"""
    bob = await house.signed_in("bob")
    session = await session_of(house, bob)
    stream = house.stream("bob", session=session)
    await filled(stream)
    found = await save(house, person("bob", role="standard:receptionist"))
    assert (await until(stream, "bye")).data["reason"] == "access-changed"
    stream = house.stream("bob", session=session)
    told = await until(stream, "notice")
    assert told.data["text"] == found["effects"][0]["sentence"]
    assert "Ada Admin changed your access. Your role is now Receptionist." in told.data["text"]
    assert "Taken away: Calls, Recents" in told.data["text"]
    assert "own" in told.data["text"]
    await stream.aclose()
    again = house.stream("bob", session=session)
    events = []
    async with aclosing(again), asyncio.timeout(10):
        async for frame in again:
            events.append(frame.event)
            if frame.event == "ready" and frame.data["from"] == 0:
                break
    assert "notice" not in events
    await bob.aclose()


async def test_what_changed_while_away_is_told_on_the_next_sign_in(house: Any) -> None:
    await save(house, person("bob", grants={"export": {"scope": ["ALL"]}}))
    bob = await house.signed_in("bob")
    stream = house.stream("bob", session=await session_of(house, bob))
    told = await until(stream, "notice")
    assert "Added: Export (everything)." in told.data["text"]
    await stream.aclose()
    await bob.aclose()


async def test_a_change_that_shows_no_other_rows_comes_with_a_notice_and_keeps_the_cache(house: Any) -> None:
    bob = await house.signed_in("bob")
    stream = house.stream("bob", session=await session_of(house, bob))
    await filled(stream)
    await save(house, person("bob", grants={"billing": {"level": "manage"}}))
    frames = {}
    async with asyncio.timeout(10):
        async for frame in stream:
            frames[frame.event] = frame
            if {"me", "notice"} <= set(frames):
                break
    assert "bye" not in frames
    assert "billing" in frames["me"].data["me"]["permissions"]
    assert "Billing" in frames["notice"].data["text"]
    await stream.aclose()
    await bob.aclose()


async def test_a_terminal_that_was_away_resumes_under_todays_access(house: Any, new_screen: Any) -> None:
    await house.take(answered(NOON - 900, "1.1", "support", "Bob"))
    screen = new_screen()
    stream = house.stream("sue")
    await filled(stream, screen)
    await stream.aclose()
    assert screen.keys("call") == {"asterisk:pbx1:1.1"}
    await save(house, {"kind": "team", "key": "north", "set": {"managers": []}})
    await house.take(answered(NOON - 100, "2.2", "support", "Bob"))
    async with aclosing(house.stream("sue", screen.cursor)) as resumed:
        hello = await anext(resumed)
        assert hello.data["answer"] == "snapshot"
        screen.take(hello)
        await filled(resumed, screen)
    assert screen.keys("call") == set()
    await save(house, {"kind": "team", "key": "north", "set": {"managers": ["sue"]}})
    async with aclosing(house.stream("sue", screen.cursor)) as resumed:
        await filled(resumed, screen)
    assert screen.keys("call") == {"asterisk:pbx1:1.1", "asterisk:pbx1:2.2"}


async def test_disabling_ends_every_session_at_once(house: Any) -> None:
    first, second = await house.signed_in("bob"), await house.signed_in("bob")
    stream = house.stream("bob", session=await session_of(house, first))
    await filled(stream)
    await save(house, person("bob", disabled=True))
    bye = await until(stream, "bye")
    assert bye.data["reason"] == "disabled"
    for client in (first, second):
        answer = await client.get("/me")
        assert (answer.status_code, answer.json()["error"]["name"]) == (401, "disabled")
        await client.aclose()
    assert not house.hub.journal.read_kind("session")


async def test_who_becomes_an_admin_gets_the_idle_limit_of_admins(house: Any, clock: Any) -> None:
    bob = await house.signed_in("bob")
    await save(house, person("bob", role="standard:admin"))
    clock.now += 1801
    assert (await bob.get("/me")).json()["error"]["name"] == "idle"
    await bob.aclose()


async def test_viewing_as_somebody_is_read_only_and_written_down(house: Any) -> None:
    adm = await house.signed_in("adm")
    adm.headers["Wallboard-View-As"] = "sue"
    me = (await adm.get("/me")).json()
    assert (me["person"], me["name"]) == ("sue", "Sue Lead")
    assert me["panes"] == list(house.hub.access("sue").me.panes)
    assert me["fingerprint"] != house.hub.access("sue").me.fingerprint, "their caches never mix"
    for method, path, body in (
        ("POST", "/changes", {"changes": [person("bob", name="X")]}), ("POST", "/people/bob/code", None),
        ("POST", "/followups/x", {"act": "claim"}), ("PUT", "/boards/x", {}), ("POST", "/sign-out", None),
    ):  # fmt: skip
        answer = await adm.request(method, path, json=body)
        assert (answer.status_code, answer.json()["error"]["name"]) == (403, "read-only"), path
    del adm.headers["Wallboard-View-As"]
    (entry,) = (await adm.get("/audit", params={"act": "viewed-as", "allowed": True})).json()
    assert (entry["by"], entry["target"]) == ("adm", "sue")
    await adm.aclose()


async def test_viewing_never_goes_beyond_the_viewers_own_access(house: Any) -> None:
    await house.put(
        ("role", {"key": "custom:lead", "name": "Lead", "grants": {
            "users": {}, "roles": {}, "calls": {"scope": ["queue:asterisk:pbx1:support"]}}}),
        ("person", {"key": "lee", "name": "Lee", "role": "custom:lead"}),
    )  # fmt: skip
    await house.take(answered(NOON - 900, "1.1", "support", "Bob"))
    await house.take(answered(NOON - 800, "2.2", "sales", "Cat"))
    async with house.operator("lee") as lee:
        lee.headers["Wallboard-View-As"] = "adm"
        assert [one["key"] for one in (await lee.get("/calls")).json()] == ["asterisk:pbx1:1.1"]
        me = (await lee.get("/me")).json()
        assert set(me["permissions"]) == {"users", "roles", "calls"}
        assert {grant["level"] for grant in me["permissions"].values()} == {"view"}
    async with house.operator("sue") as sue:
        sue.headers["Wallboard-View-As"] = "bob"
        assert (await sue.get("/me")).json()["error"]["name"] == "not-permitted"


async def test_a_view_as_ends_when_the_viewer_may_no_longer(house: Any) -> None:
    await house.put(("person", {"key": "eve", "name": "Eve", "role": "standard:admin"}))
    raw = house.runtime.feed.stream("sue", None, None, "eve")
    first = await anext(raw)
    assert b'"person":"sue"' in first.replace(b" ", b"")
    await save(house, person("eve", role="standard:agent"))
    frames = b""
    async with asyncio.timeout(10):
        async for frame in raw:
            frames += frame
    assert b"access-changed" in frames


async def test_the_notices_of_somebody_are_not_for_those_who_view_as_them(house: Any) -> None:
    await save(house, person("sue", grants={"billing": {}}))
    raw = house.runtime.feed.stream("sue", None, None, "adm")
    frames = b""
    async with asyncio.timeout(10):
        async for frame in raw:
            frames += frame
            if b"event: ready" in frame and b'"from":0' in frame.replace(b" ", b""):
                break
    assert b"changed your access" not in frames
    await raw.aclose()


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
