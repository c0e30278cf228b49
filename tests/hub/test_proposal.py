"""Who the agents of a newly found phone system could be."""

from hypothesis import given
from hypothesis import strategies as st

from wallboard_tui.hub.proposal import Found, Proposal, agent_role, propose
from wallboard_tui.model.base import Doc
from wallboard_tui.model.directory import Person
from wallboard_tui.model.names import mistake

ROLE = "standard:agent"


def agent(name: str, extension: str | None = None) -> Found:
    return Found(f"asterisk:pbx1:{name}", name, extension)


def person(key: str, name: str, **more: object) -> tuple[str, Doc]:
    return key, {"key": key, "name": name, "role": ROLE, **more}


def test_an_agent_nobody_knows_becomes_a_person_with_the_agents_role_and_extension() -> None:
    found = propose([agent("Aoife Byrne", "206")], {}, (), ROLE)
    assert found.added == (
        {
            "key": "aoife.byrne",
            "name": "Aoife Byrne",
            "role": ROLE,
            "agents": ["asterisk:pbx1:Aoife Byrne"],
            "extension": "206",
        },
    )
    assert found.extensions == ({"key": "206", "name": "Aoife Byrne"},)


def test_an_agent_with_the_name_of_a_person_is_linked_to_them_and_nothing_else_of_them_changes() -> None:
    people = dict([person("ann", "Aoife Byrne", email="a@example.org", agents=["asterisk:old:Aoife"])])
    found = propose([agent("aoife byrne")], people, (), ROLE)
    assert found.added == ()
    assert found.linked == ({**people["ann"], "agents": ["asterisk:old:Aoife", "asterisk:pbx1:aoife byrne"]},)


def test_an_agent_who_is_somebody_already_stays_who_they_are() -> None:
    people = dict([person("ann", "Ann", agents=["asterisk:pbx1:Aoife Byrne"])])
    found = propose([agent("Aoife Byrne")], people, (), ROLE)
    assert (found.added, found.linked, found.known) == ((), (), ("ann",))


def test_of_two_people_with_the_name_nobody_is_chosen() -> None:
    people = dict([person("a", "Aoife Byrne"), person("b", "Aoife Byrne")])
    found = propose([agent("Aoife Byrne")], people, (), ROLE)
    assert found.documents() == []
    assert found.left == {"asterisk:pbx1:Aoife Byrne": "there are 2 people of that name"}


def test_an_interface_is_nobody() -> None:
    found = propose([agent("SIP/101")], {}, (), ROLE)
    assert found.left == {"asterisk:pbx1:SIP/101": "the phone system knows no name"}


def test_an_extension_that_somebody_else_has_is_left_to_them() -> None:
    people = dict([person("ann", "Ann", extension="206")])
    found = propose([agent("Ben", "206")], people, ("206",), ROLE)
    assert "extension" not in found.added[0]
    assert found.extensions == ()


def test_without_a_role_for_them_nobody_is_made() -> None:
    found = propose([agent("Ben")], {}, (), None)
    assert found.added == ()
    assert found.left == {"asterisk:pbx1:Ben": "the organisation has no role called Agent"}


def test_the_agents_role_is_that_of_the_first_pack_that_has_one() -> None:
    roles: list[Doc] = [
        {"key": "justcall:agent", "name": "Agent", "pack": "justcall"},
        {"key": "standard:agent", "name": "Agent", "pack": "standard"},
        {"key": "nuacom:admin", "name": "Admin", "pack": "nuacom"},
    ]
    assert agent_role(roles, ("nuacom", "standard", "justcall")) == "standard:agent"
    assert agent_role(roles[2:], ("nuacom",)) is None


NAMES = st.text("ABab éø'- 1", min_size=1, max_size=50)


def stored(proposal: Proposal, people: dict[str, Doc]) -> dict[str, Doc]:
    return people | {doc["key"]: doc for kind, doc in proposal.documents() if kind == "person"}


@given(st.lists(st.tuples(NAMES, st.sampled_from(["", "101", "102"])), max_size=8, unique_by=lambda each: each[0]))
def test_whatever_the_agents_are_called_the_people_can_be_stored_and_proposing_again_proposes_nothing_new(
    names: list[tuple[str, str]],
) -> None:
    found = [agent(name, extension or None) for name, extension in names]
    first = propose(found, {}, (), ROLE)
    for doc in first.added:
        assert mistake("key", doc["key"]) is None
        assert mistake("name", doc["name"]) is None
        Person.load(doc)
    extensions = [doc["extension"] for doc in first.added if "extension" in doc]
    assert len(set(extensions)) == len(extensions)
    keys = [doc["key"] for doc in first.added]
    assert len(set(keys)) == len(keys)
    again = propose(found, stored(first, {}), (), ROLE)
    assert again.added == again.linked == ()
