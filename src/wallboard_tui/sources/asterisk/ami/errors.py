"""Room ``sources``: what can go wrong with a line to an Asterisk, each as one sentence fit for a user. Pure."""

from __future__ import annotations


class AmiError(Exception):
    """The line cannot be had, or was lost.

    ``name`` says what happened: ``unreachable``, ``not-asterisk``, ``login-refused``, ``refused`` (an action the
    account may not do), ``tls-failed``, ``no-secret``, ``silent`` (no answer in time), ``lost``, ``garbage`` (what came
    is not AMI any more). ``reason`` and ``next`` are what it says and what to do; ``str()`` is both.
    """

    def __init__(self, name: str, reason: str, next: str) -> None:
        super().__init__(f"{reason} {next}".strip())
        self.name = name
        self.reason = reason
        self.next = next


class AmiRefused(AmiError):
    """Asterisk answered an action with an error: ``action`` and Asterisk's own words ``said``."""

    def __init__(self, action: str, said: str) -> None:
        super().__init__(
            "refused",
            f"Asterisk refused {action}: {said}.",
            "See the read= and write= lines of the account in manager.conf.",
        )
        self.action = action
        self.said = said
