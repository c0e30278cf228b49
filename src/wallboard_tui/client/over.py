"""Room ``client``: how a feed ends, and what that means for the person and the cache. Pure."""

from dataclasses import dataclass
from typing import Self

from wallboard_tui.client.errors import HubError

SIGNED_OUT = frozenset({"expired", "idle", "disabled", "signed-out", "unknown", "no-access"})
PURGED = frozenset({"disabled", "signed-out", "no-access"})
"""Reasons after which nothing may stay on the disk; after the others the same person comes back to the same cache."""
ANEW = "access-changed"
"""After this a stream begins anew, with a hello."""
SENTENCES = {
    "expired": "Your sign-in has expired. Sign in again.",
    "idle": "This terminal was not used for a while. Sign in again.",
    "disabled": "Your sign-in was closed by an admin.",
    "signed-out": "This terminal was signed out. Sign in again.",
    "unknown": "This terminal is not signed in.",
    "no-access": "You may not sign in. Ask an admin of your organisation.",
    ANEW: "Your access was changed; the board is loaded again.",
    "shutting-down": "The hub is shutting down.",
}


@dataclass(frozen=True, slots=True)
class Over:
    """The stream is over: by the hub's word (``bye``), or by an error."""

    why: str
    error: HubError | None = None

    @classmethod
    def said(cls, reason: str) -> Self:
        """What a hub's ``bye`` means."""
        return cls(reason, HubError(reason or "broken-off", SENTENCES.get(reason, "the hub ended the connection")))


def signed_out_name(reason: str) -> str:
    """A hub's reason for wanting a sign-in, as one of ``SIGNED_OUT``."""
    return reason if reason in SIGNED_OUT else "unknown"
