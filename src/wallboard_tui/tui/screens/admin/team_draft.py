"""Room ``tui``, screens: a team as the form edits it. Pure."""

from collections.abc import Mapping
from typing import Final

from wallboard_tui.model.administration import Adopted, Row
from wallboard_tui.model.base import Doc
from wallboard_tui.model.names import short_name
from wallboard_tui.tui.screens.admin.merging import canonical

LISTS: Final = {"members": "person", "managers": "person", "queues": "queue", "numbers": "number"}
"""What a team has, and what kind of thing each is."""


def begun(doc: Doc | None) -> Doc:
    """What a form begins with."""
    return {**dict.fromkeys(LISTS, ()), **canonical(doc or {"name": ""})}


def lacking(key: str | None, draft: Doc, teams: Mapping[str, Row]) -> dict[str, str]:
    """Fields that cannot be saved like this, each with a sentence."""
    name = str(draft.get("name") or "").strip()
    if not name:
        return {"name": "A team needs a name."}
    if key is None and short_name(name) is None:
        return {"name": "Give a name with letters or digits in it."}
    if any(str(row.doc["name"]).casefold() == name.casefold() for other, row in teams.items() if other != key):
        return {"name": f"There is a team {name} already; two of one name could not be told apart."}
    return {}


def new_key(draft: Doc, teams: Mapping[str, Row], number: int) -> str:
    """The key of a new team: its name in plain letters, with ``number`` or the next free one where that is taken."""
    plain = short_name(str(draft.get("name") or "")) or "team"
    while True:
        key = plain if number == 1 else f"{plain[:36].rstrip('.')}-{number}"
        if key not in teams:
            return key
        number += 1


def past_words(past: Adopted) -> str:
    """How much of a team's past is told of: “1 known call and 3 log-ins and pauses”; empty for nothing."""
    if not (past.calls or past.presences):
        return ""
    calls = "1 known call" if past.calls == 1 else f"{past.calls:,} known calls"
    presences = "1 log-in or pause" if past.presences == 1 else f"{past.presences:,} log-ins and pauses"
    return " and ".join(said for said, count in ((calls, past.calls), (presences, past.presences)) if count)
