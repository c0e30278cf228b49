"""Room ``sources``: how a connection to a manager interface is had: TCP or TLS, signed in. Input and output only."""

from __future__ import annotations

import ssl
from collections.abc import Collection

from wallboard_tui.sources.asterisk.ami.connection import Connection
from wallboard_tui.sources.asterisk.ami.errors import AmiError, unreachable, why
from wallboard_tui.sources.asterisk.ami.settings import TLS_PORT, AmiSettings
from wallboard_tui.sources.asterisk.ami.socket import Socket


async def connect(settings: AmiSettings, secret: str, wanted: Collection[str] | None = None) -> Connection:
    """A signed-in connection. Raises ``AmiError``: unreachable, not an Asterisk, login refused, TLS failed, silent."""
    try:
        socket = await Socket.open(settings.host, settings.port, _tls(settings), settings.timeout_s)
    except TimeoutError as error:
        raise unreachable(settings.address, "nobody answers") from error
    except ssl.SSLError as error:
        raise _untrusted(settings, error) or _no_tls(settings, _said(error)) from error
    except (ConnectionAbortedError, ConnectionResetError) as error:
        if not settings.tls:
            raise unreachable(settings.address, why(error)) from error
        did = "hangs up on the handshake"
        if isinstance(error, ConnectionAbortedError):
            did = f"does not answer the handshake within {settings.timeout_s:g} s"
        raise _no_tls(settings, f"what listens there {did}") from error
    except (OSError, UnicodeError) as error:
        raise unreachable(settings.address, why(error)) from error
    connection = Connection(settings, socket, wanted)
    try:
        await connection.open(secret)
    except BaseException:
        await connection.close()
        raise
    return connection


def _untrusted(settings: AmiSettings, error: ssl.SSLError) -> AmiError | None:
    """That the certificate is the reason, where it is."""
    if not isinstance(error, ssl.SSLCertVerificationError):
        return None
    return AmiError(
        "tls-failed",
        f"The certificate of {settings.address} is not trusted: {error.verify_message.rstrip('.')}.",
        "Name the certificate that signed it as tls_ca (--tls-ca FILE), or trust any with tls_verify = false"
        " (--tls-any); the host has to be called as the certificate does.",
    )


def _said(error: ssl.SSLError) -> str:
    """Why there is no TLS, in words that are not OpenSSL's names for it."""
    plain = error.reason in ("WRONG_VERSION_NUMBER", "UNEXPECTED_EOF_WHILE_READING", "HTTP_REQUEST")
    return "what answers there does not speak TLS" if plain else (error.reason or str(error)).replace("_", " ").lower()


def _no_tls(settings: AmiSettings, why: str) -> AmiError:
    """There is no TLS to be had. ``why``: in a few words."""
    return AmiError(
        "tls-failed",
        f"No TLS with {settings.address}: {why}.",
        f"Check the port ({TLS_PORT} unless set otherwise), and tlsenable and tlscertfile in manager.conf.",
    )


def _tls(settings: AmiSettings) -> ssl.SSLContext | None:
    if not settings.tls:
        return None
    try:
        context = ssl.create_default_context(cafile=str(settings.tls_ca) if settings.tls_ca else None)
    except (OSError, ssl.SSLError) as error:
        raise AmiError(
            "tls-failed",
            f"The certificate {settings.tls_ca} cannot be used: {_unusable(error)}.",
            "Check tls_ca (--tls-ca): a file with certificates in PEM.",
        ) from error
    if not settings.tls_verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _unusable(error: OSError) -> str:
    return "it holds none" if isinstance(error, ssl.SSLError) else why(error).lower()
