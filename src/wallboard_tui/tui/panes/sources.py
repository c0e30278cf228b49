"""Room ``tui``, panes: how each phone system is doing, in lines: the page *Sources*, and the words of the header.

Pure. What a health document does not hold (errors, for who may not see the account) has no line.
"""

from collections.abc import Iterable, Mapping, Sequence

from wallboard_tui.metrics.kpis import KPIS, supplied
from wallboard_tui.model.base import Doc
from wallboard_tui.tui.drawing.lines import fitted
from wallboard_tui.tui.drawing.text import clean, wrap
from wallboard_tui.tui.drawing.units import clock, day, local
from wallboard_tui.tui.look import Line, Look, Span, cells, width
from wallboard_tui.view.health import ALERT, LACKS, LINKS, NOT_PLAYED, Gap, SourceState, begins, gaps_of, states

LABEL_W = 13
GAPS_SHOWN = 6
QUEUES_SHOWN = 12
MINUTE_S = 60.0
ABOUT = (
    "A phone system is read over a live line (its manager interface, AMI), from its files (queue_log and CDR), or "
    "both. The line tells what goes on now; the files tell why callers left, and what happened while the line was "
    "down.",
    "“line down”: boards show what was heard last, dimmed and with its age; with a queue_log its queues go on. The "
    "line is tried again by itself, ever more slowly: at least every minute, and every ten when the login is refused.",
    "“lacks read=agent”: calls and agents changed between two looks, and no event told of it: the account may not see "
    "events of that class. What to write into manager.conf stands beside it. Rights hold from the next login on; the "
    "hub signs in anew every five minutes while some are missing.",
    "“gap”: a stretch of today that no line saw and no file told of. Figures of that time are incomplete. It closes "
    "when the hub can read queue_log or CDR: name them with “wallboard source add asterisk”.",
    "“not played”: a recording that the demo played and that nothing plays any more: boards show what it told last. "
    "“wallboard demo” plays it anew.",
    "“lag” is how long an event takes from the phone system's clock to the hub's; it needs timestampevents = yes in "
    "manager.conf. “unreadable” are events that were torn or without their key fields.",
    "To follow other queues: wallboard source queues NAME --queue QUEUE, on the hub's machine; without a line of its "
    "own a source has no choice of them.",
    "To try everything again, and to read what to write into manager.conf: wallboard doctor, on the hub's machine.",
)


def span_of(at: float, zone: str, now: float, seconds: bool = True) -> str:
    """A moment: ``14:02:11`` of today, else with its day: ``Fri 20 Nov 14:02``."""
    same = local(at, zone).date() == local(now, zone).date()
    return clock(at, zone, seconds) if same else f"{day(at, zone)} {clock(at, zone, seconds=False)}"


def lasting(seconds: float) -> str:
    """How long something has lasted: ``14 s``, ``3 min``, ``2 h 05``, ``3 days``."""
    whole = int(max(0.0, seconds))
    if whole < 100:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min"
    return f"{whole // 3600} h {whole // 60 % 60:02d}" if whole < 48 * 3600 else f"{whole // 86400} days"


def gap_text(gap: Gap, zone: str, now: float) -> str:
    """``13:10:00 to 13:12:04 (2 min)``."""
    start = span_of(gap.start, zone, now)
    if gap.end is None:
        return f"since {start} ({lasting(now - gap.start)})"
    return f"{start} to {span_of(gap.end, zone, now)} ({lasting(gap.end - gap.start)})"


def trouble(found: Sequence[SourceState], zone: str, now: float, look: Look) -> Span | None:
    """What a header says when a phone system is not well: ``■ pbx1 line down 14:02``; ``None`` while all are."""
    ill = [state for state in found if state.level != "ok"]
    if not ill:
        return None
    worst = ill[0]
    mark = look.glyphs.level["alert" if worst.level == ALERT else "warn"]
    more = f" +{len(ill) - 1}" if len(ill) > 1 else ""
    gap = worst.gaps[-1] if worst.gaps else None
    when = f" {span_of(worst.since, zone, now, seconds=False)}" if worst.since is not None else ""
    if worst.word == "gap" and gap is not None and gap.end is not None:
        dash = "-" if look.glyphs.ascii else "–"
        brief = gap.end - gap.start < MINUTE_S
        when += f" ({lasting(gap.end - gap.start)})" if brief else f"{dash}{clock(gap.end, zone, seconds=False)}"
    said = f"{mark} {clean(worst.source, look.glyphs.ascii)} {worst.word}{when}{more}"
    return Span(said, f"header+{'alert' if worst.level == ALERT else 'warn'}")


