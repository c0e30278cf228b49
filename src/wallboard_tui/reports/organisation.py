"""Room ``reports``: an organisation as one TOML file, to be kept in version control and applied to a hub. Pure.

Roles that stand as their pack has them are left out: the pack brings them. Passwords, PINs, calls and boards have no
place here; boards have files of their own.
"""

import tomllib
from collections.abc import Iterable, Sequence
from typing import Any

import tomlkit
from pydantic import ValidationError

from wallboard_tui.access.packs import NAMES, roles_of
from wallboard_tui.model.administration import Edit
from wallboard_tui.model.base import Doc
from wallboard_tui.model.kinds import KINDS

ORDER = ("organisation", "role", "person", "team", "queue", "number", "extension", "agent", "contact")
"""Kinds of a file, in the order in which they stand in it."""
HEAD = "An organisation, as “wallboard org export” writes it. Put it in place with: wallboard org apply FILE"


class OrganisationMistake(Exception):
    """A file that is no organisation. ``str()`` says the file, the place and what is allowed."""


def to_toml(documents: Iterable[tuple[str, Doc]]) -> str:
    """An organisation's documents as a file; the same documents give the same text."""
    packs = {role.key: role.dump() for pack in NAMES for role in roles_of(pack)}
    by_kind: dict[str, list[Doc]] = {kind: [] for kind in ORDER}
    for kind, doc in documents:
        if kind in by_kind and not (kind == "role" and KINDS[kind].load(doc).dump() == packs.get(doc["key"])):
            by_kind[kind].append(KINDS[kind].load(doc).dump())
    file = tomlkit.document()
    file.add(tomlkit.comment(HEAD))
    for kind in ORDER:
        each = sorted(by_kind[kind], key=lambda doc: str(doc["key"]))
        if kind == "organisation":
            for doc in each:
                file.add(kind, _table({name: value for name, value in doc.items() if name != "key"}))
        elif each:
            array = tomlkit.aot()
            for doc in each:
                array.append(_table({"key": doc["key"], **doc}))
            file.add(kind, array)
    return tomlkit.dumps(file)


def _table(doc: Doc) -> Any:
    table = tomlkit.table()
    for name, value in doc.items():
        if value is not None:
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
    """The documents of a file. Raises ``OrganisationMistake`` naming the first thing that is wrong."""
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise OrganisationMistake(f"{file}: this is no TOML: {error}") from error
    found: list[tuple[str, Doc]] = []
    for kind, value in said.items():
        if kind not in ORDER:
            raise OrganisationMistake(f"{file}: there is no kind “{kind}”; there are: {', '.join(ORDER)}")
        tables = [{"key": kind, **value}] if kind == "organisation" and isinstance(value, dict) else value
        if not isinstance(tables, list):
            raise OrganisationMistake(f"{file}: “{kind}” is not written as [[{kind}]]")
        for number, table in enumerate(tables, 1):
            found.append((kind, _checked(kind, table, f"{file}: {kind} {number}")))
    keys = [(kind, doc["key"]) for kind, doc in found]
    if twice := next((ref for ref in keys if keys.count(ref) > 1), None):
        raise OrganisationMistake(f"{file}: {twice[0]} “{twice[1]}” stands there twice")
    return found


def _checked(kind: str, table: Any, where: str) -> Doc:
    if not isinstance(table, dict) or not isinstance(table.get("key"), str):
        raise OrganisationMistake(f'{where}: it has no key; write key = "…"')
    where = f"{where} ({table['key']})"
    for name in table:
        if name not in KINDS[kind].model_fields:
            allowed = ", ".join(sorted(KINDS[kind].model_fields))
            raise OrganisationMistake(f"{where}: there is no field “{name}”; there are: {allowed}")
    try:
        return KINDS[kind].load(table).dump()
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise OrganisationMistake(f"{where}: {field}: {first['msg']}") from error


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
