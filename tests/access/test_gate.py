"""The one gate: which kinds of documents somebody gets, through which lens, and what a stream may share."""

from __future__ import annotations

import re
import sqlite3
from functools import partial
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wallboard_tui.access.derive import effective
from wallboard_tui.access.directory import Directory
from wallboard_tui.access.explain import explain, who_can_see
from wallboard_tui.access.gate import SENT, Gate
from wallboard_tui.access.me import me
from wallboard_tui.access.packs import packs, roles_of
from wallboard_tui.model.base import Doc
from wallboard_tui.model.directory import Person
from wallboard_tui.model.kinds import KINDS
from wallboard_tui.model.security import PRIVATE_KINDS

if TYPE_CHECKING:
    from tests.access.conftest import CallOf, Office, OfficeOf

BOB = "asterisk:pbx1:Bob"
ANN = "asterisk:pbx1:Ann"
PERSON = {"key": "bob", "name": "Bob", "role": "justcall:agent", "email": "bob@example.com", "agents": [BOB]}


def pause_of(agent: str, queue: str | None = None) -> Doc:
    key = f"asterisk:pbx1:{queue}" if queue else None
    return {"key": "p", "source": "pbx1", "agent": agent, "queue": key, "at": 1.0, "what": "pause", "reason": "Lunch"}


def sent(office: Office, person: str, kind: str, doc: Doc) -> Doc | None:
    gate = office.gate(person)
    bits = gate.admit(kind, doc)
    return gate.redact(kind, doc, bits) if bits else None


@pytest.mark.parametrize("kind", [*sorted(PRIVATE_KINDS), "api_key", "", "Call"])
def test_secrets_and_kinds_without_a_rule_never_leave(kind: str, office: OfficeOf) -> None:
    gate = office().gate("ada")
    assert gate.admit(kind, {"key": "ada", "person": "ada", "facts": [], "attempts": []}) == 0


def test_nobody_without_permissions_gets_anything(office: OfficeOf, call_of: CallOf) -> None:
    shop = office(nox={"role": "calltracks:no-access"}, nia={"role": "nuacom:non-admin", "grants": {}})
    docs: dict[str, Doc] = {
        "call": call_of(shop.directory, agents=["Nox"]), "presence": pause_of("asterisk:pbx1:Nox"),
        "agent": {"key": ANN, "source": "pbx1", "name": "Ann"}, "person": PERSON,
        "notice": {"key": "n", "person": "nox"},
        "organisation": {"key": "organisation", "name": "Acme"}, "source": {"key": "pbx1"},
        "followup": {"key": "x", "attempts": [{"at": 1.0, "facts": ["person:nox"]}]},
        "board": {"key": "b", "name": "B", "pages": [{"name": "P", "rows": [{"panes": [{"pane": "text"}]}]}]},
    }  # fmt: skip
    gate = shop.gate("nox")
    assert {kind: gate.admit(kind, doc) for kind, doc in docs.items()} == dict.fromkeys(docs, 0)


def test_a_state_is_for_those_who_watch_the_team(office: OfficeOf) -> None:
    shop = office(
        tia={"role": "standard:supervisor"},
        more=[("team", {"key": "x", "name": "X", "managers": ["tia"], "members": ["bob"]})],
    )
    assert sent(shop, "ann", "presence", pause_of(BOB)) is None
    assert sent(shop, "sam", "presence", pause_of(BOB)) is None
    without_reason = sent(shop, "sue", "presence", pause_of(BOB))
    assert without_reason is not None
    assert "reason" not in without_reason
    # The supervisor permission shows why; without it, the wallboard only shows that.
    with_reason = sent(shop, "tia", "presence", pause_of(BOB))
    assert with_reason is not None
    assert with_reason["reason"] == "Lunch"


def test_ones_own_state_comes_with_its_reason(office: OfficeOf) -> None:
    own = sent(office(), "ann", "presence", pause_of(ANN))
    assert own is not None
    assert own["reason"] == "Lunch"


