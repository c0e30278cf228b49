"""Room ``sources``: which interface is which agent. Pure; proofs only, never a guess.

Asterisk adds and removes dynamic members under their interface (unless ``log_membername_as_agent=yes``), and speaks
of their calls and pauses under their name. Three things tell that both are one: queues.conf; a CDR row that shows the
channel of the one agent who answered a call; and, from queue_log alone, ``Memberships``.
"""

from __future__ import annotations

import re
from array import array
from collections import defaultdict
from collections.abc import Iterator
from math import inf

from wallboard_tui.sources.asterisk.verbs import COMPLETE_VERBS

SLACK = 1
"""Seconds: queue_log has whole seconds, and a ring that began before a removal ends after it."""
Spoken = dict[str, "array[float]"]
"""Queue → when somebody spoke there. Numbers and nothing else: a file that is followed is never over, and has tens of
thousands of such lines a day.
"""
LEAST_WINDOWS = 2
"""A name must have spoken in so many separate memberships: any one long membership covers bystanders too."""


def interfaces_of(channel: str) -> tuple[str, ...]:
    """The interfaces a channel's name can stand for: ``IAX2/agent206-1d3`` is a channel of ``IAX2/agent206``.

    A Local channel is a member with or without ``/n``.
    """
    leg = channel[:-2] if channel.endswith((";1", ";2")) else channel
    found = re.fullmatch(r"([A-Za-z0-9_]+/.+)-[0-9a-f]+", leg)
    if not found:
        return ()
    interface = found.group(1)
    return (interface, f"{interface}/n") if interface.startswith("Local/") else (interface,)


class Memberships:
    """Collects when interfaces were members and when names spoke, in any order, and deduces who is who."""

    def __init__(self) -> None:
        self._events: dict[str, set[tuple[str, float, str]]] = defaultdict(set)
        self._spoke: dict[str, Spoken] = defaultdict(lambda: defaultdict(lambda: array("d")))

    def member(self, interface: str, queue: str, at: float, what: str) -> None:
        """A dynamic member was added (``join``) or removed (``leave``) under this interface."""
        self._events[interface].add((queue, at, what))

    def spoke(self, name: str, queue: str, at: float, verb: str, detail: str) -> None:
        """A line about an agent in a queue. The end of a talk says nothing: it may come after the membership."""
        if verb in COMPLETE_VERBS or queue in ("NONE", ""):
            return
        began = at
        if verb == "CONNECT":
            ring = detail.rpartition("|")[2]
            began = at - (int(ring) if ring.isdigit() and detail.count("|") > 1 else 0)
        elif verb in ("RINGNOANSWER", "RINGCANCELED"):
            began = at - max(int(detail), 0) / 1000
        self._spoke[name][queue].append(began)

    def deduce(self) -> list[tuple[str, str]]:
        """``(interface, name)`` where every line of the name falls inside memberships of exactly one interface.

        The interface never speaks itself, no other name fits it, and the name spoke in at least two of its memberships
        and in none of the gaps between.
        """
        unnamed = {i: _windows(events) for i, events in self._events.items() if i not in self._spoke}
        fits: dict[str, list[str]] = defaultdict(list)
        for name, spoken in self._spoke.items():
            for interface, windows in unnamed.items():
                if name not in self._events and _covered(spoken, windows):
                    fits[name].append(interface)
        names: dict[str, list[str]] = defaultdict(list)
        for name, interfaces in fits.items():
            for interface in interfaces:
                names[interface].append(name)
        return sorted(_proven(fits, names, self._spoke, unnamed))


def _proven(
    fits: dict[str, list[str]],
    names: dict[str, list[str]],
    spoke: dict[str, Spoken],
    unnamed: dict[str, dict[str, list[tuple[float, float]]]],
) -> Iterator[tuple[str, str]]:
    for name, interfaces in fits.items():
        if len(interfaces) != 1 or len(names[interfaces[0]]) != 1:
            continue
        touched = {
            (queue, window)
            for queue, times in spoke[name].items()
            for at in times
            for window in unnamed[interfaces[0]][queue]
            if window[0] - SLACK <= at <= window[1] + SLACK
        }
        per_queue: dict[str, int] = defaultdict(int)
        for queue, _window in touched:
            per_queue[queue] += 1
        if max(per_queue.values()) >= LEAST_WINDOWS:
            yield interfaces[0], name


def _windows(events: set[tuple[str, float, str]]) -> dict[str, list[tuple[float, float]]]:
    """Per queue, from when to when the interface was a member. What the log did not see begin or end is open."""
    windows: dict[str, list[tuple[float, float]]] = defaultdict(list)
    since: dict[str, float] = {}
    for queue, at, what in sorted(events, key=lambda event: (event[1], event[2] == "join")):
        if what == "join":
            since.setdefault(queue, at)
        elif queue in since or not windows[queue]:
            windows[queue].append((since.pop(queue, -inf), at))
    for queue, at in since.items():
        windows[queue].append((at, inf))
    return windows


def _covered(spoken: Spoken, windows: dict[str, list[tuple[float, float]]]) -> bool:
    return all(
        any(start - SLACK <= at <= end + SLACK for start, end in windows.get(queue, ()))
        for queue, times in spoken.items()
        for at in times
    )
