"""Room ``access``: the rules that edits are held to, each with a name, a reason and the next step. Pure.

Where a rule comes from is said by the number of the requirement text. ``RULES`` holds those that need to know what the
edits come to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from wallboard_tui.access.derive import Effective, caller_ids, effective, of_role
from wallboard_tui.access.directory import Directory
from wallboard_tui.access.effects import Standing, as_enabled
from wallboard_tui.access.expansion import Expansion
from wallboard_tui.access.order import leq
from wallboard_tui.access.permissions import PERMISSIONS, REPORTS
from wallboard_tui.access.proposal import Proposal
from wallboard_tui.access.saving_form import Actor, warn, wrong
from wallboard_tui.access.scope import ALL, SYMBOLS, Scope
from wallboard_tui.access.words import listed, name_of
from wallboard_tui.model.administration import Edit, Effect, Finding
from wallboard_tui.model.directory import Person, Role

SENTENCES: Final[Mapping[str, str]] = {
    "not-permitted": "Each kind of change takes a permission of its own.",
    "not-higher": "Nobody gives, changes or keeps what goes beyond their own access, and nobody raises themselves.",
    "last-admin": "The last person who can manage roles and people keeps both.",
    "in-use": "What is removed says first who loses what; the name of something removed is not given again.",
    "reports-tab": "The reports tab and at least one report come together.",
    "missed-mail": "Reminders of missed opportunities need access to that report.",
    "no-access": "Who cannot sign in gets no mail, session, device or key.",
    "extension": "Making or receiving calls needs an extension.",
    "caller-id": "Outbound calls show an assigned number; if there is none, the one default.",
    "wallboard": "Configuring the wallboard implies viewing it.",
    "schedule": "Reports by mail need a report, and are filtered again for each recipient when they are sent.",
    "pin": "A PIN has 4 to 10 digits and belongs to one person.",
    "empty-grants": "A limited scope with nothing in it shows only own calls, or nothing.",
    "broad": "Everything, or export, is for those who need it.",
}


@dataclass(frozen=True)
class Case:
    """A proposal with everything that rules ask about."""

    proposal: Proposal
    actor: Actor
    standings: tuple[Standing, ...]
    effects: tuple[Effect, ...]
    old: Expansion
    new: Expansion

    @property
    def after(self) -> Directory:
        """The organisation as it would be."""
        return self.proposal.after


# -- what follows by itself


def mails(proposal: Proposal, standings: Iterable[Standing]) -> tuple[Proposal, list[Finding]]:
    """Mails that somebody may not get: refused when asked for, switched off when they follow from something else.

    ``missed-mail`` and ``no-access`` (002), ``schedule`` (000).
    """
    found = []
    asked = {edit.key: {**(edit.create or {}), **(edit.put or {}), **(edit.set or {})} for edit in proposal.edits
             if edit.kind == "person"}  # fmt: skip
    for one in standings:
        person = proposal.after.people.get(one.key)
        if person is None or person.disabled:
            continue
        role = proposal.after.roles.get(person.role)
        for field, rule, reason in _unwanted(person, role, one.after):
            explicit = asked.get(one.key, {}).get(field) is True
            if explicit:
                next_step = "Leave the mail off, or give access to the report first."
                found.append(wrong(rule, f"person {one.key}", reason, next_step))
            else:
                proposal = proposal.with_fields("person", one.key, **{field: False})
                found.append(warn(rule, f"person {one.key}", f"{reason} It is switched off.", "Tell them."))
    return proposal, found


def _unwanted(person: Person, role: Role | None, held: Effective) -> Iterable[tuple[str, str, str]]:
    mails = (("missed_mail", "reminders of missed opportunities"), ("report_mail", "reports by mail"))
    for field, what in mails:
        if not getattr(person, field):
            continue
        if role is not None and not role.login:
            yield field, "no-access", f"{person.name} cannot sign in, so cannot get {what}."
        elif field == "missed_mail" and not held.holds("reports.missed"):
            yield field, "missed-mail", f"{person.name} has no access to missed opportunities, so cannot get {what}."
        elif field == "report_mail" and not any(held.holds(name) for name in REPORTS):
            yield field, "schedule", f"{person.name} has no report, so cannot get {what}."


# -- rules over what the edits come to


def not_higher(case: Case) -> list[Finding]:
    """Nothing given, changed or kept goes beyond the access of whoever does it (003)."""
    actor, found = case.actor, []
    for key, (old, new) in case.proposal.of("role").items():
        beyond = {name for doc in (old, new) if doc for name in leq(of_role(Role.load(doc)), actor.symbolic)}
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


def _whole(held: Effective, actor: Effective) -> bool:
    """Whether the actor holds everything of all that somebody has: then memberships and routing add nothing to it."""
    theirs = ((one, actor.permissions.get(name)) for name, one in held.permissions.items() if one.scope)
    return all(
        mine is not None and mine.scope.everything and (mine.managed.everything or not one.managed)
        for one, mine in theirs
    )


def _potential(case: Case, key: str) -> set[str]:
    """What somebody could do once enabled, and by role and toggles once they are in a team."""
    found: set[str] = set()
    for directory in (case.proposal.before, case.after):
        somebody = directory.people.get(key)
        if somebody is not None and somebody.disabled:
            found |= set(leq(as_enabled(key, directory), case.actor.resolved))
    person = case.after.people.get(key)
    before = case.proposal.before.people.get(key)
    if person is not None and (before is None or (before.role, before.toggles) != (person.role, person.toggles)):
        bare = case.after.changed([("person", key, {**person.dump(), "grants": {}, "disabled": False})])
        found |= set(leq(effective(key, bare), case.actor.symbolic))
    return found


def _towards(case: Case, one: Standing) -> str:
    if one.key == case.actor.key:
        return "Nobody raises themselves: you would get"
    person = case.after.people.get(one.key) or case.proposal.before.people.get(one.key)
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
    if not _keepers(case.proposal.before) or _keepers(case.after):
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


def in_use(case: Case) -> list[Finding]:
    """What is removed says first who loses what."""
    found = []
    for edit in case.proposal.edits:
        if not edit.remove:
            continue
        about, name = f"{edit.kind} {edit.key}", name_of(edit.kind, edit.key, case.proposal.before)
        if edit.kind == "role":
            left = [person.name for person in case.after.people.values() if person.role == edit.key]
            if left:
                reason = f"{listed(left)} {'has' if len(left) == 1 else 'have'} the role {name}."
                found.append(wrong("in-use", about, reason, "Say which role they get instead."))
        elif not edit.confirm and (losses := _losses(case, edit)):
            reason = f"Removing {edit.kind} {name} takes something away: {'; '.join(losses[:8])}."
            found.append(wrong("in-use", about, reason, "Look at who loses what, then confirm the removal."))
    return found


def _losses(case: Case, edit: Edit) -> list[str]:
    lost = [f"{one.name} loses {listed(one.lost)}" for one in case.effects if one.lost and one.person != edit.key]
    touched = [
        f"{kind} {name_of(kind, key, case.proposal.before)} names it"
        for (kind, key), (old, new) in case.proposal.changes.items()
        if old is not None and new is not None and kind in ("team", "role")
    ]
    return [*lost, *touched]


def reports_tab(case: Case) -> list[Finding]:
    """The reports tab and at least one report come together, so that nobody lands on an error (002)."""
    found = []
    for key, (_, new) in case.proposal.of("role").items():
        grants = (new or {}).get("grants") or {}
        if "reports.tab" in grants and not any(name in grants for name in REPORTS):
            found.append(
                wrong("reports-tab", f"role {key}", f"The role {(new or {}).get('name')} has the reports tab and no "
                       "report to show in it.", "Add a report, or leave the tab out.")
            )  # fmt: skip
    return found


def extension(case: Case) -> list[Finding]:
    """Making or receiving calls needs an extension (001); two people with one see each other's calls."""
    found = []
    for key, person, old in _edited(case):
        about = f"person {key}"
        if (caller_ids(person) or person.default_caller_id) and not person.extension:
            found.append(
                warn("extension", about, f"{person.name} has a Caller ID and no extension, so cannot make calls.",
                      "Assign an extension.")
            )  # fmt: skip
        if person.extension and (old is None or old.extension != person.extension):
            others = [one.name for other, one in case.after.people.items()
                      if other != key and one.extension == person.extension]  # fmt: skip
            if others:
                reason = f"Extension {person.extension} is {listed(others)}'s, too: they share each other's calls."
                found.append(warn("extension", about, reason, "Give each their own, if that is not meant."))
    return found


