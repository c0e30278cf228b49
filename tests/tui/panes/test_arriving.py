"""What panes say while the rows behind them are still arriving, and what one's own day lists."""

from typing import Any

from wallboard_tui.model.base import Doc
from wallboard_tui.model.board import Pane, PaneName
from wallboard_tui.model.change import Change, Entry
from wallboard_tui.model.me import Me
from wallboard_tui.tui.look import Look, Size
from wallboard_tui.tui.panes import PANES, seen, text
from wallboard_tui.view import queries
from wallboard_tui.view.view import View

from .conftest import ANA, BEN, SUPPORT


def ask(name: PaneName, view: View, me: Me, now: float) -> Any:
    return PANES[name].ask(view, me, Pane(pane=name), now)


def test_missed_opportunities_are_arriving_only_while_one_of_them_may_still_come(
    me: Me, entries: Any, now: float
) -> None:
    view = View.open(None, lenses=1)
    view.apply(entries())
    midnight = seen.day_start(me, now)

    def said(sent: float, told: float = 0.0) -> tuple[bool, bool]:
        queries.set_complete_since(view, sent)
        source = {"key": "pbx1", "system": "asterisk", "complete_since": told}
        view.apply([Entry(view.seq + 1, Change("source", "pbx1", source, now, "hub"))])
        enough = PANES["missed"].enough
        assert enough is not None
        return "arriving" not in text(draw_missed(ask("missed", view, me, now))), enough(
            view, me, Pane(pane="missed"), now
        )

    def draw_missed(data: Any) -> Any:
        return PANES["missed"].draw(data, Size(90, 9), Look())

    assert said(midnight + 900) == (False, False), "of today's calls some are missing, and all older callers"
    assert {each.text for each in ask("missed", view, me, now).figures} == {"…"}, "a wrong figure is worse than none"
    assert said(midnight) == (False, False), "the callers of the days before come next"
    assert said(midnight - 86400) == (True, True), "only calls of the days before are missing"
    assert said(0.0) == (True, True)
    assert said(0.0, told=midnight) == (False, True), "the hub itself is still told of the weeks before"
    assert said(0.0, told=now - 31 * 86400) == (True, True), "older than what the pane shows"


def test_the_days_behind_appear_one_by_one_in_a_place_of_their_own_while_they_arrive(
    ana: Me, entries: Any, now: float
) -> None:
    view = View.open(None, lenses=1)
    view.apply(entries())

    def heading() -> int:
        drawn = text(PANES["metrics"].draw(ask("metrics", view, ana, now), Size(160, 44), Look())).splitlines()
        return next(y for y, line in enumerate(drawn) if "last 28 days and today" in line)

    queries.set_complete_since(view, seen.day_start(ana, now))
    curve = ask("metrics", view, ana, now).curve
    assert (len(curve), curve[:-1], curve[-1]) == (29, (None,) * 28, 10.0)
    here = heading()
    queries.set_complete_since(view, seen.day_start(ana, now) - 2 * 86400)
    curve = ask("metrics", view, ana, now).curve
    assert [number for number, handled in enumerate(curve) if handled is not None] == [26, 27, 28]
    queries.set_complete_since(view, None)
    assert None not in ask("metrics", view, ana, now).curve
    assert heading() == here, "nothing moves when the last day is there"


def test_times_of_today_are_not_said_before_the_rows_of_today_are_here(ana: Me, entries: Any, now: float) -> None:
    view = View.open(None, lenses=1)

    def drawn() -> str:
        return text(PANES["metrics"].draw(ask("metrics", view, ana, now), Size(160, 44), Look()))

    queries.set_complete_since(view, now - 600)
    early = drawn()
    assert "None of your calls is here yet." in early
    assert "No calls of your own yet." not in early
    view.apply(entries())
    data = ask("metrics", view, ana, now)
    assert (data.signed_in_s, data.states) == (None, ())
    assert "signed in …" in drawn()
    assert "Not signed in to a queue today." not in drawn()
    queries.set_complete_since(view, seen.day_start(ana, now))
    data = ask("metrics", view, ana, now)
    assert data.signed_in_s
    assert data.states


def test_a_call_that_a_colleague_answered_is_not_an_answered_one_of_ones_own(view: View, ana: Me, now: float) -> None:
    def rang(number: int, outcome: str, taken: bool) -> Change:
        legs: list[Doc] = [{"agent": ANA, "outcome": outcome, "rang": now - 50, "ring_s": 9.0}]
        legs += [{"agent": BEN, "outcome": "answered", "answered": now - 40, "talk_s": 9.0}] if taken else []
        visit: Doc = {"queue": SUPPORT, "entered": now - 60, "outcome": "answered" if taken else "abandoned"}
        answered = {"answered": now - 40} if taken else {}
        doc: Doc = {
            "key": f"own-{number}", "source": "pbx1", "started": now - 60 + number, "state": "ended", "ended": now - 30,
            "visits": [visit], "legs": legs, "facts": [f"agent:{ANA}"], **answered,
        }  # fmt: skip
        return Change("call", doc["key"], doc, now, "hub")

    said = [("no_answer", True), ("canceled", True), ("canceled", False), ("rejected", False), ("answered", True)]
    view.apply([Entry(9000 + n, rang(n, *each), -1) for n, each in enumerate(said)])
    rows = {row.key: (row.outcome, row.agent) for row in ask("metrics", view, ana, now).recent}
    assert [rows[f"own-{n}"] for n in range(5)] == [
        ("missed", ""), ("rang", ""), ("gave up", ""), ("rejected", ""), ("answered", "")
    ]  # fmt: skip


def test_as_many_of_ones_own_calls_are_listed_as_a_large_screen_has_lines(view: View, ana: Me, now: float) -> None:
    leg = {"agent": ANA, "outcome": "answered", "answered": now - 90000, "talk_s": 9.0}
    call = {"source": "pbx1", "state": "ended", "answered": now - 90000, "ended": now - 89000, "legs": [leg]}
    docs: list[Doc] = [
        {**call, "key": f"more-{n}", "started": now - 90000 - n, "facts": [f"agent:{ANA}"]} for n in range(100)
    ]
    view.apply([Entry(9000 + n, Change("call", doc["key"], doc, now, "hub"), -1) for n, doc in enumerate(docs)])
    drawn = text(PANES["metrics"].draw(ask("metrics", view, ana, now), Size(240, 65), Look())).splitlines()
    assert all("answered" in line for line in drawn[2:-1])
    titles = text(PANES["metrics"].draw(ask("metrics", view, ana, now), Size(160, 46), Look())).splitlines()[1]
    assert "Wait   Talk  Outcome" in titles, "all columns have room on an ordinary screen"
