"""What a script that administers access hears: each refusal by its rule, each mistake of a file by its line, no edit
lost beside another's.
"""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from wallboard_tui.cli.desk import Opened, save, sitting
from wallboard_tui.client.errors import HubError


def test_each_refusal_names_its_rule_the_reason_and_the_next_step(office: Any) -> None:
    office.ok("people", "add", "Cal Low", "--role", "standard:calls-only")
    office.ok("people", "add", "Una Fox", "--role", "standard:manager")
    refused = {
        ("people", "set", "cal.low", "--missed-mail", "--report-mail"): ["missed-mail", "schedule"],
        ("people", "pin", "cal.low", "--set", "12"): ["pin"],
        ("people", "pin", "admin", "--as", "una.fox"): ["not-higher"],
        ("people", "code", "admin", "--as", "una.fox"): ["not-higher"],
        ("people", "list", "--as", "cal.low"): ["not-permitted"],
        ("people", "disable", "admin"): ["last-admin"],
        ("roles", "create", "Tab", "--grant", "reports.tab"): ["reports-tab"],
        ("grants", "entities", "cal.low", "--extension", "10x"): ["wrong-field"],
    }
    for command, rules in refused.items():
        said = office.run(*command)
        begun = [f"wallboard: refused ({rule}): " for rule in rules]
        lines = said.err.splitlines()
        assert said.status == 1, command
        assert [line[: len(begin)] for line, begin in zip(lines, begun, strict=True)] == begun
        assert all(line.endswith(".") for line in lines)
    assert "“10x” is no extension. Give its digits" in said.err


def test_a_name_that_is_left_empty_is_refused_in_words(office: Any) -> None:
    said = office.run("people", "set", "admin", "--name", "").err
    assert "refused (wrong-field): Person admin: name: cannot be left empty." in said


def test_what_a_rule_forbids_in_a_file_stands_on_a_line_for_each_with_its_place(office: Any, tmp_path: Path) -> None:
    file = tmp_path / "org.toml"
    file.write_text(
        '[[person]]\nkey = "al"\nname = "Al"\nrole = "standard:nobody"\n\n'
        '[[person]]\nkey = "bo"\nname = "Bo"\nrole = "standard:agent"\nextension = "1o1"\n',
        encoding="utf-8",
    )
    assert office.run("org", "apply", str(file)).err.splitlines() == [
        f"wallboard: {file}, line 4: refused (unknown): person al: there is no role “standard:nobody”. "
        "Choose a role that there is.",
        f"wallboard: {file}, line 10: refused (wrong-field): “1o1” is no extension. Give its digits, such as 120.",
        "wallboard: Nothing was changed.",
    ]
    file.write_text(file.read_text(encoding="utf-8").replace('"1o1"', "101"), encoding="utf-8")
    assert f"{file}, line 10: person 2 (bo): extension: 101 does not fit" in office.run("org", "apply", str(file)).err


def test_a_setting_of_the_organisation_that_makes_no_sense_is_refused_with_its_line(
    office: Any, tmp_path: Path
) -> None:
    file = tmp_path / "org.toml"
    for line, said in {
        'time_zone = "Mars/Base"': "organisation: time_zone: there is no time zone “Mars/Base”",
        'time_zone = "UTC"\nshift_s = 0': "organisation: shift_s: 0 does not fit: it wants 120 or more",
        'time_zone = "UTC"\npacks = ["standard", "foo"]': "refused (wrong-field): packs: there is no pack “foo”. "
        "There are: standard, justcall, nuacom, calltracks, mightycall.",
    }.items():
        file.write_text(f'[organisation]\nname = "Acme"\n{line}\n', encoding="utf-8")
        answer = office.run("org", "apply", str(file))
        assert answer.status == 1
        assert f"{file}, line {3 + line.count(chr(10))}: {said}" in answer.err


def test_who_may_not_apply_a_file_is_told_so_once_and_tried_only_what_differs(office: Any, tmp_path: Path) -> None:
    file = tmp_path / "org.toml"
    office.ok("people", "add", "Ann Kelly", "--role", "standard:agent")
    office.ok("people", "add", "Cal Low", "--role", "standard:agent")
    office.ok("org", "export", "--to", str(file))
    file.write_text(file.read_text(encoding="utf-8").replace("Ann Kelly", "Ann Kelley"), encoding="utf-8")
    said = office.run("org", "apply", str(file), "--as", "cal.low").err
    assert said.count("You may not change a person") == 1
    assert "more places: refused (not-permitted)" in said
    (tried,) = office.json("audit", "--refused")
    assert (tried["act"], tried["target"]) == ("person.changed", "ann.kelly")
    assert (tried["before"], tried["after"]) == ({"name": "Ann Kelly"}, {"name": "Ann Kelley"})
    assert tried["note"].startswith("not-permitted: ")


def test_applying_a_file_says_who_gains_and_loses_what_and_warns_of_nothing_that_stood(
    office: Any, tmp_path: Path
) -> None:
    file = tmp_path / "org.toml"
    assert "empty-grants" in office.ok("people", "add", "Sue Lead", "--role", "justcall:supervisor").out
    office.ok("people", "add", "Cal Low", "--role", "standard:calls-only")
    office.ok("org", "export", "--to", str(file))
    assert office.ok("org", "apply", str(file)).out == "Nothing changed: it stands so already.\n"
    text = file.read_text(encoding="utf-8").replace("standard:calls-only", "standard:qa-analyst")
    file.write_text(text, encoding="utf-8")
    said = office.ok("org", "apply", str(file), "--dry-run").out
    assert "role: standard:calls-only → standard:qa-analyst" in said
    assert "Cal Low would be told: Operator changed your access. Your role is now QA analyst." in said


