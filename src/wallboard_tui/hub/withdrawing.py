"""Room ``hub``: what ends with a change of access, by whatever way it is made: sessions, secrets and one-time codes of
people who may not sign in any more, and what somebody approved beyond their new reach. Runs on the hub's thread.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from wallboard_tui.access.directory import Directory
from wallboard_tui.access.effects import Standing, as_enabled
from wallboard_tui.access.order import leq
from wallboard_tui.hub.hub import Hub
from wallboard_tui.hub.sessions import Sessions
from wallboard_tui.model.change import Change
from wallboard_tui.model.security import Credential


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What goes with a change of access. ``changes`` belong into the same commit; once it is made, ``ended`` are the
    keys of sessions that are no more. ``suspended``: what was taken back of what people approved, in sentences.
    """

    changes: tuple[Change, ...]
    ended: tuple[str, ...]
    suspended: tuple[str, ...]


def withdrawn(
    hub: Hub,
    sessions: Sessions,
    standings: Iterable[Standing],
    before: Directory,
    after: Directory,
    by: str,
    written: Collection[str] = (),
) -> Withdrawn:
    """What ends and is taken back with a change of access. ``standings``: everybody affected; ``by``: who does it;
    ``written``: people whose credential is put by the same commit, which says itself what stands in it.
    """
    work = _Work(hub, sessions, tuple(standings), before, after, frozenset(written))
    ended, ending = work.ending()
    suspended, changes = work.suspended(by)
    return Withdrawn((*ending, *changes, *work.limited()), tuple(ended), tuple(suspended))


@dataclass(frozen=True, slots=True)
class _Work:
    hub: Hub
    sessions: Sessions
    standings: tuple[Standing, ...]
    before: Directory
    after: Directory
    written: frozenset[str]

    def ending(self) -> tuple[list[str], list[Change]]:
        """Sessions and secrets of people who may not sign in any more; of those removed, everything."""
        keys: list[str] = []
        changes: list[Change] = []
        for one in self.standings:
            if "login" in one.after.capabilities:
                continue
            ended = self.sessions.of_person(one.key)
            keys += ended
            changes += self.sessions.removals(ended)
            gone = one.key not in self.after.people
            for kind in ("credential", "pin", "usage") if gone else ():
                if self.hub.document(kind, one.key) is not None:
                    changes.append(self.hub.drop(kind, one.key, "hub"))
            if not gone:
                changes += self._without_code(one.key)
        return keys, changes

    def suspended(self, by: str) -> tuple[list[str], list[Change]]:
        """What people approved beyond their new reach: one-time codes they gave to those who may now do more."""
        lower = {one.key: one for one in self.standings if leq(one.before, one.after)}
        said: list[str] = []
        changes: list[Change] = []
        if not lower:
            return said, changes
        now = self.hub.clock()
        people = {key: one for key, one in self.after.people.items() if key not in self.written}
        for entry in self.hub.journal.read_kind("credential"):
            credential = Credential.load(entry.change.doc or {"key": entry.change.key})
            giver, until = lower.get(credential.code_by), credential.code_until
            if giver is None or until is None or until <= now or credential.key not in people:
                continue
            if not leq(as_enabled(credential.key, self.after), giver.after):
                continue
            name, whose = people[credential.key].name, self._name(giver)
            said.append(f"The one-time code that {whose} gave {name} is good no longer: {name} may now do more.")
            changes += self._without_code(credential.key)
            changes.append(self.hub.audit(by, "code.suspended", credential.key, note=f"given by {giver.key}"))
        return said, changes

    def limited(self) -> list[Change]:
        """Terminals of people who became admins, or are none any more, get the idle limit that is theirs now."""
        found: list[Change] = []
        for one in self.standings:
            if "login" in one.after.capabilities:
                found += self.sessions.limited(one.key, one.after)
        return found

    def _without_code(self, key: str) -> list[Change]:
        doc = self.hub.document("credential", key)
        if key in self.written or doc is None or doc.get("code_hash") is None:
            return []
        left = Credential.load(doc).model_copy(update={"code_hash": None, "code_until": None, "code_by": ""})
        return [self.hub.put("credential", left.dump(), "hub")]

    def _name(self, one: Standing) -> str:
        person = self.after.people.get(one.key) or self.before.people.get(one.key)
        return person.name if person else one.key
