"""Rows that many are sent: read, decoded and encoded once, and to each person what their own gate makes of them."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

import pytest

from wallboard_tui.hub import shared, stretches
from wallboard_tui.hub.channel import visible
from wallboard_tui.hub.routes.feed import together

NOON = 1_795_262_400.0
DAY = 86400.0
TERMINALS = ("adm", "sue", "bob", "cat", "rex", "ria")


def weeks(first: float = NOON, days: int = 4, each: int = 8) -> list[str]:
    """Calls in both queues, and pauses of both agents, on each of some days."""
    lines = []
    for day in range(days):
        for number in range(each):
            at = int(first - day * DAY - number * 900)
            queue, agent = (("support", "Bob"), ("sales", "Cat"))[number % 2]
            call = f"{at}.{number}"
            lines.append(f"{at}|{call}|{queue}|NONE|ENTERQUEUE||+3538700000{number:02}|1")
            if number % 3:
                lines.append(f"{at + 5}|{call}|{queue}|{agent}|CONNECT|5|{call}x|2")
                lines.append(f"{at + 65}|{call}|{queue}|{agent}|COMPLETECALLER|5|60|1")
            else:
                lines.append(f"{at + 20}|{call}|{queue}|NONE|ABANDON|1|1|20")
            lines.append(f"{at + 70}|NONE|NONE|{agent}|PAUSEALL|Lunch|")
            lines.append(f"{at + 80}|NONE|NONE|{agent}|UNPAUSEALL||")
    return sorted(lines)


async def sent(house: Any, person: str) -> dict[tuple[str, str], Any]:
    """Calls and presences of a whole snapshot: bits and document, at their newest."""
    found: dict[tuple[str, str], Any] = {}
    async with asyncio.timeout(20), aclosing(house.stream(person)) as stream:
        async for frame in stream:
            for kind, key, _, bits, doc in frame.data.get("changes", ()):
                if kind in ("call", "presence"):
                    found[kind, key] = (bits, doc)
            if frame.event == "ready" and frame.data["from"] == 0:
                return found
    raise AssertionError("the stream ended")


async def by_the_gate(house: Any, person: str) -> dict[tuple[str, str], Any]:
    """The same from all there is, each document by itself through the person's gate."""

    def rows() -> dict[tuple[str, str], Any]:
        gate = house.hub.access(person).gate
        entries = [one for kind in ("call", "presence") for one in house.hub.journal.read_kind(kind)]
        found = [row for entry in entries for row in visible(gate, entry)]
        return {(kind, key): (bits, json.loads(json.dumps(doc))) for kind, key, _, bits, doc in found}

    return dict(await house.hub.run(rows))


async def check(house: Any) -> None:
    """Everybody gets what their gate makes of everything."""
    for person in TERMINALS:
        assert await sent(house, person) == await by_the_gate(house, person), person


@pytest.mark.parametrize("small", [False, True])
async def test_everybody_gets_what_their_own_gate_makes_of_it_whatever_changes(
    house: Any, small: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if small:  # stretches end within a day, are forgotten and read anew, and rows are let go of
        monkeypatch.setattr(stretches, "SIZES", {"call": 5, "presence": 7})
        monkeypatch.setattr(stretches, "MOST", 2)
        monkeypatch.setattr(shared, "SPENT", 4000)
    await house.take(weeks())
    await check(house)
    # Calls go on, begin and end.
    at = int(NOON) + 100
    await house.take([f"{at}|5.5|support|NONE|ENTERQUEUE||+353870000077|1"])
    await check(house)
    await house.take([f"{at + 4}|5.5|support|Bob|CONNECT|4|5.5x|2", f"{at + 9}|NONE|NONE|Cat|PAUSEALL|Tea|"])
    await house.take([f"{at + 60}|5.5|support|Bob|COMPLETECALLER|4|56|1", *weeks(NOON - 2.5 * DAY, 1)])
    await check(house)
    # The directory says something else of the same names: people change teams, queues are routed elsewhere.
    south = house.hub.document("team", "south")
    await house.put(("team", {**south, "members": ["bob", "cat"], "managers": ["sue"]}))
    await check(house)
    await house.put(("team", {**south, "queues": [], "managers": ["bob"]}))
    await check(house)
    # Roles change, and nothing around the calls; then a person alone.
    bob = house.hub.document("person", "bob")
    await house.put(("person", {**bob, "role": "standard:receptionist"}))
    await check(house)
    await house.put(("person", {**bob, "extension": None, "agents": ["asterisk:pbx1:Cat"]}))
    await check(house)


async def test_a_document_that_is_taken_back_is_sent_to_nobody(house: Any) -> None:
    await house.take(weeks())
    await check(house)
    keys = [entry.change.key for entry in house.hub.journal.read_kind("presence")][::2]
    await house.hub.run(house.hub.commit, [house.hub.drop("presence", key, "adm") for key in keys])
    await check(house)


async def test_what_was_shared_is_forgotten_when_nobody_goes_back_any_more(house: Any) -> None:
    await house.take(weeks())
    await sent(house, "adm")
    stock = house.runtime.feed._stock
    assert stock.calls._kept
    house.clock.now += stretches.KEEP_S + 1
    await house.take([f"{int(NOON) + 900}|5.5|support|NONE|ENTERQUEUE||+353870000077|1"])
    assert not stock.calls._kept


async def frames(*given: bytes, slow: frozenset[bytes] = frozenset()) -> AsyncGenerator[bytes, None]:
    """A stream that waits before the slow ones."""
    for one in given:
        if one in slow:
            await asyncio.sleep(0.01)
        yield one


async def test_frames_that_come_without_waiting_are_written_together() -> None:
    assert [some async for some in together(frames(b"a", b"b", b"c", b"d", slow=frozenset({b"c"})))] == [b"ab", b"cd"]


async def test_what_comes_after_a_goodbye_waits_until_that_was_taken() -> None:
    asked: list[bytes] = []

    async def stream() -> AsyncGenerator[bytes, None]:
        for one in (b"a", b"event: bye\n", b"z"):
            asked.append(one)
            yield one

    async with aclosing(together(stream())) as found:
        assert await anext(found) == b"aevent: bye\n"
        await asyncio.sleep(0.01)
        assert asked == [b"a", b"event: bye\n"], "nobody has been told yet"
        assert await anext(found) == b"z"


async def test_what_breaks_a_stream_is_not_swallowed() -> None:
    async def stream() -> AsyncGenerator[bytes, None]:
        yield b"a"
        raise ValueError("broken")

    found = together(stream())
    assert await anext(found) == b"a"
    with pytest.raises(ValueError, match="broken"):
        await anext(found)
