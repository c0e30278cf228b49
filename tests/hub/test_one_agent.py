"""An agent known by an interface first, and by name later: rows and figures are one agent's, for everybody."""

from contextlib import aclosing
from typing import Any

import pytest

SUPPORT, SALES = "asterisk:pbx1:support", "asterisk:pbx1:sales"
NOON = 1_795_262_400.0
ANN, ZED, DESK = "asterisk:pbx1:Ann", "asterisk:pbx1:Zed", "asterisk:pbx1:SIP/101"


def answered(call: str, agent: str, at: float = NOON - 600) -> list[str]:
    start = int(at)
    return [
        f"{start}|{call}|sales|NONE|ENTERQUEUE||0861234567|1",
        f"{start + 5}|{call}|sales|{agent}|CONNECT|5|{call}x|2",
        f"{start + 65}|{call}|sales|{agent}|COMPLETECALLER|5|60|1",
    ]


LINES = [f"{int(NOON - 900)}|NONE|sales|SIP/101|ADDMEMBER|", *answered("1.1", "SIP/101")]


def agent(key: str, *interfaces: str) -> tuple[str, dict[str, Any]]:
    return "agent", {"key": key, "source": "pbx1", "name": key.rsplit(":", 1)[-1], "interfaces": list(interfaces)}


def person(key: str, *agents: str) -> tuple[str, dict[str, Any]]:
    return "person", {"key": key, "name": key.title(), "role": "standard:agent", "agents": list(agents)}


async def handled(house: Any, whose: str | None = None) -> dict[str, float]:
    """Agent → calls handled, of those who handled any, as somebody is told by the hub."""
    async with house.operator(whose) as http:
        answer = await http.get("/kpis?by=agent&period=today")
    assert answer.status_code == 200, answer.text
    return {row["key"]: row["measures"]["handled"] for row in answer.json() if row["measures"]["handled"]}


async def told(house: Any, whose: str) -> Any:
    """What a terminal of somebody gets: legs by call, statements' agents, interfaces of agents, and ``me``."""
    found: dict[tuple[str, str], Any] = {}
    me: dict[str, Any] = {}
    async with aclosing(house.stream(whose)) as frames:
        async for frame in frames:
            me = frame.data.get("me") or me
            found |= {(kind, key): doc for kind, key, _, _, doc in frame.data.get("changes", ()) if doc}
            if frame.event == "ready" and frame.data["from"] == 0:
                break
    legs = {key.rsplit(":", 1)[-1]: doc["legs"][0]["agent"] for (kind, key), doc in found.items() if kind == "call"}
    said = {doc["agent"] for (kind, _), doc in found.items() if kind == "presence"}
    names = {key: list(doc.get("interfaces", ())) for (kind, key), doc in found.items() if kind == "agent"}
    return legs, said, names, me


@pytest.mark.parametrize("named", ["before", "after"])
async def test_who_was_known_by_an_interface_alone_sees_the_calls_that_are_counted_as_theirs(
    house: Any, named: str
) -> None:
    documents = [agent(DESK), person("ann", ANN), agent(ANN, "SIP/101")]
    if named == "before":
        await house.put(*documents)
    await house.take(LINES)
    if named == "after":
        await house.put(*documents)
    assert await handled(house) == {ANN: 1.0}
    assert await handled(house, "ann") == {ANN: 1.0}
    legs, said, _, me = await told(house, "ann")
    assert (legs, said, me["agents"]) == ({"1.1": DESK}, {ANN}, [ANN])
    _, _, _, before = await told(house, "bob")
    assert ANN not in before["agents"]


async def test_what_is_said_under_an_interface_stays_with_whoever_is_linked_to_it(house: Any) -> None:
    """A list of interfaces gives nobody the calls of somebody else: neither in rows nor in figures."""
    await house.put(agent(DESK), person("zed", DESK), person("ann", ANN), agent(ANN, "SIP/101"))
    await house.take([*LINES, *answered("1.2", "Ann")])
    for reader in (None, "adm"):
        assert await handled(house, reader) == {ANN: 1.0, DESK: 1.0}
    assert await handled(house, "zed") == {DESK: 1.0}
    assert await handled(house, "ann") == {ANN: 1.0}
    assert (await told(house, "zed"))[:2] == ({"1.1": DESK}, {DESK})
    assert (await told(house, "ann"))[:2] == ({"1.2": ANN}, set())


