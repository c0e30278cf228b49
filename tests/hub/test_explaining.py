"""Why somebody sees what an agent does now, and a row of figures, asked of a running hub: by oneself, about others, and
without learning by it what one may not know.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from .conftest import NOON, SALES, SUPPORT, House, answered

BOB, CAT = "asterisk:pbx1:Bob", "asterisk:pbx1:Cat"
NUMBER = "+35318880000"


@pytest.fixture
async def desk(house: House) -> House:
    """Bob took a call, and Cat two, one in the queue of Bob's team; Lee may see people, and the calls of one queue."""
    lead = {"users": {}, "calls": {"scope": [f"queue:{SUPPORT}"]}}
    await house.put(
        *(
            ("agent", {"key": key, "source": "pbx1", "name": key.rpartition(":")[2], "queues": queues})
            for key, queues in ((BOB, [SUPPORT]), (CAT, []))
        ),
        ("number", {"key": NUMBER, "name": "Velvet Number"}),
        ("role", {"key": "custom:lead", "name": "Lead", "grants": lead}),
        ("person", {"key": "lee", "name": "Lee", "role": "custom:lead"}),
    )
    credential = house.hub.document("credential", "sue")
    assert credential is not None
    await house.put(("credential", {**credential, "key": "lee"}))
    await house.take([
        *answered(NOON - 900, "1.1", "support", "Bob", "+353861234567"),
        *answered(NOON - 600, "2.2", "support", "Cat", "+353861234568"),
        *answered(NOON - 300, "3.3", "sales", "Cat", "+353861234569"),
    ])  # fmt: skip
    return house


@pytest.fixture
async def people(desk: House) -> AsyncIterator[Any]:
    """Whoever is asked for, signed in."""
    async with AsyncExitStack() as stack:
        known: dict[str, httpx.AsyncClient] = {}

        async def client(person: str) -> httpx.AsyncClient:
            if person not in known:
                known[person] = await desk.signed_in(person)
                stack.push_async_callback(known[person].aclose)
            return known[person]

        yield client


async def asked(client: httpx.AsyncClient, path: str, key: str, kind: str) -> httpx.Response:
    return await client.get(f"{path}/{quote(key, safe='')}?kind={kind}")


async def test_an_agents_state_is_explained_by_the_permission_that_shows_it(people: Any) -> None:
    sue = await people("sue")
    own = (await asked(sue, "/why/sue", BOB, "state")).json()
    assert own["permitted"] is True
    assert own["sentence"].startswith("Sue Lead sees this agent's state: Supervisor workspace, Wallboard (team North)")
    adm = await people("adm")
    everybody = {one["person"]: one for one in (await asked(adm, "/who-can-see", BOB, "state")).json()}
    assert set(everybody) == {"adm", "bob", "sue"}
    assert everybody["bob"]["clauses"][0]["permissions"] == ["analytics"]
    ria = (await asked(adm, "/why/ria", BOB, "state")).json()
    assert ria["permitted"] is False
    assert ria["sentence"].endswith("neither Supervisor workspace nor Wallboard is permitted.")


async def test_whoever_may_know_an_agent_and_not_their_state_reads_what_it_takes(people: Any) -> None:
    lee = await people("lee")
    said = (await asked(lee, "/why/lee", BOB, "state")).json()
    assert (said["permitted"], said["sentence"]) == (
        False, "Lee does not see this agent's state: neither Supervisor workspace nor Wallboard is permitted.",
    )  # fmt: skip


async def test_a_row_of_figures_is_explained_by_what_counts_it_and_how_much_of_it(people: Any) -> None:
    sue = await people("sue")
    rows = {row["key"] for row in (await sue.get("/kpis?by=queue")).json()}
    assert SUPPORT in rows
    own = (await asked(sue, "/why/sue", f"queue:{SUPPORT}", "figures")).json()
    assert own["permitted"] is True
    assert own["clauses"][0]["words"] == "team North"
    assert own["notes"] == ["All calls of the queue count, from when it belonged to team North."]
    every = (await asked(sue, "/why/sue", "all", "figures")).json()
    assert every["notes"] == ["Only a part of the calls counts: team North."]
    adm = await people("adm")
    everybody = {one["person"]: one for one in (await asked(adm, "/who-can-see", f"queue:{SUPPORT}", "figures")).json()}
    assert set(everybody) == {"adm", "ria", "sue"}
    assert everybody["ria"]["notes"][0] == "All calls of the queue count."
    assert (await asked(adm, "/why/rex", f"queue:{SUPPORT}", "figures")).json()["permitted"] is False


