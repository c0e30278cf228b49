"""Room ``hub``: saves edits of people, roles, teams and the rest. Runs on the hub's thread.

One edit set is one append: documents, audit trail, notices and the ends of sessions together, expecting the revisions
that were looked at and the policy revision that was judged by. What is refused is written down as well.
"""

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from wallboard_tui.access.derive import effective
from wallboard_tui.access.knowing import Knowing
from wallboard_tui.access.packs import NAMES
from wallboard_tui.access.proposal import Proposal, Ref, propose
from wallboard_tui.access.saving import Verdict, judge
from wallboard_tui.access.saving_form import Actor
from wallboard_tui.access.sight import Sight
from wallboard_tui.hub import setup
from wallboard_tui.hub.differing import differing, differing_fields
from wallboard_tui.hub.errors import HubError
from wallboard_tui.hub.hub import Hub
from wallboard_tui.hub.learnt import Learnt
from wallboard_tui.hub.refusals import refused_trail
from wallboard_tui.hub.sessions import Ended, Sessions
from wallboard_tui.hub.sitting import stamp_again
from wallboard_tui.hub.stamp import Stamper
from wallboard_tui.hub.withdrawing import withdrawn
from wallboard_tui.journal.base import POLICY
from wallboard_tui.model.administration import Applied, Difference, Edit, Finding, Saved
from wallboard_tui.model.base import Doc
from wallboard_tui.model.change import Change, Entry
from wallboard_tui.model.security import Notice

NAMELESS = frozenset({"unknown", "caller-id"})
"""Rules that refuse a key that there is not, or not for whoever gives it: what it would change must not tell which."""
FORBIDDEN = frozenset({"not-permitted", "not-higher"})
"""Rules that are about whoever does it (403); the others are about what is written (422)."""


class Administration:
    """Everything that admins change, under the rules of ``access.saving``."""

    def __init__(self, hub: Hub, sessions: Sessions) -> None:
        self._hub = hub
        self._sessions = sessions

    # -- saving

    def save(self, by: str, edits: Sequence[Edit], *, dry_run: bool = False, note: str = "") -> Saved:
        """Save edits, all or none. ``by``: who does it.

        Raises ``HubError``: 403 or 422 naming the rule, with all ``findings``; 409 ``changed-meanwhile`` with
        ``fields`` that somebody else changed since. With ``dry_run`` what is refused is part of the answer.
        """
        policy = self._hub.journal.policy()
        verdict, actor = self._judged(by, edits)
        # First whether they may: what somebody else changed is for those alone who may change it, too.
        if verdict.permitted and (fields := [one for edit in edits for one in differing(self._hub.journal, edit)]):
            readable = [_readable(one, actor.sight) for one in fields]
            raise _changed_meanwhile([one for one in readable if one["field"]] or readable[:1])
        if dry_run:
            return self._foreseen(verdict, policy, actor)
        if verdict.refused:
            self._refuse(by, edits, verdict.refused)
        return self._commit(by, actor, verdict, policy, note)

    def _judged(self, by: str, edits: Sequence[Edit]) -> tuple[Verdict, Actor]:
        actor = self.actor(by)
        proposal = propose(edits, self._hub.document, self._hub.directory, actor.sight)
        proposal = self._with_packs(proposal)
        made = [ref for ref, (old, _) in proposal.changes.items() if old is None]
        removed = {(kind, key) for kind, key in made if self._hub.journal.get(kind, key) is not None}
        return judge(proposal, actor, removed=removed), actor

    def _with_packs(self, proposal: Proposal) -> Proposal:
        """A pack that the organisation takes on brings its roles along, but for those that are there already."""
        old, new = proposal.changes.get(("organisation", "organisation"), (None, None))
        packs = [pack for pack in (new or {}).get("packs", ()) if pack not in ((old or {}).get("packs") or ())]
        # A pack that there is not brings nothing; the rules refuse it.
        roles = [role for pack in packs if pack in NAMES for role in setup.roles_in(pack)]
        missing = {
            ("role", role.key): (None, role.dump())
            for role in roles
            if ("role", role.key) not in proposal.changes and self._hub.document("role", role.key) is None
        }
        if not missing:
            return proposal
        return Proposal(proposal.edits, {**proposal.changes, **missing}, proposal.before, proposal.mistakes)

    def actor(self, key: str) -> Actor:
        """Somebody with what they may do now, as the rules compare it."""
        directory = self._hub.directory_for(key)
        held = effective(key, directory)
        person = directory.people.get(key)
        resolved = held.resolved(directory)
        return Actor(key, person.name if person else key, held, resolved, Sight(Knowing(resolved, directory)))

    def _foreseen(self, verdict: Verdict, policy: int, actor: Actor) -> Saved:
        if not verdict.permitted or any(one.rule in NAMELESS for one in verdict.refused):
            return Saved(policy=policy, refused=verdict.refused, dry_run=True)
        changed = [ref for ref, (old, new) in verdict.proposal.changes.items() if old != new]
        # What goes beyond one's own is not told in words: these name queues and teams that one may not know.
        within = not any(one.rule in FORBIDDEN for one in verdict.refused)
        return Saved(
            policy=policy,
            applied=tuple(Applied(kind=k, key=key, revision=0) for k, key in _told(verdict.proposal, actor.sight)),
            unchanged=len(verdict.proposal.changes) - len(changed),
            differences=_differences(verdict.proposal, actor.sight),
            refused=verdict.refused,
            warnings=verdict.warnings,
            effects=verdict.effects if within else (),
            dry_run=True,
        )

    def _refuse(self, by: str, edits: Sequence[Edit], refused: Sequence[Finding]) -> None:
        self._hub.commit(refused_trail(self._hub, by, edits, refused))
        first = refused[0]
        raise HubError(
            403 if first.rule in FORBIDDEN else 422,
            first.rule,
            first.reason,
            first.next,
            findings=[one.model_dump(mode="json") for one in refused],
            missing=list(first.missing),
        )

    def _commit(self, by: str, actor: Actor, verdict: Verdict, policy: int, note: str) -> Saved:
        proposal = verdict.proposal
        changes: list[Change] = []
        expect: dict[Ref, int | None] = {POLICY: policy}
        unchanged = 0
        for (kind, key), (old, new) in proposal.changes.items():
            if old == new:
                unchanged += 1
                continue
            entry = self._hub.journal.get(kind, key)
            expect[kind, key] = entry.seq if entry is not None and entry.change.doc is not None else None
            changes.append(Change(kind, key, new, self._hub.clock(), by))
            changes.append(self._trail(by, kind, key, old, new, note))
        if not changes:
            return Saved(policy=policy, unchanged=unchanged, warnings=verdict.warnings)
        gone = withdrawn(self._hub, self._sessions, verdict.standings, proposal.before, proposal.after, by)
        notices = list(self._notices(verdict, actor))
        self._hub.foresee(proposal.after)
        entries = self._hub.commit([*changes, *gone.changes, *notices], expect)
        self._sessions.ended(gone.ended, Ended.DISABLED)
        agents = ((old, new) for (kind, _), (old, new) in proposal.changes.items() if kind == "agent" and new)
        if learnt := Learnt.of(agents):
            stamp_again(self._hub, Stamper(self._hub.directory), learnt, by)
        return Saved(
            policy=self._hub.journal.policy(),
            applied=_applied(entries, _told(proposal, actor.sight)),
            unchanged=unchanged,
            differences=_differences(proposal, actor.sight),
            warnings=verdict.warnings,
            effects=verdict.effects,
            suspended=gone.suspended,
            notices=len(notices),
        )

    # -- what goes with it

    def _trail(self, by: str, kind: str, key: str, old: Doc | None, new: Doc | None, note: str) -> Change:
        verb = "created" if old is None else "removed" if new is None else "changed"
        before, after = differing_fields(old, new)
        return self._hub.audit(by, f"{kind}.{verb}", key, before=before, after=after, note=note)

    def _notices(self, verdict: Verdict, actor: Actor) -> Iterable[Change]:
        """A notice for everybody whose access is another now, but for whoever did it. Newcomers read at their first
        sign-in what they may use.
        """
        now = self._hub.clock()
        for effect in verdict.effects:
            if effect.person == actor.key:
                continue
            person = verdict.proposal.after.people.get(effect.person)
            if person is None or person.disabled:
                continue
            key = f"{effect.person}-{now:.3f}-{secrets.token_hex(4)}"
            notice = Notice(key=key, person=effect.person, at=now, text=effect.sentence)
            yield Change("notice", key, notice.dump(), now, actor.key)


