"""Room ``model``: what does not fit in something written, said to whoever wrote it instead of to programmers. Pure."""

from collections.abc import Iterator, Mapping
from typing import Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

_WANTED: Final[Mapping[str, str]] = {
    "string_type": "text, such as “101”",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a number",
    "literal_error": "{expected}",
    "greater_than_equal": "{ge:,.12g} or more",
    "less_than_equal": "{le:,.12g} or less",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "a table of names and values",
    "model_type": "a table of names and values",
}  # fmt: skip
"""What a field wants, by the kind of mistake that pydantic names; in braces what it says of it."""


def unfit(error: ValidationError) -> tuple[str, str]:
    """The field of the first mistake, by its path (empty: the whole), and what is wrong with it, without a full stop.

    A field of text that was given nothing: ``("name", "cannot be left empty")``; a number where text belongs:
    ``("extension", "102 does not fit: it wants text, such as “101”")``.
    """
    _, field, said = next(every_unfit(error))
    return field, said


def every_unfit(error: ValidationError) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """Every mistake: the path of its field, the same as text, and what is wrong with it, as ``unfit`` says it."""
    for one in error.errors(include_url=False):
        yield one["loc"], ".".join(str(part) for part in one["loc"]), _said(one)


def _said(first: ErrorDetails) -> str:
    wanted, given, more = _WANTED.get(first["type"]), first.get("input"), first.get("ctx", {})
    if first["type"] == "missing":
        return "cannot be left out"
    if first["type"] == "extra_forbidden":
        return "there is no such field"
    if first["type"] == "value_error":
        return str(more["error"])
    if wanted is None:
        return first["msg"]
    if given is None:
        return "cannot be left empty"
    if isinstance(given, bool):
        given = str(given).lower()
    return (
        f"{'this' if isinstance(given, list | tuple | dict) else given} does not fit: it wants {wanted.format(**more)}"
    )
