"""Access administered from the command line: set up by script, kept in a file, explained and reviewed."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest


def test_a_supervisor_is_set_up_from_nothing(office: Any) -> None:
    """The README's supervisor: a team with its queue, somebody who manages it, and a toggle."""
    assert office.json("people", "add", "Ann Kelly", "--role", "justcall:agent", "--agent", "Ann")["code"]
    office.ok("people", "add", "Sue Lead", "--role", "justcall:supervisor")
    office.ok("teams", "create", "Sales", "--member", "ann.kelly", "--manager", "sue.lead", "--queue", "sales")
    office.ok("grants", "toggle", "sue.lead", "view_call_recordings", "on")
    me = office.json("me", "--as", "sue.lead")
    said = office.ok("me", "--as", "sue.lead").out
    assert "team:" not in said, "people read names, scripts keys"
    assert "team:sales" in me["permissions"]["calls"]["scope"]
    assert "team:sales" in me["permissions"]["recordings"]["scope"]
    assert "wallboard" in me["panes"]
    totals = {
        who: office.json("kpis", "--by", "all", *as_who)[0]
        for who, as_who in {"operator": (), "sue": ("--as", "sue.lead")}.items()
    }
    assert [(row["key"], row["name"]) for row in totals.values()] == [
        ("all", office.json("org", "export")["toml"].split('name = "')[1].split('"')[0]),
        ("all", "What Sue Lead may see"),
    ], "a part is not called by the name of the whole"
    assert office.ok("audit", "--by", "nobody").out.startswith("Nothing in the audit trail fits.")
    shown = office.json("people", "show", "sue.lead")
    origins = next(one["origins"] for one in shown["permissions"] if one["name"] == "recordings")
    assert [(one["kind"], one["name"]) for one in origins] == [("toggle", "View Call Recordings")]


def test_a_role_is_made_copied_compared_assigned_and_removed(office: Any) -> None:
    office.ok("people", "add", "Ann Kelly", "--role", "standard:agent")
    office.ok("people", "add", "Bob Tanaka", "--role", "standard:agent")
    made = office.json("roles", "create", "QA Analyst", "--grant", "calls@all", "--grant", "scores:manage@all")
    assert made["role"] == "custom:qa-analyst"
    office.ok("roles", "grant", "custom:qa-analyst", "recordings@queue:sales/inbound")
    copied = office.json("roles", "copy", "custom:qa-analyst", "QA Lead")
    office.ok("roles", "revoke", "custom:qa-lead", "scores")
    differ = office.json("roles", "compare", "custom:qa-analyst", copied["role"])["differ"]
    assert [one["permission"] for one in differ] == ["scores"]
    office.ok("roles", "rename", "custom:qa-lead", "Reviewer")
    office.ok("roles", "grant", "custom:qa-lead", "analytics@personal", "--floor")
    office.ok("roles", "toggles", "custom:qa-lead", "view_wallboard")
    shown = office.json("roles", "show", "custom:qa-lead")
    assert [one["name"] for one in shown["floor"]] == ["analytics"]
    assert shown["doc"]["toggles"] == ["view_wallboard"]
    found = office.json("people", "role", "ann.kelly", "bob.tanaka", "--to", "custom:qa-analyst")
    assert [one["person"] for one in found["effects"]] == ["ann.kelly", "bob.tanaka"]
    rows = {row["key"]: row for row in office.json("roles", "list")}
    assert [key for key, _ in rows["custom:qa-analyst"]["people"]] == ["ann.kelly", "bob.tanaka"]
    assert rows["custom:qa-lead"]["doc"]["name"] == "Reviewer"
    refused = office.run("roles", "remove", "custom:qa-analyst", "--json")
    assert (refused.status, refused.json["error"]["name"]) == (1, "in-use")
    refused = office.run("roles", "remove", "custom:qa-analyst", "--instead", "standard:agent")
    assert "Ann Kelly loses Calls" in refused.err
    assert refused.err.endswith("To remove it all the same, say --yes.\n")
    office.ok("roles", "remove", "custom:qa-analyst", "--instead", "standard:agent", "--yes")
    assert "custom:qa-analyst" not in {row["key"] for row in office.json("roles", "list")}


