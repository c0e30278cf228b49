"""Room ``cli``: what is said of phone systems: what was found of a new one, and how each is doing."""

from __future__ import annotations

import shutil
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wallboard_tui.view.health import Gap

LONGEST = 12
"""Rows of a list; the rest is counted."""
WIDE = 110
"""Columns below which a table of sources leaves some out."""
LEVELS = {"ok": "✓", "warn": "!", "alert": "✗"}
MARKS = {"ok": "✓", "unsure": "?", "warn": "!", "bad": "✗"}


def print_found(found: dict[str, Any]) -> None:
    """What was seen of the phone system, and what would be made of it: no list longer than a screen has room for."""
    system = f", {found['system_name']}" if found["system_name"] else ""
    ahead = found["clock_ahead_s"]
    clock = "" if ahead is None else f" Its clock and ours are {abs(ahead):.1f} s apart."
    print(f"{MARKS['ok']} {found['version']}{system}.{clock}")
    for one in found["advice"]:
        print(f"{MARKS['warn']} {one['what']}: {one['why']}")
        if one["line"]:
            print(f"    In manager.conf, section [{one['section']}], then: manager reload\n      {one['line']}")
    if found["untold"]:
        print(f"{MARKS['unsure']} {found['untold']}")
    for check in found["files"]:
        print(f"{MARKS['warn' if check['next'] or check['notes'] else 'ok']} {check['says']} {check['next']}".rstrip())
        for note in check["notes"]:
            print(f"    {note}")
    if not any(check["which"] == "queue_log" for check in found["files"]):
        print(f"{MARKS['warn']} No queue_log: why callers left stays unknown, and a lost line leaves a gap.")
    _print_queues(found["queues"])
    print_missing(found)
    _print_proposal(found["proposal"])


def print_missing(found: dict[str, Any]) -> None:
    """Which queues are to be followed that the phone system does not have."""
    for name in found["missing"]:
        print(f"{MARKS['warn']} No queue “{name}” is seen there; it is followed as soon as there is one.")


def _print_queues(queues: list[dict[str, Any]]) -> None:
    from wallboard_tui.cli.output import counted, print_table

    if not queues:
        print("\nNo queue is seen. See queues.conf, and what the account may read.")
        return
    print(f"\n{counted(len(queues), 'queue')}:")
    rows = [
        [f"  {queue['name']}", str(len(queue["members"])), str(queue["waiting"]), _seconds(queue["service_level_s"])]
        for queue in queues[:LONGEST]
    ]
    print_table(["  queue", "agents", "waiting", "service level"], rows, right=(1, 2, 3))
    _print_rest(len(queues))


def _print_proposal(proposed: dict[str, Any]) -> None:
    from wallboard_tui.cli.output import counted

    new, linked, left = proposed["people"], proposed["linked"], proposed["left"]
    if new:
        print(f"\n{counted(len(new), 'new person', 'new people')}, role {new[0]['role']}:")
        for person in new[:LONGEST]:
            extension = f", extension {person['extension']}" if person.get("extension") else ""
            print(f"  + {person['name']} ({person['key']}){extension}")
        _print_rest(len(new))
    if linked:
        print(f"\n{counted(len(linked), 'person', 'people')} of yours, by the name:")
        for person in linked[:LONGEST]:
            print(f"  = {person['name']} ({person['key']})")
        _print_rest(len(linked))
    if proposed["known"]:
        print(f"\n{counted(len(proposed['known']), 'person', 'people')} known already.")
    if left:
        print(f"\n{counted(len(left), 'agent')} without a person:")
        for agent, reason in list(left.items())[:LONGEST]:
            print(f"  {agent.split(':', 2)[-1]}: {reason}")
        _print_rest(len(left))


def _print_rest(count: int) -> None:
    if count > LONGEST:
        print(f"  and {count - LONGEST} more")


def _seconds(value: float | None) -> str:
    return "–" if value is None else f"{value:g} s"


