"""Room ``tui``, screens: what the forms of *Team* need to know around the document they edit: roles, people, teams, and
what things are called. Knows ``client``, ``access`` and the view.

Only what the person may see is asked for: a question that would be refused stands in the audit trail.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from wallboard_tui.access.directory import Directory
from wallboard_tui.access.scope import Scope
from wallboard_tui.access.words import scope_words
from wallboard_tui.model.administration import Assignable, Catalogue, PermissionOf, PersonRow, RoleRow, Row
from wallboard_tui.model.base import Doc
from wallboard_tui.tui.panes.seen import named
from wallboard_tui.tui.terminal import TerminalError
from wallboard_tui.view import queries
from wallboard_tui.view.view import View

if TYPE_CHECKING:
    from wallboard_tui.client.administration import Administration
    from wallboard_tui.tui.app import WallboardApp

T = TypeVar("T")
_HANDS_OUT = ("roles", "roles.assign", "users")
_SEEN = ("queue", "number", "team", "agent", "person", "extension", "board")


@dataclass(frozen=True)
class Office:
    """The organisation as far as the person may administer it.

    ``documents``: by kind and key, what queues, numbers, teams, agents, extensions and people are called by.
    """

    catalogue: Catalogue
    roles: Mapping[str, RoleRow] = field(default_factory=dict)
    assignable: Mapping[str, Assignable] = field(default_factory=dict)
    people: Mapping[str, PersonRow] = field(default_factory=dict)
    teams: Mapping[str, Row] = field(default_factory=dict)
    documents: Mapping[str, Mapping[str, Doc]] = field(default_factory=dict)
    directory: Directory = field(default_factory=lambda: Directory.from_documents(()))

    @property
    def permissions(self) -> dict[str, PermissionOf]:
        """The catalogue's permissions by name, those of data first."""
        return {one.name: one for one in self.catalogue.permissions}

    def called(self, kind: str, key: str) -> str:
        """What people call a thing."""
        if kind == "role":
            return self.assignable[key].name if key in self.assignable else self.role_name(key)
        return named(key, self.documents.get(kind, {}))

    def role_name(self, key: str) -> str:
        """A role's name; its key where the person may not see it."""
        row = self.roles.get(key)
        return str(row.doc["name"]) if row is not None else key

    def words(self, scope: Sequence[str], person: str = "") -> str:
        """A stored scope to be read."""
        return scope_words(Scope.readable(scope), self.directory, person)

    def handed_out(self, but: str = "") -> list[tuple[str, str]]:
        """Names and keys of the roles that the person may give, by name; where a role comes from stands beside it."""
        roles = (one for one in self.assignable.values() if one.assignable and one.key != but)
        found = ((f"{one.name} ({one.pack})" if one.pack else one.name, one.key) for one in roles)
        return sorted(found, key=lambda pair: pair[0].casefold())

    def choices(self, kind: str, chosen: Sequence[str] = ()) -> list[tuple[str, str]]:
        """Names and keys of all things of a kind, by name; what is chosen already is among them, known or not."""
        found = [(self.called(kind, key), key) for key in {*self.documents.get(kind, {}), *chosen}]
        if kind == "number":  # what callers are shown, beside the name
            found = [(name if name == key else f"{name}  {key}", key) for name, key in found]
        return sorted(found, key=lambda pair: (pair[0].casefold(), pair[1]))


async def look_round(app: "WallboardApp") -> Office:
    """The office as the hub and the view know it now. Raises ``TerminalError``."""
    try:
        return await _look_round(app)
    except* TerminalError as errors:
        found = errors
    raise _first(found)


def _first(errors: BaseExceptionGroup[TerminalError]) -> TerminalError:
    first = errors.exceptions[0]
    return _first(first) if isinstance(first, BaseExceptionGroup) else first


async def _look_round(app: "WallboardApp") -> Office:
    me = app.me
    assert me is not None

    async def asked(permitted: bool, question: "Callable[[Administration], Awaitable[list[T]]]") -> list[T]:
        return await app.terminal.administer(question) if permitted else []

    hands_out = any(me.may(name, "manage") for name in _HANDS_OUT)
    async with asyncio.TaskGroup() as group:  # all at once: a form must not open slowly
        catalogue = group.create_task(app.terminal.administer(lambda admin: admin.catalogue()))
        roles = group.create_task(asked(me.may("roles"), lambda admin: admin.roles()))
        assignable = group.create_task(asked(hands_out, lambda admin: admin.assignable()))
        people = group.create_task(asked(me.may("users"), lambda admin: admin.people()))
        teams = group.create_task(asked(me.may("workgroups"), lambda admin: admin.teams()))
        numbers = group.create_task(asked(me.may("numbers"), lambda admin: admin.numbers()))
        queues = group.create_task(asked(me.may("call_flow"), lambda admin: admin.queues()))
        seen = group.create_task(_seen(app))
    documents = {kind: dict(seen.result().get(kind, {})) for kind in _SEEN}
    rows: Sequence[tuple[str, Sequence[Row]]] = (
        ("number", numbers.result()), ("queue", queues.result()), ("team", teams.result()),
        ("person", people.result()),
    )  # fmt: skip
    for kind, each in rows:
        documents[kind] |= {row.key: row.doc for row in each}
    known = [(kind, doc) for kind, docs in documents.items() for doc in docs.values()]
    directory = Directory.from_documents([*known, *(("role", row.doc) for row in roles.result())])
    return Office(
        catalogue=catalogue.result(),
        roles={row.key: row for row in roles.result()},
        assignable={one.key: one for one in assignable.result()},
        people={row.key: row for row in people.result()},
        teams={row.key: row for row in teams.result()},
        documents=documents,
        directory=directory,
    )


async def _seen(app: "WallboardApp") -> Mapping[str, Mapping[str, Doc]]:
    def question(view: View) -> dict[str, Mapping[str, Doc]]:
        return {kind: queries.documents(view, kind) for kind in _SEEN}

    return await app.terminal.ask(question) if app.terminal.view is not None else {}
