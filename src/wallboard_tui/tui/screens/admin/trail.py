"""Room ``tui``, screens: the audit trail in words: what was done, to what, and what it was before. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wallboard_tui.model.security import Audit
from wallboard_tui.tui.drawing.text import clean, wrap
from wallboard_tui.tui.drawing.units import local
from wallboard_tui.tui.look import Line, Look, Span
from wallboard_tui.tui.screens.admin.office import Office
from wallboard_tui.tui.screens.admin.wording import place_title, place_value, wrapped

ACTS: Mapping[str, str] = {
    "sign-in": "Signed in", "viewed-as": "Viewed as", "code.given": "One-time code given",
    "code.suspended": "One-time code withdrawn", "documents.applied": "Documents applied",
    "files.imported": "Files imported", "view.rebuilt": "View rebuilt", "review.keep": "Review: keep",
    "review.remove": "Review: remove", "pin.set": "PIN set", "pin.removed": "PIN removed",
    "followup.claim": "Missed opportunity claimed", "followup.reached": "Caller reached",
    "followup.not_reached": "Caller not reached", "followup.resolve": "Missed opportunity resolved",
    "followup.reopen": "Missed opportunity reopened", "followup.note": "Note on a missed opportunity",
}  # fmt: skip
REFUSED: Mapping[str, str] = {"sign-in": "Refused sign-in", "viewed-as": "Refused to view as"}
"""Acts that are called as if they had been done, when they were refused."""
NOT_PEOPLE: Mapping[str, str] = {"hub:operator": "Operator", "hub": "The hub"}
"""Who acts and is no person: whoever runs commands on the hub's machine, and the hub itself."""
_KINDS = frozenset({"person", "role", "team", "queue", "number", "agent", "extension", "contact", "board", "source"})
_TITLES: Mapping[str, str] = {"presences": "Log-ins and pauses"}
"""Fields that the trail alone has, and what their keys do not say."""
_TOLD = frozenset({"key", "person", "permission", "decision", "at", "by", "note"})
"""Fields of a decision in the review that the head of the entry says."""
_PARTED = frozenset({"grants", "floor", "toggles"})
"""Fields that are told permission by permission."""
_OF_PERSON = frozenset({"sign-in", "viewed-as", "code", "pin", "password"})
TITLE_W = 18


@dataclass(frozen=True)
class Changed:
    """One thing that differs, in words; ``added`` and ``gone`` for lists, else ``was`` and ``became``."""

    title: str
    was: str = ""
    became: str = ""
    added: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()


def act_words(act: str, allowed: bool = True) -> str:
    """What an act is called: “Person changed”. What was not ``allowed`` and is named as done has a name of its own."""
    if not allowed and act in REFUSED:
        return REFUSED[act]
    return ACTS.get(act) or act.replace(".", " ").replace("-", " ").replace("_", " ").capitalize()


def who_words(key: str, office: Office) -> str:
    """Who did it. A name typed at sign-in that is nobody's is not written down."""
    if not key:
        return "unknown name"
    if key in NOT_PEOPLE:
        return NOT_PEOPLE[key]
    return office.called("person", key) if key in office.documents.get("person", {}) else key


def target_words(entry: Audit, office: Office) -> str:
    """What it was done to, by its name."""
    kind = entry.act.partition(".")[0]
    if kind == "review":
        person, _, permission = entry.target.partition("/")
        known = office.permissions.get(permission)
        return f"{who_words(person, office)}: {known.title if known else permission}"
    if kind in _OF_PERSON:
        return who_words(entry.target, office)
    if kind == "role" and entry.target in office.roles:
        return office.role_name(entry.target)
    if kind in _KINDS and entry.target in office.documents.get(kind, {}):
        return office.called(kind, entry.target)
    return _called_then(entry)


def _called_then(entry: Audit) -> str:
    """What something was called when it was done to: it may be gone by now. Its key where the entry does not say."""
    names = (fields.get("name") for fields in (entry.after or {}, entry.before or {}))
    return next((str(name) for name in names if name), entry.target)


