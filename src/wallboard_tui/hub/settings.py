"""Room ``hub``: what ``hub.toml`` says. Reads one file; knows nothing of the hub.

```toml
listen = "0.0.0.0:8470"           # terminals on other machines; without it: this machine only
tls_cert = "/etc/wallboard/cert.pem"
tls_key = "/etc/wallboard/key.pem"
trusted_proxies = ["10.0.0.5"]    # whose word about the terminal's address is believed

[[source]]                        # a phone system whose files are followed
name = "pbx1"
queue_log = "/var/log/asterisk/queue_log"
cdr = "/var/log/asterisk/cdr-csv/Master.csv"
cdr_zone = "Europe/Dublin"
```
"""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from wallboard_tui.hub.errors import HubError

SOURCE_NAME = re.compile(r"[A-Za-z0-9_.-]{1,40}")
_TOP = ("listen", "home", "tls_cert", "tls_key", "trusted_proxies", "source")
_SOURCE = ("name", "queue_log", "cdr", "cdr_zone")


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """One phone system whose files are followed while they grow and rotate."""

    name: str
    queue_log: Path | None = None
    cdr: Path | None = None
    cdr_zone: str | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a hub process has to be told. ``listen``: host and port, ``None``: the socket alone."""

    home: Path
    socket: Path
    listen: tuple[str, int] | None = None
    tls_cert: Path | None = None
    tls_key: Path | None = None
    trusted_proxies: tuple[str, ...] = ()
    sources: tuple[SourceSettings, ...] = ()


def read_settings(
    home: Path, socket: Path | None = None, *, config: Path | None = None, listen: tuple[str, int] | None = None
) -> Settings:
    """The settings of a hub: of ``config`` where it is given, of ``hub.toml`` in the home where there is one.

    What the command line says (``listen``) wins. Raises ``HubError`` ``wrong-settings`` naming file, setting and what
    is allowed.
    """
    path = config or home / "hub.toml"
    if config is None and not path.exists():
        said: dict[str, Any] = {}
    else:
        said = _toml(path)
    _only(path, said, _TOP, "the top")
    home = Path(said.get("home", home)).expanduser()
    found = Settings(
        home=home,
        socket=socket or home / "hub.sock",
        listen=listen or (_listen(path, said["listen"]) if "listen" in said else None),
        tls_cert=_file(path, said, "tls_cert"),
        tls_key=_file(path, said, "tls_key"),
        trusted_proxies=tuple(_texts(path, said, "trusted_proxies")),
        sources=tuple(_source(path, one) for one in _tables(path, said, "source")),
    )
    if (found.tls_cert is None) != (found.tls_key is None):
        raise _wrong(path, "tls_cert and tls_key come together.", "Give both, or neither.")
    names = [source.name for source in found.sources]
    if len(set(names)) != len(names):
        raise _wrong(path, "two sources have the same name.", "Give each its own.")
    return found


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise _wrong(path, f"it is not TOML: {error}.", "Mend that line.") from error
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _wrong(path, f"{reason.lower()}.", "Check the path, and that it may be read.") from error


def _source(path: Path, said: dict[str, Any]) -> SourceSettings:
    _only(path, said, _SOURCE, "[[source]]")
    name = said.get("name")
    if not isinstance(name, str) or not SOURCE_NAME.fullmatch(name):
        raise _wrong(
            path, "a [[source]] has no usable name.", 'Write one of letters, digits, _ . -, such as name = "pbx1".'
        )
    queue_log, cdr = _path(said, "queue_log"), _path(said, "cdr")
    if queue_log is None and cdr is None:
        raise _wrong(path, f"the source {name} names no file.", "Give queue_log, cdr, or both.")
    zone = said.get("cdr_zone")
    if zone is not None:
        check_zone(zone)
    return SourceSettings(name, queue_log, cdr, zone)


def check_zone(name: str) -> None:
    """See that a time zone exists. Raises ``HubError``."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError, TypeError) as error:
        raise HubError(422, "wrong-zone", f"There is no time zone “{name}”.", "Give one like Europe/Dublin.") from error


def check_source_name(name: str) -> None:
    """See that a source's name can stand in keys. Raises ``HubError``."""
    if not SOURCE_NAME.fullmatch(name):
        raise HubError(
            422, "wrong-source", f"“{name}” is no name for a source.", "Use letters, digits, _ . -, such as pbx1."
        )


def address_of(text: str) -> tuple[str, int] | None:
    """Host and port of ``HOST:PORT`` (``[::1]:8443`` too); ``None`` when it is not written like that."""
    host, _, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    usable = host and port.isascii() and port.isdigit() and int(port) < 65536
    return (host, int(port)) if usable else None


def _listen(path: Path, said: object) -> tuple[str, int]:
    found = address_of(said) if isinstance(said, str) else None
    if found is None:
        raise _wrong(path, f"listen is {said!r}, which is no address.", 'Write "HOST:PORT", such as "0.0.0.0:8443".')
    return found


def _file(path: Path, said: dict[str, Any], name: str) -> Path | None:
    found = _path(said, name)
    if found is not None and not found.is_file():
        raise _wrong(path, f"{name} is {found}, and there is no such file.", "Check the path.")
    return found


def _path(said: dict[str, Any], name: str) -> Path | None:
    value = said.get(name)
    return Path(value).expanduser() if isinstance(value, str) and value else None


def _texts(path: Path, said: dict[str, Any], name: str) -> list[str]:
    value = said.get(name, [])
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise _wrong(path, f"{name} is no list of texts.", f'Write {name} = ["…"].')
    return value


def _tables(path: Path, said: dict[str, Any], name: str) -> list[dict[str, Any]]:
    value = said.get(name, [])
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise _wrong(path, f"{name} is not written as [[{name}]].", f"Begin each with a line [[{name}]].")
    return value


def _only(path: Path, said: dict[str, Any], allowed: tuple[str, ...], where: str) -> None:
    for name in said:
        if name not in allowed:
            raise _wrong(path, f"{where} has “{name}”, which is no setting.", f"There are: {', '.join(allowed)}.")


def _wrong(path: Path, reason: str, next: str) -> HubError:
    return HubError(422, "wrong-settings", f"{path}: {reason}", next)
