"""Room ``tui``: what the screens need from the client's side, and nothing of how it is done. No Textual, no network
here.

The app is given one of these; ``tui/online.py`` is the one that talks to a hub. A test may give one that stands still.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from wallboard_tui.client.administration import Administration
    from wallboard_tui.model.base import Doc
    from wallboard_tui.model.me import Me
    from wallboard_tui.tui.standing import Standing
    from wallboard_tui.view.view import View


T = TypeVar("T")
READ_ONLY = "You view as {name}: read-only. Press Esc to act as yourself again."


@dataclass(frozen=True)
class DemoPerson:
    """Somebody to try in the demo."""

    person: str
    name: str
    role: str
    password: str
    note: str = ""


class TerminalError(Exception):
    """Something was refused or did not work: one sentence or two with thing, reason and next step.

    ``name`` is the hub's name for it (``sign-in-failed``, ``locked-until``, ``new-password-needed``, ``conflict`` …).
    ``until``: when it may be tried again, seconds since 1970-01-01 UTC. ``details``: the hub's further fields, such as
    the ``findings`` of a refused change, or the ``fields`` that somebody else changed meanwhile.
    """

    def __init__(
        self, name: str, sentence: str, until: float | None = None, details: "Mapping[str, Any] | None" = None
    ) -> None:
        super().__init__(sentence)
        self.name = name
        self.until = until
        self.details = details or {}


class Listener(Protocol):
    """Whom a running feed tells. Every call comes on the program's own thread and must be quick."""

    def view_changed(self, kinds: frozenset[str]) -> None:
        """The view holds newer documents of these kinds."""

    def connection_changed(self) -> None:
        """``Terminal.standing`` says something else."""

    def access_changed(self, me: "Me") -> None:
        """The hub said what the person may see: first, and whenever it changes."""

    def view_replaced(self) -> None:
        """``Terminal.view`` is another one, or there is none: what was drawn from the one before may not be shown
        any more.
        """

    def notice(self, sentence: str) -> None:
        """Something the person should read."""

    def signed_out(self, reason: str) -> None:
        """The session is over; nothing may be shown any more."""


class Terminal(Protocol):
    """A running screen of one person: who is signed in, their view, and how it stands with the hub."""

    address: str
    person: str
    """The address and the person remembered from last time, or signed in now."""
    me: "Me | None"

    @property
    def view(self) -> "View | None":
        """What may be drawn; ``None`` while nothing may."""

    async def prepare(self) -> None:
        """Gets ready what signing in will need, while the person still types."""

    async def resume(self) -> "Me | None":
        """Who was signed in last time, with their cache within its lease, before the hub has answered; ``None``:
        nobody. Raises ``TerminalError`` where nothing may be shown without the hub, and that does not answer.
        """

    async def sign_in(self, address: str, person: str, password: str) -> "Me":
        """Signs in and opens the cache. Raises ``TerminalError``."""

    async def set_password(self, address: str, person: str, old: str, new: str) -> "Me":
        """Sets a new password (``old``: the present one or a one-time code) and signs in. Raises ``TerminalError``."""

    async def sign_out(self) -> None:
        """Ends the session and removes the cache."""

    async def run(self, listener: Listener) -> None:
        """Follows the hub into the view until cancelled or signed out; comes back by itself when the hub does."""

    def now(self) -> float:
        """The hub's time now: seconds since 1970-01-01 UTC on a clock that does not jump."""

    def standing(self) -> "Standing":
        """How it stands with the hub now."""

    async def ask(self, question: Callable[["View"], T]) -> T:
        """Asks the view off the program's own thread."""

    async def followup(self, key: str, act: str, note: str = "", revision: int | None = None) -> "Doc":
        """Does something about a missed opportunity. Raises ``TerminalError``, also when somebody was first.

        ``revision``: the seq at which the followup was when the person decided.
        """

    async def administer(self, question: Callable[["Administration"], Awaitable[T]]) -> T:
        """Asks the hub, or changes, something that admins ask and change. Raises ``TerminalError``."""

    async def view_as(self, person: str) -> "Terminal":
        """Another terminal that shows what somebody else sees, as far as this person may see it too: read-only, and
        only in memory. Raises ``TerminalError`` where that is not permitted.
        """

    async def active(self) -> None:
        """A key was pressed: tells the hub now and then, for the idle limit."""

    async def close(self) -> None:
        """Hangs up, keeps the session."""