def test_a_person_acts_with_their_own_rights(office: Any) -> None:
    office.ok("people", "add", "Sue Lead", "--role", "justcall:supervisor")
    refused = office.run("people", "role", "sue.lead", "--to", "standard:admin", "--as", "sue.lead", "--json")
    assert (refused.status, refused.json["error"]["name"]) == (1, "not-permitted")
    assert "Assign roles" in refused.err
    (entry,) = office.json("audit", "--refused")
    assert (entry["by"], entry["target"], entry["allowed"]) == ("sue.lead", "sue.lead", False)
    assert office.run("roles", "list", "--as", "sue.lead", "--json").json["error"]["name"] == "not-permitted"


def test_a_dry_run_of_what_would_be_refused_fails_as_saving_would(office: Any) -> None:
    for more in ((), ("--dry-run",)):
        refused = office.run("people", "disable", "admin", *more, "--json")
        assert (refused.status, refused.json["error"]["name"]) == (1, "last-admin")


def test_people_are_changed_disabled_and_removed(office: Any) -> None:
    office.ok("numbers", "add", "+35315550100", "--name", "Main")
    office.ok("people", "add", "Ann Kelly", "--role", "standard:agent", "--extension", "101")
    office.ok("people", "set", "ann.kelly", "--email", "ann@example.org", "--caller-id", "Main", "--missed-mail")
    (row,) = [row for row in office.json("people", "list") if row["key"] == "ann.kelly"]
    assert (row["caller_ids"], row["missed_mail"]) == (["+35315550100"], True)
    office.ok("people", "set", "ann.kelly", "--email", "", "--caller-id", "")
    office.ok("numbers", "assign", "Main", "ann.kelly", "admin")
    held = {row["key"]: row["caller_ids"] for row in office.json("people", "list")}
    assert held == {"ann.kelly": ["+35315550100"], "admin": ["+35315550100"]}, "many at once"
    office.ok("numbers", "assign", "Main", "ann.kelly", "--remove")
    assert "caller_ids" not in {row["key"]: row for row in office.json("people", "list")}["ann.kelly"]
    assert office.json("people", "pin", "ann.kelly", "--set", "4711")["pin"] == "4711"
    assert office.json("people", "pin", "ann.kelly", "--remove")["pin"] is None
    office.ok("people", "disable", "ann.kelly")
    office.ok("people", "enable", "ann.kelly")
    office.ok("people", "remove", "ann.kelly", "--yes")
    again = office.run("people", "add", "Ann Kelly", "--role", "standard:agent", "--json")
    assert again.json["error"]["name"] == "in-use", "calls and the audit trail keep the short name"
    nothing = office.run("people", "set", "admin", "--json")
    assert (nothing.status, nothing.json["error"]["name"]) == (2, "wrong-call")


def test_an_organisation_applied_to_a_fresh_hub_is_the_same(office: Any, tmp_path: Path) -> None:
    office.ok("people", "add", "Ann Kelly", "--role", "justcall:agent", "--agent", "Ann", "--extension", "101")
    office.ok("people", "add", "Sue Lead", "--role", "justcall:supervisor")
    office.ok("teams", "create", "Sales", "--member", "ann.kelly", "--manager", "sue.lead", "--queue", "sales")
    office.ok("roles", "create", "QA Analyst", "--grant", "calls@all")
    office.ok("roles", "grant", "justcall:agent", "recordings@personal")
    office.ok("grants", "add", "ann.kelly", "export@team:Sales")
    file = tmp_path / "org.toml"
    office.ok("org", "export", "--to", str(file))
    assert "password" not in file.read_text(encoding="utf-8")
    fresh = type(office)(tmp_path / "fresh")
    dry = fresh.ok("org", "apply", str(file), "--dry-run").out
    assert "+ person ann.kelly: Ann Kelly" in dry
    assert "Nothing was saved" in dry
    assert fresh.ok("org", "export").out.count("[[person]]") == 0
    fresh.ok("org", "apply", str(file))
    assert fresh.ok("org", "export").out == file.read_text(encoding="utf-8")
    again = fresh.json("org", "apply", str(file))
    assert (again["applied"], again["unchanged"] > 5) == ([], True)
    text = file.read_text(encoding="utf-8").replace('name = "Sue Lead"', 'name = "Sue Leader"')
    file.write_text(text, encoding="utf-8")
    assert "name: Sue Lead → Sue Leader" in fresh.ok("org", "apply", str(file), "--dry-run").out
    text = text.replace("justcall:supervisor", "justcall:nobody")
    file.write_text(text, encoding="utf-8")
    refused = fresh.run("org", "apply", str(file), "--json")
    assert refused.json["error"]["name"] == "unknown"
    assert "Sue Leader" not in fresh.ok("org", "export").out, "all or nothing"


