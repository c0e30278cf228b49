"""Why somebody sees what an agent does, and a row of figures: the permission, for what, and what of it counts."""

import re
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wallboard_tui.access.directory import Directory
from wallboard_tui.access.explain import Explanation, gate_of, who_can_see
from wallboard_tui.access.explain_rows import REASONS, TIMES, explain_figures, explain_state
from wallboard_tui.access.packs import packs, roles_of
from wallboard_tui.access.panes import BY
from wallboard_tui.model.base import Doc

from .conftest import CallOf, OfficeOf

SALES, SUPPORT = "asterisk:pbx1:sales", "asterisk:pbx1:support"
BOB = "asterisk:pbx1:Bob"
ATOM = re.compile(r"\b(?:queue|team|agent|person|ext|number|asterisk):\S|\bALL\b|\b[a-z]+[._][a-z]")


def texts(why: Explanation) -> tuple[str, ...]:
    """All that an explanation says to people."""
    return (why.sentence, *why.notes, *(clause.words for clause in why.clauses))


def test_an_agents_state_is_explained_by_what_shows_states_and_not_by_what_names_agents(office: OfficeOf) -> None:
    shop = office(
        sup={"role": "standard:supervisor"}, cal={"role": "calltracks:calls-only"},
        wal={"role": "standard:wall-device", "grants": {"wallboard": {"scope": ["team:north"]}}},
        more=[("team", {"key": "east", "name": "East", "members": ["bob"], "managers": ["sup"]})],
    )  # fmt: skip

    def why(person: str) -> Explanation:
        return explain_state(person, BOB, shop.directory)

    sue, sup, wal = why("sue"), why("sup"), why("wal")
    assert sue.sentence == "Sue sees this agent's state: Wallboard (team North), through role Supervisor."
    assert sue.notes == (REASONS,), "a JustCall Supervisor has no supervisor's workspace"
    assert sup.sentence.startswith("Sup sees this agent's state: Supervisor workspace, Wallboard (team East), through")
    assert sup.notes == ()
    assert wal.clauses[0].origins == ("grant to Wal",)
    assert why("cal").sentence == (
        "Cal does not see this agent's state: neither Supervisor workspace nor Wallboard is permitted."
    ), "Cal sees all calls, and so who took them; what they do now is another matter"
    assert why("sam").sentence == "Sam does not see this agent's state: it is not among Wallboard (team South)."
    assert why("bob").sentence.startswith("Bob sees this agent's state: Analytics (own), through")
    far = office(bob={"role": "justcall:agent", "grants": {"analytics": {"scope": ["ALL"]}}})
    assert [clause.words for clause in explain_state("bob", BOB, far.directory).clauses] == ["own"]
    assert not explain_state("bob", "asterisk:pbx1:Ann", far.directory).permitted
    everybody = who_can_see(partial(explain_state, agent=BOB, directory=shop.directory), shop.directory)
    assert [one.person for one in everybody] == ["ada", "bob", "sue", "sup", "wal"]


def test_where_an_agent_is_signed_in_and_talks_shows_the_state_to_those_who_watch_that(
    office: OfficeOf, call_of: CallOf
) -> None:
    shop = office(wil={"role": "standard:wall-device", "grants": {"wallboard": {"scope": [f"queue:{SUPPORT}"]}}})
    assert not explain_state("wil", BOB, shop.directory).permitted, "Bob sits in sales"
    helping = explain_state("wil", BOB, shop.directory, queues=[SUPPORT])
    assert [clause.words for clause in helping.clauses] == ["queue support"]
    call = call_of(shop.directory, queues=["support"], agents=["Bob"])
    legs = [{"agent": BOB, "queue": SUPPORT, "visit": 0, "started": 1.0}]
    talking = explain_state("wil", BOB, shop.directory, calls=[{**call, "legs": legs}])
    assert talking.permitted
    assert not explain_state("wil", "asterisk:pbx1:Ann", shop.directory, calls=[{**call, "legs": legs}]).permitted


ROLES = sorted(role.key for pack in packs() for role in roles_of(pack))
DOCUMENTS: list[tuple[str, Doc]] = [("role", one.dump()) for pack in packs() for one in roles_of(pack)]
DOCUMENTS += [
    ("team", {"key": "north", "name": "North", "members": ["ann"], "managers": ["ann"], "queues": [SALES]}),
    ("team", {"key": "south", "name": "South", "members": ["bob"], "queues": [SUPPORT]}),
    ("agent", {"key": BOB, "source": "pbx1", "name": "Bob", "queues": [SUPPORT]}),
    ("agent", {"key": "asterisk:pbx1:Ann", "source": "pbx1", "name": "Ann", "queues": [SALES]}),
    ("queue", {"key": SALES, "source": "pbx1", "name": "sales"}),
    ("queue", {"key": SUPPORT, "source": "pbx1", "name": "support"}),
    ("person", {"key": "bob", "name": "Bob", "role": "standard:agent", "agents": [BOB]}),
]
CALL: Doc = {
    "key": "c", "direction": "inbound", "visits": [{"queue": SUPPORT, "entered": 1.0}],
    "legs": [{"queue": SUPPORT, "agent": BOB, "visit": 0, "started": 2.0}],
    "facts": [f"queue:{SUPPORT}", "team:south", f"agent:{BOB}", "person:bob"],
}  # fmt: skip
GRANTED = st.dictionaries(
    st.sampled_from(["wallboard", "supervisor", "analytics", "analytics.rollup", "reports.queues"]),
    st.sampled_from(["team:south", f"queue:{SUPPORT}", "SELF", "ALL/inbound", f"agent:{BOB}", "ALL"]),
    max_size=2,
)