def _differences(proposal: Proposal, sight: Sight) -> tuple[Difference, ...]:
    found = []
    for kind, key in _told(proposal, sight):
        differ = differing_fields(*proposal.changes[kind, key])
        before, after = (None if one is None else sight.told(kind, key, one) for one in differ)
        if before or after:  # else nothing that follows in it is for them to read
            found.append(Difference(kind=kind, key=key, before=before, after=after))
    return tuple(found)


def _told(proposal: Proposal, sight: Sight) -> list[Ref]:
    """What becomes another: all that is edited, and of what follows from it that which whoever edits may know of."""
    edited = {(edit.kind, edit.key) for edit in proposal.edits}
    changed = [ref for ref, (old, new) in proposal.changes.items() if old != new]
    return [ref for ref in changed if ref in edited or sight.names(*ref)]


def _readable(field: Doc, sight: Sight) -> Doc:
    """A field that differs, without what whoever is told may not know; nameless where it is not theirs to read."""
    name, parts = field["field"], ("was", "theirs", "yours")
    told = {part: sight.told(field["kind"], field["key"], {name: field.get(part)}) for part in parts}
    if any(name not in one for one in told.values()):
        return {**field, "field": "", **dict.fromkeys(parts)}
    return {**field, **{part: one[name] for part, one in told.items()}}


def _applied(entries: Sequence[Entry], refs: Collection[Ref]) -> tuple[Applied, ...]:
    return tuple(
        Applied(kind=entry.change.kind, key=entry.change.key, revision=entry.seq)
        for entry in entries
        if (entry.change.kind, entry.change.key) in refs
    )


def _changed_meanwhile(fields: Sequence[Mapping[str, Any]]) -> HubError:
    first = fields[0]
    said = [f"{one['field']} (by {one['by'] or 'somebody'})" for one in fields if one["field"]]
    what = f": {', '.join(said[:6])}" if said else ""
    return HubError(
        409,
        "changed-meanwhile",
        f"Somebody changed {first['kind']} “{first['key']}” first{what}.",
        "Look at it again, then save what is still needed.",
        kind=first["kind"],
        key=first["key"],
        fields=list(fields),
    )
