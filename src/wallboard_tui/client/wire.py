"""Room ``client``: addresses, and what httpx and the system say, turned into ``HubError``."""

import os
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import httpx

from wallboard_tui import PROTOCOL
from wallboard_tui.client.errors import HubError

HOW = "Write it as https://host:port, or unix:/path/to/hub.sock."


def endpoint(address: str) -> tuple[Path | None, str]:
    """The Unix socket (or ``None``) and the base URL of an address. Raises ``HubError`` ``wrong-address``."""
    if address.startswith("unix:"):
        path = Path(address.removeprefix("unix:"))
        if not path.is_absolute():
            raise HubError("wrong-address", f"{address!r} names no absolute path", HOW)
        return path, "http://hub"
    try:
        parts = urlsplit(address)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise HubError("wrong-address", f"{address!r} is not the address of a hub", HOW)
    return None, address.rstrip("/")


def in_the_clear(address: str) -> bool:
    """Whether passwords and calls would cross a network unencrypted."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    return parts.scheme == "http" and not (host in ("localhost", "::1") or host.startswith("127."))


def quoted(part: str) -> str:
    """A key as one segment of a path."""
    return quote(part, safe="")


def check_owner(path: Path) -> None:
    """See that nobody else listens on a socket that we would send a password to. Raises ``HubError`` ``not-ours``."""
    try:
        owner = path.lstat().st_uid
    except OSError:
        return
    if owner != os.getuid() and os.getuid() != 0:
        raise HubError(
            "not-ours", f"the socket {path} belongs to somebody else", "Set WALLBOARD_HOME to your own place."
        )


def not_a_hub(address: str) -> HubError:
    """Something answers there, but no hub."""
    return HubError("not-a-hub", f"what answers at {address} is not a hub", "Check the address.")


def other_protocol(address: str, theirs: Any) -> HubError:
    """A hub answers that speaks another version."""
    older = isinstance(theirs, int) and theirs < PROTOCOL
    return HubError(
        "other-protocol",
        f"the hub at {address} speaks protocol {theirs}, this terminal {PROTOCOL}",
        "Update the hub." if older else "Update this terminal.",
        status=426,
    )


def refusal(address: str, status: int, body: Any) -> HubError:
    """What a hub says in an error answer; when it is no hub's, that."""
    error = body.get("error") if isinstance(body, dict) else None
    if isinstance(error, dict) and "name" in error:
        details = {name: value for name, value in error.items() if name not in ("name", "reason", "next")}
        name, reason = str(error["name"]), str(error.get("reason", "refused"))
        return HubError(name, reason, str(error.get("next", "")), status=status, details=details)
    if status in (502, 503, 504):
        return HubError("unreachable", f"the hub behind {address} is away", "It is tried again.", status=status)
    return not_a_hub(address)


@contextmanager
def words(address: str) -> Iterator[None]:
    """Turn what httpx raises into a ``HubError``."""
    try:
        yield
    except httpx.ConnectTimeout as error:
        raise HubError("no-answer", f"nobody answers at {address}", "Check the address and the network.") from error
    except httpx.TimeoutException as error:
        raise HubError("no-answer", f"the hub at {address} fell silent", "It may be busy; try again.") from error
    except httpx.ConnectError as error:
        raise _unconnected(address, error) from error
    except httpx.RemoteProtocolError as error:
        if any(word in str(error) for word in ("disconnected", "peer closed", "incomplete")):
            raise _broken(address) from error
        raise not_a_hub(address) from error
    except httpx.NetworkError as error:
        raise _broken(address) from error
    except httpx.DecodingError as error:
        raise not_a_hub(address) from error
    except (httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
        raise HubError("wrong-address", f"{address!r} is not the address of a hub", HOW) from error


def _broken(address: str) -> HubError:
    return HubError("broken-off", f"the connection to {address} broke off", "Try again.")


def _unconnected(address: str, error: BaseException) -> HubError:
    causes = list(_causes(error))
    tls = next((cause for cause in causes if isinstance(cause, ssl.SSLError)), None)
    if tls is not None:
        return HubError(
            "certificate",
            f"no secure connection to {address}: {getattr(tls, 'verify_message', '') or tls.reason or tls}",
            "Check that the address is https on that port, and that its certificate is trusted (SSL_CERT_FILE).",
        )
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return HubError("unreachable", f"the host of {address} is not known", "Check the address and the network.")
    if any(isinstance(cause, FileNotFoundError) for cause in causes):
        return HubError("unreachable", f"no hub runs at {address}", "Start one with: wallboard hub.")
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return HubError(
            "unreachable", f"nothing listens at {address}", "Check the address, and that the hub runs (wallboard hub)."
        )
    if any(isinstance(cause, PermissionError) for cause in causes):
        return HubError("not-permitted", f"{address} may not be opened by you", "Use the account that runs the hub.")
    return HubError("unreachable", f"{address} cannot be reached ({error})", "Check the address and the network.")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