def directory_of(role: str, grants: dict[str, str]) -> Directory:
    given = {name: {"scope": [atom]} for name, atom in grants.items()}
    ann = {"key": "ann", "name": "Ann", "role": role, "agents": ["asterisk:pbx1:Ann"], "grants": given}
    return Directory.from_documents([*DOCUMENTS, ("person", ann)])


@settings(deadline=None)
@given(st.sampled_from(ROLES), GRANTED, st.sampled_from([BOB, "asterisk:pbx1:Ann"]))
def test_an_explanation_of_a_state_agrees_with_the_gate(role: str, grants: dict[str, str], agent: str) -> None:
    directory = directory_of(role, grants)
    gate = gate_of("ann", directory)
    why = explain_state("ann", agent, directory)
    assert why.permitted == bool(gate.sends("presence", {"key": "", "agent": agent, "queue": None}))
    assert why.permitted == bool(why.clauses)
    if why.permitted:
        said = gate.redact("presence", {"key": "", "agent": agent, "reason": "Lunch"}, 1)
        assert (REASONS in why.notes) == ("reason" not in said)
    assert not [text for text in texts(why) if ATOM.search(text)]


@settings(deadline=None)
@given(st.sampled_from(ROLES), GRANTED, st.sampled_from(sorted(BY)))
def test_an_explanation_of_figures_agrees_with_the_lens(role: str, grants: dict[str, str], by: str) -> None:
    directory = directory_of(role, grants)
    gate = gate_of("ann", directory)
    index = gate.me.lens_by(by)
    keys = {"queue": SUPPORT, "agent": BOB, "team": "south", "all": ""}
    why = explain_figures("ann", by, keys.get(by, "1800"), directory)
    if index is None:
        assert not why.permitted
        return
    lens = gate.lens_gate(index)
    if by == "queue":
        seen = lens.call(CALL) or {"visits": []}
        assert why.permitted == any(visit["queue"] == SUPPORT for visit in seen["visits"])
    elif by == "agent":
        assert why.permitted == lens.shows_agent(BOB)
    elif by != "team":
        assert why.permitted
    for clause in why.clauses:
        assert set(clause.permissions) <= set(BY[by])
    if lens.scope.everything:
        assert why.notes[0].startswith("All calls"), why.notes
    assert not [text for text in texts(why) if ATOM.search(text)]


def test_a_row_of_figures_says_through_what_it_is_counted_and_what_of_it_counts(office: OfficeOf) -> None:
    shop = office(
        pat={"role": "calltracks:reporting-only"},
        quin={
            "role": "nuacom:non-admin",
            "manage_queues": [SALES],
            "grants": {"reports.queues": {"scope": ["GRANTED"]}},
        },
        mia={"role": "mightycall:agent", "extension": "105"}, rex={"role": "calltracks:receptionist"},
    )  # fmt: skip

    def why(person: str, by: str, key: str = "") -> Explanation:
        return explain_figures(person, by, key, shop.directory)

    sue = why("sue", "queue", SALES)
    assert sue.sentence.startswith(
        "Sue sees this row of figures: Roll-ups, Queue report, Call volume report (team North), through"
    )
    assert [clause.words for clause in sue.clauses] == ["team North"]
    assert sue.notes == ("All calls of the queue count, from when it belonged to team North.",)
    mia = why("mia", "queue", SALES)
    assert {clause.words for clause in mia.clauses} == {"own, in part"}
    assert mia.notes == ("Only a part of the calls of the queue counts: own.",)
    assert why("pat", "queue", SALES).notes == ("All calls of the queue count.", TIMES)
    assert why("quin", "queue", SALES).notes[0] == "All calls of the queue count."
    assert why("sam", "queue", SALES).sentence == (
        "Sam does not see this row of figures: it is not among Roll-ups and Queue report and Call volume report "
        "(team South)."
    )
    assert "neither Roll-ups nor" in why("rex", "queue", SALES).sentence
    assert why("sue", "agent", BOB).notes == ("All calls of the agent count that concern team North.",)
    assert why("sue", "team", "north").notes == ("All calls of the team count.",)
    assert why("sue", "all").notes == ("Only a part of the calls counts: team North.",)
    assert why("ada", "all").notes == ("All calls count.",)
    assert why("ada", "number").notes == ("All calls that have no number count.",)
    assert why("sue", "number", "+35315550100").notes == ("Only a part of the calls to the number counts: team North.",)


@pytest.mark.parametrize("person", ["sam", "cat"])
def test_who_was_rung_in_a_queue_without_sitting_in_it_counts_there_for_their_team(
    office: OfficeOf, person: str
) -> None:
    shop = office(cat={"role": "mightycall:agent", "extension": "103"})
    assert not explain_figures(person, "queue", SALES, shop.directory).permitted
    helped = explain_figures(person, "queue", SALES, shop.directory, agents=["asterisk:pbx1:Cat"])
    assert helped.permitted
    assert all(clause.words.endswith(", in part") for clause in helped.clauses)


def test_an_explanation_names_nothing_that_whoever_asks_may_not_know(office: OfficeOf) -> None:
    shop = office()
    sam = shop.gate("sam").reach.sight
    for why in (
        explain_figures("sue", "number", "+35315550100", shop.directory, sight=sam),
        explain_figures("sue", "queue", SALES, shop.directory, sight=sam),
        explain_state("sue", BOB, shop.directory, sight=sam),
    ):
        assert why.permitted
        assert not [text for text in texts(why) if "North" in text], "Sam knows of South"
