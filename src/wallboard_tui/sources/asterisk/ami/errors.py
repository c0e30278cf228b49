"""Room ``sources``: what can go wrong with a line to an Asterisk, each as one sentence fit for a user. Pure."""

from __future__ import annotations

import os

PORT = 5038
"""Where the manager interface is unless manager.conf says otherwise."""

SAID = 40
"""So many characters of what a peer says are told."""


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


def not_asterisk(address: str, port: int, said: bytes) -> AmiError:
    """Somebody is there, who does not greet as Asterisk does. ``port``: where it would be found."""
    return AmiError("not-asterisk", f"What answers at {address} is not Asterisk: {_says(said)}.", _where(port))


def not_ami(address: str, port: int, what: str) -> AmiError:
    """Somebody greets as Asterisk does, and then does not answer as it does. ``what``: what came instead."""
    reason = f"{address} greets as Asterisk, but what follows is not its manager interface: {what}."
    return AmiError("not-asterisk", reason, _where(port))


def answered_with(said: bytes) -> str:
    """What came instead of an answer, in words."""
    return f"asked to sign in, {_says(said)}"


def too_long(limit: int) -> str:
    """That what came instead of an answer does not end, in words."""
    return f"asked to sign in, it sends more than {limit} bytes without an end of the message"


def _where(port: int) -> str:
    return f"Check host and port: the manager interface is at port {port} unless manager.conf says otherwise."


def _says(said: bytes) -> str:
    """What a peer sends, as far as it is text: what it is can mostly be told from that."""
    line = said.strip().splitlines()[0].decode("utf-8", "replace")[:SAID] if said.strip() else ""
    if not line or not line.isprintable() or "\ufffd" in line:
        return "it sends something that is no text"
    return f"it says “{line}”"


def login_refused(address: str, login: str, how: str) -> AmiError:
    """The account is not let in. ``how``: what the peer did, in a few words."""
    return AmiError(
        "login-refused",
        f"{address} {how}.",
        f"Check the secret, and in manager.conf the section [{login}] and its permit= lines.",
    )


def gone(address: str, error: OSError | None) -> AmiError:
    """The connection ended."""
    return AmiError("lost", f"{address} ended the connection{_because(error)}.", "It is tried again.")


def hung_up_on(address: str, error: OSError | None, *, greeted: bool) -> AmiError:
    """The connection ended before anybody could sign in. Asterisk does that to too many at once, and firewalls do."""
    if greeted:
        reason = f"{address} greets as Asterisk, but ended the connection before the login{_because(error)}."
        return AmiError("lost", reason, "Check authlimit= in manager.conf, and what stands between (firewall, proxy).")
    reason = f"{address} ended the connection without a greeting{_because(error)}."
    return AmiError("lost", reason, "Check host and port, authlimit= in manager.conf, and what stands between.")


def _because(error: OSError | None) -> str:
    return f" ({error.strerror or error})" if error is not None and str(error) else ""


def silent(address: str, what: str, seconds: float, *, greeted: bool) -> AmiError:
    """Nothing came in time. ``what``: what the peer did not do; ``greeted``: it had greeted as Asterisk does."""
    check = (
        "Check whether the phone system is overloaded, and what stands between (firewall, proxy)."
        if greeted
        else "Check host and port, whether it speaks TLS there, and whether the phone system is overloaded."
    )
    return AmiError("silent", f"{address} {what} within {seconds:g} s.", check)
