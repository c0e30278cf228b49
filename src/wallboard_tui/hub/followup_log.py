"""Room ``hub``: keeps missed opportunities in step with the calls, and lets people work on them. Knows the hub's view
and journal.

Derived from the view alone, for the callers of the calls that changed since the seq that was reached; the seq is kept
in the view, so after a crash it goes on from there, and after a rebuild it derives all of them again, to the same
documents.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from pydantic_core import from_json, to_json

from wallboard_tui.hub.errors import HubError, not_found, not_permitted
from wallboard_tui.hub.followups import NOTE, allowed, derive
from wallboard_tui.hub.hub import Hub
from wallboard_tui.hub.known import Access
from wallboard_tui.hub.refusals import write_down
from wallboard_tui.model.base import Doc
from wallboard_tui.model.change import Entry
from wallboard_tui.model.directory import Organisation
from wallboard_tui.model.followup import Status

SEQ = "followups"
"""Under this name the view remembers how far calls were looked at."""
CALLERS = 1000
"""Callers looked at in one go."""
READ = 2000
ACTS = {
    "claim": Status.CLAIMED,
    "reached": Status.REACHED,
    "not_reached": Status.NOT_REACHED,
    "resolve": Status.RESOLVED,
    "reopen": Status.OPEN,
}


class FollowupLog:
    """Missed opportunities of a hub. All methods belong on the hub's thread."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._callers: set[str] = set()
        self._withheld: set[str] = set()
        self._seq = self._stored()
        hub.applied.append(self.note)

    def note(self, entries: Iterable[Entry]) -> None:
        """Calls changed: their callers are looked at again at the next ``catch_up``."""
        for entry in entries:
            doc = entry.change.doc
            if entry.change.kind == "call" and doc is not None and doc.get("direction") != "internal":
                caller = doc.get("caller")
                if caller is not None:
                    self._callers.add(caller)
                else:
                    self._withheld.add(entry.change.key)

    @property
    def behind(self) -> bool:
        """Whether something changed since."""
        return self._seq < self._hub.view.seq

    def catch_up(self) -> int:
        """Derive again for every caller whose calls changed. Returns how many followups did."""
        return sum(self.pieces())

    def pieces(self) -> Iterator[int]:
        """``catch_up`` in pieces, so that others get their turn; yields how many followups changed in each."""
        stored = self._stored()
        if stored < self._seq:
            # The view was built again: all of them are to be derived.
            self._seq = stored
        while self._seq < self._hub.view.seq and (entries := self._hub.journal.read(self._seq, READ)):
            if entries[0].seq > self._hub.view.seq:
                break
            self.note(entries)
            self._seq = entries[-1].seq
        reached = self._hub.view.seq
        while self._callers or self._withheld:
            callers, withheld = _some(self._callers), _some(self._withheld)
            changed = self._derive(callers, withheld)
            self._callers.difference_update(callers)
            self._withheld.difference_update(withheld)
            # Only now: whoever has their turn meanwhile may catch up as well, and need not do these again.
            yield changed
        if reached != stored:
            self._hub.view.set_meta(SEQ, str(reached))
        self._seq = reached

    def _stored(self) -> int:
        return int(self._hub.view.get_meta(SEQ) or 0)

    def _derive(self, callers: Sequence[str], withheld: Sequence[str]) -> int:
        organisation = self._hub.directory.organisation or Organisation(key="organisation", name="", time_zone="UTC")
        short = organisation.short_abandon_s
        found = self._hub.journal.get_many("followup", [*callers, *withheld])
        old = {key: entry.change.doc for key, entry in found.items()}
        changes = []
        for key, calls in self._calls(callers, withheld):
            new = derive(calls, old.get(key), short)
            if new is not None and self._named(new) != old.get(key):
                changes.append(self._hub.put("followup", new, "hub"))
        if changes:
            self._hub.commit(changes)
        return len(changes)

    def _named(self, followup: Doc) -> Doc:
        """The followup with what the directory knows of its caller."""
        contact = self._hub.directory.contacts.get(followup.get("caller") or "")
        if contact is not None:
            followup["contact"] = contact.key
            if contact.vip:
                followup["vip"] = True
        return followup

    def _calls(self, callers: Sequence[str], withheld: Sequence[str]) -> Iterator[tuple[str, list[Doc]]]:
        """Every caller who was ever missed, with all their calls, oldest first; a withheld call stands for itself."""
        with self._hub.view.reading() as db:
            rows = db.execute(
                "SELECT caller, json FROM call WHERE caller IN (SELECT DISTINCT caller FROM call WHERE caller IN"
                " (SELECT value FROM json_each(?)) AND direction = 'inbound' AND answered IS NULL)"
                " AND direction != 'internal' ORDER BY caller, started, key",
                (to_json(list(callers)).decode(),),
            ).fetchall()
            alone = db.execute(
                "SELECT key, json FROM call WHERE key IN (SELECT value FROM json_each(?)) AND direction = 'inbound'"
                " AND answered IS NULL",
                (to_json(list(withheld)).decode(),),
            ).fetchall()
        for caller, of_caller in groupby(rows, lambda row: row[0]):
            yield caller, [from_json(row[1]) for row in of_caller]
        for key, json in alone:
            yield key, [from_json(json)]

    # -- people

    def act(self, access: Access, by: str, key: str, act: str, note: str, revision: int | None) -> Doc:
        """Do something about a missed opportunity. Returns the followup as this person may see it.

        Raises ``HubError``: 404 when they may not know of it, 403 without ``reports.missed`` to manage it, 409 when
        somebody was first or the act makes no sense now, 422 for an unknown act.
        """
        if act not in ACTS and act != NOTE:
            raise HubError(422, "wrong-act", f"“{act}” is no act.", f"Use one of {', '.join(ACTS)}, note.")
        real = real_key(self._hub, access, key)
        entry = self._hub.journal.get("followup", real)
        followup = entry.change.doc if entry else None
        if entry is None or followup is None or not access.gate.admit("followup", followup):
            raise not_found("missed opportunity", key, "It may have been settled; look at the list again.")
        if not access.gate.may("reports.missed", "manage", "followup", followup):
            error = not_permitted("work on this missed opportunity", "reports.missed (manage)")
            write_down(self._hub, by, f"followup.{act}", real, error)
            raise error
        stood = self._seen(access, followup)
        if revision is not None and revision != entry.seq:
            raise _second("Somebody, or a new call, changed it first.", stood, entry.seq)
        if why := allowed(followup, act, by):
            raise _second(why, stood, entry.seq)
        if act == NOTE and not note.strip():
            raise HubError(422, "empty-note", "The note is empty.", "Write something, or leave it.")
        changed = self._acted(followup, by, act, note.strip()[:1000])
        audit = self._hub.audit(
            by, f"followup.{act}", real, after={"status": changed["status"]}, note=note.strip()[:200]
        )
        self._hub.commit([self._hub.put("followup", changed, by), audit], {("followup", real): entry.seq})
        return self._seen(access, changed)

    def _acted(self, followup: Doc, by: str, act: str, note: str) -> Doc:
        """The followup after one more step of its history: derived like any other, so that deriving again changes
        nothing.
        """
        status = followup.get("status", "open") if act == NOTE else ACTS[act].value
        step: dict[str, Any] = {"at": self._hub.clock(), "by": by, "status": status, "act": act}
        if note:
            step["note"] = note
        old = {**followup, "history": [*(followup.get("history") or ()), step]}
        caller = followup.get("caller")
        pairs = dict(self._calls([caller] if caller else [], [] if caller else [followup["key"]]))
        organisation = self._hub.directory.organisation or Organisation(key="organisation", name="", time_zone="UTC")
        new = derive(pairs.get(followup["key"], []), old, organisation.short_abandon_s)
        return self._named(new) if new is not None else old

    def _seen(self, access: Access, followup: Doc) -> Doc:
        return access.gate.redact("followup", followup, access.gate.admit("followup", followup))


def real_key(hub: Hub, access: Access, key: str) -> str:
    """The key of a followup that somebody may know under another: of one whose caller is masked to them. Empty for a
    key that is not theirs to know: whoever tries numbers learns nothing of who called.
    """
    if access.gate.key("followup", key) == key:
        return key
    with hub.view.reading() as db:
        keys = [row[0] for row in db.execute("SELECT key FROM followup ORDER BY last_miss DESC")]
    return next((real for real in keys if key == access.gate.key("followup", real)), "")


def _second(why: str, stands: Doc, revision: int) -> HubError:
    return HubError(409, "somebody-was-first", why, "Look at it again.", followup=stands, revision=revision)


def _some(keys: set[str]) -> list[str]:
    return (
        sorted(keys)[:CALLERS] if len(keys) <= CALLERS else [key for key, _ in zip(keys, range(CALLERS), strict=False)]
    )
