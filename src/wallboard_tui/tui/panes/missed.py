"""Room ``tui``, panes: missed opportunities: one row for each caller whom nobody has reached yet. Asks the view."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from wallboard_tui.access.panes import PANE_NEEDS
from wallboard_tui.metrics.callbacks import callback_measures, reached_after
from wallboard_tui.metrics.kpis import CALLBACK_KPIS, settings_of
from wallboard_tui.metrics.quarters import period
from wallboard_tui.model.base import Doc
from wallboard_tui.model.board import Pane
from wallboard_tui.model.me import Me
from wallboard_tui.tui.look import Line, Look, Size
from wallboard_tui.tui.panes import seen
from wallboard_tui.tui.panes.base import NOTHING_CHOSEN, Context, PaneKind
from wallboard_tui.tui.panes.figures import Shown, all_shown, judged, loading
from wallboard_tui.tui.panes.missed_table import draw_missed, missed_spot
from wallboard_tui.tui.panes.seen import ALL_HERE, Progress
from wallboard_tui.tui.panes.words import A_COLLEAGUE, ANOTHER_QUEUE, caller_name, is_hidden, outcome_word
from wallboard_tui.view import queries
from wallboard_tui.view.view import View

ALIVE = ("open", "claimed", "not_reached")
"""Statuses that still want somebody's work."""


@dataclass(frozen=True)
class MissedRow:
    """One caller. ``caller is None``: withheld; ``hidden``: the reader may not know who it is."""

    key: str
    caller: str | None
    hidden: bool
    name: str
    vip: bool
    attempts: int
    place: str
    """Queue of the latest attempt, else the number that was called."""
    wait_s: float | None
    """Longest of the attempts."""
    reason: str
    owner: str
    first_miss: float
    last_miss: float
    status: str


@dataclass(frozen=True)
class MissedData:
    """Callers still to be reached, the most urgent first; and how many there are by status."""

    now: float
    title: str
    zone: str
    rows: tuple[MissedRow, ...]
    counts: dict[str, int]
    """By status, before searching; ``reached`` since midnight."""
    sort: str = ""
    descending: bool = True
    selected: str | None = None
    text: str = ""
    progress: Progress = ALL_HERE
    figures: tuple[Shown, ...] = ()
    """How soon callers who were last missed today were reached, before searching."""
    level: str = "ok"


def ask(view: View, me: Me, pane: Pane, now: float, context: Context = NOTHING_CHOSEN) -> MissedData:
    """What the person may see of ``reports.missed``; the hub has already taken out attempts that are out of scope."""
    title = pane.title or "Missed opportunities"
    zone = seen.zone_name(me)
    if not me.may("reports.missed"):
        return MissedData(now, title, zone, (), {})
    since, midnight = _begins(me, now), seen.day_start(me, now)
    names = seen.Names.of(view)
    chosen = set(seen.wanted(pane.queues, names.queues, names.queues)) if pane.queues else None
    every = queries.followups(view, min(since, midnight), (*ALIVE, "reached", "resolved"))
    docs = [doc for doc in every if doc["last_miss"] >= since and _in_queues(doc, chosen)]
    figures, level = _figures(view, me, pane, every, chosen, now, context)
    alive = [doc for doc in docs if doc.get("status", "open") in ALIVE]
    rows = [_row(doc, names, me) for doc in alive]
    wanted = context.text.casefold()
    rows = [row for row in rows if not wanted or wanted in _words(row)]
    return MissedData(
        now=now,
        title=title,
        zone=zone,
        rows=_sorted(rows, context),
        counts=_counts(docs, midnight),
        sort=context.sort,
        descending=context.descending,
        selected=context.selected,
        text=context.text,
        progress=_progress(view, me, now),
        figures=figures,
        level=level,
    )


def _figures(
    view: View, me: Me, pane: Pane, docs: Iterable[Doc], chosen: Collection[str] | None, now: float, context: Context
) -> tuple[tuple[Shown, ...], str]:
    """How soon today's missed callers were reached, with the level; of a pane that names queues, theirs together."""
    (start, end), settings = period("today", seen.zone_name(me), now), settings_of(me.organisation)

    def place(attempt: Doc) -> tuple[str, ...]:
        return ("",) if chosen is None or attempt.get("queue") in chosen else ()

    today = (doc for doc in docs if doc["last_miss"] >= start)
    sums = callback_measures(reached_after(today, place, start, end).get("", ()), settings.callback_window_s)
    figures = all_shown(CALLBACK_KPIS, sums, settings)
    if not seen.followups_progress(view, start, now, start).complete:
        return loading(figures), "ok"
    (only,) = chosen if chosen is not None and len(chosen) == 1 else ("",)
    subject = f"queue:{only}" if only else "board"
    names = {subject: (seen.Names.of(view).queue(only),)} if only else {}
    # The total of a pane is that of the queues it names.
    of = f"{pane.period} {' '.join(pane.queues)}" if subject == "board" else pane.period
    return judged(context.judge, {subject: figures}, now, of, names)[subject]


