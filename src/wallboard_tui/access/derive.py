"""Room ``access``: from a role, toggles and grants to what a person may do. (Signatures; filled in next.)"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from wallboard_tui.access.directory import Directory
from wallboard_tui.access.scope import Scope


@dataclass(frozen=True, slots=True)
class Held:
    level: str
    scope: Scope
    managed: Scope = Scope()


@dataclass(frozen=True)
class Effective:
    person: str
    permissions: Mapping[str, Held]
    capabilities: tuple[str, ...]
    origins: Mapping[str, tuple[object, ...]]

    def resolved(self, directory: Directory) -> Effective:
        raise NotImplementedError


def effective(person_key: str, directory: Directory) -> Effective:
    raise NotImplementedError