def changes(entry: Audit, office: Office) -> Iterator[Changed]:
    """What differs, field by field: permissions and toggles one by one, lists by what came and what went."""
    before, after = entry.before or {}, entry.after or {}
    told = _TOLD if entry.act.startswith("review.") else frozenset()
    for name in [name for name in {**before, **after} if name not in told]:
        was, became = before.get(name), after.get(name)
        if name in _PARTED and (isinstance(was, dict) or isinstance(became, dict)):
            yield from _parts(name, was or {}, became or {}, office)
        elif was != became:
            yield _changed(name, was, became, office)


def _parts(field: str, was: Mapping[str, Any], became: Mapping[str, Any], office: Office) -> Iterator[Changed]:
    for part in {**was, **became}:
        if was.get(part) != became.get(part):
            place = (field, part)
            old, new = (place_value(place, one.get(part), office) for one in (was, became))
            yield Changed(place_title(place, office), old, new)


def _changed(field: str, was: Any, became: Any, office: Office) -> Changed:
    title = _TITLES.get(field) or place_title((field, ""), office).replace("_", " ")
    title = title[:1].upper() + title[1:]
    if isinstance(was, list | tuple) or isinstance(became, list | tuple):
        old, new = ([_worded(field, [one], office) for one in each or ()] for each in (was, became))
        added, gone = tuple(one for one in new if one not in old), tuple(one for one in old if one not in new)
        if added or gone:
            return Changed(title, added=added, gone=gone)
        return Changed(title, ", ".join(old), ", ".join(new))
    return Changed(title, _worded(field, was, office), _worded(field, became, office))


def _worded(field: str, value: Any, office: Office) -> str:
    if isinstance(value, dict):
        return f"{len(value)} fields"
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return str(value[0].get("name") or value[0].get("key") or f"{len(value[0])} fields")
    return place_value((field, ""), value, office)


def entry_lines(entry: Audit, office: Office, zone: str, width: int, look: Look) -> list[Line]:
    """One entry: who, what, to what, when, and what differs."""
    arrow = "->" if look.glyphs.ascii else "→"
    when = local(entry.at, zone)
    lines: list[Line] = [(Span(act_words(entry.act, entry.allowed), "title"),)]
    if not entry.allowed:
        lines += wrapped(f"{look.glyphs.level['alert']} refused: nothing was changed", width, look, "alert")
    lines += _fact("By", _with_key(who_words(entry.by, office), entry.by), width, look)
    if entry.target and entry.target != entry.by:
        lines += _fact("To", _with_key(target_words(entry, office), entry.target), width, look)
    lines += _fact("When", when.strftime("%Y-%m-%d %H:%M:%S"), width, look)
    lines += _fact("From" if entry.act == "sign-in" else "Note", entry.note, width, look) if entry.note else []
    found = list(changes(entry, office))
    if found:
        title = "What changed" if entry.allowed else "What was tried"
        lines += [(), (Span(title, "title"),)]
    for one in found:
        lines += _changed_lines(one, arrow, width, look)
    return lines


def _changed_lines(one: Changed, arrow: str, width: int, look: Look) -> list[Line]:
    lines: list[Line] = [(Span(clean(one.title, look.glyphs.ascii), "name"),)]
    if one.added or one.gone:
        for sign, role, words in (("+", "ok", one.added), ("-", "warn", one.gone)):
            for word in words:
                rows = wrap(word, max(10, width - 4), look.glyphs) or [""]
                lines.append((Span(f"  {sign} ", role), Span(rows[0], "text")))
                lines += [(Span("    "), Span(row, "text")) for row in rows[1:]]
        return lines
    rows = wrap(f"{one.was} {arrow} {one.became}", max(10, width - 2), look.glyphs)
    return [*lines, *((Span("  "), Span(row, "text")) for row in rows)]


def _with_key(word: str, key: str) -> str:
    return word if key in ("", word) else f"{word} ({key})"


def _fact(title: str, text: str, width: int, look: Look) -> list[Line]:
    rows = wrap(text, max(10, width - 6), look.glyphs)
    return [(Span((title if not n else "").ljust(6), "dim"), Span(row, "text")) for n, row in enumerate(rows)]
