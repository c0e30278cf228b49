"""Nothing leaks: names, numbers and fields that a reader may not know are in no form in what they get."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from wallboard_tui.access.derive import effective
from wallboard_tui.access.directory import Directory
from wallboard_tui.access.gate import Gate
from wallboard_tui.access.me import me
from wallboard_tui.model.agent import Agent
from wallboard_tui.model.base import Doc
from wallboard_tui.model.call import Call, Direction
from wallboard_tui.model.directory import Grant, Person, Queue, Role, Team
from wallboard_tui.model.followup import Followup

if TYPE_CHECKING:
    from tests.access.conftest import CallOf, OfficeOf

NAMES = ("aster", "birch", "cedar")
DIRECTIONS = tuple(d.value for d in Direction)
CALLER = "+353871234567"
SOURCE = "asterisk:pbx1:"


def queue_of(name: str) -> str:
    return f"asterisk:pbx1:secret-queue-{name}"


def agent_of(name: str) -> str:
    return f"asterisk:pbx1:secret-agent-{name}"


def forest(viewer: Person) -> Directory:
    """Three teams, each with one person, one agent, one extension and one queue; and a viewer who is in none."""
    people = {
        f"secret-person-{n}": Person(
            key=f"secret-person-{n}", name=n, role="r", extension=f"secret-ext-{n}", agents=(agent_of(n),)
        )
        for n in NAMES
    }
    teams = {
        f"secret-team-{n}": Team(
            key=f"secret-team-{n}", name=n, members=(f"secret-person-{n}",), queues=(queue_of(n),)
        )
        for n in NAMES
    }  # fmt: skip
    return Directory(
        people={**people, "viewer": viewer},
        roles={"r": Role(key="r", name="R")},
        teams=teams,
        queues={queue_of(n): Queue(key=queue_of(n), source="pbx1", name=n) for n in NAMES},
        agents={agent_of(n): Agent(key=agent_of(n), source="pbx1", name=n) for n in NAMES},
    )


atoms = st.sampled_from(
    [
        f"{prefix}{suffix}"
        for n in NAMES
        for prefix in (
            f"queue:{queue_of(n)}", f"agent:{agent_of(n)}", f"team:secret-team-{n}", f"person:secret-person-{n}",
            f"ext:secret-ext-{n}", "number:main",
        )
        for suffix in ("", "/inbound", "/outbound")
    ]
)  # fmt: skip


@st.composite
def calls(draw: st.DrawFn) -> Doc:
    directory = forest(Person(key="viewer", name="V", role="r"))
    queues = draw(st.lists(st.sampled_from(NAMES), max_size=3))
    legs: list[Doc] = []
    for name in draw(st.lists(st.sampled_from(NAMES), max_size=4)):
        visit = draw(st.integers(0, len(queues) - 1)) if queues else None
        queue = None if visit is None else queue_of(queues[visit])
        legs.append({"agent": agent_of(name), "queue": queue, "visit": visit})
    extension = draw(st.one_of(st.none(), st.sampled_from(NAMES)))
    doc: Doc = {
        "key": "asterisk:pbx1:1", "source": "pbx1", "started": 1.0, "direction": draw(st.sampled_from(DIRECTIONS)),
        "caller": CALLER, "caller_name": "secret-caller", "contact": CALLER,
        "number": draw(st.sampled_from([None, "main"])),
        "visits": [{"queue": queue_of(q), "entered": 1.0} for q in queues], "legs": legs,
        "extension": f"secret-ext-{extension}" if extension else None,
        "parts": {"queue_log": {"lines": ["secret-part"]}}, "novelty": "secret-novelty",
    }  # fmt: skip
    facts: list[str] = []
    for leg in legs:
        facts += directory.agent_facts(leg["agent"])
    for name in queues:
        facts += directory.queue_facts(queue_of(name))
    if doc["number"]:
        facts.append("number:main")
    if extension:
        facts += directory.extension_facts(f"secret-ext-{extension}")
    return {**doc, "facts": sorted(set(facts))}


def forest_facts(extension: str) -> tuple[str, ...]:
    return forest(Person(key="viewer", name="V", role="r")).extension_facts(extension)


def permitted_names(directory: Directory, granted: set[str], call: Doc) -> set[str]:
    """The definition of what stays in a journey, without any of the product's code but the directory's look-ups."""
    direction = call["direction"]
    inside = {
        atom.removesuffix(f"/{direction}") for atom in granted if "/" not in atom or atom.endswith(f"/{direction}")
    }
    # A call of a granted number names what the reader knows by name: what is theirs in any direction, and no more.
    whole = call["number"] and "number:main" in inside
    known = inside | ({atom.partition("/")[0] for atom in granted} if whole else set())
    stays = set()
    for leg in call["legs"]:
        by_agent = set(directory.agent_facts(leg["agent"]))
        if by_agent & inside or f"queue:{leg['queue']}" in inside:
            stays |= {leg["agent"].rpartition("-")[2]}
            stays |= {leg["queue"].rpartition("-")[2] + "(queue)"} if leg["queue"] else set()
        if by_agent & known:
            stays |= {leg["agent"].rpartition("-")[2]}
    for visit in call["visits"]:
        if known & set(directory.queue_facts(visit["queue"])):
            stays.add(visit["queue"].rpartition("-")[2] + "(queue)")
    return stays


def told_apart(parts: list[Doc], sent: list[Doc], name: str) -> bool:
    """Whether what is hidden has a number for each that there is, from 1 on, in the order of the call."""
    hidden = [one[name] for one, other in zip(parts, sent, strict=True) if other[name] is None and one[name]]
    numbers = list(dict.fromkeys(hidden))
    return [one["hidden"] for one in sent if "hidden" in one] == [numbers.index(one) + 1 for one in hidden]


@settings(deadline=None)
@given(calls(), st.sets(atoms, min_size=1, max_size=5), st.booleans())
def test_a_call_tells_no_name_out_of_scope(call: Doc, granted: set[str], full: bool) -> None:
    grants = {"calls": Grant(scope=tuple(granted)), **({"caller_number": Grant(scope=("ALL",))} if full else {})}
    directory = forest(Person(key="viewer", name="V", role="r", grants=grants))
    gate = Gate(
        effective("viewer", directory).resolved(directory), me("viewer", directory, policy=0, now=0.0), directory
    )
    bits = gate.admit("call", call)
    if not bits:
        return
    before = json.dumps(call)
    sent = gate.redact("call", call, bits)
    assert json.dumps(call) == before, "the document itself was changed"
    text = json.dumps(sent)
    stays = permitted_names(directory, granted, call)
    shown = {leg["agent"] for leg in sent["legs"]} - {None}
    assert shown == {leg["agent"] for leg in call["legs"] if leg["agent"].rpartition("-")[2] in stays}
    named = {visit["queue"] for visit in sent["visits"]} - {None}
    assert named >= {
        visit["queue"] for visit in call["visits"] if visit["queue"].rpartition("-")[2] + "(queue)" in stays
    }
    for name in NAMES:
        mine = {atom.removesuffix("/inbound").removesuffix("/outbound") for atom in granted if name in atom}
        for secret, fact in (("person", "person:"), ("team", "team:"), ("agent", f"agent:{SOURCE}"), ("ext", "ext:")):
            # What the person was granted by name they may be told; an agent's name stands in the legs that stay, too.
            told = f"{fact}secret-{secret}-{name}" in mine or (secret == "agent" and name in stays)
            told = told or (secret == "ext" and call["extension"] == sent["extension"] == f"secret-ext-{name}")
            assert told or f"secret-{secret}-{name}" not in text
        if not {name, f"{name}(queue)"} & stays and f"queue:{queue_of(name)}" not in mine:
            assert f"secret-queue-{name}" not in text
    extension = call["extension"]
    assert sent["extension"] in (None, extension)
    if sent["extension"]:
        # The extension that placed the call is somebody's: theirs, or their team's.
        assert {atom.partition("/")[0] for atom in granted} & {*forest_facts(extension)}
    assert told_apart(call["visits"], sent["visits"], "queue")
    assert told_apart(call["legs"], sent["legs"], "agent")
    assert "secret-part" not in text
    assert "secret-novelty" not in text
    if not full:
        assert CALLER not in text
        assert "secret-caller" not in text
        assert {"caller", "caller_name", "contact"} <= set(sent["masked"])
    Call.load(sent)


def followup_of(attempts: list[Doc], **fields: Any) -> Doc:
    times = [one["at"] for one in attempts]
    return {
        "key": CALLER, "caller": CALLER, "caller_name": "secret-caller", "contact": CALLER, "attempts": attempts,
        "first_miss": min(times), "last_miss": max(times), "status": "claimed", "owner": "cat",
        "history": [{"at": 5.0, "by": "cat", "status": "claimed"}, {"at": 6.0, "by": "hub", "status": "open"}],
        "facts": sorted({fact for one in attempts for fact in one["facts"]}), **fields,
    }  # fmt: skip


def attempt_of(call: str, at: float, queue: str, team: str) -> Doc:
    key = f"asterisk:pbx1:{queue}"
    return {"call": call, "at": at, "queue": key, "reason": "abandoned", "facts": [f"queue:{key}", f"team:{team}"]}


def test_a_missed_opportunity_shows_attempts_in_scope_but_the_status_of_all(office: OfficeOf) -> None:
    shop = office(sue={"role": "standard:supervisor"})
    attempts = [
        attempt_of("c1", 1.0, "support", "south"), attempt_of("c2", 2.0, "sales", "north"),
        attempt_of("c3", 3.0, "sales", "north"), attempt_of("c4", 4.0, "support", "south"),
    ]  # fmt: skip
    doc = followup_of(attempts, reached_by="asterisk:pbx1:Cat")
    gate = shop.gate("sue")
    sent = gate.redact("followup", doc, gate.admit("followup", doc))
    assert [one["call"] for one in sent["attempts"]] == ["c2", "c3"]
    assert (sent["first_miss"], sent["last_miss"]) == (2.0, 3.0)
    assert sent["status"] == "claimed"
    assert sent["facts"] == ["queue:asterisk:pbx1:sales", "team:north"]
    assert "support" not in json.dumps(sent)
    assert "south" not in json.dumps(sent)
    # Cat works in South: somebody has claimed it, and Sue need not know who.
    assert sent["owner"] is None
    assert sent["reached_by"] is None
    assert [step["by"] for step in sent["history"]] == ["", "hub"]
    assert set(sent["masked"]) == {"contact", "owner", "reached_by"}
    nameless = {name: value for name, value in doc.items() if name != "caller_name"}
    assert gate.redact("followup", nameless, gate.admit("followup", nameless)) == sent, "nor that there is a name"
    alone = {**nameless, "attempts": attempts[1:3]}
    assert gate.redact("followup", alone, gate.admit("followup", alone)) == sent, "nor that there are other attempts"
    Followup.load(sent)


def test_how_long_it_took_to_reach_a_caller_tells_nothing_of_tries_out_of_scope(office: OfficeOf) -> None:
    shop = office(sue={"role": "standard:supervisor"})
    gate = shop.gate("sue")
    seen, unseen = attempt_of("c1", 10.0, "sales", "north"), attempt_of("c2", 40.0, "support", "south")
    whole = followup_of([seen, unseen], status="reached", reached_after_s=60.0)
    alone = followup_of([seen], status="reached", reached_after_s=90.0)
    sent, of_one = (gate.redact("followup", doc, gate.admit("followup", doc)) for doc in (whole, alone))
    assert sent["last_miss"] + sent["reached_after_s"] == 100.0
    assert (sent["last_miss"], sent["reached_after_s"]) == (of_one["last_miss"], of_one["reached_after_s"])


def test_a_missed_opportunity_without_an_attempt_in_scope_is_not_sent(office: OfficeOf) -> None:
    shop = office(sue={"role": "standard:supervisor"})
    assert not shop.gate("sue").admit("followup", followup_of([attempt_of("c1", 1.0, "support", "south")]))


def test_a_masked_caller_is_not_in_the_key_either(office: OfficeOf) -> None:
    grants = {"reports.missed": {"scope": ["ALL"]}, "calls": {"scope": ["ALL"]}}
    shop = office(wall={"role": "standard:wall-device", "grants": grants})
    doc = followup_of([attempt_of("c1", 1.0, "sales", "north")])
    gate = shop.gate("wall")
    sent = gate.redact("followup", doc, gate.admit("followup", doc))
    assert "7123" not in json.dumps(sent)
    assert "secret-caller" not in json.dumps(sent)
    assert sent["key"] == gate.key("followup", CALLER) != CALLER
    assert gate.key("followup", CALLER) != gate.key("followup", "+353870000000")
    assert gate.key("call", "asterisk:pbx1:1") == "asterisk:pbx1:1"
    # The key could be guessed back without a secret of the hub: then nothing goes out at all.
    assert not shop.gate("wall", secret=b"").admit("followup", doc)
    assert shop.gate("wall", secret=b"another").key("followup", CALLER) != sent["key"]


def test_nobody_without_contacts_is_told_that_a_caller_is_a_saved_one(office: OfficeOf, call_of: CallOf) -> None:
    """Whoever may not know contacts gets the same of a caller who is one, even an important one, and of any other."""
    grants = {"reports.missed": {"scope": ["ALL"]}, "calls": {"scope": ["ALL"]}}
    shop = office(wall={"role": "standard:wall-device", "grants": grants}, rex={"role": "calltracks:receptionist"})
    missed = followup_of([attempt_of("c1", 1.0, "sales", "north")])
    call = call_of(shop.directory, queues=["sales"], agents=["Ann"])
    for person in ("wall", "rex"):
        gate = shop.gate(person)
        for kind, doc in (("followup", missed), ("call", call)):
            saved, other = {**doc, "contact": CALLER}, {**doc, "contact": None}
            saved |= {"vip": True} if kind == "followup" else {}
            bits = gate.admit(kind, doc)
            if bits:
                assert gate.redact(kind, saved, bits) == {
                    name: value for name, value in gate.redact(kind, other, bits).items() if name != "contact"
                }
    ada = shop.gate("ada")
    assert ada.redact("followup", {**missed, "vip": True}, ada.admit("followup", missed))["vip"]


def test_what_an_outbound_call_dialled_is_masked_with_the_caller(office: OfficeOf, call_of: CallOf) -> None:
    shop = office(wall={"role": "standard:wall-device", "grants": {"calls": {"scope": ["ALL"]}}})
    gate = shop.gate("wall")
    outbound = call_of(shop.directory, direction="outbound", extension="101", called=CALLER)
    inbound = call_of(shop.directory, direction="inbound", called="5001")
    assert CALLER not in json.dumps(gate.redact("call", outbound, 1))
    assert gate.redact("call", inbound, 1)["called"] == "5001"


def test_everybody_of_the_four_products_who_sees_calls_sees_full_numbers(office: OfficeOf, call_of: CallOf) -> None:
    shop = office(pia={"role": "calltracks:calls-only"})
    call = call_of(shop.directory, queues=["sales"], agents=["Ann"])
    for person in ("ann", "sue", "ada", "pia"):
        gate = shop.gate(person)
        assert gate.redact("call", call, gate.admit("call", call))["caller"] == CALLER


def test_a_queue_of_ones_own_call_keeps_its_name_and_hides_its_other_agents(office: OfficeOf, call_of: CallOf) -> None:
    shop = office()
    gate = shop.gate("ann")
    call = call_of(shop.directory, queues=["sales"], agents=["Ann", "Bob"])
    sent = gate.redact("call", call, gate.admit("call", call))
    assert [visit["queue"] for visit in sent["visits"]] == ["asterisk:pbx1:sales"]
    assert [leg["agent"] for leg in sent["legs"]] == ["asterisk:pbx1:Ann", None]
    assert "Bob" not in json.dumps(sent)
    assert "bob" not in json.dumps(sent)


def test_a_queue_grant_names_the_agents_it_rang_and_not_the_next_queue(office: OfficeOf, call_of: CallOf) -> None:
    """The call went on to support: that visit stays, without its name."""
    shop = office(nia={"role": "nuacom:non-admin", "manage_queues": ["asterisk:pbx1:sales"]})
    call = call_of(shop.directory, queues=["sales", "support"], agents=["Ann"])
    gate = shop.gate("nia")
    sent = gate.redact("call", call, gate.admit("call", call))
    assert [visit["queue"] for visit in sent["visits"]] == ["asterisk:pbx1:sales", None]
    assert [leg["agent"] for leg in sent["legs"]] == ["asterisk:pbx1:Ann"]
    assert sent["facts"] == ["queue:asterisk:pbx1:sales"]


NIA = {"role": "nuacom:non-admin", "manage_numbers": ["+35315550100"], "agents": []}


def test_a_number_grant_shows_the_whole_journey_of_its_calls_and_names_nobody_and_no_queue_out_of_scope(
    office: OfficeOf, call_of: CallOf
) -> None:
    """The design: "names of queues, teams and people out of scope in the journey" are taken out; every visit and ring
    stays, with its times, and those that are hidden are told apart."""
    shop = office(nia=NIA)
    call = call_of(
        shop.directory, queues=["sales", "support", "sales"], agents=["Ann", "Cat", "Ann"], number="+35315550100",
        extension="103",
    )  # fmt: skip
    gate = shop.gate("nia")
    sent = gate.redact("call", call, gate.admit("call", call))
    assert sent["whole"]
    assert [(visit["queue"], visit["hidden"]) for visit in sent["visits"]] == [(None, 1), (None, 2), (None, 1)]
    assert [(leg["agent"], leg["queue"], leg["hidden"]) for leg in sent["legs"]] == [
        (None, None, 1), (None, None, 2), (None, None, 1),
    ]  # fmt: skip
    assert sent["extension"] is None
    assert sent["facts"] == ["number:+35315550100"]
    assert [visit["entered"] for visit in sent["visits"]] == [visit["entered"] for visit in call["visits"]]
    text = json.dumps(sent)
    assert [name for name in ("sales", "support", "Ann", "ann", "Cat", "cat", "north", "103") if name in text] == []
    Call.load(sent)


def test_what_is_hidden_in_one_call_cannot_be_found_again_in_another(office: OfficeOf, call_of: CallOf) -> None:
    gate = (shop := office(nia=NIA)).gate("nia")
    one, other = (
        call_of(shop.directory, queues=[queue], agents=[agent], number="+35315550100")
        for queue, agent in (("sales", "Ann"), ("support", "Cat"))
    )
    assert gate.redact("call", one, 1) == gate.redact("call", other, 1)


def test_a_number_grant_names_what_the_reader_knows_besides(office: OfficeOf, call_of: CallOf) -> None:
    """A queue that the number leads to, one's own, and whoever sits in a queue that is granted."""
    south = {"key": "south", "name": "South", "members": ["cat"], "queues": ["asterisk:pbx1:support"]}
    shop = office(
        nia={**NIA, "manage_queues": ["asterisk:pbx1:sales"]},
        more=[("team", {**south, "numbers": ["+35315550100"]})],
    )
    call = call_of(shop.directory, queues=["support", "billing", "sales"], agents=["Ann", "Cat"], number="+35315550100")
    gate = shop.gate("nia")
    sent = gate.redact("call", call, gate.admit("call", call))
    assert [visit["queue"] for visit in sent["visits"]] == ["asterisk:pbx1:support", None, "asterisk:pbx1:sales"]
    assert [leg["agent"] for leg in sent["legs"]] == ["asterisk:pbx1:Ann", None]


