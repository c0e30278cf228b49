"""The commands against a real hub, as scripts use them."""

import json
import os
import stat
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from statistics import median
from typing import Any

import httpx
import pytest

from wallboard_tui.metrics.kpis import KPIS

pytestmark = [pytest.mark.xdist_group("cli"), pytest.mark.timeout(240)]

RECORDED = Path(__file__).resolve().parents[2] / "sample_data" / "recorded"


def test_only_the_owner_may_open_the_hubs_socket(site: Any) -> None:
    assert stat.S_IMODE((site.home / "hub.sock").stat().st_mode) == 0o600


def test_reading_a_file_again_changes_nothing(site: Any) -> None:
    again = site.json("import", "queue-log", str(RECORDED / "queue_log.xz"), "--source", "pbx1")
    assert again["read"] > 5000
    assert again["new"] == 0
    assert again["refused"] == 0
    assert again["unchanged"] > 0
    assert again["read"] == again["accepted"] + again["refused"]
    assert again["documents"] == again["new"] + again["changed"] + again["unchanged"]


def test_an_import_says_in_a_sentence_what_it_did(site: Any) -> None:
    said = site.ok("import", "cdr", str(RECORDED / "Master.csv.xz"), "--source", "pbx1").out
    assert "lines read" in said
    assert said.split(": ", 1)[1].startswith("2,983 accepted, 0 refused.\n")
    assert "1,676 documents of what they say: 0 new, 0 changed, 1,676 unchanged.\n" in said
    assert "No zone was given; by their uniqueids the rows' times are UTC." in said


def test_lines_that_cannot_be_used_are_listed_in_a_report_in_the_home(site: Any, tmp_path: Path) -> None:
    torn = tmp_path / "queue_log"
    torn.write_bytes(
        b"1700000000|x.1|annexe|NONE|ENTERQUEUE||1|1\nthis is no line\n1700000005|x.1|annexe|NONE|ABANDON|1|1|5\n"
    )
    summary = site.json("import", "queue-log", str(torn), "--source", "torn")
    assert (summary["read"], summary["refused"]) == (3, 1)
    report = Path(summary["report"])
    assert report == site.home / "reports" / "torn-queue_log.refused.txt"
    assert list(tmp_path.iterdir()) == [torn], "nothing is written beside what was read"
    assert report.read_text("utf-8").startswith(f"{torn}:2: ")


def test_a_file_that_cannot_be_read_fails_and_the_others_are_still_taken_in(site: Any, tmp_path: Path) -> None:
    said = site.run("import", "queue-log", str(tmp_path / "none"), str(RECORDED / "queue_log.xz"), "--source", "pbx1")
    assert said.status == 1
    assert "none: there is no such file" in said.err
    assert "lines read" in said.out


def test_the_answer_is_one_json_value_also_when_one_of_several_files_is_missing(site: Any, tmp_path: Path) -> None:
    said = site.run(
        "import", "queue-log", str(tmp_path / "none"), str(RECORDED / "queue_log.xz"), "--source", "pbx1", "--json"
    )
    assert said.status == 1
    assert said.json["read"] > 5000
    assert said.json["error"]["name"] == "no-such-file"


def test_a_file_of_which_every_line_is_refused_fails_and_leaves_nothing_behind(site: Any, tmp_path: Path) -> None:
    wrong = tmp_path / "letter.txt"
    wrong.write_text("Dear all,\nthis is no log.\n")
    for kind in ("queue-log", "cdr", "queues-conf"):
        said = site.run("import", kind, str(wrong), "--source", "bogus", "--json")
        assert said.status == 1
        assert said.json["error"]["name"] == "all-refused"
        assert (said.json["read"], said.json["refused"], said.json["new"]) == (2, 2, 0)
        assert "letter.txt: every line was refused" in said.err
    assert "bogus" not in [source["key"] for source in site.json("sources")]


def test_of_a_file_that_is_refused_as_a_whole_the_reason_of_its_first_line_is_said(site: Any, tmp_path: Path) -> None:
    wide = tmp_path / "wide"
    for encoding in ("utf-16", "utf-16-le", "utf-16-be"):
        wide.write_bytes(
            "1700000000|x.1|annexe|Chloé|DID|1\n1700000001|x.1|annexe|NONE|ABANDON|1|1|5\n".encode(encoding)
        )
        said = site.run("import", "queue-log", str(wide), "--source", "bogus")
        assert said.status == 1
        assert "every line was refused, the first because: UTF-16; convert the file to UTF-8 first" in said.err


