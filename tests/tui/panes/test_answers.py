"""What panes make of a real view's answers: whose figures, which blanks, whose names."""

import json
import re
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wallboard_tui.metrics.thresholds import Judge
from wallboard_tui.model.base import Doc
from wallboard_tui.model.board import Goal, Pane, PaneName, Threshold
from wallboard_tui.model.change import Change, Entry
from wallboard_tui.model.directory import Grant
from wallboard_tui.model.me import Lens, Me
from wallboard_tui.sources.asterisk.ami.report import LACKS
from wallboard_tui.tui.look import Look, Size
from wallboard_tui.tui.panes import PANES, text
from wallboard_tui.tui.panes.base import Context
from wallboard_tui.view.view import View

Somebody = Callable[..., Me]
SUPPORT, SALES, QUIET = "asterisk:pbx1:support", "asterisk:pbx1:sales", "asterisk:pbx1:quiet"
ANA, BEN = "asterisk:pbx1:Ana", "asterisk:pbx1:Ben"


def ask(name: PaneName, view: View, me: Me, now: float, context: Context | None = None, **more: Any) -> Any:
    return PANES[name].ask(view, me, Pane(pane=name, **more), now, context or Context())


def figures(tile: Any) -> dict[str, Any]:
    return {each.kpi: each for each in tile.figures}


@pytest.mark.parametrize("name", sorted(PANES))
def test_every_answer_is_plain_json(name: PaneName, view: View, me: Me, now: float) -> None:
    assert json.loads(json.dumps(asdict(ask(name, view, me, now))))["now"] == now


@pytest.mark.parametrize("name", sorted(PANES))
def test_every_pane_has_something_to_say_about_nothing(name: PaneName, me: Me, now: float) -> None:
    empty = View.open(None, lenses=1)
    drawn = text(PANES[name].draw(ask(name, empty, me, now), Size(80, 10), Look()))
    assert any(word.isalpha() and len(word) > 2 for word in drawn.split()) or name == "text"


@pytest.mark.parametrize("name", ["wallboard", "agents", "rollups", "metrics", "missed", "calls"])
def test_without_the_permission_there_is_nothing(name: PaneName, view: View, somebody: Somebody, now: float) -> None:
    nobody = somebody(("contacts",), lenses=(), agents=(ANA,))
    answer = json.dumps(asdict(ask(name, view, nobody, now)), ensure_ascii=False)
    assert not any(word in answer for word in ("Ana Byrne", "Ben Walsh", "李小龙", "Support", "+35387"))


def test_a_tile_counts_who_waits_and_since_when(view: View, me: Me, now: float) -> None:
    tiles = {tile.name: tile for tile in ask("wallboard", view, me, now).tiles}
    assert tiles["Support"].waiting == 1
    assert figures(tiles["Support"])["longest_wait_now"].value == 134
    assert tiles["Sales"].waiting == 0
    assert figures(tiles["Sales"])["longest_wait_now"].blank == "none"


def test_a_caller_who_waits_too_long_counts_against_the_service_level_already(view: View, me: Me, now: float) -> None:
    tile = next(tile for tile in ask("wallboard", view, me, now).tiles if tile.name == "Support")
    # 24 offered, 6 answered within 20 s, nobody gave up within it: B is 6 / 24.
    assert figures(tile)["service_level"].value == pytest.approx(100 * 6 / 24)
    assert figures(tile)["service_level"].label == "SL 80/20 B"


def test_all_queues_together_are_computed_from_sums(view: View, me: Me, now: float) -> None:
    *single, whole = ask("wallboard", view, me, now).tiles
    assert whole.key is None
    assert whole.waiting == sum(tile.waiting for tile in single)
    offered = sum(figures(tile)["offered"].value for tile in single)
    assert figures(whole)["offered"].value == offered
    assert figures(whole)["service_level"].value == pytest.approx(100 * (6 + 13) / offered)


