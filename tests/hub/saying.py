"""Sentences of the four texts, asked of a running hub: what somebody holds by one, and what it lets them do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

QUEUE = "asterisk:pbx1:"
N1, N2 = "+35315550100", "+35315550200"
ALL, NORTH = ("ALL",), ("team:north",)
SALES = (f"queue:{QUEUE}sales",)


@dataclass(frozen=True)
class Says:
    """A sentence, and somebody's access by it: scopes by permission (a permission with ``:manage`` is one to manage),
    what they lack, their capabilities and panes. ``SELF`` stands for the person.
    """

    quote: str
    role: str
    set: dict[str, Any] = field(default_factory=dict)
    may: dict[str, tuple[str, ...]] = field(default_factory=dict)
    lacks: tuple[str, ...] = ()
    can: tuple[str, ...] = ()
    cannot: tuple[str, ...] = ()
    panes: tuple[str, ...] | None = None
    manages: bool = False
    member: bool = False


def every(*names: str, scope: tuple[str, ...] = ALL) -> dict[str, tuple[str, ...]]:
    return dict.fromkeys(names, scope)


@dataclass(frozen=True)
class Does:
    """A sentence, who does what, and what the hub answers: the status, and the rule it names where it refuses."""

    quote: str
    who: str
    method: str
    path: str
    body: Any = None
    status: int = 200
    rule: str = ""


def edit(quote: str, who: str, status: int, rule: str, **one: Any) -> Does:
    return Does(quote, who, "POST", "/changes", {"changes": [one]}, status, rule)


def setting(
    says: Sequence[Says], does: Sequence[Does], custom: Mapping[str, dict[str, Any]]
) -> list[tuple[str, dict[str, Any]]]:
    """Two teams, two queues, two numbers, somebody for each sentence who may do nothing yet, and one of each role that
    does something. ``custom``: grants of roles beside those of the packs.
    """
    from wallboard_tui.access.packs import packs, roles_of

    roles = [one.dump() for pack in packs() for one in roles_of(pack)]
    floor = next(one for one in roles if one["key"] == "mightycall:agent")["floor"]
    roles.append({"key": "mightycall:custom", "name": "Custom", "pack": "mightycall", "floor": floor})
    roles += [{"key": key, "name": key, "grants": found} for key, found in custom.items()]
    doers = sorted({one.who for one in does} - {"ada"})
    people = [{"key": f"s{number}", "name": f"S{number}", "role": "custom:nothing", "agents": [f"{QUEUE}s{number}"]}
              for number in range(len(says))]  # fmt: skip
    people += [{"key": key_of(role), "name": role, "role": role} for role in doers]
    north = {"key": "north", "name": "North", "members": ["ann"], "queues": [QUEUE + "sales"]}
    return [
        ("organisation", {"key": "organisation", "name": "Corrib", "time_zone": "UTC", "packs": list(packs())}),
        *(("role", one) for one in roles),
        ("person", {"key": "ada", "name": "Ada", "role": "standard:admin"}),
        ("person", {"key": "ann", "name": "Ann", "role": "custom:nothing", "extension": "101"}),
        ("person", {"key": "cat", "name": "Cat", "role": "custom:nothing"}),
        *(("queue", {"key": QUEUE + name, "source": "pbx1", "name": name}) for name in ("sales", "support")),
        *(("number", {"key": key}) for key in (N1, N2)),
        *(("agent", {"key": f"{QUEUE}s{n}", "source": "pbx1", "name": f"s{n}"}) for n in range(len(says))),
        ("agent", {"key": f"{QUEUE}Ann", "source": "pbx1", "name": "Ann"}),
        *(("person", one) for one in people),
        ("team", north),
        ("team", {"key": "south", "name": "South"}),
    ]


def key_of(who: str) -> str:
    """Key of the person who does something with a role."""
    return who.replace(":", "-")


def giving(says: Sequence[Says]) -> list[dict[str, Any]]:
    """The edits by which everybody gets what their sentence says."""
    keys = {f"s{number}": one for number, one in enumerate(says)}
    people = [{"kind": "person", "key": key, "set": {"role": one.role, **one.set}} for key, one in keys.items()]
    members = ["ann", *(key for key, one in keys.items() if one.member)]
    managers = [key for key, one in keys.items() if one.manages]
    return [*people, {"kind": "team", "key": "north", "set": {"members": members, "managers": managers}}]


def faults(key: str, one: Says, me: dict[str, Any]) -> list[str]:
    """Where the answer of ``GET /me`` is not what a sentence says."""
    own = {f"person:{key}", f"agent:{QUEUE}{key}", *([f"ext:{me['extension']}"] if me.get("extension") else [])}
    held, found = me["permissions"], []
    for name, scope in one.may.items():
        permission, _, level = name.partition(":")
        grant = held.get(permission)
        wanted = {atom for each in scope for atom in (own if each == "SELF" else {each})}
        if grant is None or (level and grant["level"] != level):
            found.append(f"{name} is not held")
        elif set(grant["scope"]) - own != wanted - own or not wanted <= set(grant["scope"]):
            found.append(f"{name} is held for {grant['scope']}, not {sorted(wanted)}")
    for name in one.lacks:
        permission, _, level = name.partition(":")
        if permission in held and (not level or held[permission]["level"] == level):
            found.append(f"{name} is held")
    found += [f"{name} is missing" for name in one.can if name not in me["capabilities"]]
    found += [f"{name} is there" for name in one.cannot if name in me["capabilities"]]
    if one.panes is not None and tuple(me["panes"]) != one.panes:
        found.append(f"panes are {me['panes']}")
    return [f"{one.quote}: {fault}" for fault in found]


async def unlike(house: Any, says: Sequence[Says]) -> list[str]:
    """What people hold otherwise than their sentences say, once an admin gave it to them."""
    async with house.operator("ada") as ada:
        answer = await ada.post("/changes", json={"changes": giving(says)})
        assert answer.status_code == 200, answer.text
    found = []
    for number, one in enumerate(says):
        async with house.operator(f"s{number}") as client:
            found += faults(f"s{number}", one, (await client.get("/me")).json())
    return found


async def otherwise(house: Any, does: Sequence[Does]) -> list[str]:
    """What people are let do, or refused, otherwise than sentences say; done one after the other."""
    found = []
    for one in does:
        async with house.operator(key_of(one.who)) as client:
            answer = await client.request(one.method, one.path, json=one.body)
        rule = "" if answer.status_code == 200 else answer.json()["error"]["name"]
        if (answer.status_code, rule) != (one.status, one.rule):
            found.append(f"{one.quote} ({one.who}): {answer.status_code} {rule} {answer.text[:300]}")
    return found
