"""What *Team* says in words of roles, decisions and entries of the trail. Pure."""

import re

import pytest
from tests.tui.app.conftest import somebody

from wallboard_tui.access.directory import Directory
from wallboard_tui.access.permissions import PERMISSIONS
from wallboard_tui.model.administration import Catalogue, Difference, Effect, Granted, RoleRow, Saved
from wallboard_tui.model.base import Doc
from wallboard_tui.model.grant import Grant
from wallboard_tui.model.security import Audit
from wallboard_tui.tui.look import Line, Look
from wallboard_tui.tui.screens.admin.compare import compared
from wallboard_tui.tui.screens.admin.form_lines import effect_lines, findings_of, notes
from wallboard_tui.tui.screens.admin.office import Office
from wallboard_tui.tui.screens.admin.role_draft import hides_callers
from wallboard_tui.tui.screens.admin.trail import changes, entry_lines
from wallboard_tui.tui.screens.admin.wording import FIELDS, fact_lines, permission_lines, saved_words
from wallboard_tui.tui.screens.help import may_lines
from wallboard_tui.tui.terminal import TerminalError

OFFICE = Office(Catalogue(permissions=(), levels=(), presets={}, toggles={}, rules={}, capabilities={}, sensitive=()))


def text(lines: list[Line]) -> str:
    return "\n".join("".join(span.text for span in line).rstrip() for line in lines)


def role(**fields: object) -> RoleRow:
    return RoleRow(key="custom:a", revision=1, doc={"key": "custom:a", "name": "A", **fields}, editable=True)


@pytest.mark.parametrize(
    ("fields", "title"),
    [({"login": False}, "May sign in"), ({"toggles": ["wallboard"]}, "Toggles"),
     ({"needs_extension": ["recents"]}, "Needs an extension")],
)  # fmt: skip
def test_roles_that_differ_in_more_than_permissions_do_not_allow_the_same(fields: Doc, title: str) -> None:
    said = text(compared(role(), role(**fields), OFFICE, 100, Look()))
    assert "They differ in 1" in said
    assert f"≠ {title}" in said
    assert "They allow exactly the same." in text(compared(role(**fields), role(**fields), OFFICE, 100, Look()))


def test_roles_of_one_name_are_told_apart_by_where_they_come_from() -> None:
    said = text(compared(role(pack="justcall"), role(pack="nuacom"), OFFICE, 100, Look()))
    assert "justcall, as delivered" in said
    assert "nuacom, as delivered" in said


def test_a_sign_in_with_a_name_that_is_nobodys_is_in_the_trail_without_it() -> None:
    tried = Audit(key="1", at=1795345455.0, by="", act="sign-in", allowed=False, note="no such name, socket")
    said = text(entry_lines(tried, OFFICE, "UTC", 60, Look()))
    assert said.startswith("Refused sign-in\n"), "nobody was signed in"
    assert "By    unknown name\n" in said
    assert "no such name, socket" in said


def test_what_was_removed_is_not_called_saved() -> None:
    gone = Difference(kind="role", key="custom:x", before={"key": "custom:x", "name": "X"})
    given = Difference(kind="person", key="ann", before={"role": "custom:x"}, after={"role": "standard:agent"})
    assert saved_words(Saved(policy=1, differences=(given, gone))) == "Removed."
    assert saved_words(Saved(policy=1, differences=(given,))) == "Saved."


def test_a_form_names_every_permission_that_a_change_takes_and_the_line_after_it_only_the_first() -> None:
    one = Effect(person="ann", name="Ann", lost=("A and 2 more",), every_lost=("A, B, C",), sentence="")
    assert "A, B, C" in text(effect_lines([one], 60, Look()))
    assert saved_words(Saved(policy=1, effects=(one,))) == "Saved. Ann: - A and 2 more."


@pytest.mark.parametrize("width", [40, 74, 120])
def test_columns_of_permissions_and_facts_stand_two_blanks_apart(width: int) -> None:
    every = [
        Granted(name=one.name, title=one.title, level=level, words="everything")
        for one in PERMISSIONS.values() for level in ("view", "manage")
    ]  # fmt: skip
    for line, one in zip(permission_lines(every, width, Look()), every, strict=True):
        title, level, words = re.split(" {2,}", text([line]))
        assert one.title.startswith(title.rstrip("…")), title
        assert (level, words) == (one.level, "everything")
    for title in FIELDS.values():
        if len(title) < 18:
            assert text(fact_lines(title, "said", width, Look())).startswith(f"{title}  ")


def test_all_that_somebody_may_do_stands_in_the_help_by_name_and_nothing_is_cut_short() -> None:
    keys = [f"queue:asterisk:pbx1:q{n:02}" for n in range(12)]
    held = {name: Grant(scope=tuple(keys)) for name, one in PERMISSIONS.items() if one.scoped} | {
        name: Grant(level="manage") for name, one in PERMISSIONS.items() if not one.scoped
    }
    me = somebody().model_copy(update={"permissions": held, "capabilities": ("login", "email.reports")})
    queues = [{"key": key.removeprefix("queue:"), "source": "pbx1", "name": f"Queue {key[-2:]}"} for key in keys]
    said = text(may_lines(me, Directory.from_documents(("queue", doc) for doc in queues), 100, Look()))
    assert all(one.title in said for one in PERMISSIONS.values())
    assert all(doc["name"] in " ".join(said.split()) for doc in queues)
    assert " more" not in said.partition("Also:")[0]
    assert "Also: reports by mail." in said
    own = me.model_copy(update={"permissions": {"calls": Grant(scope=(f"person:{me.person}",))}, "capabilities": ()})
    assert " ".join(text(may_lines(own, Directory(), 100, Look())).splitlines()[1].split()).endswith("view own")


def test_a_decision_in_the_trail_repeats_nothing_that_its_head_says() -> None:
    doc = {"key": "ann/export", "person": "ann", "permission": "export", "decision": "keep", "at": 1.0, "by": "adm"}
    entry = Audit(key="1", at=1.0, by="adm", act="review.keep", target="ann/export", after={**doc, "note": "weekly"})
    assert list(changes(entry, OFFICE)) == []


def test_what_a_team_got_of_its_past_is_called_what_people_call_it() -> None:
    entry = Audit(key="1", at=1.0, by="adm", act="team.past", target="north", after={"calls": 3, "presences": 2})
    assert [(one.title, one.became) for one in changes(entry, OFFICE)] == [("Calls", "3"), ("Log-ins and pauses", "2")]


@pytest.mark.parametrize(
    ("grants", "opened", "hidden"),
    [({"calls": {}}, ("calls",), True), ({"calls": {}, "caller_number": {}}, ("calls",), False),
     ({"reports.missed": {}}, ("missed",), True), ({"wallboard": {}}, ("wallboard",), False)],
)  # fmt: skip
def test_who_makes_a_role_is_told_that_its_callers_stay_hidden(
    grants: Doc, opened: tuple[str, ...], hidden: bool
) -> None:
    assert hides_callers({"grants": grants}, opened) is hidden


def test_a_refusal_that_names_a_field_stands_beside_it() -> None:
    found = findings_of(TerminalError("pin", "A PIN has 4 to 10 digits."), {"pin": "pin"})
    assert notes({"name": "A person needs a name."}, found, {"pin": "pin"}) == {
        "name": "A person needs a name.", "pin": "pin: A PIN has 4 to 10 digits.",
    }  # fmt: skip
    assert findings_of(TerminalError("unreachable", "The hub is away."), {"pin": "pin"}) == ()
