"""Room ``hub``: signed-in terminals: who they are, and when they end. Knows ``model`` and the hub.

A session is a document under the SHA-256 of its token. It ends with the shift, when an admin's terminal was left
alone, when the person is disabled, or when they sign out. Key presses are written down at most once a minute.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from wallboard_tui.access.derive import Effective
from wallboard_tui.hub.hub import Hub
from wallboard_tui.hub.passwords import new_token, token_key
from wallboard_tui.model.change import Change
from wallboard_tui.model.directory import Organisation
from wallboard_tui.model.me import Me
from wallboard_tui.model.security import Session

WRITE_EVERY_S = 60.0
ADMINISTERS = ("roles", "users", "account")
"""Who may manage one of these is an admin, whose terminal must not be left open alone."""


class Ended(StrEnum):
    """Why a session is no more. The values are the reasons of a feed's ``bye``."""

    EXPIRED = "expired"
    IDLE = "idle"
    DISABLED = "disabled"
    SIGNED_OUT = "signed-out"
    UNKNOWN = "unknown"


SENTENCES = {
    Ended.EXPIRED: "Your shift's sign-in has ended.",
    Ended.IDLE: "Nobody touched this terminal for a while, so it was signed out.",
    Ended.DISABLED: "Your sign-in was closed by an admin.",
    Ended.SIGNED_OUT: "This terminal was signed out.",
    Ended.UNKNOWN: "This terminal is not signed in.",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """A session as it stands, with key presses that are not written down yet."""

    session: Session
    written: float


def is_admin(me: Me) -> bool:
    """Whether the person's terminal gets the short idle limit."""
    return any(me.may(permission, "manage") for permission in ADMINISTERS)


def administers(effective: Effective) -> bool:
    """The same of resolved permissions."""
    return any(effective.holds(permission, "manage") for permission in ADMINISTERS)


class Sessions:
    """All sessions of a hub, in memory and in the journal."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._standing: dict[str, Standing] = {}
        self._ended: dict[str, Ended] = {}
        for entry in hub.journal.read_kind("session"):
            assert entry.change.doc is not None
            session = Session.load(entry.change.doc)
            self._standing[session.key] = Standing(session, session.last_active)

    def begin(self, person: str, terminal: str) -> tuple[str, Session, Change]:
        """A new session: its token, the session, and the change that writes it down. ``added`` makes it count."""
        now = self._hub.clock()
        settings = Organisation.load(self._hub.organisation)
        token = new_token()
        admin = is_admin(self._hub.access(person).me)
        session = Session(
            key=token_key(token),
            person=person,
            created=now,
            expires=now + settings.shift_s,
            idle_s=settings.idle_admin_s if admin else None,
            last_active=now,
            terminal=terminal[:80],
        )
        return token, session, Change("session", session.key, session.dump(), now, person)

    def added(self, session: Session) -> None:
        """A session was written down."""
        self._standing[session.key] = Standing(session, session.last_active)

    def of_token(self, token: str) -> Session | Ended:
        """The session of a token, or why there is none."""
        key = token_key(token)
        return self.check(key)

    def check(self, key: str) -> Session | Ended:
        """The session under a key if it still stands now, or why it does not."""
        standing = self._standing.get(key)
        if standing is None:
            return self._ended.get(key, Ended.UNKNOWN)
        session = standing.session
        now = self._hub.clock()
        if now >= session.expires:
            return Ended.EXPIRED
        if session.idle_s is not None and now - session.last_active >= session.idle_s:
            return Ended.IDLE
        return session

    def touch(self, key: str) -> Change | None:
        """A key was pressed. Returns what is to be written down, at most once a minute."""
        standing = self._standing.get(key)
        if standing is None or isinstance(self.check(key), Ended):
            return None
        now = self._hub.clock()
        session = standing.session.model_copy(update={"last_active": now})
        if now - standing.written < WRITE_EVERY_S:
            self._standing[key] = replace(standing, session=session)
            return None
        self._standing[key] = Standing(session, now)
        return Change("session", key, session.dump(), now, session.person)

    def limited(self, person: str, effective: Effective) -> list[Change]:
        """Bring the idle limit of somebody's sessions in step with what they may do now. Returns what to write down."""
        keys = self.of_person(person)
        if not keys:
            return []
        now = self._hub.clock()
        limit = Organisation.load(self._hub.organisation).idle_admin_s if administers(effective) else None
        found = []
        for key in keys:
            standing = self._standing[key]
            if (standing.session.idle_s is None) != (limit is None):
                # The time without a key press begins now: nobody is thrown out for what was no rule before.
                session = standing.session.model_copy(update={"idle_s": limit, "last_active": now})
                self._standing[key] = Standing(session, now)
                found.append(Change("session", key, session.dump(), now, "hub"))
        return found

    def removals(self, keys: Iterable[str]) -> list[Change]:
        """The changes that take sessions out of the journal; ``ended`` once they are written."""
        now = self._hub.clock()
        standing = ((key, self._standing.get(key)) for key in keys)
        return [Change("session", key, None, now, found.session.person) for key, found in standing if found]

    def ended(self, keys: Iterable[str], why: Ended) -> None:
        """Sessions are no more. Why is remembered for a while, so that their terminals can be told."""
        for key in keys:
            if self._standing.pop(key, None) is not None:
                self._ended[key] = why
        while len(self._ended) > 1000:
            self._ended.pop(next(iter(self._ended)))

    def of_person(self, person: str) -> list[str]:
        """Keys of a person's sessions."""
        return [key for key, standing in self._standing.items() if standing.session.person == person]

    def overdue(self) -> list[tuple[str, Ended]]:
        """Sessions that have ended by now, each with the reason."""
        checked = ((key, self.check(key)) for key in list(self._standing))
        return [(key, state) for key, state in checked if isinstance(state, Ended)]