def test_every_refused_line_stands_in_the_report_in_order(site: Any, tmp_path: Path) -> None:
    files = [tmp_path / "b", tmp_path / "a"]
    good = "1700000000|x.1|annexe|NONE|DID|1"
    files[0].write_bytes(f"{good}\n".encode() + b"no line\n\xff\xfe\n" * 900)
    files[1].write_text(f"{good}\nno line\n")
    for _ in range(2):
        summary = site.json("import", "queue-log", *map(str, files), "--source", "torn2")
        assert summary["refused"] == 1801
        assert Path(summary["report"]) == site.home / "reports" / "torn2-b.refused.txt"
        lines = Path(summary["report"]).read_text("utf-8").splitlines()
        assert [line.rpartition(": ")[0].split(": ")[0] for line in lines] == [
            *(f"{files[0]}:{number}" for number in range(2, 1802)), f"{files[1]}:2"
        ]  # fmt: skip
    (source,) = [source for source in site.json("sources") if source["key"] == "torn2"]
    assert source["refused"] == 1801, "a line that is refused again is not one more"


def test_a_report_lists_the_first_refused_lines_of_a_file_and_counts_the_others(site: Any, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.bin"
    wrong.write_bytes(b"no line\n\x00\x01\n" * 8_000)
    said = site.run("import", "queue-log", str(wrong), "--source", "torn3", "--json")
    assert (said.status, said.json["refused"]) == (1, 16_000)
    lines = Path(said.json["report"]).read_text("utf-8").splitlines()
    assert lines[9_999].startswith(f"{wrong}:10000: ")
    assert sorted(lines[10_000:]) == [
        f"{wrong}: 3,000 lines more: binary data",
        f"{wrong}: 3,000 lines more: does not begin with a time (foreign text or a torn line?)",
    ]


def test_lines_in_another_encoding_are_said_and_read_once_it_is_named(site: Any, tmp_path: Path) -> None:
    log = tmp_path / "queue_log"
    log.write_bytes(
        b"1700000000|l.1|caf\xe9|NONE|ENTERQUEUE||1|1\n1700000005|l.1|caf\xe9|NONE|ABANDON|1|1|5\n"
        b"1700000010|l.2|plain|NONE|ENTERQUEUE||1|1\n"
    )
    first = site.ok("import", "queue-log", str(log), "--source", "latin").out
    assert "2 lines are not UTF-8 and missing. Import again with --encoding" in first
    again = site.json("import", "queue-log", str(log), "--source", "latin", "--encoding", "latin1")
    assert (again["refused"], again["notes"]) == (0, [])
    queues = {row["key"] for row in site.json("kpis", "--by", "queue", "--period", "all")}
    assert {"asterisk:latin:café", "asterisk:latin:plain"} <= queues
    for wrong in ("klingon", "utf-16", "rot13"):
        refused = site.run("import", "queue-log", str(log), "--source", "latin", "--encoding", wrong)
        assert refused.status == 2
        assert f"“{wrong}” is no encoding in which a phone system writes." in refused.err


def test_only_regular_files_are_imported_and_nothing_waits_for_a_pipe(site: Any, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for word, what in ((str(pipe), str(pipe)), ("-", "standard input")):
        said = site.run("import", "queue-log", word, "--source", "pbx1")
        assert said.status == 1
        assert said.err == (
            f"wallboard: {what}: only regular files are imported. Write what it gives into a file, then import that.\n"
        )


def test_figures_have_names_measures_and_kpis_and_null_where_there_is_nothing(site: Any) -> None:
    rows = site.json("kpis", "--by", "queue", "--period", "all")
    sales = next(row for row in rows if row["key"] == "asterisk:pbx1:sales")
    assert set(sales) >= {"key", "name", "measures", "kpis"}
    assert sales["measures"]["offered"] > 500
    assert sales["kpis"]["asa"] == pytest.approx(sales["measures"]["wait_answered_s"] / sales["measures"]["answered"])
    quiet = site.json("kpis", "--by", "all", "--period", "2020-01-01..2020-01-02")
    assert all(row["kpis"]["service_level"] is None for row in quiet)


@pytest.mark.parametrize("by", ["queue", "agent", "team", "number", "all"])
def test_every_dimension_is_answered(site: Any, by: str) -> None:
    rows = site.json("kpis", "--by", by, "--period", "all")
    assert isinstance(rows, list)
    if by in ("queue", "agent", "all"):
        assert rows


def test_a_period_may_be_named_by_its_days(site: Any) -> None:
    every = site.json("kpis", "--by", "all", "--period", "all")[0]["measures"]["offered"]
    assert site.json("kpis", "--by", "all", "--period", "2020-01-01..2037-01-01")[0]["measures"]["offered"] == every
    said = site.run("kpis", "--period", "someday", "--json")
    assert said.status == 2
    assert "someday" in said.json["error"]["reason"]
    for far in ("9999-01-01..9999-12-31", "0001-01-01"):
        said = site.run("kpis", "--period", far, "--json")
        assert said.status == 2
        assert "1970 to 2099" in said.json["error"]["reason"]


def test_figures_are_a_table_for_people(site: Any) -> None:
    heading, *rows = site.ok("kpis", "--period", "all").out.splitlines()
    assert heading.split()[:3] == ["queue", "Offered", "Answered"]
    assert any(row.startswith("Sales") or row.startswith("sales") for row in rows)
    heading = site.ok("kpis", "--by", "agent", "--period", "all").out.splitlines()[0]
    assert "Handled" in heading
    assert "Offered" not in heading


def reached_after(calls: list[Any]) -> dict[str, list[float | None]]:
    """Queue (``all``: whichever) → seconds from each missed caller's last try to a talk, ``None``: not reached.

    Counted the long way round: for each caller, all tries since somebody spoke to them last.
    """
    found: dict[str, list[float | None]] = {"all": []}
    for caller in {call.get("caller") or call["key"] for call in calls}:
        own = [call for call in calls if (call.get("caller") or call["key"]) == caller]
        talks = [call["answered"] for call in own if call.get("answered") and call.get("direction") != "internal"]
        tries = [
            call
            for call in own
            if call.get("direction", "inbound") == "inbound" and call["state"] == "ended" and not call.get("answered")
            and (call["visits"][-1]["outcome"] != "abandoned" or call["visits"][-1]["wait_s"] >= 5
                 if call.get("visits") else call["ended"] - call["started"] >= 5)
        ]  # fmt: skip
        last = max((call["started"] for call in tries), default=0.0)
        before = max((talk for talk in talks if talk < last), default=0.0)
        talk = min((talk for talk in talks if talk >= last), default=None)
        misses = {"all": last} if tries else {}
        for call in tries:
            if call["started"] > before and call.get("visits"):
                queue = call["visits"][-1]["queue"]
                misses[queue] = max(call["started"], misses.get(queue, 0.0))
        for key, miss in misses.items():
            found.setdefault(key, []).append(None if talk is None else talk - miss)
    return found


def test_the_callback_rate_and_time_of_a_recorded_day_are_those_of_its_calls(site: Any) -> None:
    expected = reached_after(site.json("calls", "--limit", "100000"))
    rows = [row for by in ("all", "queue") for row in site.json("kpis", "--by", by, "--period", "all")]
    compared = 0
    for row in rows:
        after = expected.get(row["key"], [])
        reached = [seconds for seconds in after if seconds is not None]
        assert row["measures"]["callers_missed"] == len(after), row["key"]
        assert row["kpis"]["callback_rate"] == (pytest.approx(100 * len(reached) / len(after)) if after else None)
        assert row["kpis"]["time_to_callback"] == (pytest.approx(median(reached)) if reached else None)
        compared += bool(reached)
    assert compared > 2, "all of them, and several queues"
    (quiet,) = site.json("kpis", "--by", "all", "--period", "2020-01-01..2020-01-02")
    assert (quiet["kpis"]["callback_rate"], quiet["measures"]["callers_missed"]) == (None, 0), "null and not 0 %"
    assert "To callback" in site.ok("kpis", "--period", "all").out.splitlines()[0]
    (alone,) = site.json("kpis", "--by", "agent", "--period", "all", "--as", "alice")
    assert alone["kpis"]["callback_rate"] is None


def test_calls_that_came_to_no_number_of_ours_are_called_so(site: Any) -> None:
    (row,) = [row for row in site.json("kpis", "--by", "number", "--period", "all") if row["key"] == ""]
    assert row["name"] == "no number"


def test_short_names_are_enough(site: Any) -> None:
    calls = site.json("calls", "--queue", "sales", "--limit", "5")
    assert len(calls) == 5
    assert all(any(visit["queue"] == "asterisk:pbx1:sales" for visit in call["visits"]) for call in calls)
    assert calls == sorted(calls, key=lambda call: -call["started"])
    assert site.ok("calls", "--text", "nobody at all").out == "There are no calls that you may see and that match.\n"
    said = site.run("calls", "--queue", "kitchen")
    assert (said.status, "There is no queue “kitchen”" in said.err) == (1, True)


def test_nobody_sees_parts_of_witnesses(site: Any) -> None:
    assert all("parts" not in call for call in site.json("calls", "--limit", "50"))


def test_an_agent_sees_own_calls_only(site: Any) -> None:
    own = site.json("calls", "--as", "alice", "--limit", "1000")
    every = site.json("calls", "--limit", "10000")
    assert 0 < len(own) < len(every)
    assert all(any(leg["agent"] == "asterisk:pbx1:Alice Morgan" for leg in call["legs"]) for call in own)


def test_a_person_is_told_apart_by_key_or_name(site: Any) -> None:
    assert site.json("me", "--as", "Rita")["person"] == "rita"
    assert site.json("me", "--as", "Rita Farrell")["panes"] == ["missed"]
    said = site.run("me", "--as", "nobody", "--json")
    assert said.status == 1
    assert said.json["error"]["name"] == "not-found"


def test_a_pane_that_is_not_permitted_is_refused_with_what_is(site: Any) -> None:
    said = site.run("show", "agents", "--as", "rita")
    assert said.status == 1
    assert "may see: missed" in said.err


@pytest.mark.parametrize(("option", "value"), [("--by", "weather"), ("--period", "soon")])
def test_a_pane_with_an_option_that_no_pane_has_is_a_wrong_call(site: Any, option: str, value: str) -> None:
    said = site.run("show", "rollups", option, value)
    assert said.status == 2
    assert value in said.err
    assert "There are: " in said.err


@pytest.mark.parametrize(("pane", "option"), [("agents", "--by"), ("missed", "--period"), ("wallboard", "--by")])
def test_an_option_that_a_pane_has_no_use_for_is_a_wrong_call_and_not_passed_over(
    site: Any, pane: str, option: str
) -> None:
    said = site.run("show", pane, option, "queue")
    assert said.status == 2
    assert option in said.err
    assert "rollups" in said.err


def test_a_pane_of_a_board_is_judged_by_the_thresholds_of_that_board(site: Any, tmp_path: Path) -> None:
    file = tmp_path / "board.toml"
    file.write_text(
        'key = "judged"\nname = "Judged"\npriority = -9\n'
        '[[pages]]\nname = "One"\n[[pages.rows]]\npanes = [{ pane = "wallboard" }]\n'
        '[[thresholds]]\nkpi = "waiting"\nsubject = "*"\nwarn = -2\nalert = -1\n'
    )
    site.ok("board", "import", str(file))
    tiles = site.json("show", "wallboard", "--board", "judged")["tiles"]
    assert {tile["level"] for tile in tiles if tile["key"]} == {"alert"}
    assert {tile["level"] for tile in site.json("show", "wallboard")["tiles"]} == {"ok"}, "no board, no thresholds"


def test_a_pane_is_shown_as_text_of_the_size_asked_for(site: Any) -> None:
    lines = site.ok("show", "calls", "--as", "alice", "--size", "90x12").out.splitlines()
    assert len(lines) == 12
    assert lines[0].startswith("┌")
    assert all(len(line) <= 90 for line in lines)


def test_a_pane_is_shown_as_json_with_the_same_rows_as_the_text(site: Any) -> None:
    data = site.json("show", "missed", "--as", "rita")
    text = site.ok("show", "missed", "--as", "rita", "--size", "160x500").out
    assert data["rows"]
    for row in data["rows"][:20]:
        digits = "".join(c for c in row["caller"] or "" if c.isdigit())
        assert not digits or digits[-4:] in text


def test_why_names_the_clause_that_decides(site: Any) -> None:
    call = site.json("calls", "--as", "alice", "--limit", "1")[0]["key"]
    assert site.json("why", "alice", call)["permitted"]
    assert site.json("why", "alice", call.split(":", 2)[2])["call"] == call, "the phone system's own id is enough"
    denied = site.json("why", "rita", call)
    assert not denied["permitted"]
    said = site.ok("why", "rita", call).out
    assert "\n  Missed opportunities (everything): figures only, through role Receptionist\n" in said
    assert site.run("why", "alice", "asterisk:pbx1:0.0").status == 1


def test_the_sources_say_how_they_are(site: Any) -> None:
    (pbx,) = [source for source in site.json("sources") if source["key"] == "pbx1"]
    assert (pbx["system"], pbx.get("mode", "imported")) == ("asterisk", "imported")
    assert "pbx1" in site.ok("sources").out


def test_people_are_added_with_a_code_and_choose_a_password_with_it(site: Any) -> None:
    added = site.json("people", "add", "Ben O'Neill", "--role", "standard:reporting-only")
    assert added["person"] == "ben.oneill"
    assert site.run("people", "add", "Ben O'Neill", "--role", "standard:reporting-only").status == 1
    secret = "a long enough secret"
    wrong = site.run("password", "--person", "ben.oneill", stdin=f"wrong\n{secret}\n{secret}\n")
    assert (wrong.status, wrong.err.count("\n")) == (1, 1)
    site.ok("password", "--person", "ben.oneill", stdin=f"{added['code']}\n{secret}\n{secret}\n")
    again = site.run("password", "--person", "ben.oneill", stdin=f"{added['code']}\n{secret}1\n{secret}1\n")
    assert again.status == 1, "a one-time code is good once"
    short = site.run("password", "--person", "ben.oneill", stdin=f"{secret}\n")
    assert (short.status, "Three lines are read" in short.err) == (2, True)
    differing = site.run("password", "--person", "ben.oneill", stdin=f"{secret}\nx\ny\n")
    assert "two different ways" in differing.err
    assert "ben.oneill" in [person["key"] for person in site.json("people", "list")]
    assert site.json("people", "code", "Ben")["person"] == "ben.oneill"


def test_only_small_letters_make_a_key(site: Any) -> None:
    said = site.run("people", "add", "Bad Key", "--key", "Not A Key", "--role", "standard:agent")
    assert said.status == 2


BOARD = """\
# What hangs in the hall.
key = "hall"
name = "Hall"

[[pages]]
name = "Now"

[[pages.rows]]
panes = [
  { pane = "wallboard", queues = ["sales", "support"] },  # the tiles
]
"""


def test_a_board_goes_in_and_comes_out_with_its_comments(site: Any, tmp_path: Path) -> None:
    file = tmp_path / "hall.toml"
    file.write_text(BOARD, "utf-8")
    site.ok("board", "check", str(file))
    site.ok("board", "import", str(file))
    assert "hall" in [board["key"] for board in site.json("board", "list")]
    site.ok("board", "export", "hall", "--to", str(file))
    assert file.read_text("utf-8") == BOARD
    copy = tmp_path / "copy.toml"
    copy.write_text(site.ok("board", "export", "hall").out, "utf-8")
    site.ok("board", "check", str(copy))
    assert site.ok("board", "import", "-", stdin=BOARD.replace("Hall", "Great hall")).status == 0
    site.ok("board", "export", "hall", "--to", str(file))
    assert 'name = "Great hall"' in file.read_text("utf-8")
    assert "# What hangs in the hall." in file.read_text("utf-8")


def test_a_new_organisation_has_a_board_to_begin_with(empty: Any, tmp_path: Path) -> None:
    empty.ok("init", "--name", "New", "--time-zone", "UTC", "--pack", "standard")
    assert [board["key"] for board in empty.json("board", "list")] == ["default"]
    file = tmp_path / "default.toml"
    empty.ok("board", "export", "default", "--to", str(file))
    file.write_text(file.read_text("utf-8").replace('name = "Overview"', 'name = "Hall"'), "utf-8")
    empty.ok("board", "import", str(file))
    assert [board["name"] for board in empty.json("board", "list")] == ["Hall"]
    said = empty.run("board", "export", "kitchen")
    assert (said.status, "wallboard board list" in said.err) == (1, True)


def test_a_board_with_one_mistake_says_it_once(empty: Any, tmp_path: Path) -> None:
    file = tmp_path / "bad.toml"
    file.write_text(BOARD.replace('"wallboard"', '"wallbord"'), "utf-8")
    said = empty.run("board", "check", str(file))
    assert (said.status, said.err.count("wallbord"), said.err.count("\n")) == (1, 1, 1)


def test_a_board_with_mistakes_is_refused_with_file_line_and_what_is_allowed(site: Any, tmp_path: Path) -> None:
    file = tmp_path / "bad.toml"
    file.write_text(BOARD.replace('"wallboard"', '"wallbord"').replace("support", "kitchen"), "utf-8")
    said = site.run("board", "import", str(file), "--json")
    assert said.status == 1
    assert said.err.count(f"{file}:10: ") == len(said.json["error"]["mistakes"]) == 2
    assert said.err.splitlines()[-1] == f"wallboard: {file} has 2 mistakes. Nothing was changed."
    mistakes = said.json["error"]["mistakes"]
    assert {mistake["line"] for mistake in mistakes} == {10}
    assert any("wallboard" in mistake["allowed"] for mistake in mistakes)
    assert any("kitchen" in mistake["reason"] for mistake in mistakes)


def test_a_board_is_laid_out_only_by_those_who_may(site: Any, tmp_path: Path) -> None:
    file = tmp_path / "hall.toml"
    file.write_text(BOARD.replace("hall", "mine"), "utf-8")
    said = site.run("board", "import", str(file), "--as", "alice")
    assert said.status == 1
    assert "wallboard (manage)" in said.err
    assert "mine" not in [board["key"] for board in site.json("board", "list")]


def test_a_board_exported_by_a_viewer_says_that_it_is_not_all_of_it(site: Any, tmp_path: Path) -> None:
    file, part = tmp_path / "shared.toml", tmp_path / "part.toml"
    file.write_text(BOARD.replace('"hall"', '"shared"'), "utf-8")
    site.ok("board", "import", str(file))
    whole = site.ok("board", "export", "shared").out
    site.ok("people", "add", "Tom Team", "--key", "tom", "--role", "standard:supervisor")
    team = {"key": "desk", "name": "Desk", "managers": ["tom"], "queues": ["asterisk:pbx1:sales"]}
    transport = httpx.HTTPTransport(uds=str(site.home / "hub.sock"), verify=False)
    headers = {"Wallboard-Protocol": "1", "Wallboard-Operator": "1"}
    with httpx.Client(transport=transport, base_url="http://hub", headers=headers) as hub:
        assert hub.post("/apply", json={"documents": [["team", team]]}).status_code < 300
    said = site.ok("board", "export", "shared", "--to", str(part), "--as", "tom")
    assert "not all of it" in said.err
    assert "sales" in part.read_text("utf-8")
    assert "support" not in part.read_text("utf-8")
    refused = site.run("board", "import", str(part))
    assert refused.status == 1
    assert "would delete the rest" in refused.err
    # Nor is a file that holds the whole board cut down to the part.
    assert site.run("board", "export", "shared", "--to", str(file), "--as", "tom").status == 1
    assert "support" in file.read_text("utf-8")
    assert site.ok("board", "export", "shared").out == whole


def test_a_board_can_be_checked_where_no_hub_is(empty: Any, tmp_path: Path) -> None:
    file = tmp_path / "hall.toml"
    file.write_text(BOARD, "utf-8")
    assert empty.ok("board", "check", str(file)).out.strip().endswith("is in order.")
    assert not (empty.home / "journal.db").exists()


def test_the_view_is_made_again_and_says_the_same(site: Any) -> None:
    before = site.json("kpis", "--by", "queue", "--period", "all")
    rebuilt = site.json("rebuild")
    assert rebuilt["documents"] > 2000
    assert site.json("kpis", "--by", "queue", "--period", "all") == before


def test_the_cache_is_purged_without_a_hub(empty: Any) -> None:
    cache = empty.home / "cache"
    cache.mkdir(parents=True)
    (cache / "x-1.db").write_bytes(b"calls")
    assert empty.json("purge-cache") == {"removed": 1}
    assert list(cache.iterdir()) == []


def test_a_second_organisation_is_refused(site: Any) -> None:
    said = site.run("init", "--name", "Other", "--time-zone", "UTC", "--pack", "standard", "--json")
    assert said.status == 1
    assert said.json["error"]["name"] == "already-set-up"


def test_commands_start_a_hub_of_their_own_where_none_runs_and_it_ends(empty: Any) -> None:
    made = empty.json("init", "--name", "Small", "--time-zone", "UTC", "--pack", "justcall")
    assert made["code"]
    assert made["role"].startswith("justcall:")
    assert empty.json("kpis", "--by", "queue", "--period", "all") == []
    log = empty.home / "hub.log"
    assert "hub serves" in log.read_text("utf-8")


def test_a_hub_without_an_organisation_says_what_to_do(empty: Any) -> None:
    said = empty.run("kpis", "--json")
    assert said.status == 1
    assert "wallboard init" in said.json["error"]["next"]


class _NotAHub(BaseHTTPRequestHandler):
    def do_POST(self) -> None:  # the name that http.server calls
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"hello": "world"}).encode())

    def log_message(self, format: str, *args: object) -> None:  # the name that http.server calls
        pass


