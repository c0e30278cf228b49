"""Room ``access``: whom a proposal affects, what each gains and loses, in plain words. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from wallboard_tui.access.derive import Effective, effective, of_person
from wallboard_tui.access.directory import Directory
from wallboard_tui.access.expansion import Expansion
from wallboard_tui.access.knowing import ROWS
from wallboard_tui.access.permissions import CAPABILITIES
from wallboard_tui.access.proposal import Proposal
from wallboard_tui.access.scope import ALL, Scope
from wallboard_tui.access.words import MOST, gained, listed
from wallboard_tui.model.administration import Effect
from wallboard_tui.model.directory import Person

ROUTING: Final = frozenset({"team", "queue", "number", "agent", "extension"})
"""Kinds by which calls come to be somebody's without a change of anybody's permissions."""
WHOLE: Final = "All that you may do stands at the end of the help (?)."
"""Where it stands, said to whoever gets a notice that does not name everything."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody may do before and after, resolved; nothing for those who are not there."""

    key: str
    before: Effective
    after: Effective
    directly: bool
    """The person's own document is edited, or their role's."""

    @property
    def same(self) -> bool:
        """Whether permissions and capabilities stay as they are."""
        return (self.before.permissions, self.before.capabilities) == (self.after.permissions, self.after.capabilities)


def affected(proposal: Proposal, old: Expansion, new: Expansion) -> list[Standing]:
    """Everybody whose access becomes another, or who is edited themselves. What an edit leaves as it is, as most of
    a whole organisation's file, edits nobody.
    """
    before, after = proposal.before, proposal.after
    edited, roles = (
        {key for key, (was, now) in proposal.of(kind).items() if was != now} for kind in ("person", "role")
    )
    direct = edited | {key for key, person in before.people.items() if person.role in roles}
    direct |= {key for key, person in after.people.items() if person.role in roles}
    wider = _reroutes(proposal)
    found = []
    for key in sorted({*before.people, *after.people} if wider else direct):
        was, now = _resolved(key, before), _resolved(key, after)
        one = Standing(key, was, now, key in direct)
        if one.directly or not one.same or not old.same(new, now):
            found.append(one)
    return found


def _reroutes(proposal: Proposal) -> bool:
    """Whether others than those with the edited documents and roles may be affected."""
    for (kind, _), (old, new) in proposal.changes.items():
        if kind in ROUTING or kind == "organisation" or old is None or new is None:
            return True
        if kind == "person" and any(old.get(name) != new.get(name) for name in ("agents", "extension")):
            return True
    return False


def _resolved(key: str, directory: Directory) -> Effective:
    return effective(key, directory).resolved(directory)


def as_enabled(key: str, directory: Directory) -> Effective:
    """What somebody may do, or could once enabled again; resolved."""
    person = directory.people.get(key)
    if person is None or not person.disabled:
        return _resolved(key, directory)
    return of_person(person, directory).resolved_for(person, directory)


def effects(standings: Iterable[Standing], proposal: Proposal, by: str) -> list[Effect]:
    """What a proposal means to each, in plain words; those to whom it means nothing are left out.

    ``by``: the name of whoever does it.
    """
    found = (_effect(one, proposal, by) for one in standings)
    return [effect for effect in found if effect is not None]


def _effect(one: Standing, proposal: Proposal, by: str) -> Effect | None:
    before, after = proposal.before, proposal.after
    was, now = before.people.get(one.key), after.people.get(one.key)
    more, every_more = _more(one.before, one.after, after)
    less, every_less = _more(one.after, one.before, before, lost=True)
    name = (now or was).name if (now or was) else one.key  # type: ignore[union-attr]
    said = _said(was, now, after)
    if not (more or less or said):
        return None
    parts = [f"{by} added you." if was is None else f"{by} changed your access.", *said]
    parts += [f"{'You may use' if was is None else 'Added'}: {listed(more)}."] if more else []
    parts += [f"Taken away: {listed(less)}."] if less else []
    cut = more != every_more or less != every_less or max(len(more), len(less)) > MOST
    parts += [WHOLE] if cut and now is not None and not now.disabled else []
    return Effect(
        person=one.key, name=name, gained=more, lost=less, every_gained=every_more, every_lost=every_less,
        sentence=" ".join(parts),
    )  # fmt: skip


def _more(
    before: Effective, after: Effective, directory: Directory, *, lost: bool = False
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What one has more by ``after``: permissions with their scopes, and capabilities; in short, and all of it."""
    short, every = gained(_telling(before), _telling(after), directory, lost=lost)
    more = _capabilities(before, after)
    return (*short, *more), (*every, *more)


def _telling(held: Effective) -> Effective:
    """The same with callers' numbers only where they tell something: of rows that one sees, contacts, and the trail."""
    numbers = held.permissions.get("caller_number")
    if numbers is None or held.holds("contacts") or held.holds("audit"):
        return held
    rows = held.scope(*ROWS)
    ways = {way for _, way in rows.pairs}
    shown = Scope(frozenset(pair for pair in numbers.scope.pairs if pair[0] != ALL and pair[1] in ways))
    shown |= Scope(frozenset(pair for pair in rows.pairs if (ALL, pair[1]) in numbers.scope.pairs))
    without = {name: one for name, one in held.permissions.items() if name != "caller_number"}
    told = {"caller_number": replace(numbers, scope=shown)} if shown else {}
    return replace(held, permissions={**without, **told})


def _said(was: Person | None, now: Person | None, after: Directory) -> list[str]:
    """What else there is to say about somebody: a new role, being disabled or enabled, being removed."""
    if was is None or now is None:
        return ["Your sign-in was removed."] if now is None else []
    said = []
    if was.role != now.role:
        role = after.roles.get(now.role)
        said.append(f"Your role is now {role.name if role else now.role}.")
    if was.disabled != now.disabled:
        said.append("Your sign-in was closed." if now.disabled else "Your sign-in was opened again.")
    return said


CAPABILITY_WORDS: Final[Mapping[str, str]] = {
    "call.make": "making calls",
    "call.receive": "receiving calls",
    "caller_id": "calling with a Caller ID",
    "email.missed_reminder": "reminders of missed opportunities by mail",
    "email.reports": "reports by mail",
}


def _capabilities(before: Effective, after: Effective) -> tuple[str, ...]:
    return tuple(
        CAPABILITY_WORDS[name]
        for name in CAPABILITIES
        if name in CAPABILITY_WORDS and name in after.capabilities and name not in before.capabilities
    )