def test_some_kinds_of_an_organisation_are_taken_out_and_put_back_by_who_may_read_only_these(
    office: Any, tmp_path: Path
) -> None:
    """Whoever keeps the numbers needs no more than these; their file touches nothing else, whatever is asked of it."""
    held = ("numbers:manage", "workgroups:manage", "calls@all", "recordings@all")
    office.ok("roles", "create", "Lines", *(word for one in held for word in ("--grant", one)))
    office.ok("people", "add", "Lin", "--role", "Lines")
    office.ok("teams", "create", "Sales")
    office.ok("numbers", "add", "+35315550100", "--name", "Main")
    refused = office.run("org", "export", "--as", "lin")
    assert refused.status == 1
    for lacking in ("Roles", "People", "Call flow", "Account", "Contacts", "Caller numbers (everything"):
        assert f"“{lacking}" in refused.err, "all that is lacking is said at once"
    assert "--only number,team" in refused.err
    file, base = tmp_path / "some.toml", tmp_path / "base.toml"
    office.ok("org", "export", "--only", "teams,numbers", "--to", str(file), "--as", "lin")
    text = file.read_text(encoding="utf-8")
    assert 'only = ["team", "number"]' in text
    assert ("[[team]]" in text, "[[number]]" in text, "[[person]]" in text, "[organisation]" in text) == (
        True, True, False, False,
    )  # fmt: skip
    assert office.json("org", "export", "--only", "number", "--only", "Teams")["toml"] == text
    for name in (file, base):
        name.write_text(text, encoding="utf-8")
    office.ok("numbers", "add", "+35315550200", "--name", "Second")
    everything = office.ok("org", "export").out
    file.write_text(text.replace('name = "Main"', 'name = "Front"'), encoding="utf-8")
    office.ok("org", "apply", str(file), "--base", str(base), "--as", "lin")
    assert office.ok("org", "export").out == everything.replace('name = "Main"', 'name = "Front"')
    office.ok("org", "apply", str(file), "--prune", "--as", "lin")
    left = office.ok("org", "export").out
    assert ("Second" in left, "[[person]]" in left) == (False, True)
    file.write_text(text + '[[person]]\nkey = "lin"\nname = "Lin"\nrole = "custom:lines"\n', encoding="utf-8")
    wrong = office.run("org", "apply", str(file)).err
    assert "“person” stands there, and the file is only of: team, number" in wrong
    assert f"{file}, line {text.count(chr(10)) + 1}:" in wrong
    for words, said in (("teams,nothing", "“nothing” is no kind to take out."), (",", "--only names nothing.")):
        assert (answer := office.run("org", "export", "--only", words)).status == 2
        assert said in answer.err


def test_pruning_removes_what_the_file_does_not_name(office: Any, tmp_path: Path) -> None:
    office.ok("people", "add", "Ann Kelly", "--role", "justcall:agent")
    file = tmp_path / "org.toml"
    office.ok("org", "export", "--to", str(file))
    office.ok("people", "add", "Bob Tanaka", "--role", "justcall:agent")
    office.ok("org", "apply", str(file))
    assert len(office.json("people", "list")) == 3
    assert "- person bob.tanaka" in office.ok("org", "apply", str(file), "--prune", "--dry-run").out
    office.ok("org", "apply", str(file), "--prune")
    assert {row["key"] for row in office.json("people", "list")} == {"admin", "ann.kelly"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[organisation", "no TOML"),
        ("[[persons]]\nkey = 'x'\n", "no kind “persons”"),
        ("[[person]]\nname = 'X'\n", "it has no key"),
        ("[[person]]\nkey = 'x'\nnaem = 'X'\n", "no field “naem”"),
        ("[[team]]\nkey = 'x'\n", "name"),
        ("[[team]]\nkey = 'x'\nname = 'X'\n[[team]]\nkey = 'x'\nname = 'X'\n", "stands there twice"),
    ],
)
def test_a_file_with_a_mistake_names_it_and_changes_nothing(empty: Any, tmp_path: Path, text: str, reason: str) -> None:
    file = tmp_path / "org.toml"
    file.write_text(text, encoding="utf-8")
    refused = empty.run("org", "apply", str(file))
    assert refused.status == 1
    assert reason in refused.err
    assert str(file) in refused.err