def outage(found: Sequence[SourceState], zone: str, now: float) -> tuple[str, ...]:
    """Sentences for whoever reads figures while a phone system is not heard, the longest first; none: all are."""
    ill = [state for state in found if state.level == ALERT]
    silent = [state for state in ill if not state.heard and state.word != NOT_PLAYED]
    blind = [state for state in ill if state.word.startswith(LACKS)]
    if silent:
        return _silent(silent, zone, now)
    if blind:
        first = f"PHONE SYSTEM  {_names(blind)} does not tell its account what goes on in queues"
        return (
            f"{first}: what is shown is up to a minute old, and what happened between is missing.",
            f"{first}: figures are incomplete.",
            f"{first}.",
        )
    unplayed = [state for state in ill if state.word == NOT_PLAYED]
    return _not_played(unplayed, zone, now) if unplayed else _by_files(ill, zone, now) if ill else ()


def _not_played(over: Sequence[SourceState], zone: str, now: float) -> tuple[str, ...]:
    """Nothing comes any more of what the demo played."""
    since = max((state.since for state in over if state.since is not None), default=None)
    when = "" if since is None else f" since {span_of(since, zone, now)} ({lasting(now - since)})"
    first = f"RECORDING  {_names(over)} has not been played{when}"
    return (f"{first}: figures end there. To play it anew: wallboard demo", f"{first}: figures end there.", f"{first}.")


def _names(states: Sequence[SourceState]) -> str:
    names = [state.source for state in states]
    return " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)


def _silent(down: Sequence[SourceState], zone: str, now: float) -> tuple[str, ...]:
    """Nothing is heard of what goes on there."""
    known = [state.since for state in down if state.since is not None]
    if not known:
        first = f"PHONE SYSTEM  {_names(down)} has not been reached yet."
        return (f"{first} Its figures are not here. It is tried again by itself.", first)
    since = min(known)
    first = f"PHONE SYSTEM  No word from {_names(down)} since {span_of(since, zone, now)} ({lasting(now - since)})"
    rest = "its figures end there, and what goes on now is not known."
    return (
        f"{first}: {rest} It is tried again by itself.",
        f"{first}: {rest}",
        f"{first}: figures end there.",
        f"{first}.",
    )


def _by_files(down: Sequence[SourceState], zone: str, now: float) -> tuple[str, ...]:
    """The line is down, and queue_log goes on telling."""
    since = min((state.since for state in down if state.since is not None), default=None)
    when = "" if since is None else f" since {span_of(since, zone, now, seconds=False)} ({lasting(now - since)})"
    first = f"PHONE SYSTEM  No line to {_names(down)}{when}"
    rest = "queue_log goes on telling its queues; what rings, and calls past the queues, are not seen."
    return (f"{first}: {rest} It is tried again by itself.", f"{first}: {rest}", f"{first}: queue_log tells.", first)


def source_lines(sources: Mapping[str, Doc], today: float, now: float, zone: str, w: int, look: Look) -> list[Line]:
    """Every source with its links, times, rates, gaps and errors, the worst first, in lines of at most ``w`` cells."""
    if not sources:
        return [
            (Span("No phone system is read. Begin on the hub's machine with: wallboard source add asterisk", "text"),)
        ]
    lines: list[Line] = []
    for state in states(sources, today):
        lines += [*_one(state, sources[state.source], now, zone, w, look), ()]
    return lines[:-1]


def about_lines(w: int, look: Look) -> list[Line]:
    """What ``?`` says on the page."""
    lines: list[Line] = []
    for paragraph in ABOUT:
        lines += [*((Span(row, "text"),) for row in wrap(paragraph, w, look.glyphs)), ()]
    return lines[:-1]


