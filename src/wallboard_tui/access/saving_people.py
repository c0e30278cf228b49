"""Room ``access``: the rules about what single people get: mails, extensions, Caller IDs, and what is too little or too
much. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from wallboard_tui.access.derive import Effective, caller_ids, effective
from wallboard_tui.access.directory import Directory
from wallboard_tui.access.effects import Standing
from wallboard_tui.access.knowing import OWN
from wallboard_tui.access.permissions import PERMISSIONS, REPORTS
from wallboard_tui.access.proposal import Proposal
from wallboard_tui.access.saving_case import Case
from wallboard_tui.access.saving_form import warn, wrong
from wallboard_tui.access.scope import SYMBOLS, Scope
from wallboard_tui.access.words import listed, scope_words
from wallboard_tui.model.administration import Finding
from wallboard_tui.model.directory import Person, Role

MAILS: Final = (
    ("missed_mail", "missed-mail", "reminders of missed opportunities"),
    ("report_mail", "schedule", "reports by mail"),
)
"""What a person may get by mail: the field, the rule about it, and what it is called."""


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
                first = "a role that signs in" if rule == "no-access" else "access to the report"
                found.append(wrong(rule, f"person {one.key}", reason, f"Leave the mail off, or give {first} first."))
            else:
                proposal = proposal.with_fields("person", one.key, **{field: False})
                found.append(warn(rule, f"person {one.key}", f"{reason} It is switched off.", "Tell them."))
    return proposal, found


def _unwanted(person: Person, role: Role | None, held: Effective) -> Iterable[tuple[str, str, str]]:
    for field, _, what in MAILS:
        if not getattr(person, field):
            continue
        if role is not None and not role.login:
            yield field, "no-access", f"{person.name} cannot sign in, so cannot get {what}."
        elif field == "missed_mail" and not held.holds("reports.missed"):
            yield field, "missed-mail", f"{person.name} has no access to missed opportunities, so cannot get {what}."
        elif field == "report_mail" and not any(held.holds(name) for name in REPORTS):
            yield field, "schedule", f"{person.name} has no report, so cannot get {what}."


def address(case: Case) -> list[Finding]:
    """Mail that somebody is to get needs an address to go to."""
    return [
        warn(rule, f"person {key}", f"{person.name} has no mail address, so {what} cannot reach them.",
             "Add the address.")
        for key, person, old in _edited(case)
        for field, rule, what in MAILS
        if getattr(person, field) and not person.email and (old is None or old.email or not getattr(old, field))
    ]  # fmt: skip


def extension(case: Case) -> list[Finding]:
    """Making or receiving calls needs an extension (001); two people with one see each other's calls."""
    found = []
    for key, person, old in _edited(case):
        about = f"person {key}"
        shows = caller_ids(person)
        if shows and not person.extension and (old is None or old.extension or caller_ids(old) != shows):
            found.append(
                warn("extension", about, f"{person.name} has a Caller ID and no extension, so cannot make calls.",
                      "Assign an extension.")
            )  # fmt: skip
        if person.extension and (old is None or old.extension != person.extension):
            sharing = case.after.people_by_extension.get(person.extension, ())
            others = [case.after.people[other].name for other in sharing if other != key]
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


_EMPTY: Final[Mapping[str, tuple[str, str, str]]] = {
    "MANAGED": ("manages no team yet", "Let them manage one", "teams add TEAM --manager {}"),
    "OWN_TEAMS": ("is in no team yet", "Add them to one", "teams add TEAM --member {}"),
    "GRANTED": ("has empty Manage lists", "Fill them", "grants entities {} --queue QUEUE"),
}  # fmt: skip
"""By a symbol that stands for nothing: what that means of a person, what to do, and the command that does it."""


def empty_grants(case: Case) -> list[Finding]:
    """A limited scope with nothing in it shows only own calls, or nothing."""
    found = []
    for one in case.standings:
        person = case.after.people.get(one.key)
        if person is None or person.disabled or not one.directly:
            continue
        held, was = effective(one.key, case.after), effective(one.key, case.proposal.before)
        if one.key in case.proposal.before.people and held.permissions == was.permissions and one.same:
            continue  # it stands so already, and is no news to whoever writes it again
        symbols = {atom for name in held.permissions for atom, _ in held.permissions[name].scope.pairs}
        for symbol in sorted(symbols & SYMBOLS - {"SELF"}):
            if not Scope.of(symbol).resolve(person, case.after):
                lacking, step, command = _EMPTY[symbol]
                reason = f"{person.name} {lacking}, so {_shows(symbol, held, one.after, case.after)}."
                next_step = f"{step} (wallboard {command.format(one.key)})."
                found.append(warn("empty-grants", f"person {one.key}", reason, next_step))
    return found


def _shows(symbol: str, held: Effective, after: Effective, directory: Directory) -> str:
    """What the permissions show that hold for a symbol which stands for nothing: “Calls show nothing”."""
    left: dict[str, list[str]] = {}
    for name, one in held.permissions.items():
        if any(atom == symbol for atom, _ in one.scope.pairs):
            # What else they are granted whoever edits them may not know by name.
            words = scope_words(after.scope(name), directory, after.person)
            what = "nothing" if not words else "only their own" if words == OWN else "only what else is granted"
            left.setdefault(what, []).append(PERMISSIONS[name].title)
    return ", and ".join(f"{listed(titles)} show {what}" for what, titles in left.items())


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


def _edited(case: Case) -> Iterable[tuple[str, Person, Person | None]]:
    for key in case.proposal.of("person"):
        person = case.after.people.get(key)
        if person is not None:
            yield key, person, case.proposal.before.people.get(key)


def _everything(held: Effective, name: str) -> bool:
    return held.holds(name) and held.permissions[name].scope.everything
