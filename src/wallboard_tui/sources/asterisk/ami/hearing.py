"""Room ``sources``: takes in events as they come, each at its time and by whom it concerns. Pure.

Knows what a snapshot, which is taken while events come, may be compared with: who moved on since it was asked for, and
who was heard of lately.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from wallboard_tui.sources.asterisk.ami.answers import Arrived
from wallboard_tui.sources.asterisk.ami.clock import Clock
from wallboard_tui.sources.asterisk.ami.lines import moment
from wallboard_tui.sources.asterisk.ami.members import Members
from wallboard_tui.sources.asterisk.ami.rights import Sight
from wallboard_tui.sources.asterisk.ami.watch import Malformed, Watch

MOVING_ON = frozenset(
    {"QueueCallerLeave", "Leave", "QueueCallerAbandon", "AgentConnect", "AgentComplete", "Hangup"}
)  # fmt: skip
"""Events after which a caller no longer is where a snapshot that was asked for before may still show them."""
OF_ITSELF = frozenset({"FullyBooted", "Reload"})
"""Events by which the phone system speaks of itself."""
LOADED = ("all", "app_queue", "app_queue.so")
"""What a reload may be of after which queues may be set up otherwise."""
MORE_HEARD = 10_000
"""So many who are gone may be remembered as heard of before they are forgotten."""


class Hearing:
    """Events of one line, and what they are taken for."""

    def __init__(self, watch: Watch, members: Members, sight: Sight | None = None) -> None:
        self.clock = Clock()
        self.sight = sight or Sight()
        self.waiting: deque[Arrived] = deque()
        """What came and is not taken in yet."""
        self.lag_s: float | None = None
        self.unusable: dict[str, int] = {}
        """What events lack, and how many of them."""
        self.unusable_at = 0.0
        """When the last of them came, by our clock."""
        self.look_again = False
        """Whether the phone system said since the last snapshot that it has started up: what it has may be new."""
        self.loaded_anew = False
        """Whether it said since the last snapshot that queues were loaded anew: they may be set up otherwise."""
        self.moved_on: set[str] = set()
        """Callers who moved on since the snapshot that is being taken was asked for."""
        self._watch = watch
        self._members = members
        self._looks = False
        self._heard_at: dict[str, float] = {}

    def take(self, most: int) -> None:
        """Take in what came, in its order, so many events at most."""
        for _ in range(min(most, len(self.waiting))):
            one = self.waiting.popleft()
            self.sight.hear(one.event["event"])
            if one.event["event"] == "FullyBooted":
                self.clock.boots(one)
                self.look_again = True
                continue
            if one.event["event"] == "Reload":
                self.loaded_anew = self.loaded_anew or one.event.get("module", "").lower() in LOADED
                continue
            stamp = moment(one.event.get("timestamp"))
            at = self.clock.place(one.at, stamp)
            lag = self.clock.lag(one.at, stamp)
            self.lag_s = self.lag_s if lag is None else lag
            try:
                self._take(one, at)
            except Malformed as error:
                self.unusable[str(error)] = self.unusable.get(str(error), 0) + 1
                self.unusable_at = one.at

    def drain(self, arrived: Iterable[Arrived]) -> None:
        """Take in all that came before and during a snapshot, so that it is not taken for news after it."""
        self.waiting.extend(arrived)
        self.take(len(self.waiting))

    def _take(self, one: Arrived, at: float) -> None:
        name = one.event["event"]
        if name in Members.EVENTS:
            self._members.take(one.event, at)
            return
        self._watch.take(one.event, at)
        call = one.event.get("uniqueid")
        if call:
            self._heard_at[call] = one.at
            if self._looks and name in MOVING_ON:
                self.moved_on.add(call)

    # -- beside a snapshot

    def looks(self) -> None:
        """A snapshot is asked for."""
        self.moved_on.clear()
        self._looks = True
        self.loaded_anew = False

    def looked(self) -> None:
        """All that came before and with the snapshot was taken in."""
        self._looks = self.look_again = False

    def heard_since(self, recent: float) -> set[str]:
        """Calls that were heard of since a time of ours."""
        return {call for call, heard in self._heard_at.items() if heard > recent}

    def forget_others(self, calls: Iterable[str]) -> None:
        """Of other calls than these it does not matter any more when they were heard of."""
        kept = frozenset(calls)
        self._heard_at = {call: heard for call, heard in self._heard_at.items() if call in kept}

    def tidy(self) -> None:
        """Forget calls that are over, when they have become many."""
        if len(self._heard_at) > 2 * len(self._watch.callers) + MORE_HEARD:
            self.forget_others(self._watch.callers)
