"""The KPI catalogue: definitions, ratios, blanks, labels, formats."""

import re
from pathlib import Path

import pytest

from wallboard_tui.metrics.kpis import (
    KPIS,
    SHARES_OF_TIME,
    VARIANTS,
    Figure,
    Settings,
    compute,
    figure,
    format_value,
    label,
    settings_of,
)
from wallboard_tui.metrics.measures import LIVE, MEANINGS, MEASURES, combine
from wallboard_tui.metrics.page import refresh

SETTINGS = Settings()
HUNDRED = {"offered": 100, "answered": 85, "answered_in_sl": 70, "abandoned": 15, "abandoned_in_sl": 10}


@pytest.mark.parametrize(("variant", "value"), [("A", 82.4), ("B", 77.8), ("C", 70.0), ("D", 80.0)])
def test_each_service_level_variant_gives_the_value_of_its_definition(variant: str, value: float) -> None:
    found = compute(HUNDRED, Settings(variant=variant))["service_level"]
    assert found is not None
    assert round(found, 1) == value


def test_ratios_are_computed_after_summing_and_never_averaged() -> None:
    large = {"offered": 1092, "answered": 1092, "answered_in_sl": round(1092 * 0.6646)}
    small = {"offered": 74, "answered": 74, "answered_in_sl": round(74 * 0.494)}
    found = compute(combine([large, small]), SETTINGS)["service_level"]
    assert found is not None
    assert round(found, 1) == 65.4


def test_a_caller_who_waits_within_the_threshold_does_not_count_yet_and_beyond_it_counts_against() -> None:
    answered = {"offered": 10, "answered": 10, "answered_in_sl": 10}
    assert compute(combine([answered, {"offered": 1, "pending": 1}]), SETTINGS)["service_level"] == 100.0
    assert compute(combine([answered, {"offered": 1}]), SETTINGS)["service_level"] == pytest.approx(1000 / 11)


def test_callers_who_still_wait_are_not_unanswered_yet() -> None:
    found = compute({"offered": 25, "answered": 15, "waiting": 5}, SETTINGS)["unanswered_rate"]
    assert found == 25.0
    assert compute({"offered": 20, "answered": 15}, SETTINGS)["unanswered_rate"] == 25.0, "a past has nobody waiting"
    assert compute({"offered": 5, "answered": 0, "waiting": 5}, SETTINGS)["unanswered_rate"] is None
    assert compute({"offered": 5}, SETTINGS)["unanswered_rate"] is None


def test_short_abandons_are_left_out_of_the_abandon_rate_above_and_below_the_line() -> None:
    assert compute({"offered": 20, "abandoned": 6, "short_abandoned": 4}, SETTINGS)["abandon_rate"] == 12.5


def test_speed_of_answer_looks_at_answered_callers_only_and_average_wait_at_both() -> None:
    found = compute({"wait_answered_s": 100, "answered": 10, "wait_abandoned_s": 50, "abandoned": 5}, SETTINGS)
    assert (found["asa"], found["average_wait"]) == (10.0, 10.0)
    found = compute({"wait_answered_s": 100, "answered": 10, "wait_abandoned_s": 200, "abandoned": 10}, SETTINGS)
    assert (found["asa"], found["average_wait"]) == (10.0, 15.0)


def test_occupancy_leaves_pauses_out_and_never_exceeds_one_hundred() -> None:
    busy = {"talk_s": 1800, "hold_s": 0, "wrap_s": 0, "handled": 9}
    assert compute({**busy, "available_s": 3600, "login_s": 7200}, SETTINGS)["occupancy"] == 50.0
    assert compute({**busy, "available_s": 3600, "login_s": 7200}, SETTINGS)["utilisation"] == 25.0
    assert compute({**busy, "available_s": 600, "login_s": 600}, SETTINGS)["occupancy"] == 100.0


def test_a_call_that_rang_and_went_to_a_faster_colleague_is_a_ring_but_not_missed() -> None:
    rang = {"handled": 6, "ring_no_answer": 2, "ring_canceled": 2, "agent_dumped": 0}
    assert compute(rang, SETTINGS)["own_missed_call_rate"] == 20.0


