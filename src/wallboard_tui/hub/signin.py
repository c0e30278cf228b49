"""Room ``hub``: how a person proves who they are: passwords, one-time codes, and what is said when it fails.

Somebody who is unknown gets the same answer after the same work as somebody who mistypes. Only who proved to know the
secret is told more: that it is a one-time code, or that they may not sign in.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from wallboard_tui.hub.errors import HubError
from wallboard_tui.hub.hub import Hub
from wallboard_tui.hub.passwords import Passwords, check_new, new_code, normal_code
from wallboard_tui.hub.sessions import Ended, Sessions
from wallboard_tui.hub.throttle import Throttle
from wallboard_tui.model.change import Change
from wallboard_tui.model.directory import Person
from wallboard_tui.model.security import Credential, Session

CODE_MIN_S = 15 * 60.0
CODE_MAX_S = 24 * 3600.0
AT_ONCE = 2
"""Password checks at the same time: each takes 46 MiB and a core."""
WITHHELD = "This sign-in is not right."
NO_SUCH_NAME = "no such name"
"""What the trail says of a sign-in with a name that is nobody's."""


@dataclass(frozen=True, slots=True)
class _Checked:
    """What a typed secret turned out to be."""

    credential: Credential
    revision: int | None
    by_password: bool
    by_code: bool


@dataclass(frozen=True, slots=True)
class Code:
    """A one-time code: as it is typed, its hash, and until when it is good."""

    typed: str
    hashed: str
    until: float


