"""Whose setting of a queue holds: the phone system's, or the one that people made."""

from hypothesis import given
from hypothesis import strategies as st

from wallboard_tui.model.base import Doc
from wallboard_tui.sources.asterisk.merge import Asterisk

KEY: Doc = {"key": "asterisk:pbx1:sales", "source": "pbx1", "name": "sales"}
SECONDS = st.sampled_from([None, 5, 20, 30])


def after(old: Doc | None, **said: float | None) -> Doc:
    """The queue after the phone system said something of it."""
    return Asterisk().combine("queue", old, {**KEY, **said})


def test_a_queue_follows_the_phone_system() -> None:
    first = after(None, service_level_s=20, wrap_up_s=10)
    second = after(first, service_level_s=30, wrap_up_s=None)
    assert (second["service_level_s"], second.get("wrap_up_s")) == (30, None)
    assert after(second, service_level_s=30, wrap_up_s=15)["wrap_up_s"] == 15


def test_what_people_made_stays_whatever_the_phone_system_says_later() -> None:
    made = {**after(None, service_level_s=20, wrap_up_s=10), "service_level_s": 45}
    later = after(after(made, service_level_s=25, wrap_up_s=12), service_level_s=60, wrap_up_s=12)
    assert (later["service_level_s"], later["wrap_up_s"]) == (45, 12), "and the other setting goes on following"
    back = {name: value for name, value in later.items() if name != "service_level_s"}
    assert after(back, service_level_s=60)["service_level_s"] == 60, "a setting that was given back follows again"


def test_a_queue_without_a_memory_keeps_what_it_has_and_follows_where_both_are_the_same() -> None:
    known = {**KEY, "service_level_s": 20, "wrap_up_s": 10}
    first = after(known, service_level_s=30, wrap_up_s=10)
    assert (first["service_level_s"], first["wrap_up_s"]) == (20, 10)
    second = after(first, service_level_s=40, wrap_up_s=15)
    assert (second["service_level_s"], second["wrap_up_s"]) == (20, 15)


def test_what_the_phone_system_does_not_speak_of_stays_as_it_is() -> None:
    known = after(None, service_level_s=20, wrap_up_s=10)
    assert after(known) == known
    assert "told" not in after(None)


def test_zero_is_no_setting() -> None:
    assert "service_level_s" not in after(None, service_level_s=0)
    assert "wrap_up_s" not in after(after(None, wrap_up_s=10), wrap_up_s=0)


@given(known=SECONDS, told=st.one_of(st.just("nothing"), SECONDS), said=SECONDS)
def test_the_same_said_twice_changes_nothing_and_no_word_of_people_is_lost(
    known: float | None, told: float | str | None, said: float | None
) -> None:
    old: Doc = {**KEY, **({} if known is None else {"service_level_s": known})}
    if told != "nothing":
        old["told"] = {"service_level_s": told}
    once = after(old, service_level_s=said)
    assert after(once, service_level_s=said) == once
    assert once["told"] == {"service_level_s": said}
    if known is not None and known != told:
        assert once["service_level_s"] == known