def test_a_state_known_by_its_interface_is_judged_by_its_agent(office: OfficeOf) -> None:
    agent = {"key": ANN, "source": "pbx1", "name": "Ann", "interfaces": ["Local/agent-101@agents/n"]}
    shop = office(more=[("agent", agent)])
    pause = pause_of("asterisk:pbx1:Local/agent-101@agents/n")
    assert sent(shop, "ann", "presence", pause) is not None
    assert sent(shop, "sue", "presence", pause) is not None
    assert sent(shop, "bob", "presence", pause) is None


def test_a_state_is_told_of_the_agent_whatever_name_was_said(office: OfficeOf) -> None:
    """Who watches a queue may not know the agent who joined it: under two names they would never leave it again."""
    watch = {"wallboard": {"scope": ["queue:asterisk:pbx1:sales"]}}
    zoe = {"key": "asterisk:pbx1:Zoe", "source": "pbx1", "name": "Zoe", "interfaces": ["Local/112@agents"]}
    shop = office(wil={"role": "standard:wall-device", "grants": watch}, more=[("agent", zoe)])
    assert sent(shop, "wil", "agent", zoe) is None
    told = sent(shop, "wil", "presence", pause_of("asterisk:pbx1:Local/112@agents", "sales"))
    assert told is not None
    assert told["agent"] == "asterisk:pbx1:Zoe"


def test_of_two_agents_with_one_interface_the_first_by_key_has_it(office: OfficeOf) -> None:
    """As in the view: who may see a statement, and whose it is, is decided of the same agent."""
    found = [
        ("agent", {"key": f"asterisk:pbx1:{name}", "source": "pbx1", "name": name, "interfaces": ["SIP/7"]})
        for name in ("Zoe", "Abe")
    ]
    assert office(more=found).directory.agent_key("asterisk:pbx1:SIP/7") == "asterisk:pbx1:Abe"


def test_who_watches_a_queue_sees_states_about_that_queue(office: OfficeOf) -> None:
    watch = {"wallboard": {"scope": ["queue:asterisk:pbx1:sales"]}}
    shop = office(wil={"role": "standard:wall-device", "grants": watch})
    assert sent(shop, "wil", "presence", pause_of(BOB, "sales"))
    assert sent(shop, "wil", "presence", pause_of(BOB, "support")) is None
    signed_in = {**pause_of("asterisk:pbx1:Zoe"), "facts": ["agent:asterisk:pbx1:Zoe", "queue:asterisk:pbx1:sales"]}
    assert sent(shop, "wil", "presence", signed_in)
    assert sent(shop, "wil", "presence", {**signed_in, "queue": "asterisk:pbx1:support"}) is None


def test_who_watches_a_queue_is_told_what_its_agents_say_of_themselves_as_a_whole(office: OfficeOf) -> None:
    watch = {"wallboard": {"scope": ["queue:asterisk:pbx1:sales"]}}
    zoe = {"key": "asterisk:pbx1:Zoe", "source": "pbx1", "name": "Zoe", "queues": ["asterisk:pbx1:sales"]}
    shop = office(wil={"role": "standard:wall-device", "grants": watch}, more=[("agent", zoe)])
    logout = {**pause_of("asterisk:pbx1:Zoe"), "what": "logout", "facts": ["agent:asterisk:pbx1:Zoe"]}
    assert sent(shop, "wil", "presence", logout), "or the queue's figures keep her signed in for good"
    assert sent(shop, "wil", "presence", {**logout, "queue": "asterisk:pbx1:support"}) is None
    assert sent(shop, "wil", "presence", {**logout, "agent": "asterisk:pbx1:Nox", "facts": []}) is None