async def test_who_is_linked_to_both_names_is_one_agent(house: Any) -> None:
    await house.put(agent(DESK), person("ann", DESK, ANN), agent(ANN, "SIP/101"))
    await house.take([*LINES, *answered("1.2", "Ann")])
    assert await handled(house) == {ANN: 2.0}
    assert await handled(house, "ann") == {ANN: 2.0}
    _, said, _, me = await told(house, "ann")
    assert (said, me["agents"]) == ({ANN}, [ANN])


async def test_a_changed_link_changes_what_is_sent_and_what_is_counted(house: Any) -> None:
    await house.put(agent(DESK), person("zed"), person("ann", ANN), agent(ANN, "SIP/101"))
    await house.take(LINES)
    prints = [(await told(house, whose))[3]["fingerprint"] for whose in ("adm", "ann", "zed")]
    await house.put(person("zed", DESK))
    for reader in (None, "adm", "zed"):
        assert await handled(house, reader) == {DESK: 1.0}
    assert await handled(house, "ann") == {}
    # The call was stamped as Ann's, and stays in her sight; who answered it does not.
    legs, said, names, _ = await told(house, "ann")
    assert (legs, said) == ({"1.1": None}, set())
    assert names == {ANN: []}, "who does not know whose it is would take it for Ann's"
    assert (await told(house, "adm"))[:2] == ({"1.1": DESK}, {DESK})
    apart = [(await told(house, whose))[3]["fingerprint"] for whose in ("adm", "ann", "zed")]
    assert all(old != new for old, new in zip(prints, apart, strict=True)), "terminals begin anew"
    await house.put(person("zed"))
    assert await handled(house) == await handled(house, "ann") == {ANN: 1.0}
    assert await handled(house, "zed") == {}
    assert (await told(house, "adm"))[1] == {ANN}


async def test_of_two_who_list_an_interface_the_second_is_not_sent_as_having_it(house: Any) -> None:
    """Who knows the second alone would count the first one's calls as theirs."""
    await house.put(agent(ANN, "SIP/101"), agent(ZED, "SIP/101"), agent(DESK), person("zed", ZED))
    await house.take(LINES)
    assert await handled(house) == await handled(house, "adm") == {ANN: 1.0}
    assert await handled(house, "zed") == {}
    _, _, names, _ = await told(house, "zed")
    assert names == {ZED: []}


async def test_what_holds_since_yesterday_is_looked_up_again_when_a_link_changes(house: Any) -> None:
    """A terminal that begins anew has who is signed in with the first figures, and not with the last of the past."""
    await house.put(agent(DESK), person("zed"), agent(ANN, "SIP/101"))
    start = int(NOON - 86_400)
    await house.take([f"{start + at}|NONE|sales|{who}|ADDMEMBER|" for at, who in ((0, "SIP/101"), (100, "Ann"))])

    async def on_the_board() -> set[str]:
        said: set[str] = set()
        async with aclosing(house.stream("adm")) as frames:
            async for frame in frames:
                said |= {doc["agent"] for kind, _, _, _, doc in frame.data.get("changes", ()) if kind == "presence"}
                if frame.event == "ready":
                    break
        return said

    assert await on_the_board() == {ANN}
    await house.put(person("zed", DESK))
    assert await on_the_board() == {ANN, DESK}


async def test_an_interface_that_an_admin_gives_brings_what_was_said_under_it(house: Any) -> None:
    """As one that a phone system's file tells of: for the agent, and for their team."""
    await house.put(
        agent(ANN), person("ann", ANN), ("person", {"key": "max", "name": "Max", "role": "standard:supervisor"}),
        ("team", {"key": "west", "name": "West", "members": ["ann"], "managers": ["max"]}),
    )  # fmt: skip
    await house.take(LINES)
    assert await handled(house, "ann") == await handled(house, "max") == {}
    edit = {"kind": "agent", "key": ANN, "set": {"interfaces": ["SIP/101"]}}
    async with house.operator("adm") as adm:
        answer = await adm.post("/changes", json={"changes": [edit]})
    assert answer.status_code == 200, answer.text
    assert await handled(house) == await handled(house, "ann") == await handled(house, "max") == {ANN: 1.0}
