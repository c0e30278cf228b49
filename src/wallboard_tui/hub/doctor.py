"""Room ``hub``: what can be checked about a hub and its sources, and what to do about it. Changes nothing."""

import asyncio
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from wallboard_tui.hub.errors import HubError
from wallboard_tui.hub.hub import Hub
from wallboard_tui.hub.settings import Settings, SourceSettings
from wallboard_tui.hub.source_setup import check_files, tried
from wallboard_tui.model.base import Doc
from wallboard_tui.sources.asterisk.ami import AmiSettings, Probe
from wallboard_tui.sources.asterisk.ami.line import REFUSED_S
from wallboard_tui.sources.asterisk.ami.looking import MAY_NOT
from wallboard_tui.sources.asterisk.ami.rights import ANEW_S, NEEDED, Advice, complaint, to_see, untold
from wallboard_tui.view.health import PRESENT, gaps_of

OK, UNSURE, WARN, BAD = "ok", "unsure", "warn", "bad"
LINE: Final = "ami"
"""What the check of a source's line is called."""
CLOCKS_APART_S: Final = 2.0
"""Clocks that differ by more are worth a word: what ticks on the screen is corrected, files are not."""
SIGNS_IN: Final = f"The hub signs in anew within {ANEW_S / 60:g} minutes."
TRIES_NOW: Final = "The hub tries it again now."
TRIES: Final = (
    f"The hub tries it again by itself, within {REFUSED_S / 60:g} minutes; at once where doctor finds it well."
)
ROOM_BYTES: Final = 200 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: of ``hub`` or of a source by name. ``state``: ``ok``, ``unsure`` (it cannot be
    told, and nothing speaks against it), ``warn``, ``bad``. ``next``: what to
    do, empty when nothing has to be done.
    """

    of: str
    what: str
    state: str
    says: str
    next: str = ""


async def examine(hub: Hub, settings: Settings) -> list[Check]:
    """Look at the hub, then at each source it is to follow, at all of them at once."""
    found = await asyncio.gather(_of_hub(hub, settings), *(_of_source(hub, source) for source in settings.sources))
    return [check for checks in found for check in checks]


async def _of_hub(hub: Hub, settings: Settings) -> list[Check]:
    organisation = await hub.read(hub.document, "organisation", "organisation")
    found = [
        Check("hub", "organisation", OK, f"{organisation['name']}, {organisation['time_zone']}.")
        if organisation
        else Check("hub", "organisation", BAD, "There is no organisation yet.", "Begin with: wallboard init")
    ]
    room = shutil.disk_usage(hub.home).free
    said = f"{room / 1e9:.1f} GB are free where the journal lies."
    low = room < ROOM_BYTES
    found.append(Check("hub", "disk", BAD if low else OK, said, "Make room." if low else ""))
    if hub.behind:
        found.append(
            Check("hub", "view", BAD, "The view is behind: the disk had no room for it.", "Make room; it catches up.")
        )
    if not settings.sources:
        found.append(
            Check("hub", "sources", WARN, "No phone system is followed.", "Begin with: wallboard source add asterisk")
        )
    return found


async def _of_source(hub: Hub, source: SourceSettings) -> list[Check]:
    found: list[Check] = []
    health = await hub.read(hub.document, "source", source.name) or {}
    queues: list[str] = []
    if source.ami is not None:
        try:
            probe = await tried(source.ami)
        except HubError as error:
            found.append(Check(source.name, LINE, BAD, error.reason, error.next))
        else:
            queues = [queue.name for queue in probe.queues]
            found += _of_line(source.name, source.ami, probe, health.get("sees") or {})
    for check in await check_files(source, hub, queues):
        state = BAD if not check.ok else WARN if check.next or check.notes else OK
        found.append(Check(source.name, check.which, state, " ".join((check.says, *check.notes)), check.next))
    well = any(check.what == LINE and check.state != BAD for check in found)
    return found + _of_health(source.name, health, TRIES_NOW if well else TRIES)


def _of_line(name: str, settings: AmiSettings, probe: Probe, sees: Mapping[str, bool]) -> list[Check]:
    queues = len(probe.queues)
    says = f"{probe.version} at {settings.address}, {queues} {'queue' if queues == 1 else 'queues'}."
    empty = "" if queues else "See queues.conf, and what the account may read in manager.conf."
    line = Check(name, LINE, OK if queues else WARN, says, empty)
    return [line, *_of_rights(name, settings.login, probe, sees), *_of_clock(name, probe)]


def _of_rights(name: str, login: str, probe: Probe, sees: Mapping[str, bool]) -> list[Check]:
    """``sees``: what the line that is followed has found out of the account. Rights hold from a login on: that line may
    lack what this look has, and it may know what this look could not tell.
    """
    found = [Check(name, "rights", _weight(one), f"{one.what}: {one.why}", one.next) for one in probe.advice]
    for each in NEEDED:
        if sees.get(each) is not False or probe.reads[each] is False:
            continue
        if probe.reads[each]:
            late = f"The account may see events of the class {each}; the line that is followed was made before."
            found.append(Check(name, "rights", UNSURE, late, SIGNS_IN))
        else:
            one = to_see(each, login)
            step = f"{one.next}. Where that is done: {SIGNS_IN} The first call then shows it."
            found.append(Check(name, "rights", _weight(one), f"{one.what}: {one.why}", step))
    unsure = untold({each: sees.get(each) if seen is None else seen for each, seen in probe.reads.items()})
    if unsure:
        found.append(Check(name, "rights", UNSURE, unsure, "Ask again while there are calls."))
    return found or [Check(name, "rights", OK, "The account may see and ask everything that is needed.")]


def _weight(advice: Advice) -> str:
    return BAD if advice.what == f"read={PRESENT}" else WARN


def _of_clock(name: str, probe: Probe) -> list[Check]:
    apart = probe.clock_ahead_s
    if apart is None:
        return []
    if abs(apart) <= CLOCKS_APART_S:
        return [Check(name, "clock", OK, f"Its clock and ours are {abs(apart):.1f} s apart.")]
    says = f"Its clock is {abs(apart):.0f} s {'ahead of' if apart > 0 else 'behind'} ours."
    return [Check(name, "clock", WARN, says, "Let both set their clocks by NTP.")]


def _of_health(name: str, health: Doc, tries: str) -> list[Check]:
    """What the running source says of itself, beyond what was just tried. ``tries``: when a line that is down is tried
    again.
    """
    found: list[Check] = []
    open_gaps = [gap for gap in gaps_of(health) if gap.open]
    if open_gaps:
        count = f"{len(open_gaps)} {'stretch' if len(open_gaps) == 1 else 'stretches'}"
        says = f"Of {count} of time nothing was seen: figures of that time are incomplete."
        found.append(Check(name, "gaps", WARN, says, "Let the hub read queue_log and CDR; it closes gaps from them."))
    # What the account does not see was said as rights, with what to write where.
    said = str(health.get("error") or "").replace(complaint(health.get("sees") or {}), "").strip()
    if said:
        down = (health.get("links") or {}).get(LINE) == "down"
        found.append(Check(name, "health", BAD, said, tries if down else SIGNS_IN if MAY_NOT in said else ""))
    return found