def test_a_team_does_not_see_agents_of_other_teams_in_its_queue(office: OfficeOf) -> None:
    """000: "If a supervisor manages Team A but not Team B, Team B data is hidden"."""
    cat = {**pause_of("asterisk:pbx1:Cat", "sales"), "facts": ["agent:asterisk:pbx1:Cat", "team:south", "team:north"]}
    assert sent(office(), "sue", "presence", cat) is None


def test_people_are_names_to_those_who_see_them_and_more_only_to_those_who_manage_people(office: OfficeOf) -> None:
    shop = office()
    assert sent(shop, "sue", "person", PERSON) == {"key": "bob", "name": "Bob", "role": "", "agents": [BOB]}
    assert sent(shop, "ada", "person", PERSON) == PERSON
    assert sent(shop, "sam", "person", PERSON) is None
    assert sent(shop, "bob", "person", PERSON) == {
        "key": "bob",
        "name": "Bob",
        "role": "justcall:agent",
        "agents": [BOB],
    }
    known = sent(shop, "sue", "person", PERSON)
    assert known is not None
    Person.load(known)


def test_queues_and_teams_list_only_known_members(office: OfficeOf) -> None:
    shop = office()
    queue = {"key": "asterisk:pbx1:sales", "source": "pbx1", "name": "sales", "members": [ANN, "asterisk:pbx1:Cat"]}
    team = {
        "key": "north",
        "name": "North",
        "members": ["ann", "bob"],
        "managers": ["sue"],
        "queues": ["asterisk:pbx1:sales"],
    }
    for_sue, for_ann = sent(shop, "sue", "queue", queue), sent(shop, "ann", "queue", queue)
    assert for_sue is not None
    assert for_sue["members"] == [ANN]
    # Ann sits in it herself, and her calls name it.
    assert for_ann is not None
    assert for_ann["members"] == [ANN]
    assert sent(shop, "cat", "queue", queue) is None
    mine = sent(shop, "ann", "team", team)
    assert mine is not None
    assert (mine["members"], mine["managers"]) == (["ann"], [])
    assert sent(shop, "cat", "team", team) is None


def test_numbers_and_extensions_are_for_those_whose_rows_name_them(office: OfficeOf) -> None:
    number, extension = {"key": "+35315550100", "name": "Main"}, {"key": "102", "name": "Desk"}
    shop = office(nia={"role": "nuacom:non-admin", "manage_numbers": ["+35315550100"]})
    assert [p for p in ("ann", "sue", "ada", "nia") if sent(shop, p, "number", number)] == ["ada", "nia"]
    assert [p for p in ("ann", "bob", "sue", "sam", "ada") if sent(shop, p, "extension", extension)] == [
        "bob",
        "sue",
        "ada",
    ]


def test_settings_are_public_in_part_and_whole_for_the_account(office: OfficeOf) -> None:
    organisation = {"key": "organisation", "name": "Acme", "time_zone": "UTC", "packs": ["justcall"], "shift_s": 1.0}
    source = {"key": "pbx1", "system": "asterisk", "error": "cannot read /var/log", "refused": 3, "lacks": ["sms"]}
    shop = office()
    assert sent(shop, "ann", "organisation", organisation) == {
        "key": "organisation",
        "name": "Acme",
        "time_zone": "UTC",
    }
    assert sent(shop, "ada", "organisation", organisation) == organisation
    assert sent(shop, "ann", "source", source) == {"key": "pbx1", "system": "asterisk", "lacks": ["sms"]}
    assert sent(shop, "ada", "source", source) == source


def test_notices_are_ones_own_and_the_trail_is_for_the_auditor(office: OfficeOf) -> None:
    shop = office(mac={"role": "mightycall:manager"})
    notice = {"key": "n", "person": "ann", "at": 1.0, "text": "Your access changed."}
    assert [p for p in ("ann", "bob", "ada") if sent(shop, p, "notice", notice)] == ["ann"]
    audit = {"key": "a", "at": 1.0, "by": "ada", "act": "role"}
    assert [p for p in ("ann", "mac", "ada") if sent(shop, p, "audit", audit)] == ["ada"]
    role = {"key": "justcall:agent", "name": "Agent"}
    assert [p for p in ("ann", "mac", "ada") if sent(shop, p, "role", role)] == ["ada"]


