"""Room ``access``: what the rules at saving ask about: a proposal, who makes it, and what it means to whom. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from wallboard_tui.access.directory import Directory
from wallboard_tui.access.effects import Standing
from wallboard_tui.access.expansion import Expansion
from wallboard_tui.access.proposal import Proposal
from wallboard_tui.access.saving_form import Actor
from wallboard_tui.model.administration import Effect


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
