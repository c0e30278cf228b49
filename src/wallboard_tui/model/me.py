"""Room ``model``: what a hub tells a terminal about the person who signed in."""

from collections.abc import Iterable

from wallboard_tui.model.base import Doc, Epoch, Frozen, Seconds
from wallboard_tui.model.board import DIMENSIONS as DIMENSIONS
from wallboard_tui.model.grant import Grant


class Lens(Frozen):
    """One distinct resolved scope of a person, and the permissions that look through it.

    A row carries one bit per lens that admits it (bit *i* = lens *i*). ``rows``: the terminal gets the calls
    themselves and counts them; otherwise (*figures without rows*) it gets cells, live figures and followups that the
    hub computed.
    """

    name: str
    permissions: tuple[str, ...]
    rows: bool
    everything: bool = False
    """The scope is ALL in every direction."""
    by: tuple[str, ...] = ()
    """What figures of this lens may be broken down by: queue, agent, team, number, campaign, all."""
    states: bool = True
    """The person may see the states of all agents in the scope. Otherwise time in a state is not told, but for the
    own."""


class Me(Frozen):
    """The answer of ``GET /me``: the person, the effective permissions, and what is composed from them."""

    person: str
    name: str
    role: str
    role_name: str
    permissions: dict[str, Grant]
    """Effective permissions, resolved: MANAGED, OWN_TEAMS and SELF replaced by what they mean for this person today."""
    capabilities: tuple[str, ...] = ()
    panes: tuple[str, ...]
    """Panes that this person may see, in the order people land on them."""
    lenses: tuple[Lens, ...] = ()
    agents: tuple[str, ...] = ()
    extension: str | None = None
    teams: tuple[str, ...] = ()
    managed_teams: tuple[str, ...] = ()
    boards: tuple[Doc, ...] = ()
    """Boards this person is offered, best first, panes already left out that they may not see."""
    organisation: Doc
    policy: int
    """Policy revision: the seq of the newest document that decides about access."""
    fingerprint: str
    """Changes exactly when the resolved scopes or redaction change. Names the cache file."""
    sees: str = ""
    """One sentence when there is nothing to open: what is missing and whom to ask."""
    lease_s: Seconds
    server_time: Epoch

    def may(self, permission: str, level: str = "view") -> bool:
        """Whether the person holds a permission at a level (``manage`` implies ``view``)."""
        grant = self.permissions.get(permission)
        return grant is not None and (grant.level == level or grant.level == "manage")

    def lens(self, permission: str) -> int | None:
        """Index of the lens through which a permission looks, ``None`` when the person does not hold it."""
        return next((i for i, lens in enumerate(self.lenses) if permission in lens.permissions), None)

    def lens_by(self, by: str) -> int | None:
        """Index of the lens in which figures are broken down by a dimension, ``None`` when they may not be."""
        return next((i for i, lens in enumerate(self.lenses) if by in lens.by), None)

    def breakdowns(self) -> tuple[str, ...]:
        """What the person may break figures down by."""
        return tuple(by for by in DIMENSIONS if self.lens_by(by) is not None)

    def knows_all_work(self, lens: int, by: str, key: str = "") -> bool:
        """Whether those whose talk counts in a row of figures all have their time counted there, too.

        In a part of a centre other people take calls of its queues, and one's own people help out elsewhere: a share of
        time made of the one's talk and the other's time would be about nobody. An agent's and a team's row are about
        certain agents in both.
        """
        found = self.lenses[lens]
        if found.everything or by in ("agent", "team"):
            return True
        granted = (self.permissions[name].scope for name in found.permissions if name in self.permissions)
        return by == "queue" and any(f"queue:{key}" in scope for scope in granted)

    def knows_missed(self, lens: int, by: str, key: str = "") -> bool:
        """Whether missed callers may be counted in a row of figures: those whom the person sees, but never a part of
        them beside figures of everything.
        """
        grant = self.permissions.get("reports.missed")
        if grant is None:
            return False
        # Only calls that come in are missed.
        atoms = {atom.removesuffix("/inbound") for atom in grant.scope}
        whole = "ALL" in atoms or (by == "queue" and f"queue:{key}" in atoms)
        return whole or not self.lenses[lens].everything

    def reach(self, permissions: Iterable[str]) -> frozenset[str]:
        """Atoms that some permissions name, in whichever direction."""
        granted = (self.permissions[name] for name in permissions if name in self.permissions)
        return frozenset[str]().union(*(grant.atoms() for grant in granted))

    def own_states(self) -> frozenset[str]:
        """Own agents whose time in a state the person may see: with ``analytics`` of themselves."""
        atoms = self.reach(("analytics",))
        return frozenset(agent for agent in self.agents if "ALL" in atoms or f"agent:{agent}" in atoms)
