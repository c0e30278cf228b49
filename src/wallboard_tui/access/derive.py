"""Room ``access``: from a role, its toggles, a person's grants and the personal floor to what the person may do. Pure.

The order is: role (customised or not), toggles (replace), grants (add), personal floor, then the rules: ``manage``
implies ``view``, ``ALL`` absorbs, nothing left means no permission, the reports tab comes with a report. Who cannot
sign in holds nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from wallboard_tui.access.directory import Directory
from wallboard_tui.access.packs import SAME, Toggle, toggles_for
from wallboard_tui.access.permissions import PERMISSIONS, REPORTS
from wallboard_tui.access.scope import NOWHERE, Scope
from wallboard_tui.model.directory import Grant, Person, Role


@dataclass(frozen=True, slots=True)
class Held:
    """A permission that somebody holds.

    ``scope``: the rows it holds for; empty for an administrative permission. ``managed``: the part of ``scope`` that
    may be managed as well, so that a grant to manage one queue never manages the others one may see.
    """

    level: str
    scope: Scope
    managed: Scope = NOWHERE


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a part of a permission comes from.

    ``kind``: role, toggle, grant, floor or rule. ``added``: ``False`` where a toggle took it away.
    """

    kind: str
    name: str
    level: str
    scope: Scope
    added: bool = True


@dataclass(frozen=True)
class Effective:
    """What a person may do. ``sees_nothing``: why, when the person cannot sign in at all.

    Scopes are symbolic (``MANAGED``, ``SELF`` …) until ``resolved``.
    """

    person: str
    permissions: Mapping[str, Held]
    capabilities: tuple[str, ...] = ()
    origins: Mapping[str, tuple[Origin, ...]] = field(default_factory=dict)
    sees_nothing: str = ""
    viewer: str = ""
    """Somebody else who looks through these eyes; then notices and the like are not theirs to read."""

    def holds(self, permission: str, level: str = "view") -> bool:
        """Whether a permission is held at a level, for whichever rows."""
        held = self.permissions.get(permission)
        return held is not None and (level == "view" or held.level == level)

    def scope(self, *permissions: str) -> Scope:
        """The union of the scopes of some permissions."""
        if len(permissions) == 1:
            held = self.permissions.get(permissions[0])
            return held.scope if held is not None else NOWHERE
        found = self._unions.get(permissions)
        if found is None:
            pairs = (held.scope.pairs for name in permissions if (held := self.permissions.get(name)))
            found = self._unions[permissions] = Scope(frozenset().union(*pairs)).normalised()
        return found

    @cached_property
    def _unions(self) -> dict[tuple[str, ...], Scope]:
        return {}  # the same unions are asked for again and again

    def resolved(self, directory: Directory) -> Effective:
        """The same with concrete scopes: what it all means for this person today. What is left empty is not held."""
        kept: _Derived | None = directory.derived.get(self.person)
        if kept is None or kept.symbolic is not self:
            return self._resolved(directory)
        if kept.concrete is None:
            kept.concrete = self._resolved(directory)
        return kept.concrete

    def _resolved(self, directory: Directory) -> Effective:
        person = directory.people.get(self.person)
        return (
            replace(self, permissions={}, capabilities=()) if person is None else self.resolved_for(person, directory)
        )

    def resolved_for(self, person: Person, directory: Directory) -> Effective:
        """The same with concrete scopes for somebody who stands so, whatever the directory says of them."""
        if self.sees_nothing:
            return replace(self, permissions={}, capabilities=())
        permissions = _rules(
            {
                name: Held(held.level, held.scope.resolve(person, directory), held.managed.resolve(person, directory))
                for name, held in self.permissions.items()
            }
        )
        wishes = {name for name in self.capabilities if name.startswith("email.")}
        return replace(self, permissions=permissions, capabilities=_capabilities(person, permissions, wishes))


@dataclass(slots=True)
class _Derived:
    """What was worked out for one person in one directory, which keeps it."""

    symbolic: Effective
    concrete: Effective | None = None


@dataclass
class _Draft:
    """Scopes per permission and level while they are put together. Administrative permissions have ``None``."""

    view: dict[str, Scope] = field(default_factory=dict)
    manage: dict[str, Scope] = field(default_factory=dict)
    origins: dict[str, list[Origin]] = field(default_factory=dict)

    def add(self, kind: str, source: str, grants: Mapping[str, Grant]) -> None:
        for name, grant in grants.items():
            if name not in PERMISSIONS or grant.level not in ("view", "manage"):
                continue  # a permission or level nobody knows grants nothing
            scope = self._scope(name, grant)
            if PERMISSIONS[name].scoped and not scope:
                continue
            self.view[name] = self.view.get(name, Scope()) | scope
            if grant.level == "manage":
                self.manage[name] = self.manage.get(name, Scope()) | scope
            self.origins.setdefault(name, []).append(Origin(kind, source, grant.level, scope))

    def take(self, toggle: Toggle) -> None:
        """Take away what a toggle that is off stands for: its own pairs, or everything where it follows another."""
        for name, grant in toggle.grants.items():
            whole = not PERMISSIONS[name].scoped or any(atom.startswith(SAME) for atom in grant.scope)
            only_managing = grant.level == "manage" and PERMISSIONS[name].scoped
            levels = (self.manage,) if only_managing else (self.view, self.manage)
            changed = False
            for level in levels:
                if name not in level:
                    continue
                left = Scope() if whole else level[name] - Scope.readable(grant.scope)
                changed = changed or whole or left != level[name]
                if left:
                    level[name] = left
                else:
                    del level[name]
            if changed:
                origin = Origin("toggle", toggle.title, grant.level, Scope.readable(grant.scope), added=False)
                self.origins.setdefault(name, []).append(origin)

    def held(self) -> dict[str, Held]:
        found = {}
        for name in {**self.view, **self.manage}:
            managed = self.manage.get(name)
            scope = self.view.get(name, Scope()) | (managed or Scope())
            found[name] = Held("view" if managed is None else "manage", scope, managed or Scope())
        return found

    def _scope(self, name: str, grant: Grant) -> Scope:
        if not PERMISSIONS[name].scoped:
            return Scope()
        followed = [self.view.get(atom[len(SAME) :], Scope()) for atom in grant.scope if atom.startswith(SAME)]
        plain = Scope.readable(atom for atom in grant.scope if not atom.startswith(SAME))
        return Scope(plain.pairs.union(*(scope.pairs for scope in followed)))