@pytest.mark.parametrize(("kpi", "missing"), [(kpi.name, name) for kpi in KPIS.values() for name in kpi.needs])
def test_what_is_missing_is_not_known_and_never_taken_for_nothing(kpi: str, missing: str) -> None:
    """A KPI has a value when all it needs is there, and none when one of it is not."""
    whole = {**dict.fromkeys((*MEASURES, "waiting_longest_s", "waiting"), 8.0), "callers_missed": 8.0}
    whole |= {"callers_reached": 4.0, "callback_median_s": 60.0} | dict.fromkeys(LIVE, 8.0)
    for variant in VARIANTS:
        settings = Settings(variant=variant)
        known = {**whole, "offered": 30.0, "abandoned_in_sl": 2.0, "short_abandoned": 1.0}
        assert compute(known, settings)[kpi] is not None
        assert compute({name: value for name, value in known.items() if name != missing}, settings)[kpi] is None


def test_work_of_agents_who_were_never_known_to_be_there_has_no_occupancy() -> None:
    busy = {"talk_s": 1800.0, "hold_s": 0.0, "wrap_s": 0.0, "handled": 9.0}
    for measures in (busy, {**busy, "available_s": 0.0, "login_s": 0.0}):
        assert compute(measures, SETTINGS)["occupancy"] is None
        assert compute(measures, SETTINGS)["utilisation"] is None


@pytest.mark.parametrize("kpi", sorted(name for name, kpi in KPIS.items() if kpi.sample))
def test_every_ratio_of_nothing_is_no_number(kpi: str) -> None:
    assert figure(kpi, dict.fromkeys(MEASURES, 0.0), SETTINGS) == Figure(kpi, None, "none")


def test_the_five_blanks_are_told_apart() -> None:
    some = {"handled": 10.0, "talk_s": 100.0, "messages_out": 0.0}
    assert figure("aht", some, SETTINGS) == Figure("aht", 10.0, "value")
    assert figure("sms_sent", some, SETTINGS).value == 0
    assert figure("aht", {"handled": 0.0}, SETTINGS).blank == "none"
    assert figure("sms_sent", some, SETTINGS, lacks={"messages_out"}).blank == "n/a"
    assert figure("aht", None, SETTINGS).blank == "absent"
    shown = [format_value(figure("sms_sent", some, SETTINGS)), format_value(figure("aht", {}, SETTINGS))]
    assert shown == ["0", "–"]
    assert format_value(figure("sms_sent", some, SETTINGS, lacks={"messages_out"})) == "n/a"
    assert format_value(figure("aht", None, SETTINGS)) == ""


def test_a_ratio_of_few_calls_is_marked_and_a_count_never_is() -> None:
    assert figure("aht", {"handled": 4, "talk_s": 40}, SETTINGS).small_sample
    assert not figure("aht", {"handled": 5, "talk_s": 50}, SETTINGS).small_sample
    assert not figure("offered", {"offered": 1}, SETTINGS).small_sample


KNOWN = {name: 1000.0 + 37 * at for at, name in enumerate((*MEASURES, *LIVE, "callers_missed", "callers_reached"))}
"""Of every measure another amount, so that no two are taken for each other."""


def below(kpi: str, variant: str) -> str:
    """What the documented formula of a KPI has below its line, in measures."""
    words = KPIS[kpi].words
    if kpi == "service_level":
        (words,) = [part for part in words.split(" · ") if part.startswith(f"{variant}: ")]
        letters = {"AbT": "abandoned_in_sl", "O": "(offered - pending)", "A": "answered"}
        return re.sub(r"\b(AbT|O|A)\b", lambda found: letters[found[1]], words.split(" / ")[1])
    return words.split(" / ")[1]


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("kpi", sorted({name for name, kpi in KPIS.items() if " / " in kpi.words} - {*SHARES_OF_TIME}))
def test_the_sample_of_every_ratio_is_what_its_documented_formula_has_below_the_line(kpi: str, variant: str) -> None:
    sample = KPIS[kpi].sample
    assert sample is not None, "a ratio without a sample is never marked"
    expected = eval(below(kpi, variant).replace("−", "-"), {}, KNOWN)
    assert sample(KNOWN, Settings(variant=variant)) == pytest.approx(expected)


