"""Room ``access``: people, roles and permissions as lists to edit, each with whether one may. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from wallboard_tui.access.derive import Effective, Held, Origin, effective, of_role
from wallboard_tui.access.directory import Directory
from wallboard_tui.access.effects import as_enabled
from wallboard_tui.access.order import leq
from wallboard_tui.access.packs import NAMES, load, roles_of, toggles_for
from wallboard_tui.access.panes import panes
from wallboard_tui.access.permissions import CAPABILITIES, DATA, LEVELS, NEEDS, PERMISSIONS, SENSITIVE
from wallboard_tui.access.saving_form import Actor
from wallboard_tui.access.saving_rules import SENTENCES
from wallboard_tui.access.scope import Scope
from wallboard_tui.access.sight import WHOLE, Sight
from wallboard_tui.access.words import Words, listed, scope_words
from wallboard_tui.model.administration import (
    Assignable,
    Catalogue,
    EffectiveAccess,
    EffectiveOne,
    Granted,
    OriginOf,
    PermissionOf,
    PersonRow,
    RoleRow,
    Row,
    ToggleOf,
)
from wallboard_tui.model.base import Doc
from wallboard_tui.model.directory import Grant, Person, Role

PRESETS: Final[Mapping[str, tuple[str, ...]]] = {
    "All": ("ALL",),
    "Specific Business Numbers": ("number:…", "OWN_TEAMS", "SELF"),
    "Workgroup": ("OWN_TEAMS", "SELF"),
    "Personal": ("SELF",),
    "Managed teams": ("MANAGED",),
    "Entities": ("GRANTED",),
}
"""Scopes by the names that the products give them; ``number:…`` stands for the numbers chosen."""


def catalogue() -> Catalogue:
    """Everything there is to choose from."""
    return Catalogue(
        permissions=tuple(
            PermissionOf(
                name=one.name, title=one.title, controls=one.controls, text=one.text, scoped=one.scoped,
                group="data" if one.name in DATA else "admin", levels=one.levels,
            )
            for one in PERMISSIONS.values()
        ),
        levels=LEVELS,
        presets=dict(PRESETS),
        toggles={
            pack: tuple(
                ToggleOf(name=one.name, title=one.title, controls=one.controls) for one in load(pack).toggles.values()
            )
            for pack in NAMES
        },
        rules=dict(SENTENCES),
        capabilities=CAPABILITIES,
        sensitive=SENSITIVE,
    )  # fmt: skip


def rows(kind: str, documents: Iterable[tuple[int, Doc]], actor: Actor) -> list[Row]:
    """Teams, numbers or queues, each with its revision; editable by whoever holds the kind's permission."""
    why_not = _lacking(NEEDS[kind], actor)
    return [
        Row(key=doc["key"], revision=revision, doc=doc, editable=not why_not, why_not=why_not)
        for revision, doc in documents
    ]


def people(
    documents: Iterable[tuple[int, Doc]], directory: Directory, actor: Actor, pins: Collection[str]
) -> list[PersonRow]:
    """Everybody, each with whether the actor may edit them. ``pins``: who has one."""
    lacking = _lacking("users", actor)
    found = []
    for revision, doc in documents:
        person = directory.people.get(doc["key"])
        if person is None:
            continue
        held = as_enabled(person.key, directory)
        why_not = lacking or _higher(leq(held, actor.resolved), person.name)
        role = directory.roles.get(person.role)
        found.append(
            PersonRow(
                key=person.key, revision=revision, doc=actor.sight.doc("person", doc), editable=not why_not,
                why_not=why_not, role_name=role.name if role else person.role,
                teams=_named(directory.teams_of(person.key), actor.sight),
                manages=_named(directory.managed_by(person.key), actor.sight), has_pin=person.key in pins,
                can_sign_in=not person.disabled and role is not None and role.login,
            )
        )  # fmt: skip
    return found