def _begins(me: Me, now: float) -> float:
    """From when on misses are shown."""
    return now - float(me.organisation.get("missed_window_s", 30 * 86400))


def _progress(view: View, me: Me, now: float) -> Progress:
    return seen.followups_progress(view, _begins(me, now), now, seen.day_start(me, now))


def _enough(view: View, me: Me, pane: Pane, now: float) -> bool:
    """None is missing any more, whatever the days before still bring of calls."""
    sent = queries.sent_since(view)
    return sent is None or sent < seen.day_start(me, now)


def _in_queues(doc: Doc, chosen: Collection[str] | None) -> bool:
    return chosen is None or any(attempt.get("queue") in chosen for attempt in doc.get("attempts", ()))


def _row(doc: Doc, names: seen.Names, me: Me) -> MissedRow:
    attempts = doc.get("attempts", ())
    latest = attempts[-1] if attempts else {}
    waits = [attempt["wait_s"] for attempt in attempts if attempt.get("wait_s") is not None]
    return MissedRow(
        key=str(doc["key"]),
        caller=doc.get("caller"),
        hidden=is_hidden(doc),
        name=caller_name(doc, names.contacts),
        vip=bool(doc.get("vip")),
        attempts=len(attempts),
        place=place_of(latest, names),
        wait_s=max(waits, default=None),
        reason=outcome_word(latest.get("reason", "")),
        owner=owner_of(doc, names, me.person),
        first_miss=float(doc["first_miss"]),
        last_miss=float(doc["last_miss"]),
        status=str(doc.get("status", "open")),
    )


def place_of(attempt: Doc, names: seen.Names) -> str:
    """Where an attempt came to: the queue, else the number."""
    if attempt.get("hidden"):
        return ANOTHER_QUEUE
    return names.queue(attempt.get("queue")) or names.number(attempt.get("number"))


def owner_of(doc: Doc, names: seen.Names, me: str) -> str:
    """Who calls back; empty: nobody yet."""
    owner = doc.get("owner")
    if owner == me:
        return "you"
    return A_COLLEAGUE if "owner" in doc.get("masked", ()) else names.person(owner)


def _words(row: MissedRow) -> str:
    digits = "".join(c for c in row.caller or "" if c.isdigit())
    return f"{row.caller or ''} {digits} {row.name} {row.place} {row.owner} {row.reason} {row.status}".casefold()


def _counts(docs: Collection[Doc], midnight: float) -> dict[str, int]:
    counts = dict.fromkeys((*ALIVE, "reached"), 0)
    for doc in docs:
        status = doc.get("status", "open")
        if status in ALIVE:
            counts[status] += 1
        elif _closed_at(doc) >= midnight:
            counts["reached"] += status == "reached"
    return counts


def _closed_at(doc: Doc) -> float:
    """When the caller was reached: the last step, or the last miss and the time it took."""
    steps = doc.get("history", ())
    if doc.get("reached_after_s") is not None:
        return float(doc["last_miss"]) + float(doc["reached_after_s"])
    return float(steps[-1]["at"]) if steps else 0.0


def _priority(row: MissedRow) -> tuple[bool, int, float]:
    """Contacts marked VIP first, then who tried most often, then who has waited longest for an answer."""
    return not row.vip, -row.attempts, row.first_miss


SORTS = ("priority", "caller", "attempts", "wait", "age", "status")


def _sorted(rows: list[MissedRow], context: Context) -> tuple[MissedRow, ...]:
    ordered = sorted(rows, key=_priority)
    down = context.descending
    match context.sort:
        case "caller":
            ordered.sort(key=lambda row: (row.name.casefold(), row.caller or ""), reverse=down)
        case "attempts":
            ordered.sort(key=lambda row: row.attempts, reverse=down)
        case "wait":
            ordered.sort(key=lambda row: row.wait_s or 0.0, reverse=down)
        case "age":
            ordered.sort(key=lambda row: row.first_miss, reverse=not down)
        case "status":
            ordered.sort(key=lambda row: ALIVE.index(row.status) if row.status in ALIVE else 9, reverse=down)
        case _:
            pass
    return tuple(ordered)


def draw(data: MissedData, size: Size, look: Look) -> list[Line]:
    """A table, the most urgent caller first."""
    return draw_missed(data, size, look)


def rows(data: MissedData) -> tuple[str, ...]:
    """Keys of the followups, in the order drawn."""
    return tuple(row.key for row in data.rows)


KIND = PaneKind(
    name="missed",
    title="Missed opportunities",
    ask=ask,
    draw=draw,
    enough=_enough,
    depends=frozenset({"followup", "source", "queue", "number", "person", "contact", "organisation"}),
    rows=rows,
    level=lambda data: data.level,
    spot=missed_spot,
    sorts=SORTS,
    permissions=PANE_NEEDS["missed"],
)