def test_a_dry_run_of_a_removal_says_who_loses_what_and_needs_no_agreement(office: Any) -> None:
    office.ok("people", "add", "Ann Kelly", "--role", "standard:agent")
    office.ok("roles", "create", "QA Analyst", "--grant", "calls@all")
    office.ok("people", "role", "ann.kelly", "--to", "custom:qa-analyst")
    said = office.ok("roles", "remove", "custom:qa-analyst", "--instead", "standard:calls-only", "--dry-run").out
    assert said.startswith("Nothing was saved. It would change: ")
    assert "Ann Kelly would be told: " in said
    assert "custom:qa-analyst" in office.ok("roles", "list").out
    office.ok("teams", "create", "North", "--member", "ann.kelly", "--queue", "sales")
    assert office.ok("teams", "remove", "north", "--dry-run").out.startswith("Nothing was saved.")
    gone = office.ok("teams", "remove", "north", "--yes").out
    assert gone.startswith("Removed: team north"), "what was removed is not called saved"


def test_every_permission_that_a_change_gives_is_named_on_the_command_line_and_the_notice_is_short(office: Any) -> None:
    office.ok("people", "add", "Ann Kelly", "--role", "standard:calls-only")
    said = office.ok("people", "role", "ann.kelly", "--to", "standard:admin", "--dry-run").out
    (notice,) = [line for line in said.splitlines() if "would be told" in line]
    assert notice.endswith("All that you may do stands at the end of the help (?).")
    assert " more (everything)" in notice
    every = next(line for line in said.splitlines() if line.startswith("    + ") and "(everything)" in line)
    assert " more" not in every
    found = office.json("people", "role", "ann.kelly", "--to", "standard:admin", "--dry-run")["effects"][0]
    assert all(any(one in line for line in said.splitlines()) for one in found["every_gained"])


def test_a_refused_attempt_is_called_so_in_the_trail(office: Any) -> None:
    office.ok("people", "add", "Ann Kelly", "--role", "standard:agent")
    office.run("people", "set", "ann.kelly", "--name", "Ann Kelley", "--as", "ann.kelly")
    assert "  refused person.changed  ann.kelly" in office.ok("audit", "--refused").out


def test_programs_read_of_the_operator_in_the_trail_by_key(office: Any) -> None:
    """Whatever people read in its place: scripts ask for what somebody did by what they read there."""
    office.ok("people", "add", "Ann Kelly", "--role", "standard:agent")
    found = office.json("audit", "--by", "hub:operator", "--target", "ann.kelly")
    assert {one["by"] for one in found} == {"hub:operator"}
    assert "person.created" in {one["act"] for one in found}


def test_what_two_scripts_change_at_once_is_not_lost(office: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second reads what the first has saved, or is told what changed."""
    office.ok("people", "add", "Ann Kelly", "--role", "standard:agent")

    async def both() -> tuple[Opened, HubError]:
        monkeypatch.setenv("WALLBOARD_HOME", str(office.home))
        async with sitting(None) as desk:
            first, second = await desk.opened("person", "ann.kelly"), await desk.opened("person", "ann.kelly")
            await save(desk, [first.edit(grants={"users": {}})])
            with pytest.raises(HubError) as refused:
                await save(desk, [second.edit(grants={"api": {}})])
            return await desk.opened("person", "ann.kelly"), refused.value

    now, refused = asyncio.run(both())
    assert now.doc["grants"] == {"users": {}}
    assert (refused.name, refused.details["fields"][0]["field"]) == ("changed-meanwhile", "grants")
    for permission in ("api", "crm"):
        office.ok("grants", "add", "ann.kelly", permission)
    assert set(office.json("grants", "list", "ann.kelly")["grants"]) == {"users", "api", "crm"}


def test_lists_of_people_and_grants_say_what_holds_and_to_whom(office: Any) -> None:
    office.ok("people", "add", "Ann Kelly", "--role", "justcall:agent", "--note", "new")
    office.ok("people", "disable", "ann.kelly")
    rows = {row["key"]: row for row in office.json("people", "list", "--as", "admin")}
    assert (rows["ann.kelly"]["can_sign_in"], rows["admin"]["can_sign_in"]) == (False, True)
    assert "disabled" in office.ok("people", "list").out
    office.ok("people", "enable", "ann.kelly")
    office.ok("grants", "toggle", "ann.kelly", "view_wallboard", "on")
    office.ok("roles", "toggles", "justcall:agent", "none")
    listed = office.ok("grants", "list", "ann.kelly", "--as", "admin").out
    assert "toggle view_wallboard on (without effect: the role does not offer it)" in listed
    assert "offers no toggle" in office.run("grants", "toggle", "ann.kelly", "view_wallboard", "off").err
    office.ok("grants", "toggle", "ann.kelly", "view_wallboard", "role")
    assert office.json("grants", "list", "ann.kelly")["toggles"] == {}
    office.ok("roles", "describe", "justcall:agent", "Takes calls")
    shown = office.ok("roles", "show", "justcall:agent").out
    assert "Takes calls" in shown
    assert "personal floor" in shown