def test_the_review_says_who_holds_what_through_what_and_since_when(office: Any, tmp_path: Path) -> None:
    """“Review which roles have export and reporting permissions. Remove access for anyone who no longer needs it.”"""
    office.ok("people", "add", "Ann Kelly", "--role", "justcall:agent")
    office.ok("grants", "add", "ann.kelly", "export@all")
    rows = {(row["person"], row["permission"]): row for row in office.json("access", "review")["rows"]}
    row = rows["ann.kelly", "export"]
    assert row["through"] == ["a grant of their own"]
    assert row["given_by"] == "hub:operator"
    assert row["since"] is not None
    assert not row["overdue"]
    assert rows["admin", "roles"]["through"] == ["role Admin"]
    decided = office.json("access", "decide", "ann.kelly", "export", "remove", "--note", "left the project")
    assert (decided["decided"], decided["decided_by"]) == ("remove", "hub:operator")
    office.ok("grants", "remove", "ann.kelly", "export")
    gone = office.run("access", "decide", "ann.kelly", "export", "keep", "--json")
    assert gone.json["error"]["name"] == "not-found"
    told = office.ok("access", "decide", "admin", "Roles", "remove").out
    assert "“Roles”. The review asks again on " in told
    assert told.endswith("Until somebody takes it away they have it through role Admin.\n"), told
    missing = office.run("access", "decide", "admin", "billing", "keep")
    assert "“admin” holds no sensitive permission “billing”. They hold: export (Export), " in missing.err
    file = tmp_path / "review.csv"
    office.ok("access", "review", "--export", str(file))
    with file.open(encoding="utf-8", newline="") as opened:
        lines = list(csv.DictReader(opened))
    written = [(line["permission"], line["level"]) for line in lines]
    assert {line["given by"] for line in lines} == {"the operator"}, "as people say it, and by key for programs alone"
    told = office.ok("access", "review").out
    assert "the operator" in told
    assert "hub:operator" not in told
    assert {("Export", "view"), ("Roles", "manage")} <= set(written)
    file = tmp_path / "review.json"
    office.ok("access", "review", "--export", str(file))
    assert json.loads(file.read_bytes()) == office.json("access", "review")
    assert office.run("access", "review", "--export", str(tmp_path / "none" / "x.csv")).status == 1


def test_a_person_is_added_in_one_command_with_mails_and_caller_ids(office: Any) -> None:
    office.ok("numbers", "add", "+35315550100", "--name", "Main")
    office.ok("people", "add", "Nell Byrne", "--role", "standard:manager", "--extension", "101",
              "--email", "n@example.org", "--caller-id", "Main", "--missed-mail", "--no-report-mail")  # fmt: skip
    stands = office.json("people", "show", "nell.byrne")["document"]
    assert (stands["caller_ids"], stands["missed_mail"]) == (["+35315550100"], True)
    assert not stands.get("report_mail")
    office.ok("people", "set", "nell.byrne", "--caller-id", "", "--default-caller-id", "Main", "--report-mail")
    stands = office.json("people", "show", "nell.byrne")["document"]
    assert (stands["default_caller_id"], stands["report_mail"]) == ("+35315550100", True)
    assert not stands.get("caller_ids")
    refused = office.run("people", "add", "Cal Low", "--role", "standard:calls-only", "--missed-mail")
    assert (refused.status, "missed-mail" in refused.err or "Missed opportunities" in refused.err) == (1, True)