def test_something_that_is_no_hub_is_called_so(empty: Any) -> None:
    with HTTPServer(("127.0.0.1", 0), _NotAHub) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        said = empty.run("password", "--person", "ann", "--hub", address, stdin="a\nbbbbbbbbbbbb\nbbbbbbbbbbbb\n")
        server.shutdown()
    assert said.status == 1
    assert address in said.err


@pytest.mark.parametrize(
    ("address", "status"),
    [("ftp://nowhere", 2), ("nonsense", 2), ("unix:/nowhere/hub.sock", 1), ("http://127.0.0.1:9", 1)],
)
def test_a_wrong_address_gets_a_sentence(empty: Any, address: str, status: int) -> None:
    said = empty.run("password", "--person", "ann", "--hub", address, stdin="a\nbbbbbbbbbbbb\nbbbbbbbbbbbb\n")
    assert said.status == status
    assert said.err.count("\n") == 1


@pytest.mark.parametrize("command", ["kpis", "calls", "me", "password"])
def test_no_command_answers_from_this_machine_when_another_hub_was_named(empty: Any, command: str) -> None:
    said = empty.run("--hub", "https://hub.example:8443", command, "--json")
    assert said.status == 2
    assert said.json["error"]["name"] == "wrong-call"
    assert said.err.count("\n") == 1
    assert "--hub" in said.err
    assert list(empty.home.parent.iterdir()) == [], "and no hub was started for it"


@pytest.mark.parametrize("period", ["all", "2020-01-01"])
@pytest.mark.parametrize("by", ["queue", "agent", "all"])
def test_counts_are_whole_numbers_and_times_are_not_whether_or_not_there_are_calls(
    site: Any, by: str, period: str
) -> None:
    for row in site.json("kpis", "--by", by, "--period", period):
        for name, value in row["measures"].items():
            wanted = float if "_s" in name[-2:] or name.startswith("paused_s:") or name == "score_sum" else int
            assert value is None or type(value) is wanted, name
        for name, value in row["kpis"].items():
            assert value is None or type(value) is (int if KPIS[name].unit == "count" else float), name


def test_a_panes_counts_are_whole_numbers_too(site: Any) -> None:
    def figures(value: Any) -> Any:
        if isinstance(value, dict):
            if {"kpi", "value", "blank"} <= set(value):
                yield value
            for each in value.values():
                yield from figures(each)
        elif isinstance(value, list):
            for each in value:
                yield from figures(each)

    found = list(figures(site.json("show", "wallboard")))
    assert found
    for one in found:
        wanted = int if KPIS[one["kpi"]].unit == "count" else float
        assert one["value"] is None or type(one["value"]) is wanted, one
