"""Room ``client``: what can go wrong between a terminal and its hub, in words for the person who sits there."""

from typing import Any


class HubError(Exception):
    """The hub could not be reached, or refused. ``str()`` is one sentence or two: thing, reason, next step.

    ``name`` says which error it is, for programs: ``wrong-address``, ``unreachable``, ``no-answer``, ``not-a-hub``,
    ``other-protocol``, ``certificate``, ``broken-off``, or whatever name the hub gave (``sign-in-failed``,
    ``locked-until``, ``expired`` …). ``status`` is the HTTP status where there was one, ``details`` the hub's further
    fields (``until``).
    """

    def __init__(
        self,
        name: str,
        reason: str,
        next: str = "",
        *,
        status: int | None = None,
        details: dict[str, Any] | None = None,
    ) -> None:
        text = reason[:1].upper() + reason[1:].rstrip(".") + "."
        super().__init__(f"{text} {next}".strip())
        self.name = name
        self.reason = reason
        self.next = next
        self.status = status
        self.details = details or {}

    @property
    def lost(self) -> bool:
        """Whether trying again later may help: nobody answered, or the answer broke off."""
        return self.name in ("unreachable", "no-answer", "broken-off") or (self.status or 0) in (502, 503, 504)

    @property
    def signed_out(self) -> bool:
        """Whether only signing in again helps."""
        return self.status == 401
