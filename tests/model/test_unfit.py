"""What does not fit in something written, in words for whoever wrote it."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from wallboard_tui.model.directory import Organisation, Person
from wallboard_tui.model.unfit import unfit

ACME = {"key": "organisation", "name": "Acme", "time_zone": "Europe/Dublin"}


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", None, "cannot be left empty"),
        ("extension", 102, "102 does not fit: it wants text, such as “101”"),
        ("name", True, "true does not fit: it wants text, such as “101”"),
        ("agents", "ann", "ann does not fit: it wants a list"),
        ("missed_mail", "perhaps", "perhaps does not fit: it wants true or false"),
        ("toggles", ["x"], "this does not fit: it wants a table of names and values"),
    ],
)
def test_a_value_that_does_not_fit_is_named_with_what_is_wanted(field: str, value: Any, said: str) -> None:
    with pytest.raises(ValidationError) as error:
        Person.load({"key": "ann", "name": "Ann", "role": "standard:agent", field: value})
    assert unfit(error.value) == (field, said)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("time_zone", "Mars/Base", "there is no time zone “Mars/Base”; give one like Europe/Dublin"),
        ("time_zone", "Europe", "there is no time zone “Europe”; give one like Europe/Dublin"),
        ("country", "ie", "“ie” is no country; give two capital letters, like IE"),
        ("service_level_variant", "Z", "Z does not fit: it wants 'A', 'B', 'C' or 'D'"),
        ("service_level_target", 200, "200 does not fit: it wants 100 or less"),
        ("service_level_s", -4, "-4 does not fit: it wants 0 or more"),
        ("min_sample", -1, "-1 does not fit: it wants 0 or more"),
        ("shift_s", 0, "0 does not fit: it wants 120 or more"),
        ("idle_admin_s", 30, "30 does not fit: it wants 120 or more"),
        ("idle_admin_s", float("nan"), "nan does not fit: it wants a number"),
        ("lease_s", float("inf"), "inf does not fit: it wants a number"),
        ("lease_s", 1e12, "1000000000000.0 does not fit: it wants 31,622,400 or less"),
    ],
)
def test_a_setting_that_would_stop_boards_or_lock_everybody_out_is_none(field: str, value: Any, said: str) -> None:
    with pytest.raises(ValidationError) as error:
        Organisation.load({**ACME, field: value})
    assert unfit(error.value) == (field, said)


def test_what_is_left_out_is_named() -> None:
    with pytest.raises(ValidationError) as error:
        Organisation.load({name: given for name, given in ACME.items() if name != "time_zone"})
    assert unfit(error.value) == ("time_zone", "cannot be left out")


def test_a_field_that_there_is_not_is_named_as_such() -> None:
    with pytest.raises(ValidationError) as error:
        Person.load({"key": "ann", "name": "Ann", "role": "r", "grants": {"calls": {"levle": "view"}}})
    assert unfit(error.value) == ("grants.calls.levle", "there is no such field")