def test_who_can_see_a_call_and_why_agree(office: Any, tmp_path: Path) -> None:
    log = tmp_path / "queue_log"
    lines = ["1795262400|1.1|sales|NONE|ENTERQUEUE||+353861234567|1", "1795262405|1.1|sales|Ann|CONNECT|5|1.2|2",
             "1795262465|1.1|sales|Ann|COMPLETECALLER|5|60|1"]  # fmt: skip
    log.write_text("\n".join(lines) + "\n", encoding="utf-8")
    office.ok("people", "add", "Ann Kelly", "--role", "justcall:agent", "--agent", "Ann")
    office.ok("people", "add", "Cat Byrne", "--role", "justcall:agent")
    office.ok("import", "queue-log", str(log), "--source", "pbx1")
    seen = {one["person"]: one for one in office.json("who-can-see", "1.1")}
    assert set(seen) == {"admin", "ann.kelly"}
    for person in ("admin", "ann.kelly", "cat.byrne"):
        assert office.json("why", person, "1.1")["permitted"] == (person in seen)
    assert "(own), through floor Agent, role Agent." in seen["ann.kelly"]["sentence"]
    assert "person:ann.kelly" in seen["ann.kelly"]["clauses"][0]["atoms"]
    # What an agent does now, and figures, are other things than the call, and are asked in the same way.
    assert {one["person"] for one in office.json("who-can-see", "agent:Ann")} == {"admin", "ann.kelly"}
    assert office.json("why", "ann.kelly", "agent:Ann")["clauses"][0]["permissions"] == ["analytics"]
    assert [one["person"] for one in office.json("who-can-see", "queue:sales")] == ["admin"]
    said = office.ok("why", "admin", "queue:sales").out
    assert "Roll-ups, Queue report, Call volume report (everything), through role Admin" in said
    assert said.endswith("  All calls of the queue count.\n")
    own = office.ok("why", "ann.kelly", "agent:Ann", "--figures").out
    assert "  Analytics (own), through floor Agent, role Agent\n  All calls of the agent count.\n" in own
    assert office.json("why", "cat.byrne", "all")["permitted"] is False
    assert office.run("why", "admin", "1.1", "--figures").status == 2
    assert office.run("why", "admin", "queue:nowhere").status == 1


def test_two_people_apply_files_made_from_one_export_and_the_second_undoes_nothing(office: Any, tmp_path: Path) -> None:
    office.ok("people", "add", "Ann Kelly", "--role", "justcall:agent")
    office.ok("people", "add", "Sue Lead", "--role", "justcall:supervisor")
    base, one, two = (tmp_path / f"{name}.toml" for name in ("base", "one", "two"))
    office.ok("org", "export", "--to", str(base))
    text = base.read_text(encoding="utf-8")
    one.write_text(text.replace("Sue Lead", "Sue Leader"), encoding="utf-8")
    two.write_text(text.replace('name = "Ann Kelly"', 'name = "Ann Kelly-Byrne"'), encoding="utf-8")
    assert one.read_text() != text != two.read_text()
    office.ok("org", "apply", str(one), "--base", str(base))
    assert "Sue Leader" not in office.ok("org", "apply", str(two), "--base", str(base)).out
    again = office.ok("org", "apply", str(two), "--base", str(base))
    assert again.out == "Nothing changed: it stands so already.\n"
    assert office.json("org", "apply", str(base), "--base", str(base), "--dry-run")["differences"] == []
    both = office.ok("org", "export").out
    assert "Sue Leader" in both
    assert "Ann Kelly-Byrne" in both
    two.write_text(text.replace("Sue Lead", "Sue Leading"), encoding="utf-8")
    refused = office.run("org", "apply", str(two), "--base", str(base))
    assert refused.status == 1
    assert f"{two}, line " in refused.err
    assert f"somebody else changed it since {base} (name)." in refused.err
    assert "Sue Leader" in office.ok("org", "export").out


def test_a_new_team_says_which_known_calls_it_has_not_and_adopt_adds_them(site: Any) -> None:
    said = site.ok("teams", "create", "Late Sales", "--key", "late", "--queue", "sales").out
    assert " known calls and " in said
    assert "to add them: wallboard teams adopt late" in said
    counted = site.json("teams", "adopt", "late", "--dry-run")
    assert f"{counted['calls']:,} known calls" in said
    assert site.json("teams", "adopt", "late", "--since", "2099-01-01")["calls"] == 0
    done = site.json("teams", "adopt", "late")
    assert (done["team"], done["calls"], done["dry_run"]) == ("late", counted["calls"], False)
    assert "has all of its past already" in site.ok("teams", "adopt", "late", "--dry-run").out
    with_past = site.json("teams", "add", "late", "--queue", "support", "--with-past")["past"]
    assert with_past["calls"] > 0, "what the change brought is added as well"
    assert "past" not in site.json("teams", "set", "late", "--name", "Later Sales")
    assert "past" not in site.json("teams", "take", "late", "--queue", "support")
    site.ok("teams", "create", "Others", "--key", "others")
    assert "to add them: wallboard teams adopt others" in site.ok("teams", "add", "others", "--queue", "support").out
    site.ok("teams", "remove", "others", "--yes")
    wrong = site.run("teams", "adopt", "late", "--since", "soon")
    assert (wrong.status, wrong.err) == (1, "wallboard: “soon” is no day. Write it like 2026-11-01.\n")
    site.ok("teams", "remove", "late", "--yes")
