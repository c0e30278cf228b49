"""Room ``hub``: refused attempts to change something, written into the audit trail before they are answered."""

from collections.abc import Sequence
from typing import NoReturn

from wallboard_tui.hub.errors import HubError
from wallboard_tui.hub.hub import Hub
from wallboard_tui.model.administration import Edit, Finding
from wallboard_tui.model.base import Doc
from wallboard_tui.model.change import Change
from wallboard_tui.model.kinds import KINDS

LONGEST_NOTE = 2000


def write_down(hub: Hub, by: str, act: str, target: str, error: HubError, after: Doc | None = None) -> None:
    """Write a refusal down; ``after``: what was asked for. Belongs on the hub's thread."""
    hub.commit([hub.audit(by, act, target, allowed=False, after=after, note=f"{error.name}: {error.reason}")])


async def refuse(hub: Hub, by: str, act: str, target: str, error: HubError) -> NoReturn:
    """Write a refusal down, and raise it."""
    await hub.run(write_down, hub, by, act, target, error)
    raise error


def refused_trail(hub: Hub, by: str, edits: Sequence[Edit], refused: Sequence[Finding]) -> list[Change]:
    """The trail of edits that were refused: of each the fields that it would have changed, and rules with reasons.

    Of a whole file that somebody may not apply, documents that stand as it says are no attempts to change something;
    where all do, the first stands for them.
    """
    found = [_attempt(hub, by, edit, refused) for edit in edits]
    return [change for change, differs in found if differs] or [change for change, _ in found[:1]]


def _attempt(hub: Hub, by: str, edit: Edit, refused: Sequence[Finding]) -> tuple[Change, bool]:
    wanted = edit.create or edit.put or edit.set or {}
    old = hub.document(edit.kind, edit.key) or {}
    gone = [name for name in old if name not in KINDS[edit.kind].learnt] if edit.put is not None or edit.remove else []
    names = [name for name in dict.fromkeys([*wanted, *gone]) if edit.remove or old.get(name) != wanted.get(name)]
    before = {name: old[name] for name in names if name in old}
    after = {name: wanted[name] for name in names if name in wanted}
    own = [one for one in refused if one.about == f"{edit.kind} {edit.key}"]
    note = " ".join(f"{one.rule}: {one.reason}" for one in own or refused)[:LONGEST_NOTE]
    verb = "removed" if edit.remove else "created" if edit.create is not None else "changed"
    act = f"{edit.kind}.{verb}"
    change = hub.audit(by, act, edit.key, allowed=False, before=before or None, after=after or None, note=note)
    return change, bool(names) or edit.put is None
