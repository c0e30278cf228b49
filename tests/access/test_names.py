"""Queues and numbers that visible rows name although they are not in scope: their names are sent, and nothing more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from wallboard_tui.access.derive import effective
from wallboard_tui.access.directory import Directory
from wallboard_tui.access.gate import Gate
from wallboard_tui.access.me import me
from wallboard_tui.model.agent import Agent
from wallboard_tui.model.base import Doc
from wallboard_tui.model.call import Direction
from wallboard_tui.model.directory import Grant, Number, Person, Queue, Role, Team

if TYPE_CHECKING:
    from tests.access.conftest import CallOf, Office, OfficeOf

PBX = "asterisk:pbx1:"
BOB = {"key": f"{PBX}Bob", "source": "pbx1", "name": "Bob", "queues": [f"{PBX}sales", f"{PBX}support"]}
SUPPORT = {
    "key": f"{PBX}support", "source": "pbx1", "name": "support", "title": "Support", "service_level_s": 30,
    "members": [f"{PBX}Bob", f"{PBX}Cat"],
}  # fmt: skip
HELP_LINE = {"key": "+35315550300", "name": "Help line", "dialled": ["5003"], "campaign": "Leaflet"}
SOUTH = {
    "key": "south", "name": "South", "members": ["cat"], "managers": ["sam"], "queues": [f"{PBX}support"],
    "numbers": ["+35315550300"],
}  # fmt: skip
HELPS_OUT = (("agent", BOB), ("queue", SUPPORT), ("number", HELP_LINE), ("team", SOUTH))
"""Bob of Team North, whom Sue manages, also sits in Support, which is Team South's."""


def sent(office: Office, person: str, kind: str, doc: Doc) -> Doc | None:
    gate = office.gate(person)
    bits = gate.admit(kind, doc)
    return gate.redact(kind, doc, bits) if bits else None


def test_a_supervisor_knows_by_name_the_queues_in_which_her_agents_help_out(office: OfficeOf, call_of: CallOf) -> None:
    shop = office(more=HELPS_OUT)
    row = sent(shop, "sue", "call", call_of(shop.directory, queues=["support"], agents=["Bob"]))
    assert row is not None
    assert row["visits"][0]["queue"] == f"{PBX}support", "a row that she sees names the queue"
    assert sent(shop, "sue", "queue", SUPPORT) == {
        "key": f"{PBX}support", "source": "pbx1", "name": "support", "title": "Support", "service_level_s": 30,
    }  # fmt: skip


def test_a_queue_in_which_no_agent_of_hers_sits_has_no_name_for_her(office: OfficeOf) -> None:
    assert sent(office(), "sue", "queue", SUPPORT) is None
    assert sent(office(more=HELPS_OUT), "sue", "queue", {**SUPPORT, "key": f"{PBX}billing"}) is None


def test_of_the_numbers_in_front_of_such_a_queue_only_the_names_are_known(office: OfficeOf) -> None:
    shop = office(more=HELPS_OUT)
    assert sent(shop, "sue", "number", HELP_LINE) == {"key": "+35315550300", "name": "Help line"}
    assert sent(shop, "sam", "number", HELP_LINE) == HELP_LINE
    assert sent(office(more=HELPS_OUT[2:]), "sue", "number", HELP_LINE) is None


def test_an_agent_hears_of_no_queue_but_those_of_the_own_calls(office: OfficeOf) -> None:
    """Bob and Ann are in one team; that Bob sits in Support as well is nothing to Ann, who sees her own calls only."""
    shop = office(more=HELPS_OUT)
    assert sent(shop, "ann", "queue", SUPPORT) is None
    assert sent(shop, "bob", "queue", SUPPORT) is not None


def test_allowed_numbers_name_the_queues_behind_them(office: OfficeOf) -> None:
    """001: who is allowed a number sees activity related to it, and that is where its calls are led to."""
    shop = office(more=HELPS_OUT, nia={"role": "nuacom:non-admin", "manage_numbers": ["+35315550300"]})
    found = sent(shop, "nia", "queue", SUPPORT)
    assert found is not None
    assert "members" not in found
    assert sent(shop, "nia", "queue", {**SUPPORT, "key": f"{PBX}billing"}) is None


