"""Room ``tui``, screens: roles, people and changes in words. Pure: an office and documents in, lines out."""

from collections.abc import Mapping, Sequence
from typing import Any

from wallboard_tui.access.words import listed
from wallboard_tui.model.administration import (
    Effect,
    EffectiveAccess,
    Granted,
    OriginOf,
    PersonRow,
    RoleRow,
    Row,
    Saved,
)
from wallboard_tui.tui.drawing.text import clean, wrap
from wallboard_tui.tui.drawing.text import name as fitted
from wallboard_tui.tui.look import Line, Look, Span, cells
from wallboard_tui.tui.screens.admin.merging import Place
from wallboard_tui.tui.screens.admin.office import Office

LEVELS: Mapping[str, str] = {"none": "–", "view": "view", "manage": "manage"}
LEVEL_W = 6
GAP_W = 2
"""Blanks between columns: with one, “Missed opportunities view” would read as one thing."""
NARROW = 60
FACTS_W = 40
"""From this width on what is said of facts stands in one column; below, close to each."""
FIELDS: Mapping[str, str] = {
    "name": "Name", "description": "About", "login": "May sign in", "role": "Role", "email": "Mail",
    "extension": "Extension", "agents": "On the phone system", "toggles": "Toggles", "grants": "Permissions",
    "floor": "Personal floor", "manage_queues": "Manage Queues", "manage_numbers": "Manage Numbers",
    "manage_extensions": "Manage Extensions", "caller_ids": "Caller IDs", "default_caller_id": "Default Caller ID",
    "missed_mail": "Missed-opportunity mails", "report_mail": "Report mails", "disabled": "Disabled",
    "board": "Default board", "needs_extension": "Needs an extension", "pack": "Pack", "joined": "Member of",
    "managed": "Manages", "members": "Members", "managers": "Managers", "queues": "Queues", "numbers": "Numbers",
}  # fmt: skip
"""What the fields of roles, people and teams are called on forms."""
_KINDS = {
    "manage_queues": "queue", "manage_numbers": "number", "caller_ids": "number", "default_caller_id": "number",
    "agents": "agent", "board": "board", "role": "role", "joined": "team", "managed": "team",
    "members": "person", "managers": "person", "queues": "queue", "numbers": "number",
}  # fmt: skip
MOST_SAID = 3
"""So many people, and changes, are told in a line; how many more there are is said."""


def grant_words(grant: Mapping[str, Any] | None, office: Office) -> str:
    """A stored grant to be read: “view everything”; a dash for none."""
    if not grant:
        return LEVELS["none"]
    return f"{LEVELS.get(str(grant.get('level', 'view')), '?')} {office.words(grant.get('scope') or ())}".strip()


def place_title(place: Place, office: Office) -> str:
    """What a place of a document is called."""
    field, part = place
    if field in ("grants", "floor"):
        one = office.permissions.get(part)
        return one.title if one else part
    if field == "toggles" and part:
        return toggle_title(part, office)
    return FIELDS.get(field, field)


def place_value(place: Place, value: Any, office: Office) -> str:
    """A value in a document to be read."""
    field, part = place
    if field in ("grants", "floor"):
        return grant_words(value, office)
    if field == "login":
        return "yes" if value else "no"
    if isinstance(value, bool):
        return "on" if value else "off"
    if value in (None, "", []):
        return "as the role says" if field == "toggles" and part else "–"
    kind = _KINDS.get(field)
    each = value if isinstance(value, list | tuple) else [value]
    if field == "toggles":
        return ", ".join(toggle_title(str(one), office) for one in each)
    if field == "needs_extension":
        return ", ".join(place_title(("floor", str(one)), office) for one in each)
    return ", ".join(office.called(kind, str(one)) if kind else str(one) for one in each)


def toggle_title(name: str, office: Office) -> str:
    """What a toggle is called in the pack it comes from."""
    for toggles in office.catalogue.toggles.values():
        for one in toggles:
            if one.name == name:
                return one.title
    return name.replace("_", " ").capitalize()


# -- lines


