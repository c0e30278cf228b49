"""Room ``hub``: PINs for outbound calls (002): who may read and set whose. Runs on the hub's thread."""

from wallboard_tui.access.effects import as_enabled
from wallboard_tui.access.gate import Gate
from wallboard_tui.access.order import leq
from wallboard_tui.access.permissions import ADMIN, PERMISSIONS
from wallboard_tui.access.words import listed
from wallboard_tui.hub.errors import HubError, not_found
from wallboard_tui.hub.hub import Hub
from wallboard_tui.model.base import Doc
from wallboard_tui.model.directory import Person
from wallboard_tui.model.security import Pin


def pins(hub: Hub) -> dict[str, str]:
    """PINs by person."""
    return {e.change.key: e.change.doc["pin"] for e in hub.journal.read_kind("pin") if e.change.doc}


def pin_of(hub: Hub, gate: Gate, person: str) -> Doc:
    """Somebody's PIN, for whoever may read it. Raises ``HubError`` as ``set_pin``."""
    _within_reach(hub, gate, person)
    return {"person": person, "pin": pins(hub).get(person)}


def set_pin(hub: Hub, gate: Gate, by: str, person: str, pin: str | None) -> Doc:
    """Give somebody a PIN for outbound calls, or take it away. The trail says that, never the PIN.

    Two people may have the same one: who calls is known by the extension, and the PIN proves it. To refuse one that
    somebody has would tell whoever sets PINs of a few which ones are in use, an admin's among them.

    Raises ``HubError`` ``pin`` or ``extension`` (002), ``not-higher``, 404 for a person that one may not know.
    """
    somebody = _within_reach(hub, gate, person)
    old = pins(hub)
    if pin is not None:
        if not (pin.isascii() and pin.isdigit() and 4 <= len(pin) <= 10):
            raise HubError(422, "pin", "A PIN has 4 to 10 digits.", "Choose another one.")
        if not somebody.extension:
            reason = f"{somebody.name} has no extension, so makes no calls that would need a PIN."
            raise HubError(422, "extension", reason, "Assign an extension first.")
    if old.get(person) == pin:
        return {"person": person, "pin": pin}
    change = hub.put("pin", Pin(key=person, pin=pin).dump(), by) if pin is not None else hub.drop("pin", person, by)
    before, after = {"pin": "set" if person in old else None}, {"pin": "set" if pin is not None else None}
    hub.commit([change, hub.audit(by, "pin.set" if pin is not None else "pin.removed", person, before=before,
                                  after=after)])  # fmt: skip
    return {"person": person, "pin": pin}


def _within_reach(hub: Hub, gate: Gate, person: str) -> Person:
    """Somebody whose PIN whoever asks may read and set.

    With a PIN one calls in its owner's name, and sees nothing of theirs. So it is not compared what both may see, but
    nobody gets the PIN of somebody who administers what they themselves do not (``not-higher``).
    """
    somebody = hub.directory.people.get(person)
    if somebody is None or not (gate.may("users") or gate.reach.knows_person(person)):
        raise not_found("person", person, "See “wallboard people” for those the organisation has.")
    theirs = as_enabled(person, hub.directory)
    more = [name for name in leq(theirs, gate.reach.effective) if name in ADMIN and theirs.holds(name, "manage")]
    if more:
        reason = f"{somebody.name} administers what you do not: {listed(PERMISSIONS[name].title for name in more)}."
        raise HubError(403, "not-higher", reason, "Ask somebody who may do that, too.", missing=more)
    return somebody