def test_a_lens_without_rows_is_for_figures_the_hub_makes(office: OfficeOf, call_of: CallOf) -> None:
    """A supervisor's own figures are beyond the teams' calls, so they come as figures."""
    shop = office()
    me = shop.me("sue")
    rows, figures = me.lens("calls"), me.lens("analytics")
    assert rows is not None
    assert figures is not None
    assert [me.lenses[rows].rows, me.lenses[figures].rows] == [True, False]
    gate = shop.gate("sue")
    own = call_of(shop.directory, agents=["Sue"], queues=["billing"])
    assert gate.admit("call", own) == 0
    seen = gate.lens_gate(figures).call(own)
    assert seen is not None
    assert gate.lens_gate(figures).presence(pause_of("asterisk:pbx1:Sue"))
    assert gate.admit("cell", {"key": "c", "lens": figures}) == SENT
    assert gate.admit("cell", {"key": "c", "lens": rows}) == 0
    assert gate.admit("live_queue", {"key": "c", "lens": 9}) == 0
    with pytest.raises(IndexError):
        gate.lens_gate(9)


def test_queue_figures_name_no_agent_unless_agents_may_be_singled_out(office: OfficeOf, call_of: CallOf) -> None:
    plain = {"reports.queues": {"scope": ["ALL"]}}
    shop = office(
        wil={"role": "standard:wall-device", "grants": plain},
        zoe={"role": "standard:wall-device", "grants": {**plain, "reports.productivity": {"scope": ["ALL"]}}},
    )
    call = call_of(shop.directory, queues=["sales"], agents=["Ann"])
    names = {}
    for person in ("wil", "zoe"):
        seen = shop.gate(person).lens_gate(0).call(call)
        assert seen is not None
        names[person] = seen["legs"][0]["agent"]
    assert names == {"wil": None, "zoe": ANN}


def test_what_is_not_admitted_has_no_redacted_form(office: OfficeOf) -> None:
    with pytest.raises(ValueError, match="has no redacted form"):
        office().gate("ann").redact("agent", {"key": BOB}, 0)


def test_the_wanted_calls_are_those_the_gate_admits(office: OfficeOf, call_of: CallOf) -> None:
    shop = office(ann={"role": "mightycall:agent"}, pia={"role": "calltracks:view-inbound-calls-only"})
    calls = [
        call_of(shop.directory, key=f"{direction}{queues}{agents}", queues=queues, agents=agents, direction=direction)
        for direction in ("inbound", "outbound", "internal")
        for queues, agents in ((["sales"], []), (["support"], ["Cat"]), ([], ["Ann"]), ([], ["Bob", "Cat"]), ([], []))
    ]
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE call (id INTEGER PRIMARY KEY, direction TEXT)")
    database.execute("CREATE TABLE call_fact (fact TEXT, call INTEGER, PRIMARY KEY (fact, call)) WITHOUT ROWID")
    for index, call in enumerate(calls):
        database.execute("INSERT INTO call VALUES (?, ?)", (index, call["direction"]))
        database.executemany("INSERT INTO call_fact VALUES (?, ?)", [(fact, index) for fact in call["facts"]])
    for person in shop.directory.people:
        gate = shop.gate(person)
        where, parameters = gate.wanted_sql()
        found = {row[0] for row in database.execute(f"SELECT id FROM call WHERE {where}", parameters)}  # noqa: S608
        assert found == {index for index, call in enumerate(calls) if gate.admit("call", call)}
    database.close()