def role_lines(row: RoleRow, office: Office, width: int, look: Look) -> list[Line]:
    """A role: what it is for, who has it, and exactly what it allows."""
    doc = row.doc
    lines = titled(str(doc["name"]), role_origin(row), width, look)
    lines += wrapped(str(doc.get("description") or ""), width, look, "text")
    if not doc.get("login", True):
        lines += wrapped("People with this role cannot sign in.", width, look, "warn")
    if not row.editable:
        lines += wrapped(f"You can look at it and not change it. {row.why_not}", width, look, "warn")
    lines += [(), _people_title(len(row.people))]
    lines += wrapped(", ".join(name for _, name in row.people) or "Nobody has this role.", width, look, "text")
    lines += [(), (Span("What it allows", "title"),)]
    lines += permission_lines(row.permissions, width, look) or [(Span("Nothing.", "dim"),)]
    if row.floor:
        lines += [(), (Span("What everybody with it keeps about themselves", "title"),)]
        lines += permission_lines(row.floor, width, look)
    for field, title in _OFFERED.items():
        if doc.get(field):
            lines += [(), (Span(title, "title"),)]
            lines += wrapped(place_value((field, ""), doc[field], office), width, look, "text")
    return lines


def titled(name: str, beside: str, width: int, look: Look) -> list[Line]:
    """What details are about, with a word beside it; below it where there is no room."""
    if cells(name) + 3 + cells(beside) <= width:
        return [(Span(clean(name, look.glyphs.ascii), "title"), Span(f"   {beside}", "dim"))]
    return [*wrapped(name, width, look, "title"), *wrapped(beside, width, look, "dim")]


def role_origin(row: RoleRow) -> str:
    """Where a role comes from: “justcall, as delivered”."""
    kind = "made here" if row.custom else "changed here" if row.changed else "as delivered"
    return f"{row.doc['pack']}, {kind}" if row.doc.get("pack") else kind


_OFFERED = {"needs_extension": "Only for people with an extension", "toggles": "What may be switched for one person"}


def _people_title(count: int) -> Line:
    return (Span("People", "title"), Span(f"   {count}" if count else "", "dim"))


def permission_lines(permissions: Sequence[Granted], width: int, look: Look) -> list[Line]:
    """Permissions in three columns: what, level, for whom."""
    lines: list[Line] = []
    column = title_width(permissions, width)
    for one in permissions:
        before = column + GAP_W + LEVEL_W + GAP_W
        rest = wrap(one.words, max(8, width - before), look.glyphs) or [""]
        title = fitted(one.title, column, look.glyphs) + " " * GAP_W
        style = "value" if one.level == "manage" else "text"
        lines.append((Span(title, "text"), Span(f"{one.level:{LEVEL_W + GAP_W}}", style), Span(rest[0], "dim")))
        lines += [(Span(" " * before), Span(more, "dim")) for more in rest[1:]]
    return lines


def title_width(permissions: Sequence[Granted], width: int) -> int:
    """Room for the titles of permissions."""
    longest = max((len(one.title) for one in permissions), default=0)
    return min(longest, max(12, width - LEVEL_W - 2 * GAP_W - 13))


def person_lines(row: PersonRow, access: EffectiveAccess, office: Office, width: int, look: Look) -> list[Line]:
    """A person: who it is, what they may do, and where each part of that comes from."""
    doc = row.doc
    lines = titled(str(doc["name"]), row.key, width, look)
    if doc.get("disabled"):
        lines.append((Span("Disabled: cannot sign in.", "warn"),))
    elif not row.can_sign_in:
        lines.append((Span("Cannot sign in with this role.", "warn"),))
    if not row.editable:
        lines += wrapped(f"You can look and not change. {row.why_not}", width, look, "warn")
    for title, said in _facts(row, office):
        lines += fact_lines(title, said, width, look)
    how = "through what" if width < NARROW else "and where each part of it comes from"
    lines += [(), (Span("May do", "title"), Span(f"   {how}", "dim"))]
    lines += wrapped(access.sentence, width, look, "warn")
    column = title_width(access.permissions, width)
    for one in access.permissions:
        lines += permission_lines([_padded(one, column)], width, look)
        origins = "; ".join(origin_words(each) for each in one.origins)
        lines += [(Span("  "), *line) for line in wrapped(origins, width - 4, look, "dim")]
    toggles = [one for one in access.toggles if one.value is not None]
    if toggles:
        lines += [(), (Span("Toggles of their own", "title"),)]
        lines += [(Span(f"{one.title}: {'on' if one.value else 'off'}", "text"),) for one in toggles]
    return lines


