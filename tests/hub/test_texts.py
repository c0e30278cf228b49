"""What the four texts say about who sees what, through a running hub: the access is given by edits, and the same rows
come by snapshot, by the live feed, by the headless commands, and to a terminal that resumes after a change.

Each case quotes the sentence, example or table row it rests on. The rows expected are written by hand.
"""

import asyncio
import sys
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

import pytest

QUEUE = "asterisk:pbx1:"
N1, N2 = "+35315550100", "+35315550200"
MINE = frozenset({"own"})
NORTH = frozenset({"sales", "out"})
EVERY = frozenset({"sales", "support", "out", "own"})
INBOUND = frozenset({"sales", "support", "own"})


@dataclass(frozen=True)
class Case:
    """One sentence: how access is given, and which calls are seen. ``others``: those of everybody else as well."""

    quote: str
    person: dict[str, Any]
    sees: frozenset[str]
    others: bool = False
    panes: tuple[str, ...] | None = None
    member: tuple[str, ...] = ()
    manager: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    works: bool = field(default=True)
    """Has an extension and is an agent."""


def role(key: str, **more: Any) -> dict[str, Any]:
    return {"role": key, **more}


CASES = {
    # 000
    "000-admin": Case(
        "“Admins have unrestricted access. Every filter, export, and report includes data from the entire account.”",
        role("justcall:admin"), EVERY, others=True, may=("export", "report.create", "report.schedule", "billing"),
    ),
    "000-supervisor": Case(
        "“If a supervisor manages Team A but not Team B, Team B data is hidden from their analytics views.”",
        role("justcall:supervisor"), NORTH, manager=("north",), may=("export", "wallboard"), lacks=("billing", "roles"),
    ),
    "000-agent": Case(
        "“They cannot filter by other agents or view team-level rollups.”",
        role("justcall:agent"), MINE, lacks=("analytics.filter_agents", "analytics.rollup", "export"),
        panes=("metrics", "calls"),
    ),
    "000-custom": Case(
        "“create a custom role with access to call recordings and scoring but not billing or account settings.”",
        role("custom:qa"), EVERY, others=True, may=("recordings", "scores"), lacks=("billing", "account"),
    ),
    # 001
    "001-admin": Case(
        "“Admins have unrestricted access to: All features and modules All call logs and recordings”",
        role("nuacom:admin"), EVERY, others=True, may=("billing", "account", "recordings"),
    ),
    "001-extension": Case(
        "“A Non-Admin user is granted access to Extension 101. They will see: Inbound/outbound activity for Extension "
        "101 Call logs and statistics tied to that extension only”",
        role("nuacom:non-admin", manage_extensions=["101"]), NORTH, works=False, lacks=("billing", "users"),
    ),
    "001-nothing": Case(
        "“No Report Permissions | Only their own call history (if they have an extension)”",
        role("nuacom:non-admin"), MINE, panes=("calls",), lacks=("analytics", "recordings"),
    ),
    "001-nothing-at-all": Case(
        "“A Non-Admin is not granted any call report permissions. They will not see: Call logs Call recordings "
        "Reporting dashboards”",
        role("nuacom:non-admin"), frozenset(), works=False, panes=(),
    ),
    "001-full": Case(
        "“Full Call Report Access | All data and recordings across the account” and “They will not have access to admin"
        " settings unless explicitly enabled.”",
        role("nuacom:non-admin", toggles={"full_call_report_access": True}), EVERY, others=True,
        may=("recordings", "analytics"), lacks=("users", "roles", "account", "billing"),
    ),
    "001-queue": Case(
        "“Access to Queue X | Reporting data and logs related to Queue X”",
        role("nuacom:non-admin", manage_queues=[QUEUE + "sales"]), frozenset({"sales"}), works=False,
    ),
    "001-number": Case(
        "“Access to Number +353… | Activity related to that number, including outbound and inbound”",
        role("nuacom:non-admin", manage_numbers=[N1]), NORTH, works=False,
    ),
    "001-modules": Case(
        "“Enable/disable individual feature modules (e.g., Voicemail, Wallboard, Billing)”",
        role("nuacom:non-admin", manage_queues=[QUEUE + "sales"], toggles={"wallboard": True, "billing": True}),
        frozenset({"sales"}), works=False, may=("wallboard", "billing"), lacks=("voicemail",),
    ),
    # 002
    "002-calls-only": Case(
        "“they can see the individual calls, and listen to any recordings, but can't perform any reporting”",
        role("calltracks:calls-only"), EVERY, others=True, panes=("calls",), may=("recordings",),
        lacks=("reports.missed", "analytics.rollup"),
    ),
    "002-inbound": Case(
        "“Like Calls Only, but restricted to inbound.”",
        role("calltracks:view-inbound-calls-only"), INBOUND, others=True, panes=("calls",),
    ),
    "002-outbound": Case(
        "“Like Calls Only, but restricted to outbound.”",
        role("calltracks:view-outbound-calls-only"), frozenset({"out"}), panes=("calls",),
    ),
    "002-read-only": Case(
        "“The user has the ability to see individual calls as well as run reports. They cannot make any changes.”",
        role("calltracks:read-only"), EVERY, others=True, may=("reports.missed", "reports.queues"), lacks=("users",),
    ),
    "002-reception": Case(
        "“Receptionist has the ability to see the Missed Opportunity Report ONLY.”",
        role("calltracks:receptionist"), frozenset(), panes=("missed",),
    ),
    "002-reporting": Case(
        "“This user can see the reports, but cannot see any other part of the system, like individual calls”",
        role("calltracks:reporting-only"), frozenset(), panes=("rollups", "missed"), lacks=("calls", "recordings"),
    ),
    "002-local-manager": Case(
        "“You will have access to create user(s), set up pin numbers for outbound calls and listen to recorded calls.”",
        role("calltracks:local-manager"), EVERY, others=True, may=("users", "pins", "recordings"), lacks=("roles",),
    ),
    "002-super": Case(
        "“perform certain actions on behalf of the rest of your organisation … higher level of access … compared to a "
        "Customer Local Admin.”",
        role("calltracks:customer-super-admin"), EVERY, others=True, may=("users", "roles"), lacks=("billing",),
    ),
    # 003
    "003-administrator": Case(
        "“Administrator: highest level of permissions … can invite, edit, and delete users and change roles”",
        role("mightycall:administrator"), EVERY, others=True, may=("users", "roles", "roles.assign", "account.delete"),
    ),
    "003-manager": Case(
        "“nearly the same access as administrators with the exception of 1 thing – access to the roles”",
        role("mightycall:manager"), EVERY, others=True, may=("users", "workgroups"), lacks=("roles", "roles.assign"),
    ),
    "003-agent": Case(
        "“They'll only see the history of communication either they were personally engaged in or any history of a "
        "workgroup they are a part of.”",
        role("mightycall:agent"), NORTH | MINE, member=("north",), lacks=("supervisor", "numbers", "account"),
    ),
    "003-all": Case("“All grants full access to all communications”", role("custom:all"), EVERY, others=True),
    "003-numbers": Case(
        "“Specific Business Numbers provides access to data linked to selected business numbers and includes access to "
        "the communication history within workgroups and personal interactions”",
        role("custom:numbers"), frozenset({"support", "own"}),
    ),
    "003-workgroup": Case(
        "“Workgroup allows access to all data within the user's workgroups, including any personal interactions”",
        role("custom:workgroup"), NORTH | MINE, member=("north",),
    ),
    "003-personal": Case(
        "“Personal limits access to communications made or received by the individual user”",
        role("custom:personal"), MINE, member=("north",),
    ),
    "003-recents": Case(
        "“in the Recents section … all calls from all users or just those made or received by the current user”",
        role("mightycall:agent", toggles={"recents_of_all": True}), EVERY, others=True,
    ),
    "003-contacts": Case(
        "“Restrict agents from accessing saved contacts”",
        role("mightycall:agent", toggles={"saved_contacts": False}), MINE, lacks=("contacts",),
    ),
}  # fmt: skip

