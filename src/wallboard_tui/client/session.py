"""Room ``client``: what a terminal remembers between two starts: the hub's address, the person and the session's token.

Light to import: the first paint needs it. The
file has mode 0600; until the shift ends, the token is as good as the password.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Session:
    """Who was signed in where. ``token is None``: signed out, but the address and name are offered again."""

    address: str
    person: str = ""
    token: str | None = None


def load(path: Path) -> Session | None:
    """The remembered session; ``None`` when there is none or the file says nothing that can be used."""
    try:
        found = json.loads(path.read_bytes())
        token = found.get("token")
        return Session(str(found["address"]), str(found.get("person", "")), None if token is None else str(token))
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return None


def save(path: Path, session: Session) -> None:
    """Remember a session, atomically. Raises ``OSError``."""
    write_private(path, json.dumps(asdict(session)).encode())


def forget(path: Path) -> None:
    """Forget the token, and keep the address and the name for the next sign-in."""
    found = load(path)
    if found is not None:
        save(path, Session(found.address, found.person))


def write_private(path: Path, data: bytes) -> None:
    """Replace a file's content at once and for good, mode 0600: a crash leaves the old content or the new."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
