"""Room ``sources``: what a live line tells: batches, and how it is. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from wallboard_tui.model.base import Doc
from wallboard_tui.sources.asterisk.ami.members import Members
from wallboard_tui.sources.asterisk.ami.wire import LONGEST
from wallboard_tui.sources.base import Batch

RATE_S = 60.0
LACKS = (
    "abandoned", "abandoned_in_sl", "exit_empty", "exit_key", "messages_in", "messages_out", "overflowed",
    "score_count", "score_sum", "short_abandoned", "timed_out", "voicemail", "wait_abandoned_s", "withdrawn",
    "wrap_s", "wrap_state_s",
)  # fmt: skip
"""Measures that the manager interface alone cannot supply: it does not say why callers left unanswered."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a line says of itself. Times in epoch seconds of this machine."""

    since: float
    version: str = ""
    started: float | None = None
    """When the phone system started, as far as it tells, by its own clock."""
    lag_s: float | None = None
    events_per_s: float = 0.0
    malformed: int = 0
    heard: float | None = None
    """Until when the line is known to have stood, by the phone system's clock."""
    sees: Mapping[str, bool] = field(default_factory=dict)
    """Class of events → whether the account sees it, as far as that is known by now."""
    complaint: str = ""
    """What is wrong although the line stands: an action that is refused, events that cannot be used."""


@dataclass(slots=True)
class Told:
    """What one turn of a line gives: a batch, what members did, and how the line is."""

    batch: Batch
    said: list[Doc] = field(default_factory=list)
    """Presence documents from events; whether they are needed is for whoever also reads queue_log to say."""
    members: Members | None = None
    """After a snapshot: what the phone system has, for ``corrections``."""
    report: Report | None = None
    at: float = 0.0
    """When a snapshot was taken, by the phone system's clock."""
    first: bool = False
    """Whether it is the first of its line: what came before may not have been heard."""


class Rate:
    """Events per second over the last minute."""

    def __init__(self) -> None:
        self._seen: list[tuple[float, int]] = []

    def add(self, now: float, count: int) -> None:
        """So many came just now."""
        if self._seen and now - self._seen[-1][0] < 1:
            at, before = self._seen[-1]
            self._seen[-1] = (at, before + count)
        else:
            self._seen.append((now, count))

    def per_s(self, now: float, since: float) -> float:
        """Events per second, over a minute or the time since ``since``."""
        self._seen = [(at, count) for at, count in self._seen if now - at < RATE_S]
        return round(sum(count for _, count in self._seen) / max(1.0, min(RATE_S, now - since)), 2)


def spoilt(unreadable: int, unusable: Mapping[str, int]) -> str:
    """What came and is lost, in words: messages that could not be read, and events by why they could not be used."""
    said = []
    if unreadable:
        many = "1 message" if unreadable == 1 else f"{unreadable:,} messages"
        said.append(f"{many} could not be read: not as Asterisk writes them, or longer than {LONGEST:,} bytes.")
    if unusable:
        count = sum(unusable.values())
        what, most = max(unusable.items(), key=lambda item: item[1])
        if most == count:
            said.append(f"{'1 event' if count == 1 else f'{count:,} events'} could not be used: {what}.")
        else:
            share = "most of them" if most * 2 > count else "among them"
            said.append(f"{count:,} events could not be used, {share} {what} ({most:,}).")
    return " ".join(said)
