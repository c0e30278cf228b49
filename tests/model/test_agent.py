"""Which name of the phone system leads to which agent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallboard_tui.model.agent import Named, agents_by_name

PBX = "asterisk:pbx1:"
NAMES = ("Ann", "Zed", "SIP/1", "SIP/2", "SIP/3")
KEYS = [PBX + name for name in NAMES]

agents = st.dictionaries(
    st.sampled_from(NAMES), st.lists(st.sampled_from(NAMES), max_size=3, unique=True), max_size=5
).map(lambda found: [(PBX + name, name, tuple(interfaces)) for name, interfaces in found.items()])
links = st.dictionaries(
    st.sampled_from(["p", "q"]), st.lists(st.sampled_from(KEYS), max_size=2, unique=True), max_size=2
)


def leads(agents: dict[str, list[str]], links: dict[str, list[str]] | None = None) -> dict[str, str]:
    """By names alone."""
    found = agents_by_name(
        [(PBX + name, name, interfaces) for name, interfaces in agents.items()],
        [(person, [PBX + name for name in own]) for person, own in (links or {}).items()],
    )
    return {said.removeprefix(PBX): key.removeprefix(PBX) for said, key in found.items()}


@pytest.mark.parametrize(
    ("agents", "links", "expected"),
    [
        ({"Ann": ["SIP/1"]}, {}, {"SIP/1": "Ann"}),
        ({"Ann": ["SIP/1"], "SIP/1": []}, {}, {"SIP/1": "Ann"}),
        ({"Zed": ["SIP/1"], "Ann": ["SIP/1"]}, {}, {"SIP/1": "Ann"}),
        # It stays with who is linked to it, but for who is the agent as well.
        ({"Ann": ["SIP/1"], "SIP/1": []}, {"p": ["SIP/1"]}, {}),
        ({"Ann": ["SIP/1"], "SIP/1": []}, {"p": ["SIP/1"], "q": ["Ann"]}, {}),
        ({"Ann": ["SIP/1"], "SIP/1": []}, {"p": ["SIP/1", "Ann"]}, {"SIP/1": "Ann"}),
        ({"Ann": ["SIP/1"], "SIP/1": []}, {"p": ["SIP/1", "Ann"], "q": ["Ann"]}, {}),
        ({"Ann": ["SIP/1"], "Zed": ["SIP/1"], "SIP/1": []}, {"p": ["SIP/1", "Zed"]}, {"SIP/1": "Zed"}),
        # Whoever is linked to a name that has no document is linked to the agent that it leads to.
        ({"Ann": ["SIP/1"]}, {"p": ["SIP/1"]}, {"SIP/1": "Ann"}),
        # What leads to an interface leads on; interfaces that list each other are one agent.
        ({"Ann": ["SIP/1"], "SIP/1": ["SIP/2"]}, {}, {"SIP/1": "Ann", "SIP/2": "Ann"}),
        ({"Ann": ["SIP/1"], "SIP/1": ["SIP/2"]}, {"p": ["SIP/1"]}, {"SIP/2": "SIP/1"}),
        ({"SIP/1": ["SIP/2"], "SIP/2": ["SIP/1"]}, {}, {"SIP/2": "SIP/1"}),
        ({"Ann": ["Ann"]}, {}, {}),
    ],
)
def test_an_interface_leads_to_the_agent_that_lists_it(
    agents: dict[str, list[str]], links: dict[str, list[str]], expected: dict[str, str]
) -> None:
    assert leads(agents, links) == expected


def test_of_an_agent_whose_key_does_not_end_with_the_name_no_other_name_is_known() -> None:
    assert agents_by_name([("asterisk:pbx1:17", "Ann", ["SIP/1"])], []) == {}


@given(agents, links)
def test_names_lead_somewhere_at_once_and_never_from_who_is_linked_to_others(
    agents: list[Named], links: dict[str, list[str]]
) -> None:
    found = agents_by_name(agents, links.items())
    assert found == agents_by_name(agents[::-1], reversed(links.items()))
    keys = {key for key, _, _ in agents}
    for said, key in found.items():
        assert key in keys
        assert key not in found, "whoever asks once has the answer"
        linked = {person for person, own in links.items() if said in own and said in keys}
        assert linked <= {person for person, own in links.items() if key in own}, "nobody gets somebody else's calls"