def test_shares_of_time_and_medians_rest_on_calls_and_counts_on_nothing() -> None:
    others = {name: kpi.sample for name, kpi in KPIS.items() if name in SHARES_OF_TIME or " / " not in kpi.words}
    samples = {name: sample(KNOWN, SETTINGS) for name, sample in others.items() if sample is not None}
    assert samples == {
        "occupancy": KNOWN["handled"], "utilisation": KNOWN["handled"], "time_to_callback": KNOWN["callers_reached"],
    }  # fmt: skip


def test_callers_who_gave_up_at_once_do_not_make_the_abandon_rate_of_four_calls_worth_an_alert() -> None:
    measures = {"offered": 7.0, "abandoned": 4.0, "short_abandoned": 3.0}
    assert figure("abandon_rate", measures, SETTINGS) == Figure("abandon_rate", 25.0, "value", small_sample=True)
    assert not figure("abandon_rate", {**measures, "offered": 8.0}, SETTINGS).small_sample


def test_labels_carry_what_the_figure_depends_on() -> None:
    assert label("service_level", SETTINGS) == "SL 80/20 B"
    assert label("service_level", Settings(threshold_s=30, target=90.5, variant="C")) == "SL 90.5/30 C"
    assert label("aht", SETTINGS) == "AHT"
    assert label("aht", SETTINGS, lacks={"hold_s", "wrap_s"}) == "AHT talk only"
    assert label("aht", SETTINGS, lacks={"wrap_s"}) == "AHT talk + hold"


def test_a_kpi_of_parts_is_the_sum_of_those_supplied_and_na_without_any() -> None:
    some = {"handled": 10.0, "talk_s": 100.0}
    assert figure("aht", some, SETTINGS, lacks={"hold_s", "wrap_s"}).value == 10.0
    assert figure("aht", some, SETTINGS, lacks={"talk_s", "hold_s", "wrap_s"}).blank == "n/a"


def test_values_are_written_with_their_unit() -> None:
    assert format_value(("service_level", 77.777)) == "77.8 %"
    assert format_value(("asa", 134.9)) == "02:14"
    assert format_value(("talk_time", 3734.0)) == "1:02:14"
    assert format_value(("offered", 412.0)) == "412"
    assert format_value(("quality_score", 4.25)) in ("4.2", "4.3")


def test_a_queues_own_service_level_wins_over_the_organisations() -> None:
    organisation = {"service_level_s": 30, "service_level_variant": "D", "min_sample": 3}
    assert settings_of(organisation).threshold_s == 30
    assert settings_of(organisation, {"service_level_s": 5}).threshold_s == 5
    assert settings_of(organisation, {"service_level_s": 5}).variant == "D"
    with pytest.raises(ValueError, match="choose one of A, B, C, D"):
        settings_of({"service_level_variant": "E"})


def test_every_kpi_needs_only_measures_that_exist() -> None:
    known = {*MEASURES, *LIVE, "callers_missed", "callers_reached", "callback_median_s"}
    for kpi in KPIS.values():
        assert {*kpi.needs, *kpi.parts} <= known, kpi.name
        assert kpi.definition.endswith("."), kpi.name
    assert set(MEANINGS) == set(MEASURES)


def test_maxima_are_combined_by_the_largest_and_reasons_are_kept() -> None:
    found = combine([{"wait_max_s": 10, "offered": 1, "paused_s:Lunch": 5}, {"wait_max_s": 7, "offered": 2}])
    assert (found["wait_max_s"], found["offered"], found["paused_s:Lunch"]) == (10, 3, 5)


def test_the_page_about_metrics_has_the_tables_of_the_catalogue() -> None:
    page = Path(__file__).parents[2] / "docs" / "metrics.md"
    text = page.read_text(encoding="utf-8")
    assert refresh(text) == text, "run: python -m wallboard_tui.metrics.page docs/metrics.md"
