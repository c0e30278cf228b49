"""Room ``reports``: what can be wrong with a board, each with the place, the reason and what is allowed. Pure.

May know ``model`` and the catalogue of ``metrics``; which queues, teams and themes exist is handed in.
"""

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from wallboard_tui.metrics.kpis import KPIS
from wallboard_tui.model.base import Doc
from wallboard_tui.model.board import Audience, Board, Goal, Page, Pane, Row, Threshold
from wallboard_tui.reports.lines import Path

Finding = tuple[Path, str, str]
"""Where, the reason, and what is allowed."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a board may refer to. An empty collection means that it was not looked up, and nothing is said about it.

    Each maps keys to the names people use: a board may say ``sales`` for ``asterisk:pbx1:sales``.
    """

    queues: Mapping[str, str] = field(default_factory=dict)
    teams: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    themes: Collection[str] = ()


def misfits(values: Doc) -> Iterator[Finding]:
    """What does not have a board's shape."""
    for name in values:
        if name not in Board.model_fields:
            yield (name,), f'a board has no "{name}"', _nearest(name, Board.model_fields)
    try:
        Board.load(values)
    except ValidationError as error:
        for details in error.errors(include_url=False):
            # A list whose elements were refused counts as empty, too; only one that was written empty is a mistake.
            if details["type"] != "too_short" or not details["input"]:
                yield _misfit(details)


_TABLES: dict[str, type[BaseModel]] = {
    "pages": Page, "rows": Row, "panes": Pane, "thresholds": Threshold, "audience": Audience, "goals": Goal
}  # fmt: skip


def _misfit(details: ErrorDetails) -> Finding:
    path: Path = tuple(details["loc"])
    name = str(path[-1]) if path else ""
    context = details.get("ctx", {})
    match details["type"]:
        case "missing":
            return path, f'"{name}" is missing', ""
        case "extra_forbidden":
            holder = next((str(part) for part in reversed(path[:-1]) if isinstance(part, str)), "")
            table = _TABLES.get(holder)
            thing = {"panes": "a pane", "rows": "a row", "pages": "a page"}.get(holder, f'"{holder}"')
            return path, f'{thing} has no "{name}"', _nearest(name, table.model_fields) if table else ""
        case "literal_error":
            choices = [
                choice.strip("' ") for choice in str(context.get("expected", "")).replace(" or ", ", ").split(",")
            ]
            return path, f"{_show(details)} is no {name}", _nearest(str(details["input"]), choices)
        case "greater_than_equal":
            return path, f'"{name}" is {_show(details)}', f"at least {context.get('ge')}"
        case "less_than_equal":
            return path, f'"{name}" is {_show(details)}', f"at most {context.get('le')}"
        case "too_short":
            return path, f'"{name}" is empty', "at least one is needed"
        case "string_type":
            return path, f'"{name}" is {_show(details)}', 'a text in quotes is needed, for example "Sales"'
        case "tuple_type" | "list_type":
            return path, f'"{name}" is {_show(details)}', 'a list is needed, for example ["sales", "support"]'
        case "int_type" | "int_parsing" | "int_from_float" | "float_type" | "float_parsing":
            return path, f'"{name}" is {_show(details)}', "a number without quotes is needed"
        case "bool_type" | "bool_parsing":
            return path, f'"{name}" is {_show(details)}', "true or false is needed"
        case "model_type" | "dict_type":
            return path, f'"{name}" is {_show(details)}', "a table is needed"
        case _:
            return path, f'"{name}" does not fit', details["msg"]


def _show(details: ErrorDetails) -> str:
    value = details["input"]
    return f'"{value}"' if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)


def _nearest(word: str, allowed: Iterable[str]) -> str:
    """What is allowed, with the likeliest first when one is close to what was written."""
    names = [name for name in allowed if name]
    close = difflib.get_close_matches(word, names, n=1)
    listed = "allowed: " + ", ".join(names)
    return f'did you mean "{close[0]}"? {listed}' if close else listed


