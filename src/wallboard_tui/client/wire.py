"""Room ``client``: what httpx and the system say, turned into ``HubError``."""

import os
import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from wallboard_tui import PROTOCOL
from wallboard_tui.client.address import wrong_address
from wallboard_tui.client.errors import HubError


def quoted(part: str) -> str:
    """A key as one segment of a path."""
    return quote(part, safe="")


def http_client(
    socket: Path | None, base: str, headers: Mapping[str, str], timeout: httpx.Timeout
) -> httpx.AsyncClient:
    """What carries requests to an ``endpoint``, by way of the proxy that the environment names for it.

    Raises ``HubError``: ``certificate`` or ``wrong-proxy``, when the environment names what cannot be used.
    """
    if socket is not None:  # nothing is encrypted, nor sent through a proxy
        transport = httpx.AsyncHTTPTransport(uds=str(socket), verify=False)
        return httpx.AsyncClient(base_url=base, headers=headers, transport=transport, timeout=timeout)
    verify = _trusted() if base.startswith("https:") else False  # reading all certificates there are takes time
    try:
        return httpx.AsyncClient(base_url=base, headers=headers, verify=verify, timeout=timeout)
    except (ImportError, ValueError) as error:  # what httpx says of a proxy's scheme that it does not know, or lacks
        raise HubError(
            "wrong-proxy",
            "the environment names a proxy that cannot be used (HTTPS_PROXY, HTTP_PROXY, ALL_PROXY)",
            "Name one that begins with http://, or put the hub's host into NO_PROXY.",
        ) from error


def _trusted() -> ssl.SSLContext:
    """The certificates to trust: of this machine, or those that the environment names."""
    try:
        return httpx.create_ssl_context()
    except OSError as error:  # an ssl.SSLError is one, too
        named = [name for name in ("SSL_CERT_FILE", "SSL_CERT_DIR") if os.environ.get(name)]
        which = f"{named[0]}={os.environ[named[0]]}" if named else "the list of trusted authorities"
        raise HubError("certificate", f"{which} holds no certificate that can be read", "Check that file.") from error


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


_NO_TLS = frozenset({"WRONG_VERSION_NUMBER", "UNKNOWN_PROTOCOL", "HTTP_REQUEST", "RECORD_LAYER_FAILURE"})
"""What OpenSSL makes of an answer that is no TLS at all."""


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
    except httpx.ProxyError as error:
        reason = f"the proxy on the way to {address} refused ({error})"
        next_step = "Check what HTTPS_PROXY names, or put the hub's host into NO_PROXY."
        raise HubError("unreachable", reason, next_step) from error
    except httpx.RemoteProtocolError as error:
        if any(word in str(error) for word in ("disconnected", "peer closed", "incomplete")):
            raise _broken(address) from error
        raise not_a_hub(address) from error
    except httpx.NetworkError as error:
        raise _broken(address) from error
    except httpx.DecodingError as error:
        raise not_a_hub(address) from error
    except (httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
        raise wrong_address(address) from error


def _broken(address: str) -> HubError:
    secured = " A hub that has a certificate is at https://…" if address.startswith("http://") else ""
    return HubError("broken-off", f"the connection to {address} broke off", f"Try again.{secured}")


def _unconnected(address: str, error: BaseException) -> HubError:
    causes = list(_causes(error))
    tls = next((cause for cause in causes if isinstance(cause, ssl.SSLError)), None)
    if tls is not None:
        return _insecure(address, tls)
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


def _insecure(address: str, error: ssl.SSLError) -> HubError:
    distrusted = getattr(error, "verify_message", "")
    if distrusted:
        return HubError(
            "certificate",
            f"the certificate at {address} is not trusted: {distrusted}",
            "Use the name that it was made for; trust one of your own with SSL_CERT_FILE=FILE.",
        )
    if error.reason in _NO_TLS:
        reason = f"what answers at {address} speaks no TLS"
        return HubError("certificate", reason, "Check the port; a hub without a certificate is at http://…")
    said = str(error.reason or error).replace("_", " ").lower()
    return HubError("certificate", f"no secure connection to {address}: {said}", "Check the address and the hub's TLS.")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
