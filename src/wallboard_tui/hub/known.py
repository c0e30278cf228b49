"""Room ``hub``: what is known of one state of the organisation: its directory and boards, and what each person may see
and do by them. Knows ``access``; changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from wallboard_tui.access.derive import Effective
from wallboard_tui.access.directory import Directory
from wallboard_tui.access.effective import effective
from wallboard_tui.access.gate import Gate
from wallboard_tui.access.me import UnknownPerson, me
from wallboard_tui.access.reach import Reach
from wallboard_tui.access.saving import narrowed
from wallboard_tui.hub import operator
from wallboard_tui.hub.errors import not_found, not_permitted
from wallboard_tui.model.base import Doc
from wallboard_tui.model.me import Me
from wallboard_tui.view import queries
from wallboard_tui.view.view import View

DIRECTORY_KINDS = frozenset(
    {"organisation", "role", "person", "team", "queue", "number", "agent", "extension", "contact"}
)
WATCHED = (DIRECTORY_KINDS - {"contact"}) | {"board"}
"""Kinds whose visibility may change although they themselves did not: a person joins a team that somebody manages."""


@dataclass(frozen=True, slots=True)
class Access:
    """One person's access as it stands under today's directory."""

    me: Me
    gate: Gate


@dataclass(frozen=True, slots=True)
class Known:
    """One state of the directory and the boards; what follows from it for each person is computed once."""

    directory: Directory
    boards: Sequence[Doc]
    watched: Mapping[str, Mapping[str, Doc]]
    """Documents of ``WATCHED`` kinds, by kind and key."""
    policy: int
    secret: bytes = field(repr=False)
    """The hub's own: keys under which masked callers are known come from it."""
    _access: dict[tuple[str, str], Access] = field(default_factory=dict)

    @classmethod
    def of(cls, view: View, policy: int, secret: bytes) -> Self:
        """The state that a hub's view holds."""
        kinds = {kind: queries.documents(view, kind) for kind in sorted(DIRECTORY_KINDS | {"board"})}
        directory = Directory.from_documents((kind, doc) for kind in kinds for doc in kinds[kind].values())
        watched = {kind: docs for kind, docs in kinds.items() if kind in WATCHED}
        return cls(directory, list(kinds["board"].values()), watched, policy, secret)

    def access(self, person: str, viewer: str, now: float) -> Access:
        """What a person may see and do; ``viewer``: somebody who looks through the person's eyes; then only what both
        may see. Raises ``HubError``: 403 when they may not, 404 when there is no such person.
        """
        found = self._access.get((person, viewer))
        if found is None:
            if viewer:
                self._check_viewer(viewer, now)
            found = self._access[person, viewer] = self._compute(person, viewer, now)
        return found

    def _check_viewer(self, viewer: str, now: float) -> None:
        gate = self.access(viewer, "", now).gate
        if not (gate.may("roles") and gate.may("users")):
            raise not_permitted("view as somebody else", "Roles (view) and People (view)")

    def _compute(self, person: str, viewer: str, now: float) -> Access:
        directory = self.directory_for(person)
        held = self.effective(person, viewer)
        try:
            reach = Reach(held, directory)
            answer = me(person, directory, self.boards, policy=self.policy, now=now, reach=reach)
        except UnknownPerson as error:
            raise not_found("person", person, "See “wallboard people” for those the organisation has.") from error
        return Access(answer, Gate(held, answer, directory, secret=self.secret, reach=reach))

    def directory_for(self, person: str) -> Directory:
        """The directory in which somebody is found: the operator stands in no document."""
        if person != operator.KEY:
            return self.directory
        return self.directory.changed((kind, doc["key"], doc) for kind, doc in operator.documents())

    def effective(self, person: str, viewer: str = "") -> Effective:
        """Resolved permissions; nobody's are empty."""
        directory = self.directory_for(person)
        held = effective(person, directory).resolved(directory)
        if viewer:
            theirs = self.directory_for(viewer)
            held = narrowed(held, effective(viewer, theirs).resolved(theirs))
        return held
