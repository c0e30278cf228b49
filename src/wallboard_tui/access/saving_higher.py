"""Room ``access``: the rules about who may give what: nobody what goes beyond their own access (003), and somebody is
left who manages roles and people. Pure.
"""

from __future__ import annotations

from dataclasses import replace

from wallboard_tui.access.derive import Effective, Held, effective, of_person, of_role
from wallboard_tui.access.directory import Directory
from wallboard_tui.access.effects import Standing, as_enabled
from wallboard_tui.access.order import leq
from wallboard_tui.access.permissions import LEVELS, PERMISSIONS
from wallboard_tui.access.saving_case import Case
from wallboard_tui.access.saving_form import wrong
from wallboard_tui.access.scope import NOWHERE, Scope
from wallboard_tui.access.words import listed
from wallboard_tui.model.administration import Finding
from wallboard_tui.model.directory import Role


def not_higher(case: Case) -> list[Finding]:
    """Nothing given, changed or kept goes beyond the access of whoever does it (003)."""
    actor, found = case.actor, []
    for key, (old, new) in case.proposal.of("role").items():
        if old == new:
            continue
        beyond = {name for doc in (old, new) if doc for name in leq(_signing_in(Role.load(doc)), actor.symbolic)}
        name = (new or old or {}).get("name", key)
        found += _beyond(f"role {key}", f"The role {name} allows what you may not", sorted(beyond))
    mine = case.old.effective(actor.resolved)
    for one in case.standings:
        beyond = set(leq(one.before, actor.resolved)) | set(leq(one.after, actor.resolved))
        for expansion, held in ((case.old, one.before), (case.new, one.after)):
            if not _whole(held, actor.resolved):
                beyond |= set(leq(expansion.effective(held), mine))
        if one.directly:
            beyond |= _potential(case, one.key)
        if beyond:
            found += _beyond(f"person {one.key}", _towards(case, one), sorted(beyond))
    return found


def _signing_in(role: Role) -> Effective:
    """What a role allows, or would once its people may sign in."""
    return of_role(role.model_copy(update={"login": True}))


def _whole(held: Effective, actor: Effective) -> bool:
    """Whether the actor holds everything of all that somebody has: then memberships and routing add nothing to it."""
    theirs = ((one, actor.permissions.get(name)) for name, one in held.permissions.items() if one.scope)
    return all(
        mine is not None and mine.scope.everything and (mine.managed.everything or not one.managed)
        for one, mine in theirs
    )


def _potential(case: Case, key: str) -> set[str]:
    """What somebody could do once they may sign in, and by role and toggles once they are in a team."""
    found: set[str] = set()
    for directory in (case.proposal.before, case.after):
        somebody = directory.people.get(key)
        if somebody is not None and somebody.disabled:
            found |= set(leq(as_enabled(key, directory), case.actor.resolved))
    found |= set(leq(_waiting(case, key), case.actor.resolved))
    person = case.after.people.get(key)
    before = case.proposal.before.people.get(key)
    if person is not None and (before is None or (before.role, before.toggles) != (person.role, person.toggles)):
        bare = person.model_copy(update={"grants": {}})
        found |= set(leq(of_person(bare, case.after), case.actor.symbolic))
    return found


def _waiting(case: Case, key: str) -> Effective:
    """What would newly lie in wait for somebody whose role does not sign in, until another one does: whoever gives them
    that role would give it, perhaps without looking.
    """
    was, now = (_opened(key, directory) for directory in (case.proposal.before, case.after))
    found = {}
    for name, held in now.permissions.items():
        old = was.permissions.get(name, Held("none", NOWHERE))
        scope, managed = _beside(held.scope, old.scope), _beside(held.managed, old.managed)
        if scope or managed or LEVELS.index(held.level) > LEVELS.index(old.level):
            found[name] = Held(held.level, scope, managed)
    return replace(now, permissions=found)


def _beside(scope: Scope, other: Scope) -> Scope:
    return Scope(frozenset(pair for pair in scope.pairs if not other.contains(pair)))


def _opened(key: str, directory: Directory) -> Effective:
    """What somebody whose role does not sign in would hold if it did; nothing of others."""
    person = directory.people.get(key)
    role = directory.roles.get(person.role) if person is not None else None
    if person is None or role is None or role.login:
        return Effective(key, {})
    opened = directory.changed([("role", role.key, {**role.dump(), "login": True})])
    return of_person(person, opened).resolved_for(person, directory)


def _towards(case: Case, one: Standing) -> str:
    if one.key == case.actor.key:
        return "Nobody raises themselves: you would get"
    # By the name that stands: an attempt to change it must not look like somebody else.
    person = case.proposal.before.people.get(one.key) or case.after.people.get(one.key)
    name = person.name if person else one.key
    already = leq(one.before, case.actor.resolved)
    return f"{name} may do what you may not" if already else f"{name} would get what you have not"


def _beyond(about: str, reason: str, missing: list[str]) -> list[Finding]:
    if not missing:
        return []
    titles = listed(PERMISSIONS[name].title for name in missing)
    return [
        Finding(
            rule="not-higher", about=about, reason=f"{reason}: {titles}.",
            next="Ask somebody who may do that, too.", missing=tuple(missing),
        )
    ]  # fmt: skip


def last_admin(case: Case) -> list[Finding]:
    """Somebody is left who can manage roles and people."""
    return left_alone(case.proposal.before, case.after)


def left_alone(before: Directory, after: Directory) -> list[Finding]:
    """Whether a change, by whatever way, takes managing roles and people from the last person who had both."""
    if not _keepers(before) or _keepers(after):
        return []
    return [
        wrong("last-admin", "organisation", "Nobody would be left who can manage roles and people.",
               "Give both to somebody else first.")
    ]  # fmt: skip


def _keepers(directory: Directory) -> bool:
    return any(
        held.holds("roles", "manage") and held.holds("users", "manage")
        for held in (effective(key, directory) for key in directory.people)
    )