def test_fingerprints_change_exactly_when_what_is_sent_changes(office: OfficeOf) -> None:
    before = office().me("sue").fingerprint
    assert office().me("sue").fingerprint == before == office().gate("sue").fingerprint
    assert (
        office(sue={"email": "sue@example.com", "grants": {"billing": {"level": "view"}}}).me("sue").fingerprint
        == before
    )
    changed = [
        office(more=[("team", {"key": "west", "name": "West", "managers": ["sue"]})]),
        office(more=[("team", {"key": "north", "name": "North", "members": ["ann", "cat"], "managers": ["sue"]})]),
        office(sue={"grants": {"calls": {"scope": ["ALL/inbound"]}}}),
        office(sue={"grants": {"contacts": {"level": "view"}}}),
        office(sue={"grants": {"supervisor": {"scope": ["MANAGED"]}}}),
    ]
    prints = [one.me("sue").fingerprint for one in changed]
    assert len({before, *prints}) == len(prints) + 1
    # Whoever is known already by a queue, and now by a team as well, is named in more calls than before.
    watch = {"wallboard": {"scope": ["queue:asterisk:pbx1:sales"]}, "calls": {"scope": ["team:west"]}}
    by_queue = office(wil={"role": "standard:wall-device", "grants": watch})
    west = {"key": "west", "name": "West", "members": ["bob"]}
    by_team = office(wil={"role": "standard:wall-device", "grants": watch}, more=[("team", west)])
    assert by_queue.me("wil").fingerprint != by_team.me("wil").fingerprint
    # Somebody new elsewhere is nothing to Sue.
    assert office(eve={"role": "justcall:agent", "extension": "199"}).me("sue").fingerprint == before
    assert office().me("ada").fingerprint != before


ROLES = sorted(role.key for pack in packs() for role in roles_of(pack))
facts = st.lists(
    st.sampled_from(["queue:q", "team:north", "person:ann", "agent:a", "ext:101", "number:n", "ext:9", "team:south"]),
    max_size=4,
)
rows = st.fixed_dictionaries(
    {"key": st.just("c"), "direction": st.sampled_from(["inbound", "outbound"]), "facts": facts}
)


@settings(deadline=None)
@given(st.sampled_from(ROLES), rows, st.booleans())
def test_an_explanation_agrees_with_the_gate(role: str, row: Doc, lists: bool) -> None:
    ann = {"key": "ann", "name": "Ann", "role": role, "extension": "101", "agents": ["a"]}
    documents: list[tuple[str, Doc]] = [("role", one.dump()) for pack in packs() for one in roles_of(pack)]
    documents += [
        ("person", {**ann, "manage_queues": ["q"]} if lists else ann),
        ("team", {"key": "north", "name": "North", "members": ["ann"], "managers": ["ann"]}),
    ]
    directory = Directory.from_documents(documents)
    gate = Gate(effective("ann", directory).resolved(directory), me("ann", directory, policy=0, now=0.0), directory)
    for kind, doc in (("call", row), ("followup", {"key": "+353", "attempts": [{"at": 1.0, **row}]})):
        why = explain("ann", kind, doc, directory)
        assert why.permitted == bool(gate.admit(kind, doc))
        assert why.permitted == any(clause.rows for clause in why.clauses)
        everybody = who_can_see(partial(explain, kind=kind, doc=doc, directory=directory), directory)
        assert [one.person for one in everybody] == (["ann"] if why.permitted else [])
        for clause in why.clauses:
            if kind == "call":
                assert set(clause.atoms) <= {"ALL", *row["facts"]}