def _one(state: SourceState, doc: Doc, now: float, zone: str, w: int, look: Look) -> list[Line]:
    role = {"ok": "ok", "warn": "warn"}.get(state.level, "alert")
    since = f" since {span_of(state.since, zone, now)}" if state.since is not None and state.word != "gap" else ""
    version = clean(str(doc.get("version") or doc["system"].title()), look.glyphs.ascii)
    head = [
        Span(f"{look.glyphs.level[state.level]} ", role),
        Span(clean(state.source, look.glyphs.ascii), "title"),
        Span(f"  {state.word}{since}", role),
    ]
    room = w - sum(cells(span.text) for span in head) - cells(version)
    if room >= 2:
        head += [Span(" " * room), Span(version, "dim")]
    lines: list[Line] = [tuple(head)]
    for label, text, style in _facts(doc, now, zone):
        for index, row in enumerate(wrap(text, max(8, w - LABEL_W - 2), look.glyphs)):
            lines.append((Span(f"  {'' if index else label:<{LABEL_W}}", "label"), Span(row, style)))
    return [each if width(each) <= w else fitted(each, w) for each in lines]


def _facts(doc: Doc, now: float, zone: str) -> Iterable[tuple[str, str, str]]:
    """Label, text and role of everything that is known of a source, what is wrong first."""
    errors: Mapping[str, str] = doc.get("errors") or {}
    for link, sentence in errors.items():
        yield f"{LINKS.get(link, link)}:", sentence, "warn" if (doc.get("links") or {}).get(link) == "up" else "alert"
    if doc.get("error") and not errors:
        yield "wrong:", str(doc["error"]), "warn"
    links: Mapping[str, str] = doc.get("links") or {}
    if links:
        yield "read by", ", ".join(f"{LINKS.get(link, link)} {state}" for link, state in links.items()), "text"
    if doc.get("connected_since") is not None:
        label, when = ("begun", "") if doc.get("mode") == "replayed" else ("connected", "since ")
        yield label, f"{when}{span_of(doc['connected_since'], zone, now)}", "text"
    first = begins(doc)
    if first is not None:
        yield "figures", f"from {span_of(first, zone, now)} on; queue_log or CDR would tell what was before", "text"
    if doc.get("last_event") is not None:
        ago = f", {lasting(now - doc['last_event'])} ago" if now >= doc["last_event"] else ""
        yield "last event", f"{span_of(doc['last_event'], zone, now)}{ago}", "text"
    if "events_per_s" in doc and links.get("ami") == "up":
        yield (
            "events",
            f"{_rate(doc['events_per_s'])}, lag {_lag(doc.get('lag_s'))}, unreadable {doc.get('malformed', 0)}",
            "text",
        )
    if doc.get("follows") is not None:
        yield "queues", f"only {_some(doc['follows'])}" if doc["follows"] else "all that it has", "text"
    for gap in gaps_of(doc)[: -GAPS_SHOWN - 1 : -1]:
        if gap.end is None:
            told = "goes on"
        else:
            told = (
                f"told by {' and '.join(LINKS.get(one, one) for one in gap.told_by)}" if gap.told_by else "incomplete"
            )
        yield "gap", f"{gap_text(gap, zone, now)}: {told}", "text" if gap.told_by else "warn"
    if doc.get("refused"):
        files = ", ".join(f"{file} {count}" for file, count in (doc.get("refused_in") or {}).items())
        yield "refused", f"{doc['refused']} lines{f' ({files})' if files else ''}", "text"
    missing = lacking(doc.get("lacks") or ())
    if missing:
        yield "cannot tell", ", ".join(missing), "dim"


def _some(names: Sequence[str]) -> str:
    shown = (
        len(names) if len(names) == QUEUES_SHOWN + 1 else QUEUES_SHOWN
    )  # a last one alone takes no more than its count
    more = len(names) - shown
    return ", ".join(names[:shown]) + (f" and {more} more" if more > 0 else "")


def lacking(lacks: Sequence[str]) -> list[str]:
    """Titles of the figures that stand as ``n/a`` for a source that lacks these measures."""
    return [kpi.title for kpi in KPIS.values() if not supplied(kpi, lacks)]


def _rate(per_s: float | None) -> str:
    return "none yet" if per_s is None else f"{per_s:.1f} a second" if per_s < 100 else f"{per_s:,.0f} a second"


def _lag(seconds: float | None) -> str:
    return "unknown" if seconds is None else f"{seconds:.1f} s" if seconds < 10 else lasting(seconds)
