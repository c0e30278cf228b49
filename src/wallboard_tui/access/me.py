"""Room ``access``: the answer of ``GET /me``."""
from collections.abc import Iterable
from wallboard_tui.access.directory import Directory
from wallboard_tui.model.base import Doc
from wallboard_tui.model.me import Me


def me(person_key: str, directory: Directory, boards: Iterable[Doc] = (), *, policy: int, now: float) -> Me:
    raise NotImplementedError
