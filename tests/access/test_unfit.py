"""What does not fit in something written, in words for whoever wrote it."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from wallboard_tui.model.directory import Person
from wallboard_tui.model.unfit import unfit


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
