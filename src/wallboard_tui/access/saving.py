"""Room ``access``: whether edits may be saved, and what they mean to whom. Pure; asked again at every commit.

The rules themselves stand in ``saving_rules``; here they are put together, after what follows from the edits by itself:
mails that nobody may get any more are switched off.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from wallboard_tui.access import saving_form, saving_people, saving_rules
from wallboard_tui.access.derive import Effective
from wallboard_tui.access.effects import Standing, affected, effects
from wallboard_tui.access.expansion import Expansion
from wallboard_tui.access.proposal import Proposal, Ref
from wallboard_tui.access.saving_case import Case
from wallboard_tui.access.saving_form import Actor
from wallboard_tui.access.scope import NOWHERE
from wallboard_tui.model.administration import Effect, Finding

__all__ = ["Actor", "Verdict", "judge"]


@dataclass(frozen=True)
class Verdict:
    """What the rules say of a proposal. ``proposal``: with what follows from it by itself."""

    proposal: Proposal
    findings: tuple[Finding, ...]
    standings: tuple[Standing, ...] = ()
    effects: tuple[Effect, ...] = ()

    @property
    def permitted(self) -> bool:
        """Whether who makes it may make such changes at all. If not, nothing of what stands, or would, is for them."""
        return not any(one.rule == saving_form.NOT_PERMITTED for one in self.findings)

    @property
    def refused(self) -> tuple[Finding, ...]:
        """Findings that forbid saving, the most telling first."""
        return tuple(one for one in self.findings if one.severity == "refused")

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """Findings that only warn or advise."""
        return tuple(one for one in self.findings if one.severity != "refused")


def judge(proposal: Proposal, actor: Actor, *, removed: Collection[Ref] = ()) -> Verdict:
    """Judge a proposal for whoever makes it. ``removed``: documents to be made whose key once was another's."""
    permitted = saving_form.permitted(proposal, actor)
    if permitted or proposal.mistakes:
        # Who may not do it is told so, and nothing of what it would mean.
        return Verdict(proposal, tuple(permitted or proposal.mistakes))
    if broken := [*saving_form.wellformed(proposal, actor.sight), *saving_form.fresh(proposal, removed)]:
        return Verdict(proposal, tuple(broken))
    old = Expansion(proposal.before)
    standings = affected(proposal, old, Expansion(proposal.after))
    proposal, followed = saving_people.mails(proposal, standings)
    if followed:
        standings = affected(proposal, old, Expansion(proposal.after))
    meant = tuple(effects(standings, proposal, actor.name))
    case = Case(proposal, actor, tuple(standings), meant, old, Expansion(proposal.after))
    findings: list[Finding] = [*followed]
    for rule in saving_rules.RULES:
        findings += rule(case)
    if any(one.rule == "not-higher" for one in findings):
        # What goes beyond one's own is not told in words: who would lose what names things one may not know.
        findings = [one for one in findings if one.rule != "in-use"]
    order = {"refused": 0, "warning": 1, "advice": 2}
    return Verdict(proposal, tuple(sorted(findings, key=lambda one: order[one.severity])), tuple(standings), meant)


def narrowed(person: Effective, viewer: Effective) -> Effective:
    """What both somebody and a viewer may see: the person's access as far as it lies within the viewer's.

    Both resolved. Nothing in it may be changed: whoever looks at another's board only looks. Where scopes name other
    things (a team and one of its queues) nothing is left, though both may hold some rows: rather too little.
    """
    permissions = {}
    for name, held in person.permissions.items():
        other = viewer.permissions.get(name)
        if other is None:
            continue
        scope = held.scope & other.scope
        if scope or not held.scope:
            permissions[name] = replace(held, level="view", scope=scope, managed=NOWHERE)
    login = tuple(name for name in ("login",) if name in person.capabilities)
    return replace(person, permissions=permissions, capabilities=login, viewer=viewer.person)