def caller_id(case: Case) -> list[Finding]:
    """Without an assigned number and without a default, outbound calls have no Caller ID (001)."""
    return [
        warn("caller-id", f"person {key}", f"{person.name} can make calls, but without a Caller ID.",
              "Assign a number, or choose a default.")
        for key, person, old in _edited(case)
        if person.extension and not caller_ids(person)
        and (old is None or old.extension != person.extension or caller_ids(old))
    ]  # fmt: skip


def wallboard(case: Case) -> list[Finding]:
    """Configuring the wallboard implies viewing it (000)."""
    return [
        wrong("wallboard", f"person {key}", f"{person.name} would configure a wallboard and not view it.",
               "Leave Configure Wallboard off, too, or do not switch View Wallboard off.")
        for key, person, _ in _edited(case)
        if person.toggles.get("configure_wallboard") and person.toggles.get("view_wallboard") is False
    ]  # fmt: skip


def empty_grants(case: Case) -> list[Finding]:
    """A limited scope with nothing in it shows only own calls, or nothing."""
    meaning = {
        "MANAGED": "manages no team", "OWN_TEAMS": "is in no team", "GRANTED": "has empty Manage lists",
    }  # fmt: skip
    found = []
    for one in case.standings:
        person = case.after.people.get(one.key)
        if person is None or person.disabled or not one.directly:
            continue
        held = effective(one.key, case.after)
        symbols = {atom for name in held.permissions for atom, _ in held.permissions[name].scope.pairs}
        for symbol in sorted(symbols & SYMBOLS - {"SELF"}):
            if not Scope.of(symbol).resolve(person, case.after):
                own = any(atom != ALL for name in one.after.permissions
                          for atom, _ in one.after.permissions[name].scope.pairs)  # fmt: skip
                reason = f"{person.name} {meaning[symbol]}, and so sees {'only their own calls' if own else 'nothing'}"
                found.append(
                    warn("empty-grants", f"person {one.key}", f"{reason} where the role means more.",
                          "Add the person to a team, or grant queues, numbers or extensions.")
                )  # fmt: skip
    return found