def effective(person_key: str, directory: Directory) -> Effective:
    """What a person may do, with where each part comes from. Unknown and disabled people hold nothing.

    It is worked out once per directory: saving, the rules and everybody's access ask for it many times.
    """
    kept: _Derived | None = directory.derived.get(person_key)
    if kept is None:
        kept = directory.derived[person_key] = _Derived(_effective(person_key, directory))
    return kept.symbolic


def _effective(person_key: str, directory: Directory) -> Effective:
    person = directory.people.get(person_key)
    if person is None:
        return Effective(person_key, {}, sees_nothing="There is no such person.")
    if person.disabled:
        return Effective(person_key, {}, sees_nothing="This person is disabled.")
    return of_person(person, directory)


def of_person(person: Person, directory: Directory) -> Effective:
    """What somebody may do who stands so, whatever the directory says of them: as if enabled. Symbolic."""
    person_key = person.key
    role = directory.roles.get(person.role)
    if role is None:
        return Effective(person_key, {}, sees_nothing=f"The role {person.role!r} does not exist.")
    if not role.login:
        return Effective(person_key, {}, sees_nothing=f"People with the role {role.name} cannot sign in.")
    draft = _Draft()
    draft.add("role", role.name, role.grants)
    known = toggles_for(role, directory.organisation.packs if directory.organisation else ())
    toggles = [(known[name], on) for name, on in sorted(person.toggles.items()) if name in known]
    # All that is taken goes first, so that of two toggles over one permission the order never matters.
    for toggle, on in toggles:
        if not on:
            draft.take(toggle)
    followers: list[tuple[str, dict[str, Grant]]] = []
    for toggle, on in toggles:
        if on:
            draft.add("toggle", toggle.title, _following(toggle.grants, False))
            followers.append((toggle.title, _following(toggle.grants, True)))
    draft.add("grant", person.name, person.grants)
    draft.add("floor", role.name, _floor(role, person))
    for title, grants in followers:
        draft.add("toggle", title, grants)
    permissions = _rules(draft.held(), draft.origins)
    wishes = {name for toggle, on in toggles if on for name in toggle.capabilities}
    wishes |= {"email.reports"} if person.report_mail else set()
    wishes |= {"email.missed_reminder"} if person.missed_mail else set()
    origins = {name: tuple(found) for name, found in draft.origins.items()}
    return Effective(person_key, permissions, _capabilities(person, permissions, wishes), origins)


def of_role(role: Role) -> Effective:
    """What a role itself allows, symbolically: what people with it have before toggles and grants."""
    if not role.login:
        return Effective("", {}, sees_nothing=f"People with the role {role.name} cannot sign in.")
    draft = _Draft()
    draft.add("role", role.name, role.grants)
    draft.add("floor", role.name, role.floor)
    permissions = _rules(draft.held(), draft.origins)
    return Effective("", permissions, ("login",), {name: tuple(found) for name, found in draft.origins.items()})


def caller_ids(person: Person) -> tuple[str, ...]:
    """Numbers that a person may show when calling out: the assigned ones; if none, the one default (001)."""
    assigned = tuple(dict.fromkeys((*person.caller_ids, *person.manage_numbers)))
    return assigned or ((person.default_caller_id,) if person.default_caller_id else ())


def _floor(role: Role, person: Person) -> dict[str, Grant]:
    return {
        name: grant for name, grant in role.floor.items() if person.extension or name not in role.needs_extension
    }  # fmt: skip


def _following(grants: Mapping[str, Grant], wanted: bool) -> dict[str, Grant]:
    return {
        name: grant for name, grant in grants.items() if any(a.startswith(SAME) for a in grant.scope) == wanted
    }  # fmt: skip


def _rules(held: Mapping[str, Held], origins: dict[str, list[Origin]] | None = None) -> dict[str, Held]:
    found = {}
    for name, one in held.items():
        scoped = PERMISSIONS[name].scoped
        scope, managed = one.scope.normalised(), one.managed.normalised()
        if scoped and not scope:
            continue
        level = one.level if not scoped else ("manage" if managed else "view")
        found[name] = Held(level, scope, managed)
    found.pop("reports.tab", None)
    if any(name in found for name in REPORTS):
        found["reports.tab"] = Held("view", Scope())
        if origins is not None and "reports.tab" not in origins:
            origins["reports.tab"] = [Origin("rule", "reports-tab", "view", Scope())]
    return found


def _capabilities(person: Person, permissions: Mapping[str, Held], wishes: Iterable[str]) -> tuple[str, ...]:
    found = ["login"]
    if person.extension:
        found += ["call.make", "call.receive"]
        if caller_ids(person):
            found.append("caller_id")
    if "email.missed_reminder" in wishes and "reports.missed" in permissions:
        found.append("email.missed_reminder")
    if "email.reports" in wishes and any(name in permissions for name in REPORTS):
        found.append("email.reports")
    return tuple(found)