def test_a_service_level_over_different_thresholds_names_none_of_them(
    view: View, me: Me, now: float, entries: Any
) -> None:
    fast = {"key": SALES, "source": "pbx1", "name": "sales", "title": "Sales", "service_level_s": 5}
    view.apply([Entry(9999, Change("queue", SALES, fast, now, "hub"))])
    tiles = {tile.name: figures(tile)["service_level"].label for tile in ask("wallboard", view, me, now).tiles}
    assert (tiles["Sales"], tiles["Support"], tiles["All queues"]) == ("SL 80/5 B", "SL 80/20 B", "SL 80/* B")
    total = ask("rollups", view, me, now).total
    assert next(each.label for each in total.figures if each.kpi == "service_level") == "SL 80/* B"


def test_a_service_level_over_queues_of_one_threshold_names_theirs(view: View, me: Me, now: float) -> None:
    billing = {"key": SUPPORT, "source": "pbx1", "name": "support", "title": "Support", "service_level_s": 15}
    view.apply([Entry(9999, Change("queue", SUPPORT, billing, now, "hub"))])
    (north,) = ask("rollups", view, me, now, by="team").rows
    assert next(each.label for each in north.figures if each.kpi == "service_level") == "SL 80/15 B"
    whole = ask("wallboard", view, me, now, queues=(SUPPORT,)).tiles[-1]
    assert figures(whole)["service_level"].label == "SL 80/15 B"


def test_a_quiet_queue_says_zero_and_dashes_and_no_agents(view: View, me: Me, now: float) -> None:
    tile = next(tile for tile in ask("wallboard", view, me, now).tiles if tile.key == QUIET)
    assert (figures(tile)["offered"].text, figures(tile)["service_level"].text) == ("0", "–")
    assert tile.signed_in == 0
    assert "no agents" in text(PANES["wallboard"].draw(ask("wallboard", view, me, now), Size(120, 22), Look()))


def test_no_agents_is_not_said_by_somebody_who_does_not_see_all_agents(
    view: View, somebody: Somebody, now: float
) -> None:
    lens = Lens(name="team", permissions=("wallboard",), rows=True)
    team = somebody(("wallboard",), permissions={"wallboard": Grant(scope=("team:north",))}, lenses=(lens,))
    tiles = ask("wallboard", view, team, now, queues=(QUIET,)).tiles
    assert all(tile.signed_in is None for tile in tiles)


def test_thresholds_set_the_level_of_figure_and_tile(view: View, me: Me, now: float) -> None:
    judge = Judge((Threshold(kpi="service_level", warn=80, alert=50, min_s=10),))
    later = {t.name: t for t in ask("wallboard", view, me, now, Context(judge=judge)).tiles}
    assert later["Support"].level == "alert"
    assert figures(later["Support"])["service_level"].level == "alert"
    assert later["Sales"].level == "ok"


def test_a_ratio_of_few_calls_is_small_and_raises_no_alert(somebody: Somebody, entries: Any, now: float) -> None:
    strict = somebody(organisation={"key": "organisation", "time_zone": "Europe/Dublin", "min_sample": 1000})
    view = View.open(None, lenses=1)
    view.apply(entries())
    judge = Judge((Threshold(kpi="service_level", alert=99, min_s=0),))
    tile = next(t for t in ask("wallboard", view, strict, now, Context(judge=judge)).tiles if t.name == "Support")
    assert figures(tile)["service_level"].small
    assert tile.level == "ok"


def test_a_pane_may_name_its_queues_by_key_or_name_in_its_own_order(view: View, me: Me, now: float) -> None:
    tiles = ask("wallboard", view, me, now, queues=("support", SALES, "no such queue")).tiles
    assert [tile.name for tile in tiles] == ["Support", "Sales", "These queues"]


