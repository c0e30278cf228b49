"""Room ``access``: the default roles and toggles of four products and our own, from ``packs/*.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

from wallboard_tui.access.permissions import ADMIN, OTHER_REPORTS, PERMISSIONS
from wallboard_tui.model.directory import Grant, Role

NAMES: Final[tuple[str, ...]] = ("standard", "justcall", "nuacom", "calltracks", "mightycall")
SAME: Final = "SAME:"
"""``SAME:analytics`` in a toggle: the scope the person has for ``analytics``, once everything else is counted."""

_GROUPS: Final = {"analytics.*": ("analytics.rollup", "analytics.filter_agents"), "reports.*": OTHER_REPORTS}


@dataclass(frozen=True, slots=True)
class Toggle:
    """A switch of a product. On, its grants are added; off, exactly these are taken away."""

    name: str
    title: str
    controls: str
    grants: Mapping[str, Grant]
    capabilities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pack:
    """One product's default roles and toggles."""

    key: str
    name: str
    text: str
    roles: tuple[Role, ...]
    toggles: Mapping[str, Toggle]


class PackError(ValueError):
    """A pack, or a pack file, that cannot be used. The message says what and what is allowed."""


def packs() -> tuple[str, ...]:
    """Names of the packs."""
    return NAMES


def roles_of(pack: str) -> list[Role]:
    """The default roles of a pack, keys as ``justcall:supervisor``. Raises ``PackError`` for an unknown pack."""
    return list(load(pack).roles)


@cache
def load(pack: str) -> Pack:
    """A pack. Raises ``PackError`` for an unknown one."""
    if pack not in NAMES:
        raise PackError(f"there is no pack {pack!r}; choose from {', '.join(NAMES)}")
    file = resources.files("wallboard_tui.access").joinpath("packs").joinpath(f"{pack}.toml")
    return read(pack, file.read_text(encoding="utf-8"))


def read(key: str, text: str) -> Pack:
    """A pack from its TOML text. Raises ``PackError`` naming the role or toggle that is wrong."""
    data = tomllib.loads(text)
    raw_toggles: dict[str, Any] = data.get("toggles", {})
    if "from" in raw_toggles:
        toggles = dict(load(raw_toggles["from"]).toggles)
    else:
        toggles = {name: _toggle(key, name, raw) for name, raw in raw_toggles.items()}
    roles = tuple(_role(key, name, raw, toggles) for name, raw in data["roles"].items())
    return Pack(key=key, name=data["name"], text=data["text"], roles=roles, toggles=toggles)


def toggles_for(role: Role, organisation_packs: Iterable[str]) -> Mapping[str, Toggle]:
    """The toggles that may be set for a role or a person with it: those it names, in its pack or the organisation's."""
    wanted = (role.pack,) if role.pack else tuple(organisation_packs) or NAMES
    known = {name: toggle for pack in reversed(wanted) if pack in NAMES for name, toggle in load(pack).toggles.items()}
    return {name: known[name] for name in role.toggles if name in known}


def _role(pack: str, name: str, raw: Mapping[str, Any], toggles: Mapping[str, Toggle]) -> Role:
    where = f"pack {pack}, role {name}"
    named = raw.get("toggles", [])
    return Role(
        key=f"{pack}:{name}",
        pack=pack,
        name=raw["name"],
        description=raw.get("description", ""),
        login=raw.get("login", True),
        grants=_grants(where, raw.get("grants", []), raw.get("admin", {})),
        floor=_grants(where, raw.get("floor", []), {}),
        toggles=tuple(toggles) if named == ["*"] else tuple(named),
        needs_extension=tuple(raw.get("needs_extension", [])),
    )


def _toggle(pack: str, name: str, raw: Mapping[str, Any]) -> Toggle:
    grants = _grants(f"pack {pack}, toggle {name}", raw.get("on", []), raw.get("admin", {}))
    return Toggle(name, raw["title"], raw["controls"], grants, tuple(raw.get("capabilities", [])))


def _grants(where: str, groups: Iterable[Mapping[str, Any]], admin: Mapping[str, Any]) -> dict[str, Grant]:
    found: dict[str, Grant] = {}
    for group in groups:
        for level in ("view", "manage"):
            for permission in _expanded(group.get(level, [])):
                _add(where, found, permission, level, tuple(group["scope"]))
    left_out = set(admin.get("except", []))
    for level in ("view", "manage"):
        names = admin.get(level, [])
        # "*" leaves out the reports tab, which comes with reports, not with administration.
        for permission in [name for name in ADMIN if name != "reports.tab"] if names == ["*"] else names:
            if permission not in left_out:
                _add(where, found, permission, level, ())
    return found


def _expanded(names: Iterable[str]) -> list[str]:
    return [permission for name in names for permission in _GROUPS.get(name, (name,))]


def _add(where: str, found: dict[str, Grant], permission: str, level: str, scope: tuple[str, ...]) -> None:
    if permission not in PERMISSIONS:
        raise PackError(f"{where}: there is no permission {permission!r}")
    if permission in found:
        raise PackError(f"{where}: {permission!r} is granted twice; name all of its scope in one group")
    if PERMISSIONS[permission].scoped != bool(scope):
        raise PackError(f"{where}: {permission!r} {'needs' if not scope else 'takes no'} scope")
    found[permission] = Grant(level=level, scope=scope)
