"""Room ``tui``, screens: a role as the form edits it. Pure."""

from collections.abc import Collection, Mapping, Sequence

from wallboard_tui.access.derive import of_role
from wallboard_tui.access.panes import panes
from wallboard_tui.model.administration import RoleRow, ToggleOf
from wallboard_tui.model.base import Doc
from wallboard_tui.model.directory import Role
from wallboard_tui.model.names import short_name
from wallboard_tui.tui.screens.admin.merging import canonical
from wallboard_tui.tui.screens.admin.office import Office
from wallboard_tui.tui.screens.admin.wording import toggle_title

CALLERS_IN = frozenset({"calls", "missed"})
"""Panes that are lists of callers."""


def begun(doc: Doc) -> Doc:
    """What a form begins with. Stored roles leave ``login`` out where it holds, and a form must tell on from off."""
    return {"login": True, **canonical(doc)}


def lacking(key: str | None, draft: Doc, roles: Mapping[str, RoleRow]) -> dict[str, str]:
    """Fields that cannot be saved like this, each with a sentence."""
    name = str(draft.get("name") or "").strip()
    if not name:
        return {"name": "A role needs a name."}
    if short_name(name) is None and key is None:
        return {"name": "Give a name with letters or digits in it."}
    # Roles of different packs share names (Agent, Admin) and are told apart by them; those made here are not.
    made_here = [one for other, one in roles.items() if other != key and one.custom]
    if any(str(one.doc["name"]).casefold() == name.casefold() for one in made_here):
        return {"name": f"There is a role {name} already; two of one name could not be told apart."}
    return {}


def new_key(draft: Doc, roles: Mapping[str, RoleRow], number: int) -> str:
    """The key of a new role: its name in plain letters, with ``number`` or the next free one where that is taken."""
    plain = (short_name(str(draft.get("name") or "")) or "role").replace(".", "-")
    while True:
        key = f"custom:{plain}" if number == 1 else f"custom:{plain}-{number}"
        if key not in roles:
            return key
        number += 1


def opens(draft: Doc) -> tuple[str, ...] | None:
    """The panes that people with the role land on; ``None`` while that cannot be told, or they cannot sign in."""
    try:
        role = Role.load({**draft, "key": "custom:draft"})
    except ValueError:
        return None
    return tuple(panes(of_role(role))) if role.login else None


def hides_callers(draft: Doc, opened: Collection[str]) -> bool:
    """Whether people with the role see calls, or who is to be called back, and of no caller the number."""
    return bool(CALLERS_IN & frozenset(opened)) and "caller_number" not in (draft.get("grants") or {})


def known_toggles(draft: Doc, organisation_packs: Sequence[str], office: Office) -> list[ToggleOf]:
    """The toggles that a role can offer: those of its pack, for one made here those of the organisation's packs; and
    those it offers anyway.
    """
    every = office.catalogue.toggles
    wanted = (str(draft["pack"]),) if draft.get("pack") else tuple(organisation_packs) or tuple(every)
    found = {one.name: one for pack in reversed(wanted) for one in every.get(pack, ())}
    for name in draft.get("toggles") or ():
        found.setdefault(name, ToggleOf(name=name, title=toggle_title(name, office), controls=""))
    return list(found.values())


def chosen(before: Sequence[str], ticked: Sequence[str], offered: Sequence[str]) -> list[str]:
    """What is ticked, in the order it had and then in the order it is offered: to tick and untick changes nothing."""
    kept = [one for one in before if one in ticked]
    return kept + [one for one in offered if one in ticked and one not in kept]