def roles(documents: Iterable[tuple[int, Doc]], directory: Directory, actor: Actor) -> list[RoleRow]:
    """Every role with what it allows and who has it."""
    lacking = _lacking("roles", actor)
    own = {role.key: role for pack in NAMES for role in roles_of(pack)}
    having: dict[str, list[Person]] = {}
    for person in directory.people.values():
        having.setdefault(person.role, []).append(person)
    found = []
    for revision, doc in documents:
        role = directory.roles.get(doc["key"])
        if role is None:
            continue
        beyond = leq(of_role(role), actor.symbolic)
        why_not = lacking or _higher(beyond, role.name)
        everyone = sorted(having.get(role.key, ()), key=lambda person: person.name)
        found.append(
            RoleRow(
                key=role.key, revision=revision, doc=doc, editable=not why_not, why_not=why_not,
                people=tuple((person.key, person.name) for person in everyone),
                permissions=_granted(of_role(role), directory), floor=_floor(role, directory),
                custom=role.key not in own, changed=role.key in own and own[role.key] != role,
                assignable=not beyond and _hands_out(actor),
            )
        )  # fmt: skip
    return found


def assignable(directory: Directory, actor: Actor) -> list[Assignable]:
    """Roles by name, for those who hand them out and may not see what is in them."""
    found = []
    for key, role in sorted(directory.roles.items()):
        why_not = _higher(leq(of_role(role), actor.symbolic), role.name)
        found.append(
            Assignable(
                key=key, name=role.name, pack=role.pack, description=role.description, assignable=not why_not,
                why_not=why_not,
            )
        )  # fmt: skip
    return found


def _named(teams: Iterable[str], sight: Sight) -> tuple[str, ...]:
    return tuple(team for team in teams if sight.names("team", team))


def access_of(key: str, directory: Directory, sight: Sight = WHOLE) -> EffectiveAccess:
    """What a person may do and where each part of it comes from. ``sight``: what whoever asks knows by name.

    Raises ``KeyError`` for an unknown person.
    """
    person = directory.people[key]
    role = directory.roles.get(person.role)
    symbolic = effective(key, directory)
    held = symbolic.resolved(directory)
    packs = directory.organisation.packs if directory.organisation else ()
    toggles = toggles_for(role, packs) if role else {}
    return EffectiveAccess(
        person=key, name=person.name, role=person.role, role_name=role.name if role else person.role,
        sentence=held.sees_nothing,
        permissions=tuple(
            _effective_one(name, one, held.origins.get(name, ()), Words(directory, sight), key)
            for name in PERMISSIONS if (one := held.permissions.get(name))
        ),
        capabilities=held.capabilities, panes=panes(held),
        toggles=tuple(
            ToggleOf(name=one.name, title=one.title, controls=one.controls, value=person.toggles.get(one.name))
            for one in toggles.values()
        ),
    )  # fmt: skip


def _effective_one(name: str, held: Held, origins: Iterable[Origin], words: Words, person: str) -> EffectiveOne:
    return EffectiveOne(
        name=name, title=PERMISSIONS[name].title, level=held.level, scope=words.sight.scope(held.scope).atoms(),
        words=words.of(held.scope, person), managed=words.sight.scope(held.managed).atoms(),
        origins=tuple(
            OriginOf(kind=one.kind, name=one.name, level=one.level, words=words.of(one.scope), added=one.added)
            for one in origins
        ),
    )  # fmt: skip


def _granted(held: Effective, directory: Directory) -> tuple[Granted, ...]:
    return tuple(
        Granted(
            name=name, title=PERMISSIONS[name].title, level=one.level, scope=one.scope.atoms(),
            words=scope_words(one.scope, directory),
        )
        for name in PERMISSIONS if (one := held.permissions.get(name))
    )  # fmt: skip


def _floor(role: Role, directory: Directory) -> tuple[Granted, ...]:
    def words(grant: Grant) -> str:
        return scope_words(Scope.readable(grant.scope), directory)

    return tuple(
        Granted(name=name, title=PERMISSIONS[name].title, level=grant.level, scope=grant.scope, words=words(grant))
        for name, grant in role.floor.items()
        if name in PERMISSIONS
    )


def _lacking(permission: str, actor: Actor) -> str:
    if actor.resolved.holds(permission, "manage"):
        return ""
    return f"not-permitted: that takes the permission “{PERMISSIONS[permission].title} (manage)”."


def _hands_out(actor: Actor) -> bool:
    return any(actor.resolved.holds(name, "manage") for name in ("roles.assign", "roles", "users"))


def _higher(beyond: Collection[str], name: str) -> str:
    if not beyond:
        return ""
    return f"not-higher: {name} may do what you may not: {listed(PERMISSIONS[one].title for one in beyond)}."