def print_added(found: dict[str, Any]) -> None:
    from wallboard_tui.cli.output import counted

    health = found["health"]
    up = health.get("links", {}).get("ami") == "up"
    queues = counted(len(found["queues"]), "queue")
    state = "is followed" if up else "is set up, and its line is not up yet"
    print(f"\n{MARKS['ok' if up else 'warn']} {found['source']} {state}: {queues}. {health.get('error', '')}".rstrip())
    print(f"Its settings: {found['settings']}. To check it again: wallboard doctor. To look: wallboard")
    if not found["lasting"]:
        print("The hub ends with the last terminal; to follow it all day, run it as a service: wallboard hub")


def print_sources(found: list[dict[str, Any]], now: float) -> None:
    """How each source is doing, the worst first; below that what is wrong, and which stretches were not seen.

    Times are of this machine's own clock.
    """
    from wallboard_tui.cli.output import counted, print_table
    from wallboard_tui.view.health import LINKS, NOT_PLAYED, begins, gaps_of, states

    by_name = {doc["key"]: doc for doc in found}
    midnight = datetime.fromtimestamp(now).astimezone().replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
    each = [(state, by_name[state.source]) for state in states(by_name, midnight)]
    rows = [
        [
            f"{LEVELS[state.level]} {state.source}", doc["system"], state.word, _lately(state.since, midnight),
            ", ".join(f"{LINKS.get(link, link)} {how}" for link, how in (doc.get("links") or {}).items()) or "–",
            _lately(doc.get("last_event"), midnight), _number(doc.get("lag_s"), " s"),
            _number(doc.get("events_per_s")),
            str(len(gaps_of(doc))), str(doc.get("refused", 0) + doc.get("malformed", 0)),
        ]
        for state, doc in each
    ]  # fmt: skip
    headings = ["source", "system", "state", "since", "read by", "newest", "lag", "events/s", "gaps", "refused"]
    # A pipe is as wide as it takes; on a narrow screen what the lines below say is left out.
    narrow = shutil.get_terminal_size((WIDE, 24)).columns < WIDE
    shown = [index for index, heading in enumerate(headings) if not (narrow and heading in ("system", "read by"))]
    right = [shown.index(index) for index in (6, 7, 8, 9)]
    print_table([headings[index] for index in shown], [[row[index] for index in shown] for row in rows], right=right)
    for state, doc in each:
        errors = doc.get("errors") or ({"": doc["error"]} if doc.get("error") else {})
        for link, sentence in errors.items():
            print(f"{state.source}{' ' if link else ''}{LINKS.get(link, link)}: {sentence}")
        first = begins(doc)
        if first is not None:
            before = "queue_log or CDR would tell what was before."
            print(f"{state.source} was first heard at {when(first)}, where its figures begin; {before}")
        for gap in gaps_of(doc):
            told = " and ".join(LINKS.get(one, one) for one in gap.told_by)
            says = "it goes on." if gap.end is None else (
                f"what happened then was told by {told}." if told else
                "figures of that time are incomplete; queue_log or CDR would close it."
            )  # fmt: skip
            print(f"{state.source} was not heard {_stretch(gap)}: {says}")
    unplayed = [state.source for state, _ in each if state.word == NOT_PLAYED]
    if unplayed:
        print(f"Nothing plays the recording of {', '.join(unplayed)} any more. To play it anew: wallboard demo")
    ill = sum(state.level != "ok" for state, _ in each) - len(unplayed)
    if ill:
        print(f"{counted(ill, 'source')} not well. To try everything again: wallboard doctor")


def _stretch(gap: Gap) -> str:
    """``from … to …``; what begins and ends in one second has a length instead, which is not nothing."""
    start, end = when(gap.start), "now" if gap.end is None else when(gap.end)
    if gap.end is not None and start == end:
        return f"for less than a second at {start}"
    return f"from {start} to {end}"


def when(at: float | None) -> str:
    """A time on this machine's own clock."""
    return "–" if at is None else datetime.fromtimestamp(at).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def _lately(at: float | None, midnight: float) -> str:
    """A time of today without its day."""
    return when(at)[-8:] if at is not None and at >= midnight else when(at)


def _number(value: float | None, unit: str = "") -> str:
    return "–" if value is None else f"{value:.1f}{unit}"
