"""Room ``sources``: what it takes to reach one Asterisk's manager interface, and where its secret lies."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from wallboard_tui.sources.asterisk.ami.errors import PORT, AmiError

TLS_PORT = 5039


@dataclass(frozen=True, slots=True)
class AmiSettings:
    """One account on one Asterisk's manager interface. The secret itself is never part of settings.

    ``secret_env`` names a variable, ``secret_file`` a file with mode 0600 whose first line it is. ``queues``: names of
    the only queues to follow; empty: all. ``tls_ca``: certificate to trust, ``None``: the system's; ``tls_verify``
    false: any certificate (a self-signed one on a private network).
    """

    host: str
    login: str
    port: int = PORT
    tls: bool = False
    tls_ca: Path | None = None
    tls_verify: bool = True
    secret_env: str | None = None
    secret_file: Path | None = None
    queues: tuple[str, ...] = ()
    timeout_s: float = 10.0

    @property
    def address(self) -> str:
        """``host:port``, as it is written in sentences."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def usual_port(self) -> int:
        """Where the manager interface is unless manager.conf says otherwise."""
        return TLS_PORT if self.tls else PORT


def secret_of(settings: AmiSettings, environ: Mapping[str, str] = os.environ) -> str:
    """The account's secret, from where the settings say. Raises ``AmiError`` ``no-secret``."""
    if settings.secret_env:
        secret = environ.get(settings.secret_env, "")
        if not secret:
            raise _none(
                f"the variable {settings.secret_env} is not set",
                "Set it where the hub is started, and start the hub again.",
            )
        return secret
    if settings.secret_file is None:
        raise _none("nothing says where it lies", "Give secret_env or secret_file in hub.toml.")
    path = settings.secret_file.expanduser()
    try:
        mode = path.stat().st_mode
        secret = path.read_text(encoding="utf-8").partition("\n")[0].strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        raise _none(f"{path} cannot be read ({reason})", "Check the path and who may read it.") from error
    if stat.S_IMODE(mode) & 0o077:
        raise _none(f"others than its owner may read {path}", f"Run: chmod 600 {path}")
    if not secret:
        raise _none(f"{path} is empty", "Write the secret on its first line.")
    return secret


def _none(reason: str, next: str) -> AmiError:
    return AmiError("no-secret", f"The AMI account's secret is missing: {reason}.", next)
