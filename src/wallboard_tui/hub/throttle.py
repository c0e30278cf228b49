"""Room ``hub``: slows guessing down without ever locking anybody out for good.

Pure but for its own counters; ``now`` is passed in.
"""

from dataclasses import dataclass

LONGEST_S = 300.0
"""No delay is longer, so a person waits five minutes at most."""
FORGET_S = 3600.0
"""Failures older than this are forgotten."""


@dataclass(slots=True)
class _Failures:
    count: int = 0
    last: float = 0.0
    until: float = 0.0


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many failures are free, and how the delay grows after them: ``first_s``, doubled each time, up to five
    minutes.
    """

    free: int
    first_s: float

    def delay(self, failures: int) -> float:
        """Seconds to wait after so many failures."""
        beyond = failures - self.free
        return 0.0 if beyond <= 0 else min(LONGEST_S, self.first_s * 2.0 ** min(beyond - 1, 20))


PERSON = Allowance(free=4, first_s=2)
"""For one person from one address."""
ADDRESS = Allowance(free=30, first_s=2)
"""For one address, whoever it says it is: an office behind one address has many people who mistype."""
MOST = 20_000
"""Most counters kept; beyond, the oldest are dropped."""


class Throttle:
    """Counts failed sign-ins per person and address, and per address."""

    def __init__(self) -> None:
        self._failures: dict[tuple[str, str], _Failures] = {}

    def until(self, person: str, address: str, now: float) -> float | None:
        """Until when no sign-in of this person from this address is looked at; ``None`` when one may be tried."""
        latest = max((self._standing(key, now).until for key in _keys(person, address)), default=0.0)
        return latest if latest > now else None

    def failed(self, person: str, address: str, now: float) -> float | None:
        """Count a failure. Returns until when the next one has to wait, ``None`` when it need not."""
        self._prune(now)
        for key, allowance in zip(_keys(person, address), (PERSON, ADDRESS), strict=True):
            failures = self._standing(key, now)
            failures.count += 1
            failures.last = now
            failures.until = now + allowance.delay(failures.count)
            self._failures[key] = failures
        return self.until(person, address, now)

    def succeeded(self, person: str, address: str) -> None:
        """Forget the person's failures at this address. Those of the address stay: one own account frees no guesser."""
        self._failures.pop((person, address), None)

    def _standing(self, key: tuple[str, str], now: float) -> _Failures:
        failures = self._failures.get(key)
        if failures is None or now - failures.last > FORGET_S:
            return _Failures()
        return failures

    def _prune(self, now: float) -> None:
        if len(self._failures) < MOST:
            return
        kept = sorted(self._failures.items(), key=lambda item: item[1].last)[MOST // 2 :]
        self._failures = {key: failures for key, failures in kept if now - failures.last <= FORGET_S}


def _keys(person: str, address: str) -> tuple[tuple[str, str], tuple[str, str]]:
    return (person, address), ("\0", address)
