"""Room ``model``: documents that no feed carries: credentials, sessions, PINs, what was used and reviewed; the audit
trail; and notices.
"""

from typing import Any

from wallboard_tui.model.base import Document, Epoch

PRIVATE_KINDS = frozenset({"credential", "session", "pin", "usage", "review"})
"""Kinds that no feed, cache or export ever carries. Those allowed to ask for a PIN or a review on its own."""


class Credential(Document):
    """How a person proves who they are. Key: the person's key. Hashes are argon2id."""

    kind = "credential"

    password_hash: str | None = None
    code_hash: str | None = None
    code_until: Epoch | None = None
    code_by: str = ""
    """Who gave the one-time code: it is taken back when they may no longer do what its owner may."""
    changed: Epoch | None = None


class Session(Document):
    """A signed-in terminal. Key: SHA-256 of the token; the token itself is known to the terminal alone."""

    kind = "session"

    person: str
    created: Epoch
    expires: Epoch
    """The end of the shift."""
    idle_s: float | None = None
    """Seconds without a key press after which it ends; ``None``: it does not."""
    last_active: Epoch
    terminal: str = ""


class Audit(Document):
    """One act that somebody did or tried. Never overwritten. Key: ``<at>-<number>-<random>``, sorted as it happened."""

    kind = "audit"

    at: Epoch
    by: str
    act: str
    target: str = ""
    allowed: bool = True
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    note: str = ""


class Notice(Document):
    """Something one person should be told once. Key: ``<person>-<at>-<random>``."""

    kind = "notice"

    person: str
    at: Epoch
    text: str
    told: Epoch | None = None
    """When it was first handed to one of the person's terminals."""


class Pin(Document):
    """The PIN with which a person makes outbound calls (002). Key: the person's key."""

    kind = "pin"

    pin: str


class Usage(Document):
    """When a person last made use of a sensitive permission, to the hour. Key: the person's key."""

    kind = "usage"

    used: dict[str, Epoch] = {}


class Review(Document):
    """What was decided about a sensitive permission in an access review (000). Key: ``<person>/<permission>``."""

    kind = "review"

    person: str
    permission: str
    decision: str
    at: Epoch
    by: str
    note: str = ""


def by_whom(key: str) -> str:
    """Who did something, in a sentence or a column: by key, but for who is no person."""
    return {"hub:operator": "the operator", "hub": "the hub"}.get(key, key)