def test_an_explanation_is_a_sentence_that_names_permission_fact_and_origin(office: OfficeOf, call_of: CallOf) -> None:
    shop = office(pat={"role": "calltracks:reporting-only"}, rex={"role": "calltracks:receptionist"})
    call = call_of(shop.directory, queues=["sales"], agents=["Bob"])

    def sentence(person: str) -> str:
        return explain(person, "call", call, shop.directory).sentence

    assert sentence("ann") == "Ann does not see this inbound call: it is not among Calls (own)."
    assert sentence("sue").startswith("Sue sees this inbound call: Calls, Roll-ups")
    assert "(team North), through role Supervisor" in sentence("sue")
    assert sentence("pat").startswith(
        "Pat does not see this inbound call: neither Calls nor Recents is permitted. It counts in figures: Call volume"
    )
    assert "floor" not in sentence("rex")
    everybody = who_can_see(partial(explain, kind="call", doc=call, directory=shop.directory), shop.directory)
    assert [one.person for one in everybody] == ["ada", "bob", "sue"]


def test_an_explanation_says_which_directions_a_scope_holds_for(office: OfficeOf, call_of: CallOf) -> None:
    shop = office(
        iris={"role": "calltracks:view-inbound-calls-only"},
        tom={"role": "nuacom:non-admin", "grants": {"calls": {"scope": ["team:north/inbound"]}}},
    )  # fmt: skip
    call = call_of(shop.directory, queues=["sales"], agents=["Bob"])
    iris = explain("iris", "call", call, shop.directory)
    assert iris.sentence.startswith("Iris sees this inbound call: Calls (everything (inbound only)), through")
    assert [clause.words for clause in explain("tom", "call", call, shop.directory).clauses if clause.rows] == [
        "team North (inbound only)"
    ]
    bob = shop.directory.agents["asterisk:pbx1:Bob"].dump()
    assert {clause.words for clause in explain("iris", "agent", bob, shop.directory).clauses} == {
        "everything (inbound only)"
    }


def test_an_explanation_names_things_as_people_call_them_and_keeps_the_atoms_apart(
    office: OfficeOf, call_of: CallOf
) -> None:
    shop = office(
        ada={"role": "standard:admin"}, pat={"role": "calltracks:reporting-only"},
        nell={"role": "standard:supervisor"}, mo={"role": "nuacom:non-admin", "manage_queues": ["asterisk:pbx1:sales"]},
        tom={"role": "standard:calls-only", "grants": {"calls": {"scope": ["team:north"]}}},
    )  # fmt: skip
    call = call_of(shop.directory, queues=["sales"], agents=["Bob"])
    atom = re.compile(r"\b(?:queue|team|agent|person|ext|number|asterisk):\S|\bALL\b|\b[a-z]+[._][a-z]|\busers\b")
    kinds = [("call", call)]
    kinds += [("queue", queue.dump()) for queue in shop.directory.queues.values()]
    kinds += [("agent", agent.dump()) for agent in shop.directory.agents.values()]
    kinds += [("team", team.dump()) for team in shop.directory.teams.values()]
    kinds += [("person", person.dump()) for person in shop.directory.people.values()]
    for person in shop.directory.people:
        for kind, doc in kinds:
            why = explain(person, kind, doc, shop.directory)
            for text in (why.sentence, *(one.words for one in why.clauses)):
                assert not atom.search(text), text
    ann = explain("ann", "call", call, shop.directory)
    assert set(ann.reaches) == {"agent:asterisk:pbx1:Ann", "ext:101", "person:ann"}
    nell = explain("nell", "call", call, shop.directory).sentence
    assert nell.startswith("Nell does not see this inbound call: it is not among Calls (nothing so far).")
    missed = {"key": "+353861112222", "attempts": [{"at": 1.0, "direction": "inbound", "facts": call["facts"]}]}
    for person, because in (
        ("ann", "Missed opportunities is not permitted"), ("sam", "it is not among Missed opportunities (team South)"),
    ):  # fmt: skip
        assert explain(person, "followup", missed, shop.directory).sentence.endswith(f"missed opportunity: {because}.")
    ada = explain("ada", "person", shop.directory.people["ann"].dump(), shop.directory)
    assert ada.sentence.startswith("Ada sees this person: People (all of them), through")