FIGURES = {
    "000-admin": ("“All analytics across every agent, team, and number in the account.”", EVERY),
    "000-supervisor": ("“Analytics for agents and teams they manage.”", NORTH),
    "000-agent": ("“They cannot filter by other agents or view team-level rollups.”", None),
    "000-custom": ("“access to call recordings and scoring but not billing”", None),
    "001-admin": ("“All reports and dashboards”", EVERY),
    "001-extension": ("“Call logs and statistics tied to that extension only”", NORTH),
    "001-nothing": ("“They will not see: … Reporting dashboards”", None),
    "001-nothing-at-all": ("“They will not see: … Reporting dashboards”", None),
    "001-full": ("“Access call statistics for all users, numbers, and queues.”", EVERY),
    "001-queue": ("“View queue-level reports and stats”", frozenset({"sales"})),
    "001-number": ("“View data related to selected phone numbers”", NORTH),
    "002-calls-only": ("“but can't perform any reporting”", None),
    "002-inbound": ("“Like Calls Only”", None),
    "002-outbound": ("“Like Calls Only”", None),
    "002-read-only": ("“see individual calls as well as run reports”", EVERY),
    "002-reception": ("“the Missed Opportunity Report ONLY”", None),
    "002-reporting": ("“This user can see the reports”", EVERY),
    "003-administrator": ("“Managers and Administrators have access to all the data”", EVERY),
    "003-manager": ("“Managers and Administrators have access to all the data”", EVERY),
    "003-agent": ("“Agents only have access to the reports of the interactions they've engaged with”", MINE),
    "003-personal": ("“Personal limits access to communications made or received by the individual user”", None),
}
"""What somebody's figures of the account are made of, by the texts; ``None``: they are refused them."""