def strangers(values: Doc, known: Known) -> Iterator[Finding]:
    """Names that mean nothing here. Looks only at what has the right shape; the rest was reported by shape."""
    theme = values.get("theme")
    if known.themes and isinstance(theme, str) and theme and theme not in known.themes:
        yield ("theme",), f'there is no theme "{theme}"', _nearest(theme, sorted(known.themes))
    for path, pane in _panes(values):
        yield from _unknown_names(path, pane, "queues", known.queues, "queue")
        yield from _unknown_names(path, pane, "teams", known.teams, "team")
        yield from _odd_goals(path, pane)
    audience = values.get("audience")
    if isinstance(audience, dict):
        yield from _unknown_names(("audience",), audience, "roles", known.roles, "role")
        yield from _unknown_names(("audience",), audience, "teams", known.teams, "team")
        yield from _unknown_names(("audience",), audience, "people", known.people, "person")
    for index, threshold in enumerate(_tables(values.get("thresholds"))):
        yield from _odd_threshold(("thresholds", index), threshold, known)


def _odd_goals(path: Path, pane: Doc) -> Iterator[Finding]:
    goals = _tables(pane.get("goals"))
    if goals and pane.get("pane") != "metrics":
        yield (*path, "goals"), f'the pane "{pane.get("pane")}" shows no goals', 'give them to a pane "metrics"'
    for index, goal in enumerate(goals):
        name = goal.get("kpi")
        if isinstance(name, str) and name not in KPIS:
            yield (*path, "goals", index, "kpi"), f'there is no KPI "{name}"', _nearest(name, KPIS)


def _odd_threshold(path: Path, threshold: Doc, known: Known) -> Iterator[Finding]:
    name = threshold.get("kpi")
    kpi = KPIS.get(name) if isinstance(name, str) else None
    if isinstance(name, str) and kpi is None:
        yield (*path, "kpi"), f'there is no KPI "{name}"', _nearest(name, KPIS)
    subject = threshold.get("subject", "*")
    if isinstance(subject, str) and subject not in ("*", "board"):
        yield from _odd_subject((*path, "subject"), subject, known)
    warn, alert = threshold.get("warn"), threshold.get("alert")
    if warn is None and alert is None:
        yield path, "this threshold never warns and never alerts", 'give "warn", "alert" or both'
    elif isinstance(warn, int | float) and isinstance(alert, int | float) and kpi is not None and warn != alert:
        right = "below" if kpi.good == "up" else "above"
        if kpi.good is not None and (alert < warn) != (right == "below"):
            yield (*path, "alert"), f"{name} would alert before it warns", f'its "alert" has to lie {right} its "warn"'


def _odd_subject(path: Path, subject: str, known: Known) -> Iterator[Finding]:
    word, _, key = subject.partition(":")
    names = {"queue": known.queues, "team": known.teams}.get(word)
    if names is None or not key:
        yield path, f'"{subject}" is no subject', 'allowed: "*" (each queue), "board", "queue:NAME", "team:NAME"'
    elif names and not resolves(key, names):
        yield path, f'there is no {word} "{key}"', _nearest(key, _spoken(names))


def _panes(values: Doc) -> Iterator[tuple[Path, Doc]]:
    for p, page in enumerate(_tables(values.get("pages"))):
        for r, row in enumerate(_tables(page.get("rows"))):
            for n, pane in enumerate(_tables(row.get("panes"))):
                yield ("pages", p, "rows", r, "panes", n), pane


def _tables(value: Any) -> list[Doc]:
    return value if isinstance(value, list) and all(isinstance(each, dict) for each in value) else []


def _unknown_names(path: Path, table: Doc, name: str, known: Mapping[str, str], word: str) -> Iterator[Finding]:
    named = table.get(name)
    if not known or not isinstance(named, list):
        return
    for index, each in enumerate(named):
        if isinstance(each, str) and not resolves(each, known):
            yield (*path, name, index), f'there is no {word} "{each}"', _nearest(each, _spoken(known))


def resolves(word: str, known: Mapping[str, str]) -> bool:
    """Whether a word is a key, a key's last part or a name of something known."""
    return word in known or any(word in (name, key.rsplit(":", 1)[-1]) for key, name in known.items())


def _spoken(known: Mapping[str, str]) -> list[str]:
    return sorted({name or key for key, name in known.items()})