def test_figures_whose_rows_are_on_their_way_are_not_shown(
    view: View, me: Me, somebody: Somebody, now: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wallboard_tui.view.queries.sent_since", lambda view: now - 600)
    tile = next(tile for tile in ask("wallboard", view, me, now).tiles if tile.name == "Support")
    assert figures(tile)["service_level"].blank == "loading"
    assert tile.waiting == 1, "what is live is here already"
    drawn = text(PANES["rollups"].draw(ask("rollups", view, me, now, period="week"), Size(90, 9), Look()))
    assert re.search(r"arriving … \d %: these figures", drawn), "ten minutes of a week"
    assert drawn.count("%") == 1
    ana = somebody(("analytics",), agents=(ANA,))
    drawn = text(PANES["metrics"].draw(ask("metrics", view, ana, now), Size(110, 30), Look()))
    assert "28 days arriving … 0 %" in drawn
    missed = replace(ask("missed", view, me, now), rows=())
    assert "arriving … 0 %" in text(PANES["missed"].draw(missed, Size(90, 9), Look()))
    away = text(PANES["missed"].draw(missed, Size(90, 9), Look(stale_s=80.0)))
    assert "0 % here" in away
    assert "arriving" not in away, "from a hub that is away"


def test_agents_stand_by_state_then_by_time_in_it(view: View, me: Me, now: float) -> None:
    rows = ask("agents", view, me, now).rows
    assert [(row.name, row.state) for row in rows] == [
        ("Ben Walsh", "available"), ("李小龙", "talking"), ("Ana Byrne", "paused")
    ]  # fmt: skip
    assert rows[2].reason == "Lunch"
    assert now - rows[2].since == 1325


def test_why_somebody_pauses_is_for_supervisors_and_themselves(view: View, somebody: Somebody, now: float) -> None:
    watcher = somebody(("wallboard",))
    assert {row.reason for row in ask("agents", view, watcher, now).rows} == {""}
    own = somebody(("wallboard",), agents=(ANA,))
    assert {row.reason for row in ask("agents", view, own, now).rows if row.key == ANA} == {"Lunch"}


def test_a_list_of_outbound_calls_names_who_was_called_and_no_queue(view: View, me: Me, now: float) -> None:
    data = ask("calls", view, me, now)
    out = tuple(replace(row, direction="outbound", place="", wait_s=None) for row in data.rows)

    def heading(rows: tuple[Any, ...]) -> list[str]:
        return text(PANES["calls"].draw(replace(data, rows=rows), Size(160, 9), Look())).splitlines()[1].split()[1:-1]

    assert heading(data.rows) == ["Time", "Caller", "Contact", "Queue", "Agent", "Wait", "Talk", "Outcome"]
    assert heading(out) == ["Time", "Called", "Contact", "Agent", "Talk", "Outcome"]
    assert heading((out[0], *data.rows)) == ["Time", "Caller/called", *heading(data.rows)[2:]]
    # A click finds the columns that are drawn.
    x = text(PANES["calls"].draw(replace(data, rows=out), Size(160, 9), Look())).splitlines()[1].index("Agent")
    spot = PANES["calls"].spot(replace(data, rows=out), Size(160, 9), Look(), x, 2)
    assert spot.row == out[0].key


def test_rollups_break_down_only_as_the_person_may(view: View, somebody: Somebody, now: float) -> None:
    queues_only = somebody(("reports.queues",))
    assert [row.name for row in ask("rollups", view, queues_only, now).rows] == ["Sales", "Support"]
    refused = ask("rollups", view, queues_only, now, by="agent")
    assert refused.rows == ()
    assert refused.refused == (
        "You may not break figures down by agent; you may break them down by queue, or see the total (all)."
    )


def test_rollups_by_agent_name_only_agents_in_scope(view: View, somebody: Somebody, now: float) -> None:
    scope = {"analytics.rollup": Grant(scope=("ALL",)), "analytics.filter_agents": Grant(scope=("team:north",))}
    lens = Lens(
        name="rollups",
        permissions=("analytics.rollup", "analytics.filter_agents"),
        rows=True,
        everything=True,
        by=("agent",),
    )
    rows = ask("rollups", view, somebody(permissions=scope, lenses=(lens,)), now, by="agent").rows
    assert [row.name for row in rows] == ["Ana Byrne", "Ben Walsh"]


def test_rollups_leave_time_in_a_state_out_for_who_may_not_see_states(
    view: View, somebody: Somebody, now: float
) -> None:
    reports = ("analytics", "analytics.rollup")
    lens = Lens(name="rollups", permissions=reports, rows=False, by=("agent", "team"), states=False)
    reader = somebody(reports, lenses=(lens,))
    for by in ("agent", "team"):
        data = ask("rollups", view, reader, now, by=by)
        assert all("occupancy" not in {each.kpi for each in row.figures} for row in data.rows)
        drawn = text(PANES["rollups"].draw(data, Size(200, 12), Look()))
        assert "Occupancy" not in drawn
        assert "AHT" in drawn
        assert "occupancy" not in PANES["rollups"].columns(data)
    # Their own time is theirs to see; that of the others is not “nothing yet”, but not there.
    rows = {
        row.name: row
        for row in ask("rollups", view, somebody(reports, lenses=(lens,), agents=(ANA,)), now, by="agent").rows
    }
    assert "occupancy" in {each.kpi for each in rows["Ana Byrne"].figures}
    assert "occupancy" not in {each.kpi for each in rows["Ben Walsh"].figures}


def test_rollups_sort_with_blanks_last(view: View, me: Me, now: float) -> None:
    for descending in (True, False):
        rows = ask(
            "rollups", view, me, now, Context(sort="asa", descending=descending), queues=(QUIET, SALES, SUPPORT)
        ).rows
        assert rows[-1].key == QUIET
        assert [row.key for row in rows][:2] == ([SUPPORT, SALES] if descending else [SALES, SUPPORT])


def test_a_curve_without_room_for_all_of_a_day_keeps_the_newest_hours(view: View, me: Me, now: float) -> None:
    data = ask("rollups", view, me, now)
    late = replace(data, rows=tuple(replace(row, trend=(0.0,) * 23 + (9.0,)) for row in data.rows), total=None)
    narrow, wide = (text(PANES["rollups"].draw(late, Size(w, 9), Look())).splitlines()[2] for w in (118, 200))
    assert narrow.count("▁") < wide.count("▁") == 23
    assert narrow.count("█") == wide.count("█") == 1


def test_rollups_say_how_far_a_service_level_is_from_its_target(view: View, me: Me, now: float) -> None:
    rows = {row.name: row for row in ask("rollups", view, me, now).rows}
    assert rows["Sales"].against_target == pytest.approx(20.0)
    assert rows["Support"].against_target == pytest.approx(25.0 - 80.0)


def test_my_metrics_are_about_me_alone(view: View, ana: Me, now: float) -> None:
    data = ask("metrics", view, ana, now)
    today = {each.kpi: each.today for each in data.figures}
    assert today["handled"].value == 10
    assert today["sms_sent"].blank == "n/a"
    assert today["aht"].label == "AHT talk only"
    answer = json.dumps(asdict(data), ensure_ascii=False)
    assert not any(name in answer for name in ("Ben Walsh", "李小龙", "North"))


def test_my_metrics_compare_a_day_with_days_worked(view: View, ana: Me, now: float) -> None:
    handled = next(each for each in ask("metrics", view, ana, now).figures if each.kpi == "handled")
    assert handled.week.value == handled.month.value == 9, "nine calls on the one day worked"


def test_somebody_who_is_no_agent_is_told_what_to_do(view: View, me: Me, now: float) -> None:
    drawn = text(PANES["metrics"].draw(ask("metrics", view, me, now), Size(80, 10), Look()))
    assert "Ask an admin to link your account" in " ".join(drawn.replace("│", " ").split())


def test_missed_callers_stand_by_vip_then_tries_then_age(view: View, me: Me, now: float) -> None:
    data = ask("missed", view, me, now)
    assert [(row.vip, row.attempts) for row in data.rows] == [(True, 1), (False, 3), (False, 1)]
    assert data.counts == {"open": 2, "claimed": 1, "not_reached": 0, "reached": 1}
    assert data.rows[1].owner == "Ben Walsh"
    assert data.rows[2].hidden


def shown_soon(data: Any) -> dict[str, tuple[float | None, str]]:
    return {each.kpi: (each.value, each.level) for each in data.figures}


def test_the_missed_pane_says_how_soon_todays_callers_were_reached(view: View, me: Me, now: float) -> None:
    expected = {"callback_rate": (25.0, "ok"), "time_to_callback": (300.0, "ok")}
    assert shown_soon(ask("missed", view, me, now)) == expected
    assert shown_soon(ask("missed", view, me, now, Context(text="siobh"))) == expected, "whatever is searched for"
    assert shown_soon(ask("missed", view, me, now, queues=(SUPPORT,))) == expected
    nobody = {"callback_rate": (None, "ok"), "time_to_callback": (None, "ok")}
    assert shown_soon(ask("missed", view, me, now, queues=(SALES,))) == nobody, "and not 0 %"
    assert shown_soon(ask("missed", view, me, now + 86400)) == nobody, "they were missed yesterday"


def test_the_callback_window_is_the_organisations(view: View, me: Me, now: float) -> None:
    short = me.model_copy(update={"organisation": {**me.organisation, "callback_window_s": 299}})
    assert shown_soon(ask("missed", view, short, now))["callback_rate"] == (0.0, "ok")
    brief = me.model_copy(update={"organisation": {**me.organisation, "missed_window_s": 60}})
    assert ask("missed", view, brief, now).rows == ()
    assert shown_soon(ask("missed", view, brief, now))["callback_rate"] == (25.0, "ok"), "all of today's"


@pytest.mark.parametrize(("subject", "queues"), [("board", ()), ("*", (SUPPORT,)), ("queue:support", (SUPPORT,))])
def test_a_threshold_of_the_callback_rate_is_judged_in_the_missed_pane(
    view: View, me: Me, now: float, subject: str, queues: tuple[str, ...]
) -> None:
    boss = me.model_copy(update={"organisation": {**me.organisation, "min_sample": 1}})
    judge = Judge((Threshold(kpi="callback_rate", subject=subject, warn=80, alert=50),))
    data = ask("missed", view, boss, now, Context(judge=judge), queues=queues)
    assert shown_soon(data) == {"callback_rate": (25.0, "alert"), "time_to_callback": (300.0, "ok")}
    assert PANES["missed"].level(data) == "alert"
    top, *_, bottom = text(PANES["missed"].draw(data, Size(80, 9), Look())).splitlines()
    assert "■ ALERT" in top
    assert "callback rate ■ 25.0 %" in bottom
    few = ask("missed", view, me, now, Context(judge=Judge(judge._thresholds)), queues=queues)
    assert PANES["missed"].level(few) == "ok", "four callers are too few to say"


def test_an_owner_whose_name_is_not_known_is_a_colleague(view: View, me: Me, now: float, entries: Any) -> None:
    gone = Entry(9999, Change("person", "ben", None, now, "hub"))
    view.apply([gone])
    assert "a colleague" in {row.owner for row in ask("missed", view, me, now).rows}


def test_a_missed_caller_goes_by_the_name_of_the_saved_contact(view: View, me: Me, now: float) -> None:
    caller = "+353871112202"
    view.apply([Entry(9999, Change("contact", caller, {"key": caller, "name": "Harbour Foods"}, now, "hub"))])
    rows = {row.caller: row.name for row in ask("missed", view, me, now).rows}
    assert rows[caller] == "Harbour Foods", "not what the phone network says"
    assert rows[None] == "", "who is withheld has no contact"
    assert len(ask("missed", view, me, now, Context(text="harbour")).rows) == 1
    assert "contact" in PANES["missed"].depends


def test_a_search_finds_callers_by_number_and_name(view: View, me: Me, now: float) -> None:
    found = ask("missed", view, me, now, Context(text="siobh")).rows
    assert [row.name for row in found] == ["Siobhán O'Rourke-Fitzgerald"]
    assert len(ask("calls", view, me, now, Context(text="1000401")).rows) == 1


def test_a_queue_that_is_renamed_is_renamed_in_calls_that_were_shown_before(view: View, me: Me, now: float) -> None:
    before = ask("calls", view, me, now).rows
    key = next(
        key for key, doc in view.documents("queue").items() if before[0].place in (doc.get("title"), doc["name"])
    )
    entry = Entry(view.seq + 1, Change("queue", key, view.documents("queue")[key] | {"title": "Anew"}, now, "hub"), -1)
    view.apply([entry])
    after = ask("calls", view, me, now).rows
    old = {row.place for row in before} - {row.place for row in after}
    assert len(old) == 1
    assert [row.place for row in after] == ["Anew" if row.place in old else row.place for row in before]


def test_calls_are_newest_first_and_run(view: View, me: Me, now: float) -> None:
    rows = ask("calls", view, me, now).rows
    assert [row.outcome for row in rows[:2]] == ["waiting", "talking"]
    assert rows[0].waiting_since == now - 134
    assert list(rows) == sorted(rows, key=lambda row: -row.started)


def test_a_call_names_the_person_behind_an_interface_or_extension(view: View, me: Me, now: float) -> None:
    """An agent known by an interface alone, and whoever dialled out: by the person, while the reader may know them."""
    agent = "asterisk:pbx1:Local/agent-108@agents/n"
    leg = {"agent": agent, "outcome": "answered", "answered": now - 50, "ended": now - 30, "talk_s": 20.0}
    call = {"source": "pbx1", "state": "ended", "answered": now - 50, "ended": now - 30}
    hugh = {"key": "hugh", "name": "Hugh Delaney", "role": "r", "extension": "203", "agents": [agent]}
    said: list[tuple[str, Doc]] = [
        ("agent", {"key": agent, "source": "pbx1", "name": "Local/agent-108@agents/n", "extension": "203"}),
        ("agent", {"key": BEN, "source": "pbx1", "name": "Ben Walsh", "extension": "204"}),
        ("call", call | {"key": "in", "started": now - 60, "legs": [leg]}),
        ("call", call | {"key": "out", "direction": "outbound", "started": now - 60, "extension": "203"}),
        ("call", call | {"key": "ben's", "direction": "outbound", "started": now - 60, "extension": "204"}),
        ("person", hugh),
    ]
    view.apply([Entry(9000 + seq, Change(k, doc["key"], doc, now, "hub"), -1) for seq, (k, doc) in enumerate(said)])

    def agents() -> list[str]:
        rows = {row.key: row.agent for row in ask("calls", view, me, now).rows}
        return [rows[key] for key in ("in", "out", "ben's")]

    assert agents() == ["Hugh Delaney", "Hugh Delaney", "Ben Walsh"]
    view.apply([Entry(9999, Change("person", "hugh", None, now, "hub"))])
    assert agents() == ["203", "203", "Ben Walsh"]
    assert "person" in PANES["calls"].depends


def test_a_limit_is_said(view: View, me: Me, now: float) -> None:
    data = ask("calls", view, me, now, Context(limit=5))
    assert (len(data.rows), data.more) == (5, True)
    assert "5+ newest" in text(PANES["calls"].draw(data, Size(80, 9), Look()))


@settings(max_examples=15, deadline=None)
@given(admitted=st.sets(st.integers(0, 19)), name=st.sampled_from(["calls", "metrics"]))
def test_no_name_or_caller_leaves_the_lens(admitted: set[int], name: PaneName) -> None:
    """Whatever of a view the lens of ``calls`` admits: of the rest, no caller, queue or agent is in the answer."""
    now, agents = 1795270052.0, {number: f"asterisk:pbx1:agent{number}" for number in range(20)}
    docs: list[tuple[str, Doc, int]] = []
    for number, agent in agents.items():
        bits = 0b01 if number in admitted else 0b10
        visit = {"queue": f"asterisk:pbx1:queue{number}x", "entered": now - 900, "outcome": "answered", "wait_s": 5.0}
        leg = {"agent": agent, "queue": visit["queue"], "visit": 0, "outcome": "answered", "answered": now - 895}
        doc = {"key": f"asterisk:pbx1:{number}", "source": "pbx1", "state": "ended", "started": now - 900}
        doc |= {"caller": f"+3531{number:02d}55555", "answered": now - 895, "ended": now - 800}
        docs.append(("call", doc | {"visits": [visit], "legs": [leg | {"ended": now - 800, "talk_s": 95.0}]}, bits))
        docs.append(("agent", {"key": agent, "source": "pbx1", "name": f"Agent-{number:02d}-name"}, -1))
    view = View.open(None, lenses=2)
    view.apply([Entry(seq, Change(k, d["key"], d, now, "x"), b) for seq, (k, d, b) in enumerate(docs, 1)])
    lenses = (
        Lens(name="own", permissions=("calls", "analytics"), rows=True),
        Lens(name="wall", permissions=("wallboard",), rows=True),
    )
    me = Me(
        person="p", name="P", role="r", role_name="R", permissions=dict.fromkeys(("calls", "analytics"), Grant()),
        panes=(), lenses=lenses, agents=(agents[0],), organisation={"time_zone": "UTC"}, policy=1, fingerprint="f",
        lease_s=1, server_time=now,
    )  # fmt: skip
    answer = json.dumps(asdict(ask(name, view, me, now)))
    for number in range(20):
        seen = number in admitted and (name == "calls" or number == 0)
        assert (f"+3531{number:02d}55555" in answer) == seen
        assert (f"Agent-{number:02d}-name" in answer) == (seen and name == "calls")


def test_a_tick_needs_no_question(view: View, me: Me, now: float) -> None:
    for name, kind in PANES.items():
        answer = kind.ask(view, me, Pane(pane=name), now)
        kind.draw(replace(answer, now=now + 1), Size(80, 20), Look())


def test_my_day_is_shown_against_its_goals(view: View, ana: Me, now: float) -> None:
    goals = ({"kpi": "handled", "value": 1}, {"kpi": "aht", "value": 1}, {"kpi": "talk_time", "value": 90000})
    data = ask("metrics", view, ana, now, goals=tuple(Goal(**goal) for goal in goals))
    met = {each.kpi: each.met for each in data.figures}
    assert (met["handled"], met["aht"], met["talk_time"]) == (True, False, False)
    assert met["own_missed_call_rate"] is None
    for size in (Size(160, 44), Size(80, 12)):
        drawn = text(PANES["metrics"].draw(data, size, Look()))
        assert "1 met" in drawn
        assert "00:01 missed" in drawn
        # What grows with the day is not missed before it is over.
        assert "25:00:00" in drawn
        assert "25:00:00 missed" not in drawn
    assert "goal" not in text(PANES["metrics"].draw(ask("metrics", view, ana, now), Size(160, 44), Look())).casefold()


def test_where_nobody_says_why_callers_left_they_are_unanswered_and_nothing_is_guessed(
    view: View, me: Me, now: float
) -> None:
    """An Asterisk that is followed over its line alone: no abandon rate and no service level, and neither is 0."""
    health = {"key": "pbx1", "system": "asterisk", "mode": "followed", "links": {"ami": "up"}, "lacks": list(LACKS)}
    before = {tile.name: figures(tile) for tile in ask("wallboard", view, me, now).tiles}
    assert "unanswered_rate" not in before["Support"]
    view.apply([Entry(view.seq + 1, Change("source", "pbx1", health, now, "source:pbx1"))])
    answer = ask("wallboard", view, me, now)
    support = figures({tile.name: tile for tile in answer.tiles}["Support"])
    assert (support["service_level"].text, support["service_level"].value) == ("n/a", None)
    assert "abandon_rate" not in support
    assert support["unanswered_rate"].label == "unanswered"
    ended = support["offered"].value - support["waiting"].value
    assert support["unanswered_rate"].value == pytest.approx(100 * (ended - support["answered"].value) / ended)
    for size in (Size(120, 30), Size(100, 8)):
        drawn = text(PANES["wallboard"].draw(answer, size, Look()))
        assert "nanswered" in drawn
        assert "n/a" in drawn
        assert "bandoned" not in drawn