ROLES: dict[str, dict[str, Any]] = {
    "custom:qa": {"calls": {"scope": ["ALL"]}, "recordings": {"scope": ["ALL"]},
                  "scores": {"level": "manage", "scope": ["ALL"]}},
    "custom:all": {"calls": {"scope": ["ALL"]}},
    "custom:numbers": {"calls": {"scope": [f"number:{N2}", "OWN_TEAMS", "SELF"]}},
    "custom:workgroup": {"calls": {"scope": ["OWN_TEAMS", "SELF"]}},
    "custom:personal": {"calls": {"scope": ["SELF"]}},
    "custom:nothing": {},
}  # fmt: skip
PEOPLE = {name: f"p{number}" for number, name in enumerate(CASES)}


def setting() -> list[tuple[str, dict[str, Any]]]:
    """Two teams, three queues, two numbers, and for each case somebody who may do nothing yet."""
    from wallboard_tui.access.packs import packs, roles_of

    found: list[tuple[str, dict[str, Any]]] = [
        ("organisation", {"key": "organisation", "name": "Corrib", "time_zone": "UTC", "packs": list(packs())}),
        *(("role", one.dump()) for pack in packs() for one in roles_of(pack)),
        ("person", {"key": "ada", "name": "Ada", "role": "standard:admin"}),
        ("person", {"key": "ann", "name": "Ann", "role": "custom:nothing", "extension": "101"}),
        ("person", {"key": "bob", "name": "Bob", "role": "custom:nothing", "extension": "102"}),
        *(("queue", {"key": QUEUE + name, "source": "pbx1", "name": name}) for name in ("sales", "support", "general")),
        *(("number", {"key": key}) for key in (N1, N2)),
        *(("role", {"key": key, "name": key.title(), "grants": grants}) for key, grants in ROLES.items()),
    ]
    for name, key in PEOPLE.items():
        works = {"extension": f"5{key[1:]:0>2}", "agents": [QUEUE + key]} if CASES[name].works else {}
        found.append(("agent", {"key": QUEUE + key, "source": "pbx1", "name": key}))
        found.append(("person", {"key": key, "name": key.upper(), "role": "custom:nothing", **works}))
    north = {"key": "north", "name": "North", "members": ["ann"], "queues": [QUEUE + "sales"]}
    return [*found, ("team", north), ("team", {"key": "south", "name": "South", "members": ["bob"]})]


def giving() -> list[dict[str, Any]]:
    """The edits by which everybody gets what their case says."""
    people = [
        {"kind": "person", "key": PEOPLE[name], "set": case.person} for name, case in CASES.items()
    ]  # fmt: skip
    members = ["ann", *(PEOPLE[name] for name, case in CASES.items() if "north" in case.member)]
    managers = [PEOPLE[name] for name, case in CASES.items() if "north" in case.manager]
    return [*people, {"kind": "team", "key": "north", "set": {"members": members, "managers": managers}}]


def taking() -> list[dict[str, Any]]:
    """The edits by which everybody loses everything."""
    empty = {"role": "custom:nothing", "toggles": {}, "manage_queues": [], "manage_numbers": [],
             "manage_extensions": []}  # fmt: skip
    people = [{"kind": "person", "key": key, "set": empty} for key in PEOPLE.values()]
    return [*people, {"kind": "team", "key": "north", "set": {"members": ["ann"], "managers": []}}]


