"""Room ``sources``: what can go wrong with a line to an Asterisk, each as one sentence fit for a user. Pure."""

from __future__ import annotations

import os

PORT = 5038
"""Where the manager interface is unless manager.conf says otherwise."""


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


def unreachable(address: str, why: str) -> AmiError:
    """Nobody can be reached there."""
    return AmiError(
        "unreachable",
        f"{address} cannot be reached: {why[:1].lower()}{why[1:]}.",
        "Check host and port, the firewall, and enabled = yes and bindaddr in manager.conf.",
    )


def why(error: OSError | UnicodeError) -> str:
    """In the system's words: asyncio's own name its call and its arguments."""
    code = getattr(error, "errno", None)
    if code is not None and code > 0:
        return os.strerror(code)
    return getattr(error, "strerror", None) or str(error) or "it hung up"


def not_asterisk(address: str, *, tls: bool) -> AmiError:
    """Somebody is there, who does not greet as Asterisk does."""
    hint = f"The manager interface is at port {PORT} unless manager.conf says otherwise"
    ending = "." if tls else ", and is it perhaps a TLS port?"
    return AmiError("not-asterisk", f"What answers at {address} is not Asterisk.", f"{hint}{ending}")


def login_refused(address: str, login: str, how: str) -> AmiError:
    """The account is not let in. ``how``: what the peer did, in a few words."""
    return AmiError(
        "login-refused",
        f"{address} {how}.",
        f"Check the secret, and in manager.conf the section [{login}] and its permit= lines.",
    )


def gone(address: str, error: OSError | None) -> AmiError:
    """The connection ended."""
    said = f" ({error.strerror or error})" if error is not None else ""
    return AmiError("lost", f"{address} ended the connection{said}.", "It is tried again.")


def silent(address: str, what: str, seconds: float) -> AmiError:
    """Nothing came in time. ``what``: what the peer did not do."""
    return AmiError(
        "silent",
        f"{address} {what} within {seconds:g} s.",
        "Check host and port, whether it speaks TLS there, and whether the phone system is overloaded.",
    )
