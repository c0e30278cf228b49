"""Room ``model``: documents that never leave the hub: credentials, one-time codes and sessions; and the audit trail."""

from typing import Any

from wallboard_tui.model.base import Document, Epoch

PRIVATE_KINDS = frozenset({"credential", "session"})
"""Kinds that no feed, export or screen ever carries."""


class Credential(Document):
    """How a person proves who they are. Key: the person's key. Hashes are argon2id."""

    kind = "credential"

    password_hash: str | None = None
    code_hash: str | None = None
    code_until: Epoch | None = None
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
    """One act that somebody did or tried. Never overwritten. Key: ``<at>-<random>``."""

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