def calls(generation: int) -> list[tuple[str, dict[str, Any]]]:
    """Calls with the facts that they were stamped with, written down by hand."""
    ann = ["agent:asterisk:pbx1:Ann", "person:ann", "ext:101", "team:north"]
    bob = ["agent:asterisk:pbx1:Bob", "person:bob", "ext:102", "team:south"]
    made: dict[str, tuple[str, str | None, str | None, list[str]]] = {
        "sales": ("inbound", "sales", N1, [f"queue:{QUEUE}sales", "team:north", f"number:{N1}", *ann]),
        "support": ("inbound", "support", N2, [f"queue:{QUEUE}support", f"number:{N2}", *bob]),
        "out": ("outbound", None, N1, [f"number:{N1}", *ann]),
    }
    for key in PEOPLE.values():
        facts = [f"queue:{QUEUE}general", f"agent:{QUEUE}{key}", f"person:{key}", f"ext:5{key[1:]:0>2}"]
        made[f"own-{key}"] = ("inbound", "general", None, facts)
    found = []
    for label, (direction, queue, number, facts) in made.items():
        doc = {"key": f"{label}:{generation}", "source": "pbx1", "direction": direction, "state": "ended",
               "started": 1_795_262_000.0 + generation, "ended": 1_795_262_060.0 + generation, "number": number,
               "caller": "+353861234567", "facts": facts}  # fmt: skip
        visits = [{"queue": QUEUE + queue, "entered": doc["started"]}] if queue else []
        found.append(("call", {**doc, "visits": visits}))
    return found


def expected(name: str, generations: int) -> set[str]:
    """Keys of the calls that a case says are seen."""
    case, key = CASES[name], PEOPLE[name]
    labels = {f"own-{key}" if label == "own" else label for label in case.sees}
    if case.others:
        labels |= {f"own-{other}" for other in PEOPLE.values()}
    return {f"{label}:{number}" for label in labels for number in range(1, generations + 1)}


async def collect(house: Any, screen: Any, person: str) -> Any:
    async with asyncio.timeout(30), aclosing(house.stream(person, screen.cursor)) as stream:
        async for frame in stream:
            screen.take(frame)
            if frame.event == "ready" and frame.data["from"] == 0:
                return screen


async def test_every_sentence_holds_over_every_way_out(
    a_running_hub: Any, home: Any, clock: Any, request: pytest.FixtureRequest
) -> None:
    screen_of = sys.modules[a_running_hub.__module__].Screen
    async with a_running_hub(home, clock, setting()) as house:
        async with house.operator("ada") as ada:
            response = await ada.post("/changes", json={"changes": giving()})
            assert response.status_code == 200, response.text
        await house.put(*calls(1))
        await house.runtime.catch_up()
        screens = {name: screen_of() for name in CASES}
        for name, screen in screens.items():
            await collect(house, screen, PEOPLE[name])
            assert screen.keys("call") == expected(name, 1), f"snapshot of {name}: {CASES[name].quote}"
            await check_held(house, name, screen)
        await check_live(house, screens)
        await check_headless(house)
        await check_figures(house)
        await check_away(house, screens)
        async with house.operator("ada") as ada:
            assert (await ada.post("/changes", json={"changes": taking()})).status_code == 200
        for name, screen in screens.items():
            await collect(house, screen, PEOPLE[name])
            assert not screen.keys("call"), f"resumed after everything was taken from {name}"
        async with house.operator("ada") as ada:
            assert (await ada.post("/changes", json={"changes": giving()})).status_code == 200
        for name, screen in screens.items():
            await collect(house, screen, PEOPLE[name])
            assert screen.keys("call") == expected(name, 3), f"resumed after it was given back: {name}"


async def check_held(house: Any, name: str, screen: Any) -> None:
    case, me = CASES[name], house.hub.access(PEOPLE[name]).me
    if case.panes is not None:
        assert me.panes == case.panes, case.quote
    assert [one for one in case.may if not me.may(one)] == [], case.quote
    assert [one for one in case.lacks if me.may(one)] == [], case.quote
    queues = {visit["queue"] for (kind, _), doc in screen.documents.items() if kind == "call"
              for visit in doc.get("visits", ())}  # fmt: skip
    seen = {queue.removeprefix(QUEUE) for queue in queues if queue}
    labels = {"general" if label.startswith("own") else label for label in case.sees} - {"out"}
    assert seen <= labels, f"names of queues in {name}"


