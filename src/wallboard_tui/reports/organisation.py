"""Room ``reports``: an organisation as one TOML file, to be kept in version control and applied to a hub. Pure.

Roles that stand as their pack has them are left out: the pack brings them. Passwords, PINs, calls and boards have no
place here; boards have files of their own.
"""

import re
import tomllib
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Any, NamedTuple

import tomlkit
from pydantic import ValidationError

from wallboard_tui.access.packs import NAMES, roles_of
from wallboard_tui.model.administration import LONGEST_KEY, Edit
from wallboard_tui.model.base import Doc
from wallboard_tui.model.kinds import KINDS
from wallboard_tui.model.unfit import every_unfit
from wallboard_tui.reports.lines import line_numbers, line_of
from wallboard_tui.reports.not_toml import not_toml

ORDER = ("organisation", "role", "person", "team", "queue", "number", "extension", "agent", "contact")
"""Kinds of a file, in the order in which they stand in it."""
ONLY = "only"
"""What a file that is of some kinds alone says at its top, with their names."""
EVERY = {
    "roles": "role", "people": "person", "teams": "team", "queues": "queue", "numbers": "number",
    "extensions": "extension", "agents": "agent", "contacts": "contact",
}  # fmt: skip
"""Kinds by the words for many of each."""
HEAD = "An organisation, as “wallboard org export” writes it. Put it in place with: wallboard org apply FILE"


class OrganisationMistakes(Exception):
    """A file that is no organisation. ``mistakes``: each with the file, the line and what is allowed, in the order of
    the file.
    """

    def __init__(self, mistakes: Iterable[str]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(self.mistakes))


def kinds_of(words: Iterable[str]) -> tuple[str, ...]:
    """Kinds from words, each ``teams`` or ``team``, several set apart by commas; in the order in which they stand in a
    file. Raises ``KeyError`` with a word that is none.
    """
    said = {EVERY.get(word, word) for text in words for one in text.split(",") if (word := one.strip().lower())}
    if unknown := sorted(said.difference(ORDER)):
        raise KeyError(unknown[0])
    return tuple(kind for kind in ORDER if kind in said)


def as_written(documents: Iterable[tuple[str, Doc]]) -> list[tuple[str, Doc]]:
    """Documents as they are once written into a file and read from it; perhaps none."""
    return _documents(to_toml(documents), "")


def to_toml(documents: Iterable[tuple[str, Doc]], only: Sequence[str] = ()) -> str:
    """An organisation's documents as a file; the same documents give the same text. ``only``: of some kinds alone."""
    packs = {role.key: role.dump() for pack in NAMES for role in roles_of(pack)}
    by_kind: dict[str, list[Doc]] = {kind: [] for kind in ORDER}
    for kind, doc in documents:
        if kind in by_kind and not (kind == "role" and KINDS[kind].load(doc).dump() == packs.get(doc["key"])):
            by_kind[kind].append(KINDS[kind].load(doc).dump())
    file = tomlkit.document()
    file.add(tomlkit.comment(HEAD))
    if only:
        file.add(ONLY, _value(only))
    for kind in ORDER:
        each = sorted(by_kind[kind], key=lambda doc: str(doc["key"]))
        if kind == "organisation":
            for doc in each:
                file.add(kind, _table(kind, {name: value for name, value in doc.items() if name != "key"}))
        elif each:
            array = tomlkit.aot()
            for doc in each:
                array.append(_table(kind, {"key": doc["key"], **doc}))
            file.add(kind, array)
    return tomlkit.dumps(file)


def _table(kind: str, doc: Doc) -> Any:
    table = tomlkit.table()
    for name, value in doc.items():
        if value is not None and name not in KINDS[kind].learnt:
            table.add(name, _value(value))
    return table


def _value(value: Any) -> Any:
    if isinstance(value, dict):
        inline = tomlkit.inline_table()
        for name, one in sorted(value.items()):
            if one is not None:
                inline.append(name, _value(one))
        return inline
    if isinstance(value, list | tuple):
        array = tomlkit.array()
        for one in value:
            array.append(_value(one))
        return array.multiline(len(value) > 4)
    return value


def from_toml(text: str, file: str) -> list[tuple[str, Doc]]:
    """The documents of a file. Raises ``OrganisationMistakes`` naming the file, and everything that is wrong with its
    line. Of a file that is of some kinds alone, documents of others are wrong.
    """
    found = _documents(text, file)
    if not found:  # a file that was emptied by mistake asks for nothing, whatever else is said
        raise OrganisationMistakes([f"{file}: nothing stands in it; there can be: {', '.join(ORDER)}"])
    return found


