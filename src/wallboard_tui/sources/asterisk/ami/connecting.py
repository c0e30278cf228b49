"""Room ``sources``: how a connection to a manager interface is had: TCP or TLS, signed in. Input and output only."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Collection

from wallboard_tui.sources.asterisk.ami.connection import Connection
from wallboard_tui.sources.asterisk.ami.errors import AmiError, unreachable, why
from wallboard_tui.sources.asterisk.ami.settings import AmiSettings
from wallboard_tui.sources.asterisk.ami.socket import Socket


async def connect(settings: AmiSettings, secret: str, wanted: Collection[str] | None = None) -> Connection:
    """A signed-in connection. Raises ``AmiError``: unreachable, not an Asterisk, login refused, TLS failed, silent."""
    try:
        async with asyncio.timeout(settings.timeout_s):
            socket = await Socket.open(settings.host, settings.port, _tls(settings))
    except TimeoutError as error:
        raise unreachable(settings.address, "nobody answers") from error
    except ssl.SSLError as error:
        raise _no_tls(settings, error) from error
    except (OSError, UnicodeError) as error:
        raise unreachable(settings.address, why(error)) from error
    connection = Connection(settings, socket, wanted)
    try:
        await connection.open(secret)
    except BaseException:
        await connection.close()
        raise
    return connection


def _no_tls(settings: AmiSettings, error: ssl.SSLError) -> AmiError:
    """Why there is no TLS, in words that are not OpenSSL's names for it."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return AmiError(
            "tls-failed",
            f"The certificate of {settings.address} is not trusted: {error.verify_message.rstrip('.')}.",
            "Name the certificate that signed it as tls_ca (--tls-ca FILE), or trust any with tls_verify = false"
            " (--tls-any); the host has to be called as the certificate does.",
        )
    plain = error.reason in ("WRONG_VERSION_NUMBER", "UNEXPECTED_EOF_WHILE_READING", "HTTP_REQUEST")
    why = "what answers there does not speak TLS" if plain else (error.reason or str(error)).replace("_", " ").lower()
    return AmiError(
        "tls-failed",
        f"No TLS with {settings.address}: {why}.",
        "Check the port (5039 unless set otherwise), and tlsenable and tlscertfile in manager.conf.",
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
