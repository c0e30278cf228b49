"""The audit trail in words."""

from wallboard_tui.access.listing import catalogue
from wallboard_tui.model.administration import RoleRow
from wallboard_tui.model.security import Audit
from wallboard_tui.tui.screens.admin.office import Office
from wallboard_tui.tui.screens.admin.trail import target_words

TEAMS = {"north": {"key": "north", "name": "North"}}


def office(*roles: RoleRow) -> Office:
    return Office(catalogue(), {one.key: one for one in roles}, documents={"team": TEAMS})


def test_what_is_gone_is_called_what_it_was_called_then() -> None:
    made = Audit(key="1", at=1.0, by="adm", act="role.created", target="custom:qa", after={"name": "QA Analyst"})
    gone = Audit(key="2", at=2.0, by="adm", act="role.removed", target="custom:qa", before={"name": "QA Analyst"})
    renamed = Audit(
        key="3", at=3.0, by="adm", act="team.changed", target="x", before={"name": "Old"}, after={"name": "New"}
    )
    changed = Audit(key="4", at=4.0, by="adm", act="role.changed", target="custom:qa", after={"description": "D"})
    assert [target_words(one, office()) for one in (made, gone, renamed, changed)] == [
        "QA Analyst", "QA Analyst", "New", "custom:qa",
    ]  # fmt: skip


def test_what_is_there_is_called_what_it_is_called_now() -> None:
    role = RoleRow(key="custom:qa", revision=1, doc={"key": "custom:qa", "name": "Quality"})
    made = Audit(key="1", at=1.0, by="adm", act="role.created", target="custom:qa", after={"name": "QA Analyst"})
    team = Audit(key="2", at=2.0, by="adm", act="team.created", target="north", after={"name": "Nord"})
    assert [target_words(one, office(role)) for one in (made, team)] == ["Quality", "North"]
