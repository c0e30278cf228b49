"""Room ``tui``, screens: *Team*: roles, members, access review, audit, teams. Knows ``client`` and ``model``.

A section is imported when it is first opened: most people never open one.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from wallboard_tui.model.me import Me
    from wallboard_tui.tui.screens.admin.base import Section

SECTIONS: Final[dict[str, tuple[str, str]]] = {
    "roles": ("Roles", "roles"),
    "members": ("Members", "users"),
    "review": ("Access review", "access_review"),
    "audit": ("Audit", "audit"),
    "teams": ("Teams", "workgroups"),
}
"""Sections in the order of their tabs: what each is called, and the permission that opens it. The section ``roles`` is
the class ``Roles`` in the module ``roles`` beside this file; its action is ``admin.roles``."""


def open_to(me: "Me | None") -> tuple[str, ...]:
    """The sections that a person may open, in the order of their tabs."""
    return tuple(name for name, (_, permission) in SECTIONS.items() if me is not None and me.may(permission))


def section(name: str) -> "Section":
    """A new screen of a section."""
    found: type[Section] = getattr(import_module(f"{__name__}.{name}"), name.title())
    return found()