def broad(case: Case) -> list[Finding]:
    """Advice when export, or everything, is given to somebody who is no admin (000, 001)."""
    found = []
    for one in case.standings:
        person = case.after.people.get(one.key)
        if person is None or any(one.after.holds(name, "manage") for name in ("roles", "users", "account")):
            continue
        wide = [name for name in ("calls", "recordings", "analytics", "analytics.rollup", "export")
                if _everything(one.after, name) and not _everything(one.before, name)]  # fmt: skip
        if one.after.holds("export") and not one.before.holds("export") and "export" not in wide:
            wide.append("export")
        if wide:
            titles = listed(PERMISSIONS[name].title for name in wide)
            found.append(
                Finding(rule="broad", about=f"person {one.key}", severity="advice",
                        reason=f"{person.name} is no admin and gets {titles} broadly.",
                        next="Grant only what the work needs; it can be widened later.")
            )  # fmt: skip
    return found


RULES: Final[tuple[Callable[[Case], list[Finding]], ...]] = (
    not_higher, last_admin, in_use, reports_tab, wallboard, extension, caller_id, empty_grants, broad,
)  # fmt: skip


# -- small things


def _edited(case: Case) -> Iterable[tuple[str, Person, Person | None]]:
    for key in case.proposal.of("person"):
        person = case.after.people.get(key)
        if person is not None:
            yield key, person, case.proposal.before.people.get(key)


def _everything(held: Effective, name: str) -> bool:
    return held.holds(name) and held.permissions[name].scope.everything
