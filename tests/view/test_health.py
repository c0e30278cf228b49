"""How each phone system is doing, in a word: what is down, since when, and what is missing."""

import pytest

from wallboard_tui.model.base import Doc
from wallboard_tui.view.health import Gap, gaps_of, silent_since, state_of, states, worst

DAY = 1_763_683_200.0
"""A midnight."""
NOON = DAY + 12 * 3600.0
HOUR = 3600.0


def health(**changes: object) -> Doc:
    up = {"key": "pbx1", "system": "asterisk", "mode": "followed", "links": {"ami": "up", "queue_log": "up"}}
    return {**up, "connected_since": DAY - HOUR, "last_event": NOON, **changes}


def said(**changes: object) -> tuple[str, str, float | None]:
    state = state_of("pbx1", health(**changes), DAY)
    return state.level, state.word, state.since


def test_a_line_that_is_up_is_live_since_it_was_connected() -> None:
    assert said() == ("ok", "live", DAY - HOUR)


@pytest.mark.parametrize("state", ["down", "connecting"])
def test_a_line_that_is_not_up_is_an_alert_since_the_gap_began(state: str) -> None:
    links = {"ami": state, "queue_log": "up"}
    assert said(links=links, gaps=[{"start": NOON - 60}]) == ("alert", "line down", NOON - 60)
    assert said(links=links) == ("alert", "line down", NOON), "or since something was last heard"


def test_a_first_connection_is_no_alert() -> None:
    assert said(links={"ami": "connecting"}, last_event=None) == ("warn", "connecting", None)
    assert said(links={"ami": "down"}, last_event=None) == ("alert", "line down", None)


def test_an_account_that_may_not_see_events_is_no_live_line() -> None:
    assert said(sees={"agent": True, "call": True})[:2] == ("ok", "live")
    assert said(sees={"agent": False, "call": True})[:2] == ("alert", "lacks read=agent")
    assert said(sees={"agent": True, "call": False})[:2] == ("warn", "lacks read=call")


def test_what_is_shown_is_as_of_when_the_last_phone_system_was_heard() -> None:
    cut = {"links": {"ami": "down"}, "gaps": [{"start": NOON - 60}]}
    longer = {"links": {"ami": "down"}, "gaps": [{"start": NOON - 90}]}
    imported = health(mode="imported", links={})
    assert silent_since({"a": health(**cut)}) == NOON - 60
    assert silent_since({"a": health(**cut), "b": health(**longer), "c": imported}) == NOON - 60
    assert silent_since({"a": health(**cut), "b": health()}) is None, "one is still heard"
    files = {"ami": "down", "queue_log": "up"}
    assert silent_since({"a": health(**{**cut, "links": files})}) is None, "queue_log goes on telling"
    assert silent_since({"a": health(links={"ami": "down"}, last_event=None)}) is None, "never heard: nothing is shown"
    assert silent_since({"c": imported}) is None, "of files that were read nothing is live"


def test_without_a_line_the_files_tell_the_present() -> None:
    assert said(links={"queue_log": "down"}) == ("alert", "queue_log down", NOON)
    assert said(links={"queue_log": "up", "cdr": "down"}) == ("warn", "CDR down", None)


def test_a_file_that_is_down_beside_a_line_is_a_warning() -> None:
    assert said(links={"ami": "up", "queue_log": "down"})[:2] == ("warn", "queue_log down")


def test_a_gap_of_today_that_no_file_told_of_is_a_warning_and_a_closed_one_is_none() -> None:
    gap = {"start": NOON - HOUR, "end": NOON - HOUR / 2}
    assert said(gaps=[gap]) == ("warn", "gap", NOON - HOUR)
    assert said(gaps=[{**gap, "closed_by": ["queue_log"]}])[0] == "ok"
    assert said(gaps=[{"start": DAY - HOUR, "end": DAY - 1}])[0] == "ok", "yesterday's is not today's trouble"
    assert said(gaps=[{"start": DAY - HOUR, "end": DAY + 1}])[0] == "warn", "one that reaches into today is"


def test_advice_on_a_line_that_is_up_is_a_warning() -> None:
    assert said(errors={"ami": "The account may not see calls."}, error="The account may not see calls.")[0] == "warn"


def test_imported_and_replayed_sources_have_no_line_that_could_be_down() -> None:
    assert said(mode="imported", links={}) == ("ok", "imported", None)
    assert said(mode="replayed", links={}) == ("ok", "replayed", None)
    assert said(mode="imported", links={}, error="Its file is damaged.")[0] == "warn"


def test_a_recording_that_nothing_plays_is_not_heard_since_its_last_event() -> None:
    played = health(mode="replayed", links={"recording": "up"})
    over = health(mode="replayed", links={"recording": "down"})
    assert said(mode="replayed", links={"recording": "up"})[:2] == ("ok", "replayed")
    assert said(mode="replayed", links={"recording": "down"}) == ("alert", "not played", NOON)
    assert (silent_since({"a": played}), silent_since({"a": over})) == (None, NOON)


def test_the_worst_comes_first() -> None:
    found = states(
        {"a": health(), "b": health(links={"ami": "down"}), "c": health(links={"ami": "up", "cdr": "down"})}, DAY
    )
    assert [state.source for state in found] == ["b", "c", "a"]
    assert worst(found) == "alert"
    assert worst(()) == "ok"


def test_gaps_are_told_apart_by_who_told_of_them() -> None:
    first, second = gaps_of(health(gaps=[{"start": 1.0, "end": 2.0, "closed_by": ("cdr",)}, {"start": 3.0}]))
    assert (first, first.open) == (Gap(1.0, 2.0, ("cdr",)), False)
    assert (second.end, second.open) == (None, True)