def test_what_an_agent_did_counts_where_the_agents_figures_are_looked_at(office: OfficeOf) -> None:
    """003: calls of the workgroup and analytics of the own person are two lenses; own times belong to the second."""
    east = ("team", {"key": "east", "name": "East", "members": ["ann", "meg"]})
    shop = office(more=[east], meg={"role": "mightycall:agent", "extension": "105"})
    gate, me = shop.gate("meg"), shop.me("meg")
    calls, analytics = me.lens("calls"), me.lens("analytics")
    assert calls is not None
    assert analytics is not None
    assert calls != analytics
    own = "asterisk:pbx1:Meg"
    assert gate.admit("presence", pause_of(own)) >> analytics & 1
    assert gate.admit("agent", {"key": own, "source": "pbx1", "name": "Meg"}) >> analytics & 1


@pytest.mark.parametrize("person", ["ann", "sue", "ada", "wil", "meg"])
def test_presence_and_agents_carry_the_lenses_that_admit_them(office: OfficeOf, person: str) -> None:
    queue = {"wallboard": {"scope": ["queue:asterisk:pbx1:sales"]}, "analytics": {"scope": ["agent:asterisk:pbx1:Bob"]}}
    east = ("team", {"key": "east", "name": "East", "members": ["ann", "meg"]})
    meg = {"role": "mightycall:agent", "extension": "105"}
    shop = office(more=[east], wil={"role": "standard:wall-device", "grants": queue}, meg=meg)
    gate = shop.gate(person)
    for doc in (pause_of(ANN), pause_of(BOB), pause_of(BOB, "sales"), pause_of("asterisk:pbx1:Cat", "support")):
        if bits := gate.admit("presence", doc):
            lenses = {i for i in range(len(shop.me(person).lenses)) if gate.lens_gate(i).presence(doc)}
            assert bits == sum(1 << lens for lens in lenses)
    sits = {"key": BOB, "source": "pbx1", "name": "Bob"}
    if bits := gate.admit("agent", sits):
        watching = {i for i in range(len(shop.me(person).lenses)) if gate.lens_gate(i).presence(pause_of(BOB, "sales"))}
        assert bits == sum(1 << lens for lens in watching)


def test_every_kind_has_a_rule_or_never_leaves(office: OfficeOf, call_of: CallOf) -> None:
    """A new kind of document has to be thought about here."""
    shop = office(ada={"role": "standard:admin"})
    attempt = {"call": "c", "at": 1.0, "reason": "abandoned", "facts": []}
    samples: dict[str, Doc] = {
        "agent": {"key": ANN, "source": "pbx1", "name": "Ann"}, "audit": {"key": "a", "at": 1.0, "by": "x", "act": "y"},
        "board": {"key": "b", "name": "B", "pages": [{"name": "P", "rows": [{"panes": [{"pane": "calls"}]}]}]},
        "call": call_of(shop.directory), "contact": {"key": "+353", "name": "Mary"}, "extension": {"key": "101"},
        "followup": {"key": "+353", "caller": None, "attempts": [attempt], "first_miss": 1.0, "last_miss": 1.0},
        "notice": {"key": "n", "person": "ada", "at": 1.0, "text": "t"}, "number": {"key": "+353"},
        "organisation": {"key": "organisation", "name": "Acme", "time_zone": "UTC"}, "person": PERSON,
        "presence": pause_of(ANN), "queue": {"key": "q", "source": "pbx1", "name": "q"},
        "role": {"key": "r", "name": "R"},
        "source": {"key": "pbx1", "system": "asterisk"}, "team": {"key": "north", "name": "North"},
    }  # fmt: skip
    assert set(samples) == set(KINDS) - PRIVATE_KINDS
    for kind, doc in samples.items():
        found = sent(shop, "ada", kind, doc)
        assert found is not None, kind
        KINDS[kind].load(found)
