"""Room ``hub``: hashes of passwords and one-time codes, and the rules for a new password. Knows ``model`` only.

argon2id with parameters of the OWASP password storage cheat sheet (m = 46 MiB, t = 1, p = 1, doubled in time).
Everything here takes tens of milliseconds of a core: never call it on an event loop.
"""

import base64
import hashlib
import secrets
from collections.abc import Iterable

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import ARGON2_VERSION

from wallboard_tui.hub.errors import HubError

MIN_LENGTH = 10
MAX_LENGTH = 1024
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""No signs that are read out wrongly: 0 O, 1 I L."""
CODE_LENGTH = 12
"""59 bits."""


class Passwords:
    """Hashes and checks secrets. ``hasher`` is given by tests that need hundreds of sign-ins."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher(time_cost=2, memory_cost=47104, parallelism=1)
        self._nobody = _hash_of_nothing(self._hasher)

    def hash(self, secret: str) -> str:
        """The argon2id hash of a secret, with its parameters and salt."""
        return self._hasher.hash(secret)

    def matches(self, hashed: str | None, secret: str) -> bool:
        """Whether a secret has this hash. Without a hash it takes as long, and is ``False``."""
        try:
            self._hasher.verify(hashed or self._nobody, secret)
        except (VerificationError, InvalidHashError):
            return False
        return hashed is not None

    def outdated(self, hashed: str) -> bool:
        """Whether a hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(hashed)


def _hash_of_nothing(hasher: PasswordHasher) -> str:
    """A hash that no secret is known to have: bits drawn at random, written as this hasher would write them (PHC string
    format). To check a secret against it takes as long as against any other, and to make it takes no time."""
    salt, bits = (
        base64.b64encode(secrets.token_bytes(size)).rstrip(b"=").decode() for size in (hasher.salt_len, hasher.hash_len)
    )
    costs = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v={ARGON2_VERSION}${costs}${salt}${bits}"


def new_code() -> str:
    """A one-time code that can be read out: ``K7QM-2XRB-9DVT``."""
    signs = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
    return "-".join(signs[i : i + 4] for i in range(0, CODE_LENGTH, 4))


def normal_code(typed: str) -> str:
    """A code as typed, without spaces, hyphens and case."""
    return "".join(sign for sign in typed.upper() if sign.isalnum())


def new_token() -> str:
    """A session token: 256 random bits. Only its ``token_key`` is stored."""
    return secrets.token_urlsafe(32)


def token_key(token: str) -> str:
    """SHA-256 of a token, in hex. A token has 256 bits of its own, so a fast hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def check_new(password: str, old: str, names: Iterable[str | None]) -> None:
    """Refuse a new password that is too short, too long, the old one, or the person's own name. Length is the only
    other rule
    (NIST SP 800-63B 5.1.1.2: no rules of composition)."""
    if len(password) < MIN_LENGTH:
        characters = "1 character" if len(password) == 1 else f"{len(password)} characters"
        raise _weak(f"The new password has {characters}; it needs at least {MIN_LENGTH}.")
    if len(password) > MAX_LENGTH:
        raise _weak(f"The new password is longer than {MAX_LENGTH} characters.")
    if password == old:
        raise _weak("The new password is the old one.")
    if password.casefold() in {name.casefold() for name in names if name}:
        raise _weak("The new password is the person's own name.")


def _weak(reason: str) -> HubError:
    return HubError(
        422, "password-refused", reason, "Choose another, for instance four words that belong together to nobody else."
    )
