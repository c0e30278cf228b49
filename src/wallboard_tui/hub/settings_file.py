"""Room ``hub``: writes sources into ``hub.toml``, and takes them out. Comments and everything else in it stay.

Knows the file's form, not what the settings mean (``hub.settings`` reads them).
"""

import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from errno import EACCES
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Table

from wallboard_tui.hub.errors import HubError

Setting = str | int | bool | tuple[str, ...]


def put_source(path: Path, name: str, settings: Mapping[str, Setting]) -> None:
    """Write a ``[[source]]`` into the file, in place of the one of that name where there is one.

    The file is replaced at once and is never half written. Raises ``HubError``.
    """
    document = _read(path)
    sources = _sources(path, document)
    table = tomlkit.table()
    table.add("name", name)
    for setting, value in settings.items():
        table.add(setting, list(value) if isinstance(value, tuple) else value)
    index = _index(sources, name)
    if index is None:
        sources.append(table)
    else:
        sources[index] = table
    document["source"] = sources
    _write(path, document)


def take_out_source(path: Path, name: str) -> bool:
    """Take a ``[[source]]`` out of the file; whether it was there. Raises ``HubError``."""
    document = _read(path)
    sources = _sources(path, document)
    index = _index(sources, name)
    if index is None:
        return False
    del sources[index]
    if sources:
        document["source"] = sources
    else:
        del document["source"]
    _write(path, document)
    return True


def check(path: Path) -> None:
    """See that sources can be written into the file. Raises ``HubError``."""
    _sources(path, _read(path))
    if path.exists() and not os.access(path, os.W_OK):
        raise _unwritable(path, PermissionError(EACCES, os.strerror(EACCES)))


def put_secret(path: Path, secret: str) -> None:
    """Write a secret into a file that only its owner may read. Raises ``HubError``."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _replace(path, f"{secret}\n".encode(), mode=0o600)
    except OSError as error:
        raise _unwritable(path, error) from error


def drop(path: Path) -> None:
    """Remove a file that holds a secret; nothing where there is none. Raises ``HubError``."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise _unwritable(path, error) from error


@contextmanager
def undone_on_failure(*paths: Path) -> Iterator[None]:
    """When the body fails, the files are what they were before."""
    before = {path: _bytes(path) for path in paths}
    try:
        yield
    except BaseException:
        for path, content in before.items():
            if content != _bytes(path):
                with suppress(OSError):
                    if content is None:
                        path.unlink(missing_ok=True)
                    else:
                        _replace(path, content)
        raise


def _bytes(path: Path) -> bytes | None:
    """What stands in a file; ``None`` where there is none, or none that can be read."""
    try:
        return path.read_bytes()
    except OSError:
        return None


def _read(path: Path) -> tomlkit.TOMLDocument:
    try:
        return tomlkit.parse(path.read_text(encoding="utf-8")) if path.exists() else tomlkit.document()
    except TOMLKitError as error:
        raise HubError(422, "wrong-settings", f"{path}: it is not TOML: {error}.", "Mend that line.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise _unwritable(path, error) from error


def _sources(path: Path, document: tomlkit.TOMLDocument) -> AoT:
    found = document.get("source")
    if found is None:
        return tomlkit.aot()
    if not isinstance(found, AoT):
        raise HubError(
            422, "wrong-settings", f"{path}: source is not written as [[source]].", "Begin each with a line [[source]]."
        )
    return found


def _index(sources: AoT, name: str) -> int | None:
    each = (index for index, table in enumerate(sources) if isinstance(table, Table) and table.get("name") == name)
    return next(each, None)


def _write(path: Path, document: tomlkit.TOMLDocument) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _replace(path, tomlkit.dumps(document).encode())
    except OSError as error:
        raise _unwritable(path, error) from error


def _replace(path: Path, content: bytes, mode: int | None = None) -> None:
    """Write beside it and move it into place, so that a full disk leaves the old one. A new one has mode 0600 from the
    beginning; one that is there keeps its own, without ``mode``. Where it is a link, what it leads to is replaced.
    """
    path = path.resolve()
    if mode is None:
        mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else 0o600
    if path.exists() and not os.access(path, os.W_OK):
        raise PermissionError(EACCES, os.strerror(EACCES), str(path))
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _unwritable(path: Path, error: OSError | UnicodeDecodeError) -> HubError:
    reason = (getattr(error, "strerror", None) or str(error)).lower()
    return HubError(500, "not-writable", f"{path} cannot be written: {reason}.", "Mend that, then do it again.")
