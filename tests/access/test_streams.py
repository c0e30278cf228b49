"""People whose scopes and redaction are equal share one stream of changes; what is personal travels beside it."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import pytest

from wallboard_tui.access.gate import Gate
from wallboard_tui.access.packs import packs, roles_of
from wallboard_tui.model.base import Doc

if TYPE_CHECKING:
    from tests.access.conftest import CallOf, Office, OfficeOf

ROLES = [role.key for pack in packs() for role in roles_of(pack)]
PBX = "asterisk:pbx1:"


def crowd(office: OfficeOf) -> Office:
    """Two people of each role who are nothing else, and two who are agents with an extension in a team."""
    people: dict[str, Doc] = {}
    for role in ROLES:
        name = role.replace(":", "_").replace("-", "_")
        for number in (1, 2):
            people[f"{name}_{number}"] = {"role": role, "agents": []}
            people[f"{name}_agent_{number}"] = {"role": role, "extension": f"5{len(people):03}"}
    wall = {"role": "standard:wall-device", "agents": [], "grants": {"wallboard": {"scope": [f"queue:{PBX}sales"]}}}
    return office(**people, wall_1=wall, wall_2=wall)


def documents(shop: Office, call_of: CallOf) -> list[tuple[str, Doc]]:
    """Documents of every kind that is not personal, about the crowd itself."""
    directory = shop.directory
    found: list[tuple[str, Doc]] = []
    agents = [*sorted(directory.agents)[:12], f"{PBX}Ann", f"{PBX}Cat"]
    for agent in agents:
        name = agent.removeprefix(PBX)
        for queue in ("sales", "support"):
            call = call_of(directory, f"c{name}{queue}", queues=[queue], agents=[name])
            found.append(("call", call))
            attempt = {
                "call": call["key"],
                "at": 1.0,
                "reason": "abandoned",
                "queue": PBX + queue,
                "facts": call["facts"],
            }
            missed = {"key": "+3531", "caller": "+3531", "attempts": [attempt], "first_miss": 1.0, "last_miss": 1.0}
            found.append(("followup", {**missed, "owner": directory.person_of_agent(agent)}))
            pause = {"key": f"p{name}{queue}", "source": "pbx1", "agent": agent, "queue": PBX + queue, "at": 1.0}
            found.append(("presence", {**pause, "what": "pause", "reason": "Lunch", "facts": []}))
    for kind, known in (
        ("agent", directory.agents), ("queue", directory.queues), ("team", directory.teams),
        ("number", directory.numbers), ("extension", directory.extensions), ("role", directory.roles),
    ):  # fmt: skip
        found += [(kind, doc.dump()) for doc in known.values()]
    found.append(("contact", {"key": "+3531", "name": "Mary"}))
    found.append(("source", {"key": "pbx1", "system": "asterisk", "mode": "followed"}))
    return found


def seen(gate: Gate, kind: str, doc: Doc) -> tuple[int, Doc | None, str]:
    bits = gate.admit(kind, doc)
    return (bits, gate.redact(kind, doc, bits), gate.key(kind, doc["key"])) if bits else (0, None, "")


def test_whoever_shares_a_stream_gets_the_same_documents_with_the_same_taken_out(
    office: OfficeOf, call_of: CallOf
) -> None:
    shop = crowd(office)
    gates = {person: shop.gate(person) for person in shop.directory.people}
    streams: dict[str, list[str]] = {}
    for person, gate in gates.items():
        streams.setdefault(gate.stream, []).append(person)
    every = documents(shop, call_of)
    shared = [people for people in streams.values() if len(people) > 1]
    assert len(shared) > 5
    for people in shared:
        first = gates[people[0]]
        for other in people[1:]:
            for kind, doc in every:
                assert seen(gates[other], kind, doc) == seen(first, kind, doc), (people[0], other, kind, doc["key"])


@pytest.mark.parametrize("role", ["justcall_admin", "standard_manager", "calltracks_receptionist",
                                  "calltracks_reporting_only", "calltracks_read_only", "wall"])  # fmt: skip
def test_two_people_with_equal_scopes_share_one_stream_and_no_fingerprint(role: str, office: OfficeOf) -> None:
    shop = crowd(office)
    one, two = shop.gate(f"{role}_1"), shop.gate(f"{role}_2")
    assert one.stream == two.stream
    assert one.fingerprint != two.fingerprint


@pytest.mark.parametrize("kind", ["number", "queue"])
def test_who_may_see_more_than_a_name_of_what_they_knew_begins_anew(kind: str, office: OfficeOf) -> None:
    """What was sent stays on the terminal: the document does not change by whose it became."""
    line = {"key": "+35315550100", "name": "Main line", "campaign": "Leaflet", "dialled": ["5001"]}
    queue = {"key": f"{PBX}support", "source": "pbx1", "name": "support", "members": [f"{PBX}Bob"]}
    north = {"key": "north", "name": "North", "queues": [f"{PBX}sales"], "numbers": [line["key"]]}
    ann = {"key": f"{PBX}Ann", "source": "pbx1", "name": "Ann", "queues": [f"{PBX}sales"], "extension": "101"}
    joined = {**ann, "queues": [f"{PBX}sales", queue["key"]]}
    doc, own = {"number": (line, {"caller_ids": [line["key"]]}), "queue": (queue, {})}[kind]
    before, after = (
        office(
            more=[("number", line), ("queue", queue), ("team", north), ("agent", agent)],
            ann={
                "role": "justcall:agent", "extension": "101",
                "grants": {"calls": {"scope": [f"agent:{PBX}Bob", "SELF"]}}, **more,
            },
        ).gate("ann")
        for agent, more in ((ann, {}), (joined if kind == "queue" else ann, own))
    )  # fmt: skip
    assert seen(before, kind, doc)[1] != seen(after, kind, doc)[1]
    assert before.fingerprint != after.fingerprint


def test_agents_do_not_share_what_is_their_own(office: OfficeOf) -> None:
    shop = crowd(office)
    gates = [shop.gate(f"justcall_agent_agent_{number}") for number in (1, 2)] + [shop.gate("ann"), shop.gate("bob")]
    assert all(one.stream != other.stream for one, other in combinations(gates, 2))