def test_the_extension_that_a_caller_dialled_is_hidden_like_the_one_that_calls(
    office: OfficeOf, call_of: CallOf
) -> None:
    shop = office(nia=NIA)
    call = call_of(shop.directory, number="+35315550100", called="103")
    call["facts"] += shop.directory.extension_facts("103")
    gate = shop.gate("nia")
    sent = gate.redact("call", call, gate.admit("call", call))
    assert "103" not in json.dumps(sent)
    assert "called" in sent["masked"]
    sam = shop.gate("sam")
    assert sam.redact("call", call, sam.admit("call", call))["called"] == "103"


def test_the_extension_of_a_colleague_is_hidden_in_a_call_within_the_house_whichever_end_it_is(
    office: OfficeOf, call_of: CallOf
) -> None:
    """Whoever may see all callers' numbers and one extension's calls learns no other extension by them."""
    grants = {"calls": {"scope": ["ext:101"]}, "caller_number": {"scope": ["ALL"]}}
    role = ("role", {"key": "custom:one", "name": "One", "grants": grants})
    shop = office(
        one={"role": "custom:one", "agents": []},
        kim={"role": "custom:one", "agents": [], "extension": "103"},
        more=[role],
    )
    for here, there in (("101", "103"), ("103", "101")):
        # The other party of whoever calls is the one whom they dialled.
        call = call_of(shop.directory, direction="internal", extension=here, called=there)
        call |= {"caller": there, "caller_name": "Cat's desk"}
        call["facts"] = sorted({*call["facts"], *(f"ext:{one}" for one in ("101", "103"))})
        gate = shop.gate("one")
        sent = gate.redact("call", call, gate.admit("call", call))
        assert "103" not in json.dumps(sent)
        assert sent.get("called") == (None if there == "103" else "101")
        assert ("called" in sent["masked"] and "caller" in sent["masked"]) == (there == "103")
        assert "Cat" not in json.dumps(sent) or there == "101"
        for person in ("ada", "kim"):
            whole = shop.gate(person)
            assert whole.redact("call", call, whole.admit("call", call))["called"] == there, "one's own, or everything"


def test_a_missed_opportunity_names_no_queue_out_of_scope(office: OfficeOf) -> None:
    shop = office(nia=NIA, sam={"agents": []})
    gate = shop.gate("nia")
    attempt = attempt_of("c1", 1.0, "sales", "north")
    over = {**attempt, "number": "+35315550100", "facts": [*attempt["facts"], "number:+35315550100"]}
    sent = gate.redact("followup", doc := followup_of([over]), gate.admit("followup", doc))
    assert (sent["attempts"][0]["queue"], sent["attempts"][0]["hidden"]) == (None, True)
    assert sent["facts"] == ["number:+35315550100"]
    assert "sales" not in json.dumps(sent)
    # The same caller had come through the reader's own queue, and gave up in the next one.
    went_on = {**attempt, "facts": [*attempt["facts"], "queue:asterisk:pbx1:support", "team:south"]}
    sam = shop.gate("sam")
    sent = sam.redact("followup", doc := followup_of([went_on]), sam.admit("followup", doc))
    assert sent["attempts"][0]["queue"] is None
    Followup.load(sent)