async def test_somebody_who_sees_a_row_of_figures_is_told_why_also_of_a_queue_where_their_agent_helped_out(
    desk: House, people: Any
) -> None:
    """Sam's team is South: of Support he sees the row that Cat's call makes, though she does not sit there."""
    await desk.put(("team", {"key": "south", "name": "South", "members": ["cat"], "managers": ["sue"],
                             "queues": [SALES]}),
                   ("team", {"key": "north", "name": "North", "members": ["bob"], "queues": [SUPPORT]}))  # fmt: skip
    sue = await people("sue")
    rows = {row["key"]: row for row in (await sue.get("/kpis?by=queue")).json()}
    assert rows[SUPPORT]["measures"]["answered"] == 1
    said = (await asked(sue, "/why/sue", f"queue:{SUPPORT}", "figures")).json()
    assert said["clauses"][0]["words"] == "team South, in part"
    assert said["notes"][0] == "Only a part of the calls of the queue counts: team South."


async def test_asking_about_states_and_figures_tells_nobody_what_they_may_not_know(people: Any) -> None:
    """Answers about what is hidden are those about what is not there; about others, only for whoever sees people."""
    lee, bob = await people("lee"), await people("bob")
    pairs = (
        ("state", "asterisk:pbx1:Cat", "asterisk:pbx1:Kat"),
        ("figures", f"queue:{SALES}", f"queue:{SALES}x"),
        ("figures", "team:south", "team:sauth"),
        ("figures", "agent:asterisk:pbx1:Cat", "agent:asterisk:pbx1:Kat"),
        ("figures", f"number:{NUMBER}", "number:+35318880009"),
    )
    for kind, hidden, invented in pairs:
        for client, me in ((bob, "bob"), (lee, "lee")):
            if me == "lee" and ":Cat" in hidden:
                continue  # Cat took a call of Lee's queue, who may see people
            one, other = [await asked(client, f"/why/{me}", key, kind) for key in (hidden, invented)]
            assert one.status_code == other.status_code == 404, (kind, hidden, me)
            assert one.text.replace(hidden.partition(":")[2], "KEY") == other.text.replace(
                invented.partition(":")[2], "KEY"
            ) or one.text.replace(hidden, "KEY") == other.text.replace(invented, "KEY")
        assert (await asked(bob, "/who-can-see", hidden, kind)).status_code == 403
    shown = (await asked(lee, "/who-can-see", f"queue:{SUPPORT}", "figures")).text
    assert "Sue Lead" in shown
    assert "North" not in shown, "Lee may see people and know nothing of their teams"
    wrong = await asked(lee, "/why/lee", "weather:rain", "figures")
    assert (wrong.status_code, wrong.json()["error"]["name"]) == (422, "wrong-call")


async def test_looking_through_somebodys_eyes_no_more_is_named_than_both_may_know(desk: House, people: Any) -> None:
    looks = {"users": {}, "roles": {}, "analytics.rollup": {"scope": ["team:north"]}}
    south = {"key": "south", "name": "South", "members": ["cat"], "managers": ["sue"], "queues": [SALES]}
    await desk.put(("role", {"key": "custom:lead", "name": "Lead", "grants": looks}), ("team", south))
    assert "South" in (await asked(await people("sue"), "/why/sue", "all", "figures")).text
    lee = await people("lee")
    lee.headers["Wallboard-View-As"] = "sue"
    said = await asked(lee, "/why/sue", "all", "figures")
    assert said.json()["notes"][0] == "Only a part of the calls counts: team North."
    assert "South" not in said.text
    assert (await asked(lee, "/why/sue", f"queue:{SALES}", "figures")).status_code == 404