async def check_live(house: Any, screens: Any) -> None:
    """New calls, while everybody's feed is open."""

    async def follow(name: str, screen: Any) -> None:
        async with aclosing(house.stream(PEOPLE[name], screen.cursor)) as stream:
            async for frame in stream:
                screen.take(frame)
                if frame.event == "ready":
                    ready.release()
                # The last document of the batch is an organisation's: everybody gets it.
                if ("contact", "end") in screen.documents or any(
                    row[0] == "organisation" for row in frame.data.get("changes", ()) if began.is_set()
                ):
                    return

    ready, began = asyncio.Semaphore(0), asyncio.Event()
    tasks = [asyncio.create_task(follow(name, screen)) for name, screen in screens.items()]
    async with asyncio.timeout(60):
        for _ in tasks:
            await ready.acquire()
        began.set()
        organisation = house.hub.document("organisation", "organisation")
        await house.put(*calls(2))
        await house.put(("organisation", {**organisation, "min_sample": 6}))
        await asyncio.gather(*tasks)
    for name, screen in screens.items():
        assert screen.keys("call") == expected(name, 2), f"live feed of {name}: {CASES[name].quote}"


async def check_away(house: Any, screens: Any) -> None:
    """New calls, while nobody listens; then everybody goes on from where their cache stands."""
    await house.put(*calls(3))
    for name, screen in screens.items():
        screen.events.clear()
        await collect(house, screen, PEOPLE[name])
        assert "backfill" not in screen.events, "they go on, and begin nothing anew"
        assert screen.keys("call") == expected(name, 3), f"resumed cache of {name}: {CASES[name].quote}"
        await check_held(house, name, screen)


async def check_headless(house: Any) -> None:
    for name, person in PEOPLE.items():
        async with house.operator(person) as client:
            answer = await client.get("/calls", params={"limit": 1000})
            if "calls" in house.hub.access(person).me.panes:
                found = {one["key"] for one in answer.json()}
            else:
                assert answer.status_code == 403, f"headless, {name}: {CASES[name].quote}"
                found = set()
            assert found == expected(name, 2), f"headless, {name}: {CASES[name].quote}"
            assert (await client.get("/me")).json()["panes"] == list(house.hub.access(person).me.panes)
        async with house.operator("ada") as ada:
            for label in ("sales:1", "support:1", "out:1", f"own-{person}:1"):
                said = (await ada.get(f"/why/{person}/{label}")).json()
                assert said["permitted"] == (label in expected(name, 1)), said["sentence"]
                everybody = {one["person"] for one in (await ada.get(f"/who-can-see/{label}")).json()}
                assert (person in everybody) == said["permitted"]


async def check_figures(house: Any) -> None:
    """Statistics count what their text says and nothing else, broken down or not."""
    for name, (quote, sees) in FIGURES.items():
        person = PEOPLE[name]
        async with house.operator(person) as client:
            answers = {by: await client.get("/kpis", params={"by": by}) for by in ("all", "team", "agent")}
        if sees is None:
            assert answers["all"].status_code == 403, quote
            assert answers["team"].status_code == 403, quote
        else:
            measures = answers["all"].json()[0]["measures"]
            everybody = len(PEOPLE) if sees == EVERY else int("own" in sees)
            expected = 2 * (len(sees - {"own"}) + everybody)
            assert measures["inbound"] + measures["outbound"] == expected, f"{name}: {quote}"
        if sees == NORTH and answers["team"].status_code == 200:
            assert {row["key"] for row in answers["team"].json()} <= {"north"}, quote
        if sees in (None, MINE) and answers["agent"].status_code == 200:
            assert {row["key"] for row in answers["agent"].json()} <= {QUEUE + person}, quote


async def test_who_has_no_access_cannot_sign_in(house: Any) -> None:
    """“This role allows you to create a user that has NO ACCESS to the Calltracks web interface.” (002)"""
    async with house.client() as client:
        answer = await client.post("/sign-in", json={"person": "ned", "password": "correct horse battery"})
    assert (answer.status_code, answer.json()["error"]["name"]) == (403, "no-access")
