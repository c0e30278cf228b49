"""Room ``tui``, screens: a document that two people edit at once. Pure.

Grants and toggles are compared entry by entry, so that somebody who gave a role *Export* and somebody who took its
*Recordings* away do not stand in each other's way.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from wallboard_tui.model.base import Doc

PARTED = frozenset({"grants", "floor", "toggles"})
"""Fields whose entries are looked at one by one, where they are mappings."""
Place = tuple[str, str]
"""A field, and the entry in it; an empty one for the whole field."""


@dataclass(frozen=True)
class Meanwhile:
    """A place that somebody else changed since one began. ``clash``: one changed it oneself, and otherwise."""

    place: Place
    was: Any
    theirs: Any
    yours: Any

    @property
    def clash(self) -> bool:
        """Whether both changed it, and not to the same."""
        return self.yours not in (self.was, self.theirs)


def canonical(doc: Doc) -> Doc:
    """A document without its key, every grant with its level and scope; stored ones leave out what is usual."""
    found = {name: value for name, value in doc.items() if name != "key"}
    for field in ("grants", "floor"):
        if isinstance(found.get(field), Mapping):
            found[field] = {
                name: {"level": str(grant.get("level") or "view"), "scope": list(grant.get("scope") or ())}
                for name, grant in found[field].items()
            }
    return found


def places(doc: Doc) -> dict[Place, Any]:
    """A document by its places. What has no value (``None``, nothing in a list) is left out."""
    found: dict[Place, Any] = {}
    for field, value in doc.items():
        if field in PARTED and isinstance(value, Mapping):
            found |= {(field, part): _plain(one) for part, one in value.items()}
        elif value not in (None, "", False) and _plain(value) != []:
            found[field, ""] = _plain(value)
    return found


def meanwhile(base: Doc, theirs: Doc, yours: Doc) -> list[Meanwhile]:
    """What somebody else changed since ``base``, against what one wants oneself."""
    was, they, you = places(base), places(theirs), places(yours)
    return [
        Meanwhile(place, was.get(place), they.get(place), you.get(place))
        for place in dict.fromkeys([*was, *they])
        if was.get(place) != they.get(place)
    ]


def merged(base: Doc, theirs: Doc, yours: Doc, give_way: Collection[Place] = ()) -> Doc:
    """Their document with one's own changes in it, but for the places where one gives way."""
    was, you = places(base), places(yours)
    result: Doc = {**theirs}
    for place in dict.fromkeys([*was, *you]):
        if was.get(place) == you.get(place) or place in give_way:
            continue
        field, part = place
        if not part:
            result[field] = yours.get(field)
            continue
        entries = dict(result.get(field) or {})
        if place in you:
            entries[part] = you[place]
        else:
            entries.pop(part, None)
        result[field] = entries
    return result


def differing(base: Doc, yours: Doc) -> Doc:
    """The fields that are others now, as an edit sends them. No value is the same as an empty one."""
    fields: Iterable[str] = dict.fromkeys([*base, *yours])
    return {
        name: yours.get(name)
        for name in fields
        if (_plain(base.get(name)) or None) != (_plain(yours.get(name)) or None)
    }


def _plain(value: Any) -> Any:
    """Lists and tuples alike, so that what JSON gave equals what a form gives."""
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value
