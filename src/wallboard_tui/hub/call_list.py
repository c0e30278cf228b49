"""Room ``hub``: calls that one person may see, newest first.

What they filter by is judged on what they get, never on what is hidden.
"""

from dataclasses import dataclass

from wallboard_tui.access.directory import Directory
from wallboard_tui.access.gate import Gate
from wallboard_tui.hub.hub import Hub
from wallboard_tui.hub.known import Access
from wallboard_tui.model.base import Doc
from wallboard_tui.model.change import ALL_BITS
from wallboard_tui.view import queries

PAGE = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for. ``before``: only calls that started earlier; texts are matched as the view does."""

    limit: int
    before: float | None = None
    text: str = ""
    queue: str | None = None
    agent: str | None = None
    direction: str | None = None
    state: str | None = None
    caller: str | None = None


def calls_of(hub: Hub, access: Access, wanted: Wanted) -> list[Doc]:
    """The calls, redacted, as many as wanted."""
    found: list[Doc] = []
    before: float | tuple[float, str] | None = wanted.before
    while len(found) < wanted.limit:
        page = queries.calls(
            hub.view,
            ALL_BITS,
            limit=PAGE,
            before=before,
            text=wanted.text,
            queue=wanted.queue,
            agent=wanted.agent,
            direction=wanted.direction,
            state=wanted.state,
            caller=wanted.caller,
        )
        for call in page:
            bits = access.gate.admit("call", call)
            if bits and _still_fits(seen := access.gate.redact("call", call, bits), wanted, hub.directory, access.gate):
                found.append(seen)
        if len(page) < PAGE:
            break
        before = (page[-1]["started"], page[-1]["key"])
    return found[: wanted.limit]


def _still_fits(call: Doc, wanted: Wanted, directory: Directory, gate: Gate) -> bool:
    """Whether a call fits by what is left of it: else a search would tell what was taken out."""
    if wanted.caller is not None and call.get("caller") != wanted.caller:
        return False
    queues = {place.get("queue") for place in (*(call.get("visits") or ()), *(call.get("legs") or ()))}
    if wanted.queue is not None and wanted.queue not in queues:
        return False
    agents = {leg.get("agent") for leg in call.get("legs") or ()}
    if wanted.agent is not None and wanted.agent not in map(directory.agent_key, filter(None, agents)):
        return False
    if not wanted.text:
        return True
    fields = (call.get(name) for name in ("caller", "caller_name", "called", "contact", "number"))
    titles = (directory.queues[key].title for key in queues if key in directory.queues)
    contact = directory.contacts.get(call.get("caller") or "")
    saved = contact.name if contact is not None and gate.sends("contact", contact.dump()) else ""
    said = " ".join(str(word) for word in (*fields, *queues, *agents, *titles, saved) if word).casefold()
    return all(word in said for word in wanted.text.casefold().split())