def test_a_name_alone_puts_no_queue_on_a_board(office: OfficeOf) -> None:
    """A pane about a queue that is not the reader's would show a part of it as the whole."""
    rows = [{"panes": [{"pane": "rollups", "queues": ["support"]}]}, {"panes": [{"pane": "rollups"}]}]
    board = {"key": "b", "name": "B", "pages": [{"name": "P", "rows": rows}]}
    shop = office(more=HELPS_OUT, boards=[board])
    assert [pane for pane in shop.me("sue").boards[0]["pages"][0]["rows"]] == rows[1:]
    assert shop.me("sam").boards[0]["pages"][0]["rows"] == rows


def test_members_of_a_queue_become_no_better_known_by_its_name(office: OfficeOf) -> None:
    shop = office(more=HELPS_OUT)
    cat = {"key": f"{PBX}Cat", "source": "pbx1", "name": "Cat", "queues": [f"{PBX}support"]}
    assert sent(shop, "sue", "agent", cat) is None
    assert sent(shop, "sue", "person", {"key": "cat", "name": "Cat", "role": "justcall:agent"}) is None


def test_the_fingerprint_changes_when_an_agent_begins_to_help_out(office: OfficeOf) -> None:
    assert office(more=HELPS_OUT[2:]).me("sue").fingerprint != office(more=HELPS_OUT).me("sue").fingerprint


# -- laws

PEOPLE = ("aster", "birch", "cedar")
PLACES = ("red", "green", "blue")
GRANTS = ("calls", "recents", "reports.missed", "supervisor", "analytics.rollup", "reports.productivity")


def queue_of(name: str) -> str:
    return f"{PBX}{name}"


@st.composite
def organisations(draw: st.DrawFn) -> Directory:
    """Three agents who sit in some of three queues, owned by some of three teams; a viewer who holds something."""
    sits = {name: draw(st.sets(st.sampled_from(PLACES))) for name in PEOPLE}
    atoms = st.sampled_from(
        [f"{kind}:{prefix}{name}" for kind, prefix, names in (
            ("agent", PBX, PEOPLE), ("person", "", PEOPLE), ("team", "", PEOPLE), ("queue", PBX, PLACES),
            ("number", "", PLACES), ("ext", "1", PEOPLE),
        ) for name in names]
    )  # fmt: skip
    held = st.dictionaries(st.sampled_from(GRANTS), st.sets(atoms, min_size=1, max_size=3), max_size=3)
    grants = {name: Grant(scope=tuple(scope)) for name, scope in draw(held).items()}
    people = {
        name: Person(key=name, name=name, role="r", extension=f"1{name}", agents=(queue_of(name),)) for name in PEOPLE
    }
    teams = {
        name: Team(
            key=name, name=name, members=tuple(draw(st.sets(st.sampled_from(PEOPLE)))),
            queues=tuple(queue_of(q) for q in draw(st.sets(st.sampled_from(PLACES)))),
            numbers=tuple(draw(st.sets(st.sampled_from(PLACES)))),
        )
        for name in PEOPLE
    }  # fmt: skip
    return Directory(
        people={**people, "viewer": Person(key="viewer", name="V", role="r", grants=grants)},
        roles={"r": Role(key="r", name="R")},
        teams=teams,
        queues={queue_of(name): Queue(key=queue_of(name), source="pbx1", name=name) for name in PLACES},
        numbers={name: Number(key=name, name=name) for name in PLACES},
        agents={
            queue_of(name): Agent(
                key=queue_of(name), source="pbx1", name=name, queues=tuple(queue_of(q) for q in sits[name])
            )
            for name in PEOPLE
        },
    )


def gate_of(directory: Directory) -> Gate:
    held = effective("viewer", directory).resolved(directory)
    return Gate(held, me("viewer", directory, policy=0, now=0.0), directory, secret=b"s")


def rung(directory: Directory, agent: str, queue: str, direction: str) -> Doc:
    facts = {*directory.queue_facts(queue), *directory.agent_facts(agent)}
    return {
        "key": f"{PBX}1", "source": "pbx1", "started": 1.0, "direction": direction, "facts": sorted(facts),
        "visits": [{"queue": queue, "entered": 1.0}], "legs": [{"agent": agent, "queue": queue, "visit": 0}],
    }  # fmt: skip


