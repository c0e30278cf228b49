"""Access that changes under open terminals: who is cut over, and what they are told."""

import asyncio
import sys
from contextlib import aclosing
from typing import Any

import pytest

from wallboard_tui.hub.sessions import Ended

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


@pytest.mark.parametrize("taken", [False, True])
async def test_who_is_signed_out_before_their_stream_began_anew_is_sent_nothing_more(house: Any, taken: bool) -> None:
    """As on a line that takes long: they are to ask again, and are told to sign in."""
    bob = await house.signed_in("bob")
    session = await session_of(house, bob)
    stream = house.stream("bob", session=session)
    await filled(stream)
    await save(house, person("bob", role="standard:receptionist"))
    events = [(await anext(stream)).event] if taken else []
    await house.runtime.feed.end_session(session, Ended.SIGNED_OUT)
    async with asyncio.timeout(10):
        async for frame in stream:
            events.append(frame.event)
            assert frame.event != "hello", "it began anew for nobody"
    assert events == ["notice", "bye"]


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
    told = await until(stream, "notice")
    assert (await until(stream, "bye")).data["reason"] == "access-changed"
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


async def test_who_is_new_reads_at_their_first_sign_in_what_they_may_use(house: Any) -> None:
    new = {"key": "zoe", "name": "Zoe", "role": "standard:receptionist"}
    await save(house, {"kind": "person", "key": "zoe", "put": new})
    _, session, begun = await house.hub.run(house.runtime.sessions.begin, "zoe", "desk")
    await house.hub.run(house.hub.commit, [begun])
    house.runtime.sessions.added(session)
    async with aclosing(house.stream("zoe", session=session.key)) as stream:
        told = await until(stream, "notice")
    assert told.data["text"].startswith("Ada Admin added you. You may use: ")
    assert "Missed opportunities" in told.data["text"]


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
