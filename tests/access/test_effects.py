"""What a change means to people, as they are told it: what has an effect, in names, and of a lot the first."""

from __future__ import annotations

from typing import Any

from wallboard_tui.access.effects import affected, effects
from wallboard_tui.access.expansion import Expansion
from wallboard_tui.access.proposal import propose
from wallboard_tui.model.administration import Edit, Effect

from .conftest import Office, OfficeOf


def meant(office: Office, person: str, **fields: Any) -> Effect | None:
    """What it means to somebody that their document gets other fields."""
    stands = office.directory.people[person].dump()
    edit = Edit(kind="person", key=person, set=fields)
    proposal = propose(
        [edit], lambda kind, key: stands if (kind, key) == ("person", person) else None, office.directory
    )
    standings = affected(proposal, Expansion(proposal.before), Expansion(proposal.after))
    return next(iter(effects(standings, proposal, "Ada")), None)


def test_a_notice_names_a_dozen_and_the_dialog_all_of_them(office: OfficeOf) -> None:
    teams = [("team", {"key": f"t{n:02}", "name": f"T{n:02}"}) for n in range(1, 31)]
    shop = office(more=teams, mo={"role": "standard:calls-only"})

    def granted(count: int) -> Effect:
        found = meant(shop, "mo", grants={"export": {"scope": [f"team:t{n:02}" for n in range(1, count + 1)]}})
        assert found is not None
        return found

    assert granted(12).gained == ("Export (" + ", ".join(f"team T{n:02}" for n in range(1, 13)) + ")",)
    assert "more" not in granted(12).sentence
    many = granted(30)
    assert many.gained[0].endswith("team T11, team T12 and 18 more)")
    assert many.gained[0] in many.sentence
    assert many.sentence.endswith("All that you may do stands at the end of the help (?).")
    assert many.every_gained == ("Export (" + ", ".join(f"team T{n:02}" for n in range(1, 31)) + ")",)


def test_callers_numbers_are_not_told_of_to_whoever_sees_no_call(office: OfficeOf) -> None:
    """A supervisor who manages no team holds their role's numbers of all callers, and sees none of them."""
    shop = office(more=[("role", BARE)], mo={"role": "custom:bare"})
    found = meant(shop, "mo", role="standard:supervisor")
    assert "caller_number" in shop.directory.roles["standard:supervisor"].grants
    assert found is not None
    assert "Caller numbers" not in found.sentence + str(found.every_gained)


BARE = {"key": "custom:bare", "name": "Bare", "pack": None, "grants": {"statuses": {"level": "view"}}}


def test_callers_numbers_are_told_of_as_far_as_one_sees_calls(office: OfficeOf) -> None:
    shop = office(more=[("role", BARE)], mo={"role": "custom:bare"}, cy={"role": "standard:calls-only"})
    team = {"calls": {"scope": ["team:north"]}}
    everything = {"caller_number": {"scope": ["ALL"]}}
    assert meant(shop, "mo", grants=everything) is None, "it shows nothing"
    for grants, told in (
        ({**team, **everything}, ("Calls, Caller numbers (team North)",)),
        ({**team, "caller_number": {"scope": ["ALL/outbound"]}},
         ("Calls (team North)", "Caller numbers (team North outbound only)")),
        ({**team, "caller_number": {"scope": ["queue:asterisk:pbx1:sales"]}},
         ("Calls (team North)", "Caller numbers (queue sales)")),
        ({**everything, "contacts": {"level": "view"}}, ("Caller numbers (everything)", "Contacts")),
    ):  # fmt: skip
        found = meant(shop, "mo", grants=grants)
        assert found is not None
        assert set(found.every_gained) == set(told)
    lost = meant(shop, "cy", role="custom:bare")
    assert lost is not None
    assert "Caller numbers" in str(lost.every_lost), "with the calls go their callers"


def test_what_is_taken_says_what_of_everything_stays(office: OfficeOf) -> None:
    shop = office(mo={"role": "standard:agent", "grants": {"analytics": {"scope": ["ALL"]}}})
    found = meant(shop, "mo", grants={"analytics": {"scope": ["SELF"]}})
    assert found is not None
    assert any(one.endswith("(everything but own)") for one in found.every_lost), found.every_lost
    assert "(everything but own)" in found.sentence
    back = meant(office(mo={"role": "standard:agent"}), "mo", grants={"analytics": {"scope": ["ALL"]}})
    assert back is not None
    assert " but " not in back.sentence, "what is added is not less for what one had"


def test_brackets_hold_no_others(office: OfficeOf) -> None:
    shop = office(more=[("role", BARE)], mo={"role": "custom:bare"})
    ways = {"ALL/inbound": "everything inbound only", "team:north/outbound": "team North outbound only"}
    for atom, told in ways.items():
        found = meant(shop, "mo", grants={"calls": {"scope": [atom]}})
        assert found is not None
        assert f"Calls ({told})" in found.every_gained
    both = meant(shop, "mo", grants={"calls": {"scope": ["ALL/inbound", "ALL/internal"]}})
    assert both is not None
    assert "Calls (everything inbound and internal only)" in both.every_gained


def test_who_is_new_is_told_that_they_were_added_and_what_they_may_use(office: OfficeOf) -> None:
    shop = office()
    edit = Edit(kind="person", key="new", create={"name": "Nia New", "role": "standard:calls-only"})
    proposal = propose([edit], lambda kind, key: None, shop.directory)
    (found,) = effects(affected(proposal, Expansion(proposal.before), Expansion(proposal.after)), proposal, "Ada")
    assert found.sentence.startswith("Ada added you. You may use: Calls")
    assert "changed your access" not in found.sentence