@settings(deadline=None)
@given(organisations(), st.sampled_from([d.value for d in Direction]))
def test_every_queue_that_a_visible_call_names_is_known_by_name(directory: Directory, direction: str) -> None:
    gate = gate_of(directory)
    for agent, known in directory.agents.items():
        for queue in known.queues:
            call = rung(directory, agent, queue, direction)
            if bits := gate.admit("call", call):
                named = gate.redact("call", call, bits)["visits"][0]["queue"]
                assert named is None or gate.admit("queue", {"key": queue, "source": "pbx1", "name": queue})


@settings(deadline=None)
@given(organisations())
def test_no_queue_is_known_that_no_visible_row_can_name(directory: Directory) -> None:
    """For each queue that is known by its name alone there is a row: a call that rang a member of it, an attempt, a
    pause in it, or a call to a number that leads to it."""
    gate = gate_of(directory)
    for queue in directory.queues:
        doc = {"key": queue, "source": "pbx1", "name": queue, "members": []}
        if not gate.admit("queue", doc) or "members" in gate.redact("queue", doc, 1):
            continue
        assert any(
            _shows(gate, directory, agent, queue) for agent, known in directory.agents.items() if queue in known.queues
        ) or any(
            queue in team.queues and gate.admit("call", _over(number, queue)) | gate.admit("followup", _try(number))
            for team in directory.teams.values()
            for number in team.numbers
        )


def _shows(gate: Gate, directory: Directory, agent: str, queue: str) -> bool:
    call = rung(directory, agent, queue, "inbound")
    pause = {"key": "p", "source": "pbx1", "agent": agent, "queue": queue, "at": 1.0, "what": "pause"}
    attempt = {"call": "c", "at": 1.0, "queue": queue, "reason": "abandoned", "facts": call["facts"]}
    missed = {"key": "+1", "caller": "+1", "attempts": [attempt], "first_miss": 1.0, "last_miss": 1.0}
    return bool(gate.admit("call", call) or gate.admit("presence", pause) or gate.admit("followup", missed))


def _over(number: str, queue: str) -> Doc:
    return {
        "key": "c", "source": "pbx1", "started": 1.0, "direction": "inbound", "number": number, "legs": [],
        "visits": [{"queue": queue, "entered": 1.0}], "facts": [f"number:{number}"],
    }  # fmt: skip


def _try(number: str) -> Doc:
    attempt = {"call": "c", "at": 1.0, "number": number, "reason": "abandoned", "facts": [f"number:{number}"]}
    return {"key": "+1", "caller": "+1", "attempts": [attempt], "first_miss": 1.0, "last_miss": 1.0}


def test_missed_opportunities_name_those_who_work_on_them_and_no_other_staff(office: OfficeOf) -> None:
    """The design: people's names are "those visible above"; a receptionist sees missed opportunities, and nothing
    else: who may claim one can stand in a row, other staff cannot."""
    shop = office(
        rex={"role": "calltracks:receptionist"},
        rita={"role": "calltracks:receptionist"},
        wim={"role": "calltracks:read-write"},
        pat={"role": "calltracks:reporting-only"},
        nox={"role": "calltracks:no-access"},
    )
    gate = shop.gate("rex")
    known = {key for key, person in shop.directory.people.items() if gate.admit("person", person.dump())}
    # Of the office's own staff only the admin manages missed opportunities; supervisors view them.
    assert known == {"rex", "rita", "wim", "ada"}
    rows = {"key": "+1", "caller": "+1", "attempts": [_try("x")["attempts"][0]], "first_miss": 1.0, "last_miss": 1.0}
    assert gate.redact("followup", {**rows, "owner": "wim"}, gate.admit("followup", rows))["owner"] == "wim"
    assert gate.redact("followup", {**rows, "owner": "sue"}, gate.admit("followup", rows))["owner"] is None
    # Whoever sees calls sees who took them.
    assert shop.gate("wim").admit("person", shop.directory.people["bob"].dump())
    # Another who may claim is another name that a row can have.
    more = office(rex={"role": "calltracks:receptionist"}, rita={"role": "calltracks:reporting-only"})
    same = office(rex={"role": "calltracks:receptionist"}, rita={"role": "calltracks:receptionist"})
    assert more.me("rex").fingerprint != same.me("rex").fingerprint
