"""Room ``tui``, screens: a person as the form edits them, and the edits that come of it. Pure."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from wallboard_tui.access.packs import toggles_for
from wallboard_tui.model.administration import Edit, PersonRow, Row
from wallboard_tui.model.base import Doc
from wallboard_tui.model.names import mistake, short_name
from wallboard_tui.tui.screens.admin.merging import canonical, differing
from wallboard_tui.tui.screens.admin.office import Office
from wallboard_tui.tui.screens.admin.wording import toggle_title

TEAMS: Final = {"joined": "members", "managed": "managers"}
"""Fields of the form that stand in documents of teams."""
BESIDE: Final = frozenset({*TEAMS, "key", "pin"})
"""Fields of the form that are none of a person's document."""
LISTS: Final = {
    "agents": "agent", "caller_ids": "number", "manage_queues": "queue", "manage_numbers": "number",
    "joined": "team", "managed": "team",
}  # fmt: skip
"""Lists to choose from, and what kind of thing is chosen."""
NOT_SEEN: Final = "not there, or not yours to see"
May = Callable[[str, str], bool]


def begun(row: PersonRow | None) -> Doc:
    """What a form begins with: a person's document with the teams, or nothing."""
    if row is None:
        return {}
    return {**canonical(row.doc), "joined": list(row.teams), "managed": list(row.manages)}


def edits_of(key: str | None, revision: int | None, base: Doc, draft: Doc, teams: Mapping[str, Row]) -> list[Edit]:
    """The edits that make ``draft`` of ``base``: of the person, and of the teams they join or leave."""
    who = key or new_key(draft)
    if not who:
        return []
    fields = {name: value for name, value in differing(base, draft).items() if name not in BESIDE}
    found: list[Edit] = []
    if key is None:
        found.append(Edit(kind="person", key=who, create=fields))
    elif fields:
        found.append(Edit(kind="person", key=key, set=fields, revision=revision))
    return found + _team_edits(who, base, draft, teams)


def _team_edits(person: str, base: Doc, draft: Doc, teams: Mapping[str, Row]) -> list[Edit]:
    found = []
    for key, row in teams.items():
        changed: Doc = {}
        for field, part in TEAMS.items():
            was, wanted = key in (base.get(field) or ()), key in (draft.get(field) or ())
            if was != wanted:
                left = [one for one in row.doc.get(part) or () if one != person]
                changed[part] = [*left, person] if wanted else left
        if changed:
            found.append(Edit(kind="team", key=key, set=changed, revision=row.revision))
    return found


def new_key(draft: Doc) -> str:
    """The short name of somebody new: as typed, else made of the name."""
    return str(draft.get("key") or short_name(str(draft.get("name") or "")) or "")


def lacking(key: str | None, draft: Doc, people: Mapping[str, PersonRow]) -> dict[str, str]:
    """Fields that cannot be saved like this, each with a sentence."""
    found: dict[str, str] = {}
    for field in ("name", "email", "extension"):
        value = draft.get(field)
        if (value or field == "name") and (said := mistake(field, str(value or ""))):
            found[field] = "A person needs a name." if not value else " ".join(said)
    if key is None:
        who = new_key(draft)
        if draft.get("name") and (said := mistake("key", who)):
            found["key"] = " ".join(said)
        elif who in people:
            found["key"] = f"{people[who].doc['name']} signs in as {who} already; type another short name."
    if not draft.get("role"):
        found["role"] = "Choose a role."
    pin = str(draft.get("pin") or "")
    if pin not in ("", "-") and not (pin.isdigit() and 4 <= len(pin) <= 10):
        found["pin"] = "pin: 4 to 10 digits, or - to take it away."
    return found


def offered_toggles(office: Office, draft: Doc, packs: Sequence[str]) -> list[tuple[str, str, str]]:
    """The toggles that the draft's role offers, and those that the person has: name, title, what it controls."""
    role = office.directory.roles.get(str(draft.get("role")))
    known = toggles_for(role, packs) if role is not None else {}
    found = [(one.name, one.title, one.controls) for one in known.values()]
    return found + [(name, toggle_title(name, office), "") for name in draft.get("toggles") or {} if name not in known]


# -- what fields show and offer


def shown(draft: Doc, field: str) -> str:
    """What stands in a field of text."""
    value = draft.get(field)
    return ", ".join(value) if isinstance(value, list | tuple) else str(value or "")


def listed(draft: Doc, field: str, office: Office) -> list[tuple[str, str]]:
    """Names and keys of what a list offers. What is chosen stands first: of many there is room for a few."""
    chosen = draft.get(field) or ()
    return sorted(office.choices(LISTS[field], chosen), key=lambda choice: choice[1] not in chosen)


def roles(draft: Doc, office: Office) -> list[tuple[str, str]]:
    """The roles that may be given, and the present one."""
    return _with_present(office.handed_out(), draft.get("role"), lambda key: office.called("role", key))


def boards(draft: Doc, office: Office) -> list[tuple[str, str]]:
    """The boards there are, and the present one."""
    return _with_present(office.choices("board"), draft.get("board"), lambda key: f"{key} ({NOT_SEEN})")


def numbers(draft: Doc, office: Office) -> list[tuple[str, str]]:
    """The numbers there are, and the present Default Caller ID."""
    present = draft.get("default_caller_id")
    return office.choices("number", [str(present)] if present else [])


def _with_present(
    choices: list[tuple[str, str]], present: object, called: Callable[[str], str]
) -> list[tuple[str, str]]:
    known = not present or present in {key for _, key in choices}
    return choices if known else [*choices, (called(str(present)), str(present))]