def team_lines(row: Row, office: Office, width: int, look: Look) -> list[Line]:
    """A team: who is in it and who manages it, and whose calls are its own."""
    lines = titled(str(row.doc["name"]), row.key, width, look)
    if not row.editable:
        lines += wrapped(f"You can look at it and not change it. {row.why_not}", width, look, "warn")
    for field in ("managers", "members", "queues", "numbers"):
        lines.append(())
        lines += fact_lines(FIELDS[field], place_value((field, ""), row.doc.get(field), office), width, look)
    return lines


def _padded(one: Granted, column: int) -> Granted:
    return one.model_copy(update={"title": one.title.ljust(column)})


def _facts(row: PersonRow, office: Office) -> list[tuple[str, str]]:
    doc = row.doc
    fields = ("extension", "email", "board", "caller_ids", "default_caller_id", "manage_queues", "manage_numbers",
              "manage_extensions")  # fmt: skip
    said = [("Role", row.role_name), ("Teams", _names("team", row.teams, office))]
    said.append(("Manages", _names("team", row.manages, office)))
    said += [(FIELDS[field], place_value((field, ""), doc[field], office)) for field in fields if doc.get(field)]
    mails = [FIELDS[field] for field in ("missed_mail", "report_mail") if doc.get(field)]
    said.append(("Mails", ", ".join(mails)))
    said.append(("PIN", "has one" if row.has_pin else ""))
    return [(title, text) for title, text in said if text]


def _names(kind: str, keys: Sequence[str], office: Office) -> str:
    return ", ".join(office.called(kind, key) for key in keys)


def fact_lines(title: str, said: str, width: int, look: Look) -> list[Line]:
    """A title with what is said of it beside it."""
    column = 17 + GAP_W if width >= FACTS_W else max(11, len(title) + GAP_W)
    rows = wrap(said, max(10, width - column), look.glyphs) or [""]
    first: Line = (Span(f"{title:{column}}", "dim"), Span(rows[0], "text"))
    return [first, *((Span(" " * column), Span(row, "text")) for row in rows[1:])]


def origin_words(one: OriginOf) -> str:
    """Where a part of a permission comes from: “role Agent: view own”."""
    said = f"{one.kind} {one.name}"
    if not one.added:
        return f"taken away by {said}"
    what = f"{one.level} {one.words}".strip()
    return f"from {said}: {what}"


def wrapped(text: str, width: int, look: Look, style: str) -> list[Line]:
    """A text in lines of a width; none for an empty one."""
    return [(Span(row, style),) for row in wrap(text, max(10, width), look.glyphs)] if text else []


def saved_words(saved: Saved) -> str:
    """What came of a change set, and that those it is about know it; people whom it means the same to are named
    together.
    """
    alike: dict[str, list[str]] = {}
    for one in saved.effects:
        alike.setdefault(_change(one), []).append(one.name)
    said = [f"{together(names)}: {change}" for change, names in list(alike.items())[:MOST_SAID]]
    others = sum(len(names) for names in list(alike.values())[MOST_SAID:])
    more = f" And {others} more." if others else ""
    told = "It holds now, and they have been told. " if saved.notices else ""
    done = "Removed" if any(one.after is None for one in saved.differences) else "Saved"
    return f"{done}. {told}{' '.join(said)}{more}".rstrip()


def together(names: Sequence[str], most: int = MOST_SAID) -> str:
    """Names in a row, the last of many only counted: “Ann, Ben, Cy and 4 more”."""
    return listed(names, most)


def _change(one: Effect) -> str:
    gained = f"+ {', '.join(one.gained)}" if one.gained else ""
    lost = f"- {', '.join(one.lost)}" if one.lost else ""
    return f"{'; '.join(part for part in (gained, lost) if part)}." if gained or lost else one.sentence
