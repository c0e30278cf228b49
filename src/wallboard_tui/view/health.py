"""Room ``view``: how each phone system is doing, read from the health documents of sources. Pure; an explicit ``now``.

One judgement for the header of a screen, the page *Sources*, ``wallboard sources`` and ``wallboard doctor``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from wallboard_tui.model.base import Doc

OK, WARN, ALERT = "ok", "warn", "alert"
_RANK = {OK: 0, WARN: 1, ALERT: 2}
LINE = "ami"
"""The link that tells the present; where a source has none, its files do."""
WITH_PRESENT = ("followed", "replayed")
"""Modes of sources that tell what goes on now."""
LACKS = "lacks read="
"""How the word begins for a line whose account may not see some events."""
PRESENT = "agent"
"""The class of events that tells of queues and agents; an account that may not see it sees next to nothing."""
RECORDING = "recording"
"""The link of a source that is replayed."""
NOT_PLAYED = "not played"
"""The word for a recording that no hub plays any more."""
LINKS = {"ami": "line", "queue_log": "queue_log", "cdr": "CDR", RECORDING: "recording"}
"""What people call a link."""


@dataclass(frozen=True)
class Gap:
    """A stretch that the line did not see. ``end`` ``None``: it goes on. ``told_by``: files that told it afterwards;
    empty: figures of that time are incomplete."""

    start: float
    end: float | None
    told_by: tuple[str, ...] = ()

    @property
    def open(self) -> bool:
        """Whether something is missing because of it."""
        return not self.told_by


@dataclass(frozen=True)
class SourceState:
    """How one source is doing, in a word.

    ``level``: ``alert``: what goes on now is not known; ``warn``: it is, but something is missing; ``ok``. ``word``:
    ``live``, ``line down``, ``connecting``, ``lacks read=agent``, ``queue_log down``, ``gap``, ``imported``,
    ``replayed``, ``not played`` …
    ``since``: from when on it is like that, where that is known. ``gaps``: those that nobody told of, of today.
    ``heard``: whether it tells what goes on now, as it goes on.
    """

    source: str
    level: str
    word: str
    since: float | None = None
    gaps: tuple[Gap, ...] = ()
    heard: bool = True


def gaps_of(health: Doc) -> tuple[Gap, ...]:
    """The stretches without a line that a source remembers, oldest first."""
    return tuple(Gap(gap["start"], gap.get("end"), tuple(gap.get("closed_by", ()))) for gap in health.get("gaps", ()))


def begins(health: Doc) -> float | None:
    """From when on figures of a source are complete, as far as its line alone tells; ``None`` where files tell of what
    was before, too, and where there is no line."""
    links = health.get("links") or {}
    return health.get("first_heard") if LINE in links and not {"queue_log", "cdr"} & set(links) else None


def state_of(name: str, health: Doc, today: float) -> SourceState:
    """How a source is doing. ``today``: the start of the day whose gaps still matter to what is shown."""
    mode = health.get("mode", "imported")
    if mode == "replayed" and (health.get("links") or {}).get(RECORDING) == "down":
        return SourceState(name, ALERT, NOT_PLAYED, health.get("last_event"), heard=False)
    if mode != "followed":
        return SourceState(name, WARN if health.get("error") else OK, mode)
    gaps = gaps_of(health)
    links: Mapping[str, str] = health.get("links") or {}
    present = LINE if LINE in links else "queue_log" if "queue_log" in links else next(iter(links), "")
    if links.get(present, "up") != "up":
        return _not_up(name, health, links, LINKS.get(present, present), links[present], gaps)
    unseen = [each for each, seen in (health.get("sees") or {}).items() if not seen]
    missing = tuple(gap for gap in gaps if gap.open and gap.end is not None and gap.end > today)
    down = [LINKS.get(link, link) for link, state in links.items() if state == "down"]
    if unseen:
        return SourceState(name, ALERT if PRESENT in unseen else WARN, f"{LACKS}{','.join(unseen)}", None, missing)
    if down:
        return SourceState(name, WARN, f"{' and '.join(down)} down", None, missing)
    if missing:
        return SourceState(name, WARN, "gap", missing[-1].start, missing)
    if health.get("error"):
        return SourceState(name, WARN, "error")
    return SourceState(name, OK, "live", health.get("connected_since"))


def _not_up(
    name: str, health: Doc, links: Mapping[str, str], what: str, state: str, gaps: tuple[Gap, ...]
) -> SourceState:
    """What the present is read from is not there: since the gap began, or since something was last heard."""
    since = gaps[-1].start if gaps and gaps[-1].end is None else health.get("last_event")
    if state == "connecting" and not gaps and since is None:
        return SourceState(name, WARN, "connecting", heard=links.get("queue_log") == "up")
    return SourceState(name, ALERT, f"{what} down", since, heard=links.get("queue_log") == "up")


def states(sources: Mapping[str, Doc], today: float) -> tuple[SourceState, ...]:
    """Every source, the worst first."""
    found = (state_of(name, health, today) for name, health in sources.items())
    return tuple(sorted(found, key=lambda state: (-_RANK[state.level], state.source)))


def silent_since(sources: Mapping[str, Doc]) -> float | None:
    """Since when nothing is heard any more of what goes on; ``None`` while some source with a present tells it.

    What is shown of the present is then as of that moment, and durations end there. A source that was never heard has
    no such moment: nothing of it is shown.
    """
    of_now = [state_of(name, doc, 0.0) for name, doc in sources.items() if doc.get("mode") in WITH_PRESENT]
    known = [state.since for state in of_now if state.since is not None]
    return max(known, default=None) if not any(state.heard for state in of_now) else None


def worst(found: Iterable[SourceState]) -> str:
    """The worst level of some."""
    return max((state.level for state in found), key=_RANK.__getitem__, default=OK)
