"""Room ``hub``: what ``hub.toml`` says. Reads one file; knows nothing of the hub.

```toml
listen = "0.0.0.0:8470"           # terminals on other machines; without it: this machine only
tls_cert = "/etc/wallboard/cert.pem"
tls_key = "/etc/wallboard/key.pem"
trusted_proxies = ["10.0.0.5"]    # whose word about the terminal's address is believed

[[source]]                        # a phone system that is followed: a live line, files, or both
name = "pbx1"
host = "10.0.0.20"                # its manager interface (AMI)
port = 5038                       # 5039 with tls
login = "wallboard"
secret_env = "PBX1_SECRET"        # or secret_file = "…", mode 0600
tls = false                       # with tls_ca = "…" for a certificate of one's own, tls_verify = false for any
queues = ["sales", "support"]     # the only ones to follow; without it: all
queue_log = "/var/log/asterisk/queue_log"
cdr = "/var/log/asterisk/cdr-csv/Master.csv"
cdr_zone = "Europe/Dublin"
```
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from wallboard_tui.hub.errors import HubError
from wallboard_tui.reports.lines import Path as Place
from wallboard_tui.reports.lines import line_numbers, line_of
from wallboard_tui.reports.not_toml import not_toml
from wallboard_tui.sources.asterisk.ami.errors import PORT
from wallboard_tui.sources.asterisk.ami.settings import TLS_PORT, AmiSettings

SOURCE_NAME = re.compile(r"[A-Za-z0-9_.-]{1,40}")
_TOP = ("listen", "home", "tls_cert", "tls_key", "trusted_proxies", "source")
_AMI = ("host", "port", "login", "secret_env", "secret_file", "tls", "tls_ca", "tls_verify", "queues")
_SOURCE = ("name", *_AMI, "queue_log", "cdr", "cdr_zone")


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """One phone system that is followed: over a live line (``ami``), by its files while they grow and rotate, or
    both.
    """

    name: str
    queue_log: Path | None = None
    cdr: Path | None = None
    cdr_zone: str | None = None
    ami: AmiSettings | None = None


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
    config: Path | None = None
    """The file they were read from, or would have been."""

    @property
    def in_the_clear(self) -> bool:
        """Whether terminals on other machines sign in without TLS, and no proxy is named that has it."""
        if self.listen is None or self.tls_cert is not None or self.trusted_proxies:
            return False
        host = self.listen[0]
        return not (host in ("localhost", "::1") or host.startswith("127."))

    @property
    def file(self) -> Path:
        """Where sources that are added are written."""
        return self.config or self.home / "hub.toml"


def read_settings(
    home: Path,
    socket: Path | None = None,
    *,
    config: Path | None = None,
    usual: Path | None = None,
    listen: tuple[str, int] | None = None,
) -> Settings:
    """The settings of a hub: of ``config`` where it is given, else of the ``usual`` file (``hub.toml`` in the home)
    where there is one.

    What the command line says (``listen``) wins. Raises ``HubError`` ``wrong-settings`` naming file, line, setting and
    what is allowed.
    """
    path = config or usual or home / "hub.toml"
    text = "" if config is None and not path.exists() else _text(path)
    try:
        return _settings(path, _toml(path, text), home, socket, listen)
    except _Mistake as mistake:
        where = f"{path}:{line_of(line_numbers(text), mistake.at)}" if mistake.at else str(path)
        raise _wrong_file(where, mistake.reason, mistake.next) from mistake


class _Mistake(Exception):
    """What is wrong with a setting, and what is allowed. ``at``: where it stands, from the top of the file."""

    def __init__(self, reason: str, next: str, at: Place = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.next = next
        self.at = at


def _settings(
    path: Path, said: dict[str, Any], home: Path, socket: Path | None, listen: tuple[str, int] | None
) -> Settings:
    _only(said, _TOP, "the top")
    home = _path(said, "home") or home
    found = Settings(
        home=home,
        socket=socket or home / "hub.sock",
        listen=listen or (_listen(said["listen"]) if "listen" in said else None),
        tls_cert=_file(said, "tls_cert"),
        tls_key=_file(said, "tls_key"),
        trusted_proxies=tuple(_texts(said, "trusted_proxies")),
        sources=tuple(_sources(said)),
        config=path,
    )
    if (found.tls_cert is None) != (found.tls_key is None):
        raise _Mistake("tls_cert and tls_key come together.", "Give both, or neither.", _given(said, "tls_"))
    return found


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise _wrong_file(str(path), "it is not UTF-8.", "Save it as UTF-8.") from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise _wrong_file(str(path), f"{reason.lower()}.", "Check the path, and that it may be read.") from error


def _toml(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line, reason = not_toml(error, text)
        raise _wrong_file(f"{path}:{line}", f"it is not TOML: {reason}.", "Mend that line.") from error


def _sources(said: dict[str, Any]) -> Iterator[SourceSettings]:
    names: set[str] = set()
    for index, one in enumerate(_tables(said, "source")):
        try:
            found = _source(one)
            if found.name in names:
                raise _Mistake(f"two sources have the same name, {found.name}.", "Give each its own.", ("name",))
        except _Mistake as mistake:
            mistake.at = ("source", index, *mistake.at)
            raise
        names.add(found.name)
        yield found


def _source(said: dict[str, Any]) -> SourceSettings:
    _only(said, _SOURCE, "[[source]]")
    name = said.get("name")
    if not isinstance(name, str) or not SOURCE_NAME.fullmatch(name):
        wanted = 'Write one of letters, digits, _ . -, such as name = "pbx1".'
        raise _Mistake("a [[source]] has no usable name.", wanted, ("name",))
    queue_log, cdr = _path(said, "queue_log"), _path(said, "cdr")
    ami = _ami(name, said)
    if queue_log is None and cdr is None and ami is None:
        raise _Mistake(f"the source {name} names neither host nor file.", "Give host and login, queue_log, or cdr.")
    zone = said.get("cdr_zone")
    if zone is not None:
        try:
            check_zone(zone)
        except HubError as error:
            raise _Mistake(error.reason, error.next, ("cdr_zone",)) from error
    return SourceSettings(name, queue_log, cdr, zone, ami)


def _ami(name: str, said: dict[str, Any]) -> AmiSettings | None:
    """The live line of a source, where it has one."""
    if "host" not in said:
        given = next((setting for setting in _AMI if setting in said), None)
        if given is not None:
            raise _Mistake(f"the source {name} has {given}, but no host.", "Give host, or leave it out.")
        return None
    for setting in ("host", "login"):
        if not isinstance(said.get(setting), str) or not said[setting]:
            raise _Mistake(f"the source {name} has no usable {setting}.", f'Write {setting} = "…".')
    for setting in ("tls", "tls_verify"):
        if not isinstance(said.get(setting, True), bool):
            raise _Mistake(f"{setting} of {name} is neither true nor false.", f"Write {setting} = true.")
    tls = said.get("tls", False)
    port = said.get("port", TLS_PORT if tls else PORT)
    if not isinstance(port, int) or isinstance(port, bool) or not 0 < port < 65536:
        raise _Mistake(f"port of {name} is {port!r}, which is no port.", f"Write a number, such as {PORT}.")
    secret_env = said.get("secret_env")
    secret_file = _path(said, "secret_file")
    if (secret_env is None) == (secret_file is None):
        raise _Mistake(
            f"the source {name} says in no one place where its secret lies.", "Give secret_env or secret_file."
        )
    return AmiSettings(
        host=said["host"], login=said["login"], port=port, tls=tls, tls_ca=_path(said, "tls_ca"),
        tls_verify=said.get("tls_verify", True), secret_env=secret_env, secret_file=secret_file,
        queues=tuple(_texts(said, "queues")),
    )  # fmt: skip


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


def _listen(said: object) -> tuple[str, int]:
    found = address_of(said) if isinstance(said, str) else None
    if found is None:
        wanted = 'Write "HOST:PORT", such as "0.0.0.0:8443".'
        raise _Mistake(f"listen is {said!r}, which is no address.", wanted, ("listen",))
    return found


def _file(said: dict[str, Any], name: str) -> Path | None:
    found = _path(said, name)
    if found is not None and not found.is_file():
        raise _Mistake(f"{name} is {found}, and there is no such file.", "Check the path.", (name,))
    return found


def _path(said: dict[str, Any], name: str) -> Path | None:
    value = said.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or not value:
        raise _Mistake(f"{name} is {value!r}, which is no path.", f'Write {name} = "/…".', (name,))
    return Path(value).expanduser()


def _texts(said: dict[str, Any], name: str) -> list[str]:
    value = said.get(name, [])
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise _Mistake(f"{name} is no list of texts.", f'Write {name} = ["…"].', (name,))
    return value


def _tables(said: dict[str, Any], name: str) -> list[dict[str, Any]]:
    value = said.get(name, [])
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise _Mistake(f"{name} is not written as [[{name}]].", f"Begin each with a line [[{name}]].", (name,))
    return value


def _only(said: dict[str, Any], allowed: tuple[str, ...], where: str) -> None:
    for name in said:
        if name not in allowed:
            known = f"There are: {', '.join(allowed)}."
            raise _Mistake(f"{where} has “{name}”, which is no setting.", known, (name,))


def _given(said: dict[str, Any], beginning: str) -> Place:
    return next(((name,) for name in said if name.startswith(beginning)), ())


def _wrong_file(where: str, reason: str, next: str) -> HubError:
    return HubError(422, "wrong-settings", f"{where}: {reason}", next)