def _documents(text: str, file: str) -> list[tuple[str, Doc]]:
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line, reason = not_toml(error, text)
        raise OrganisationMistakes([f"{file}, line {line}: this is no TOML: {reason}"]) from error
    found: list[tuple[str, Doc]] = []
    wrong: list[_Wrong] = []
    named: set[tuple[str, str]] = set()
    only = _only(said.pop(ONLY, ORDER), wrong)
    for kind, value in said.items():
        if kind in ORDER and kind not in only:
            wrong.append(_Wrong(f"“{kind}” stands there, and the file is only of: {', '.join(only)}", (kind, 0)))
        for number, table in enumerate(_tables(kind, value, wrong)):
            doc = _checked(kind, table, number, wrong)
            if doc is None:
                continue
            if (kind, doc["key"]) in named:
                wrong.append(_Wrong(f"{kind} “{doc['key']}” stands there twice", (kind, number)))
            named.add((kind, doc["key"]))
            found.append((kind, doc))
    if wrong:
        numbers = line_numbers(text)
        lines = sorted({(line_of(numbers, path), reason) for reason, path in wrong})
        raise OrganisationMistakes(f"{file}, line {line}: {reason}" for line, reason in lines)
    return found


class _Wrong(NamedTuple):
    """What is wrong in a file, and the path of keys at which it stands."""

    reason: str
    path: tuple[str | int, ...]


def _only(said: Any, wrong: list[_Wrong]) -> Sequence[str]:
    """The kinds that a file says it is of; all where it is written so that it says none."""
    each = said if isinstance(said, list | tuple) else [said]
    if mistaken := [one for one in each if one not in ORDER]:
        wrong.append(_Wrong(f"{ONLY}: “{mistaken[0]}” is no kind; there are: {', '.join(ORDER)}", (ONLY,)))
    return ORDER if mistaken or not each else each


def _tables(kind: str, value: Any, wrong: list[_Wrong]) -> list[Any]:
    if kind not in ORDER:
        wrong.append(_Wrong(f"there is no kind “{kind}”; there are: {', '.join(ORDER)}", (kind, 0)))
        return []
    tables = [{"key": kind, **value}] if kind == "organisation" and isinstance(value, dict) else value
    if not isinstance(tables, list):
        wrong.append(_Wrong(f"“{kind}” is not written as [[{kind}]]", (kind, 0)))
        return []
    return tables


def _checked(kind: str, table: Any, number: int, wrong: list[_Wrong]) -> Doc | None:
    """A table as a document; ``None`` where it is none, with what is wrong added to ``wrong``."""
    path: tuple[str | int, ...] = (kind,) if kind == "organisation" else (kind, number)
    where = kind if kind == "organisation" else f"{kind} {number + 1}"
    key = table.get("key") if isinstance(table, dict) else None
    if not isinstance(key, str) or not 0 < len(key) <= LONGEST_KEY:
        wrong.append(_Wrong(f'{where}: it has no key; write key = "…"', path))
        return None
    where = where if kind == "organisation" else f"{where} ({key})"
    fields = KINDS[kind].model_fields.keys() - KINDS[kind].learnt
    for name in table.keys() - fields:
        near = get_close_matches(name, fields, 1)
        allowed = f"did you mean “{near[0]}”?" if near else f"there are: {', '.join(sorted(fields))}"
        wrong.append(_Wrong(f"{where}: there is no field “{name}”; {allowed}", (*path, name)))
    try:
        return KINDS[kind].load({name: value for name, value in table.items() if name in fields}).dump()
    except ValidationError as error:
        wrong += [_Wrong(f"{where}: {field}: {said}", (*path, *at)) for at, field, said in every_unfit(error)]
        return None


class Places:
    """Where each document of a file stands, so that what a hub says of it can be pointed at."""

    def __init__(self, text: str, documents: Sequence[tuple[str, Doc]]) -> None:
        self._numbers = line_numbers(text)
        self._paths: dict[str, tuple[str | int, ...]] = {}
        counted: dict[str, int] = {}
        for kind, doc in documents:
            number = counted[kind] = counted.get(kind, -1) + 1
            self._paths[f"{kind} {doc['key']}"] = (kind,) if kind == "organisation" else (kind, number)

    def line(self, about: str, reason: str) -> int | None:
        """The line of what a finding is about (``kind key``): of the deepest key that its reason names, else of the
        document; ``None`` when the file does not hold it.
        """
        table = self._paths.get(about)
        if table is None:
            return None
        words = {word.strip(".") for word in re.findall(r"[\w.]+", reason)}
        inside = (path for path in self._numbers if path[: len(table)] == table and path[-1] in words)
        return line_of(self._numbers, max(inside, key=len, default=table))


def edits(wanted: Sequence[tuple[str, Doc]], there: Sequence[tuple[str, Doc]], *, prune: bool) -> list[Edit]:
    """What makes the documents that are there those that are wanted.

    ``prune``: what the file does not name is removed, of each kind that it has; roles of packs stay, as they were
    delivered.
    """
    found = [Edit.model_validate({"kind": kind, "key": doc["key"], "put": doc}) for kind, doc in wanted]
    if not prune:
        return found
    named = {(kind, doc["key"]) for kind, doc in wanted}
    kinds = {kind for kind, _ in wanted}
    packs = {role.key: role.dump() for pack in NAMES for role in roles_of(pack)}
    for kind, doc in there:
        if kind not in kinds or (kind, doc["key"]) in named:
            continue
        if kind == "role" and doc["key"] in packs:
            found.append(Edit.model_validate({"kind": kind, "key": doc["key"], "put": packs[doc["key"]]}))
        else:
            found.append(Edit.model_validate({"kind": kind, "key": doc["key"], "remove": True, "confirm": True}))
    return found