class SignIn:
    """Signs people in, gives out one-time codes, and sets passwords."""

    def __init__(self, hub: Hub, sessions: Sessions, passwords: Passwords | None = None) -> None:
        self._hub = hub
        self._sessions = sessions
        self._passwords = passwords or Passwords()
        self._throttle = Throttle()
        self._checking = asyncio.Semaphore(AT_ONCE)

    async def sign_in(self, typed: str, password: str, terminal: str, address: str) -> tuple[str, Session]:
        """Sign a person in with their password. Returns the token and the session.

        Raises ``HubError``: 401 ``sign-in-failed``, 429 ``locked-until``, 403 ``new-password-needed`` after a one-time
        code, 403 ``no-access`` when the password is right but the person may not sign in.
        """
        person, checked = await self._prove(typed, password, address)
        if not checked.by_password:
            raise HubError(
                403,
                "new-password-needed",
                "That is a one-time code: it only lets you choose a password.",
                "Choose a new password.",
            )
        renewed = await asyncio.to_thread(self._renewed, checked, password)
        return await self._hub.run(self._begin, person, terminal, address, renewed, checked.revision)

    async def new_password(self, typed: str, old: str, new: str, terminal: str, address: str) -> tuple[str, Session]:
        """Set a new password, with the old one or a one-time code, and sign in. All other terminals of the person are
        signed out.

        Raises as ``sign_in`` does, and 422 ``password-refused``.
        """
        person, checked = await self._prove(typed, old, address)
        check_new(new, old, (person.key, person.name, person.email))
        async with self._checking:
            hashed = await asyncio.to_thread(self._passwords.hash, new)
        credential = Credential(key=person.key, password_hash=hashed, changed=self._hub.clock())
        return await self._hub.run(self._begin, person, terminal, address, credential, checked.revision, "password.set")

    async def give_code(self, key: str, by: str, valid_s: float, check: Callable[[], None]) -> tuple[str, float]:
        """A new one-time code for a person, and until when it is good. The old code is good no longer; the password is.

        ``valid_s`` is brought within 15 minutes and 24 hours. ``check`` raises where it may not be given, and is asked
        on the hub's thread: before a code is made, and again when it is written down, since that took a while.
        """
        await self._hub.run(check)
        code = await self.new_code(valid_s)
        await self._hub.run(self._write_code, key, code, by, check)
        return code.typed, code.until

    async def new_code(self, valid_s: float) -> Code:
        """A one-time code that belongs to nobody yet. ``valid_s`` is brought within 15 minutes and 24 hours."""
        typed = new_code()
        until = self._hub.clock() + min(CODE_MAX_S, max(CODE_MIN_S, valid_s))
        return Code(typed, await self.hashed(normal_code(typed)), until)

    async def hashed(self, password: str) -> str:
        """The hash of a secret that somebody is given."""
        async with self._checking:
            return await asyncio.to_thread(self._passwords.hash, password)

    # -- proving

    async def _prove(self, typed: str, secret: str, address: str) -> tuple[Person, _Checked]:
        """The person whose secret this is. Whoever is typed, two hashes are checked and the same error comes back."""
        typed = typed.strip()[:120]
        name = typed.casefold()
        now = self._hub.clock()
        if (until := self._throttle.until(name, address, now)) is not None:
            raise _locked(until, now)
        person = await self._hub.run(self._find, name)
        credential, revision = await self._hub.run(self._credential, person.key if person else "")
        async with self._checking:
            by_password, by_code = await asyncio.to_thread(self._check, credential, secret[:4096], now)
        checked = _Checked(credential, revision, by_password, by_code)
        if person is None or not (checked.by_password or checked.by_code):
            raise await self._fail(person, name, address)
        self._throttle.succeeded(name, address)
        may = await self._hub.run(self._may_sign_in, person)
        if not may:
            await self._hub.run(
                self._hub.commit, [self._hub.audit(person.key, "sign-in", allowed=False, note=f"no access, {address}")]
            )
            why = "an admin has disabled your sign-in" if person.disabled else "your role does not let you sign in"
            raise HubError(403, "no-access", f"{person.name}, {why}.", "Ask an admin of your organisation.")
        return person, checked

    def _find(self, name: str) -> Person | None:
        people = self._hub.directory.people
        for key, person in people.items():
            if key.casefold() == name or (person.email or "").casefold() == name != "":
                return person
        return None

    def _credential(self, key: str) -> tuple[Credential, int | None]:
        entry = self._hub.journal.get("credential", key)
        if entry is None or entry.change.doc is None:
            return Credential(key=key), None
        return Credential.load(entry.change.doc), entry.seq

    def _check(self, credential: Credential, secret: str, now: float) -> tuple[bool, bool]:
        by_password = self._passwords.matches(credential.password_hash, secret)
        if by_password:
            # They are let in: that it took half as long tells nothing that the answer does not.
            return True, False
        good = credential.code_until is not None and now < credential.code_until
        by_code = self._passwords.matches(credential.code_hash, normal_code(secret)) and good
        return by_password, by_code

    def _may_sign_in(self, person: Person) -> bool:
        return not person.disabled and "login" in self._hub.access(person.key).me.capabilities

    async def _fail(self, person: Person | None, name: str, address: str) -> HubError:
        now = self._hub.clock()
        until = self._throttle.failed(name, address, now)
        # What is nobody's name is not written down: passwords are typed into the wrong field, too.
        by, note = (person.key, address) if person else ("", f"{NO_SUCH_NAME}, {address}")
        audit = self._hub.audit(by, "sign-in", allowed=False, note=note)
        await self._hub.run(self._hub.commit, [audit])
        more = {} if until is None else {"until": until, "now": now}
        return HubError(
            401,
            "sign-in-failed",
            WITHHELD,
            "Check name and password; an admin can give you a one-time code.",
            **more,
        )

    # -- on the hub's thread

    def _renewed(self, checked: _Checked, password: str) -> Credential | None:
        """The credential with today's hash parameters, when it was made with others."""
        old = checked.credential.password_hash
        if old is None or not self._passwords.outdated(old):
            return None
        return checked.credential.model_copy(update={"password_hash": self._passwords.hash(password)})

    def _begin(
        self,
        person: Person,
        terminal: str,
        address: str,
        credential: Credential | None,
        revision: int | None,
        act: str = "sign-in",
    ) -> tuple[str, Session]:
        token, session, change = self._sessions.begin(person.key, terminal)
        changes: list[Change] = [
            change,
            self._hub.audit(person.key, act, person.key, note=f"{terminal} {address}".strip()),
        ]
        if credential is not None:
            changes.append(Change("credential", person.key, credential.dump(), self._hub.clock(), person.key))
        ended = self._sessions.of_person(person.key) if act == "password.set" else []
        changes += self._sessions.removals(ended)
        # Whoever proved a secret proved it against this revision: a code that was used meanwhile is good no longer.
        self._hub.commit(changes, {("credential", person.key): revision})
        self._sessions.ended(ended, Ended.SIGNED_OUT)
        self._sessions.added(session)
        return token, session

    def _write_code(self, key: str, code: Code, by: str, check: Callable[[], None]) -> None:
        check()
        credential = self._credential(key)[0].model_copy(
            update={"code_hash": code.hashed, "code_until": code.until, "code_by": by}
        )
        self._hub.commit(
            [
                Change("credential", key, credential.dump(), self._hub.clock(), by),
                self._hub.audit(by, "code.given", key),
            ]
        )


def _locked(until: float, now: float) -> HubError:
    wait = max(1, round(until - now))
    return HubError(
        429,
        "locked-until",
        f"Too many wrong tries; the next one counts in {wait} s.",
        "Wait, then try again; an admin can give you a one-time code.",
        until=until,
        now=now,
    )
