"""When figures warn and alert."""

import pytest

from wallboard_tui.metrics.kpis import Figure
from wallboard_tui.metrics.thresholds import FORGET_S, Judge, Level
from wallboard_tui.model.board import Threshold

SALES = "queue:asterisk:pbx1:sales"


def wait(seconds: float | None, *, small: bool = False) -> dict[str, dict[str, Figure]]:
    blank = Figure("longest_wait_now", None, "none")
    value = blank if seconds is None else Figure("longest_wait_now", seconds, "value", small)
    return {SALES: {"longest_wait_now": value}}


def level(judge: Judge, seconds: float | None, now: float, *, small: bool = False) -> Level:
    return judge.judge(wait(seconds, small=small), now)["longest_wait_now", SALES]


def a_judge() -> Judge:
    return Judge([Threshold(kpi="longest_wait_now", warn=60, alert=120, hysteresis=0.1, min_s=10)])


def test_a_level_is_reached_only_after_its_minimum_time_without_a_break() -> None:
    judge = a_judge()
    level(judge, 0, 0)
    assert [level(judge, 61, at) for at in (0, 5, 9.9, 10)] == [Level.OK, Level.OK, Level.OK, Level.WARN]
    judge = a_judge()
    level(judge, 0, 0)
    assert [level(judge, s, at) for s, at in ((61, 0), (59, 5), (61, 8), (61, 17), (61, 18))][-2:] == [
        Level.OK,
        Level.WARN,
    ]


def test_a_level_is_left_only_when_the_figure_is_better_by_the_hysteresis() -> None:
    judge = a_judge()
    level(judge, 61, 0)
    assert level(judge, 61, 10) is Level.WARN
    assert [level(judge, s, 20) for s in (60, 57, 54.1)] == [Level.WARN] * 3
    assert level(judge, 54, 21) is Level.OK


def test_worse_than_both_levels_is_an_alert_and_falls_back_to_a_warning() -> None:
    judge = a_judge()
    level(judge, 200, 0)
    assert level(judge, 200, 10) is Level.ALERT
    assert level(judge, 107, 11) is Level.WARN


def test_a_kpi_whose_good_direction_is_up_is_bad_below_its_level() -> None:
    judge = Judge([Threshold(kpi="service_level", subject="board", warn=80, alert=60, min_s=0)])

    def asked(value: float) -> Level:
        return judge.judge({"board": {"service_level": Figure("service_level", value, "value")}}, 0)[
            "service_level", "board"
        ]

    assert [asked(v) for v in (80, 79.9, 59, 66.1, 88)] == [Level.OK, Level.WARN, Level.ALERT, Level.WARN, Level.OK]


def test_a_level_close_to_one_hundred_percent_can_still_be_left() -> None:
    judge = Judge([Threshold(kpi="service_level", subject="board", warn=98, min_s=0)])

    def asked(value: float) -> Level:
        return judge.judge({"board": {"service_level": Figure("service_level", value, "value")}}, 0)[
            "service_level", "board"
        ]

    assert [asked(v) for v in (97, 98.5, 99)] == [Level.WARN, Level.WARN, Level.OK]


def test_blanks_and_small_samples_raise_nothing_and_end_what_stood() -> None:
    judge = a_judge()
    assert level(judge, 200, 20) is Level.ALERT
    assert level(judge, 200, 21, small=True) is Level.OK
    assert level(judge, 200, 22) is Level.OK
    assert level(judge, None, 40) is Level.OK


def test_a_star_means_each_queue_and_a_name_means_that_one() -> None:
    figures = {
        subject: {"abandon_rate": Figure("abandon_rate", 50, "value")}
        for subject in (SALES, "queue:asterisk:pbx1:vip", "team:north", "board")
    }
    each = Judge([Threshold(kpi="abandon_rate", warn=10, min_s=0)]).judge(figures, 0)
    assert set(each) == {("abandon_rate", SALES), ("abandon_rate", "queue:asterisk:pbx1:vip")}
    team = Judge([Threshold(kpi="abandon_rate", subject="team:north", warn=10, min_s=0)]).judge(figures, 0)
    assert team == {("abandon_rate", "team:north"): Level.WARN}


def test_of_several_thresholds_of_one_rank_the_worst_level_counts() -> None:
    judge = Judge(
        [
            Threshold(kpi="longest_wait_now", subject=SALES, warn=60, min_s=0),
            Threshold(kpi="longest_wait_now", subject=SALES, alert=30, min_s=0),
        ]
    )
    assert level(judge, 45, 0) is Level.ALERT
    assert level(judge, 65, 0) is Level.ALERT


def test_the_first_judgement_of_a_figure_holds_at_once() -> None:
    """Whoever signs in or turns to a page sees the alert that stands there, and not ten seconds later."""
    assert level(a_judge(), 200, 0) is Level.ALERT
    judge = a_judge()
    assert level(judge, None, 0) is Level.OK
    assert level(judge, 61, 5) is Level.WARN


def test_what_was_judged_before_is_remembered_while_another_pane_is_judged() -> None:
    judge = a_judge()
    level(judge, 0, 0)
    level(judge, 61, 1)
    other = {"queue:asterisk:pbx1:vip": wait(5)[SALES]}
    for at in range(2, 11):
        judge.judge(other, at)
    assert level(judge, 61, 11) is Level.WARN


def test_figures_of_two_periods_are_judged_apart() -> None:
    judge = a_judge()
    assert judge.judge(wait(200), 0, of="today")["longest_wait_now", SALES] is Level.ALERT
    assert judge.judge(wait(5), 0, of="week")["longest_wait_now", SALES] is Level.OK
    assert judge.judge(wait(115), 1, of="today")["longest_wait_now", SALES] is Level.ALERT


def test_a_figure_that_nobody_saw_for_long_is_judged_as_for_the_first_time() -> None:
    judge = a_judge()
    level(judge, 0, 0)
    assert level(judge, 61, FORGET_S + 1) is Level.WARN


@pytest.mark.parametrize("subject", [SALES, "queue:sales", "queue:Sales desk"])
def test_a_queues_own_threshold_relaxes_and_tightens_that_of_each(subject: str) -> None:
    def judged(own: float, value: float) -> Level:
        each = Threshold(kpi="longest_wait_now", warn=60, alert=120)
        judge = Judge([each, Threshold(kpi="longest_wait_now", subject=subject, alert=own)])
        return judge.judge(wait(value), 0, names={SALES: ["Sales desk"]})["longest_wait_now", SALES]

    assert judged(300, 200) is Level.OK
    assert judged(300, 301) is Level.ALERT
    assert judged(30, 45) is Level.ALERT
