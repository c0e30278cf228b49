"""Which queues of a phone system are followed."""

from collections.abc import Callable
from typing import Any

import httpx

from wallboard_tui.hub import source_setup
from wallboard_tui.hub.settings import read_settings
from wallboard_tui.view import queries

from ..conftest import House
from .saying import SECRET, Block, added, given, refused, until


async def test_other_queues_are_followed_without_saying_everything_again(
    house: House, pbx: Any, ami_block: Block
) -> None:
    pbx.lists["queuestatus"].append(ami_block(Event="QueueParams", Queue="night", Calls="0", ServiceLevel="30"))
    await added(house, given(pbx, secret_env=None, secret=SECRET))
    people = set(queries.documents(house.hub.view, "person"))
    secret = house.hub.home / "secrets" / "pbx1"
    async with house.operator() as client:

        async def follow(name: str = "pbx1", **said: Any) -> httpx.Response:
            return await client.put(f"/source-settings/{name}/queues", json=said)

        found = (await follow(queues=["night", "dawn"])).json()
        assert found["missing"] == ["dawn"]
        assert found["health"]["follows"] == ["night", "dawn"]
        (source,) = read_settings(house.hub.home).sources
        assert source.ami is not None
        assert source.ami.queues == ("night", "dawn")
        assert secret.read_text("utf-8") == SECRET + "\n", "a typed secret stays where it was"
        assert set(queries.documents(house.hub.view, "person")) == people
        assert not found["health"]["gaps"]

        assert (await follow(all_queues=True)).json()["health"]["follows"] == []
        for wrong in (await follow(), await follow(queues=["night"], all_queues=True)):
            assert "Either some queues are followed, or all." in wrong.text
        assert "Followed are: pbx1." in (await follow("pbx2", all_queues=True)).text


def many(block: Block, count: int) -> dict[str, list[bytes]]:
    """A phone system with very many queues, ``q0`` and so on, each with a member of its own."""
    status = [
        part
        for n in range(count)
        for part in (
            block(Event="QueueParams", Queue=f"q{n}", Strategy="ringall", Calls="0", ServiceLevel="30"),
            block(Event="QueueMember", Queue=f"q{n}", Name=f"Member {n}", Location=f"PJSIP/{n}", Membership="static"),
        )
    ]
    return {"queuestatus": status, "coreshowchannels": [], "agents": []}


async def test_of_very_many_queues_somebody_has_to_choose_and_only_the_chosen_cost_anything(
    house: House, new_pbx: Callable[..., Any], ami_block: Block
) -> None:
    pbx = new_pbx(lists=many(ami_block, source_setup.MOST_UNCHOSEN + 1), secret=SECRET)
    await pbx.start()
    error = await refused(house, given(pbx, people=False))
    assert (error["name"], "--queue" in error["next"]) == ("many-queues", True)
    assert "pbx1 has 1,001 queues" in error["reason"]

    pbx.asked.clear()
    found = await added(house, given(pbx, queues=["q7", "q8", "q9999"]))
    assert [queue["name"] for queue in found["queues"]] == ["q7", "q8"]
    assert found["missing"] == ["q9999"]
    assert [person["name"] for person in found["proposal"]["people"]] == ["Member 7", "Member 8"]
    before = house.hub.journal.seq()
    others = [
        ami_block(Event=name, Uniqueid=f"1.{n}", Queue=f"q{n}", MemberName=f"Member {n}", Interface=f"PJSIP/{n}")
        for n in range(10, 500)
        for name in ("QueueCallerJoin", "AgentCalled", "QueueMemberPause", "QueueCallerAbandon", "Hangup")
    ]
    await pbx.say([*others, ami_block(Event="QueueCallerJoin", Uniqueid="2.1", Queue="q7")])
    await until(lambda: house.hub.document("call", "asterisk:pbx1:2.1"))
    kept = {kind: len(queries.documents(house.hub.view, kind)) for kind in ("queue", "agent")}
    assert kept == {"queue": 2 + 2, "agent": 2}, "beside the two of another phone system"
    assert house.hub.journal.seq() - before < 10
    assert {name: pbx.asked.count(name) for name in ("QueueStatus", "GetConfig", "CoreShowChannels")} == {
        "QueueStatus": 3 * 3, "GetConfig": 3, "CoreShowChannels": 3,
    }  # fmt: skip


async def test_all_of_very_many_queues_are_followed_when_somebody_says_so(
    house: House, new_pbx: Callable[..., Any], ami_block: Block
) -> None:
    pbx = new_pbx(lists=many(ami_block, source_setup.MOST_UNCHOSEN + 1), secret=SECRET)
    await pbx.start()
    found = await added(house, given(pbx, people=False, all_queues=True))
    assert len(found["queues"]) == source_setup.MOST_UNCHOSEN + 1
