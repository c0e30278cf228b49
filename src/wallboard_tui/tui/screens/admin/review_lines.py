"""Room ``tui``, screens: rows of the access review in words. Pure: a row and names in, lines out."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from wallboard_tui.model.administration import ReviewRow
from wallboard_tui.model.security import by_whom
from wallboard_tui.reports.access_review import day
from wallboard_tui.tui.drawing.text import clean, wrap
from wallboard_tui.tui.look import Line, Look, Span
from wallboard_tui.tui.panes.seen import Names
from wallboard_tui.tui.screens.admin.columns import Column, left_for

NEVER = "not since the hub writes it down"
LABEL_W = 11
DATED_FROM = 28
"""Days stand in the list where so many cells are left for person and permission."""


@dataclass(frozen=True)
class About:
    """A row with what it takes to put it in words."""

    row: ReviewRow
    names: Names = field(default_factory=Names)
    zone: str = "UTC"
    member: bool = False
    """The reader may open the person."""
    decides: bool = False


def columns_for(width: int) -> list[Column]:
    """The columns that have room in ``width`` cells."""
    columns = [Column("", 1, what="mark"), Column("Person", share=9, what="person"),
               Column("Permission", share=11, what="permission")]  # fmt: skip
    dated = [*columns, Column("Last used", 10, what="used"), Column("Due", 10, what="due")]
    return dated if left_for(dated, width) >= DATED_FROM else columns


def cell(row: ReviewRow, what: str, zone: str, look: Look) -> str:
    """One cell of the list."""
    dash = look.glyphs.dash
    match what:
        case "mark":
            return mark_of(row, look)
        case "person":
            return row.name
        case "permission":
            return row.title
        case "used":
            return day(row.last_used, zone) or dash
        case _:
            return day(row.due, zone) or dash


def mark_of(row: ReviewRow, look: Look) -> str:
    """A sign for where a row stands: overdue, to be removed, kept; nothing while it is not due yet."""
    if row.decided == "remove":
        return "-"
    if row.overdue:
        return look.glyphs.level["warn"]
    return "+" if row.decided == "keep" else ""


def summary_line(rows: Sequence[ReviewRow], look: Look) -> Line:
    """How the whole review stands."""
    overdue = sum(row.overdue for row in rows)
    remove = sum(row.decided == "remove" for row in rows)
    dot = " - " if look.glyphs.ascii else " · "
    word = f"{look.glyphs.level['warn']} {overdue} overdue" if overdue else "nothing overdue"
    rest = f"{dot}{remove} to be removed" if remove else ""
    return (Span(f"{len(rows)} held{dot}", "dim"), Span(word, "warn" if overdue else "ok"), Span(rest, "dim"))


def row_lines(about: About, width: int, look: Look) -> list[Line]:
    """Everything known of one row, and what may be done about it."""
    row = about.row
    lines: list[Line] = [(Span(clean(row.title, look.glyphs.ascii), "title"), Span(f"   {row.level}", "dim"))]
    said = [("Held by", f"{row.name} ({row.person})"), ("For", row.words), ("Through", "; ".join(row.through))]
    given = f", given by {_who(row.given_by, about.names)}" if row.given_by else ""
    said += [("Since", f"{day(row.since, about.zone) or 'not known'}{given if row.since else ''}")]
    said += [("Last used", day(row.last_used, about.zone) or NEVER)]
    for title, text in said:
        lines += _fact(title, text, "text", width, look)
    if row.decided:
        by = _who(row.decided_by, about.names)
        lines += _fact("Decided", f"{row.decided}, by {by} on {day(row.decided_at, about.zone)}", "text", width, look)
        lines += _fact("Why", row.note, "text", width, look)
    due = day(row.due, about.zone)
    lines += _fact("Due", f"{due}, overdue" if row.overdue else due, "warn" if row.overdue else "text", width, look)
    if row.decided == "remove":
        where = " Press m to open them in Members." if about.member else ""
        sentence = f"Noted only: they hold it until it is taken away ({'; '.join(row.through)}).{where}"
        lines += [(), *((Span(text, "warn"),) for text in wrap(sentence, width, look.glyphs))]
    elif about.decides and (row.overdue or not row.decided):
        sentence = "Keep it (k) if it is still needed for their work; else note that it goes (x)."
        lines += [(), *((Span(text, "dim"),) for text in wrap(sentence, width, look.glyphs))]
    return lines


def decided_sentence(row: ReviewRow, zone: str) -> str:
    """What a decision means."""
    if row.decided == "keep":
        return f"{row.name} keeps {row.title}. Due again on {day(row.due, zone)}."
    return f"Noted: {row.name} is to lose {row.title}. They hold it until it is taken away: {'; '.join(row.through)}."


def _who(key: str, names: Names) -> str:
    return names.person(key) if key in names.people else by_whom(key)


def _fact(title: str, text: str, role: str, width: int, look: Look) -> list[Line]:
    rows = wrap(text, max(10, width - LABEL_W), look.glyphs)
    return [(Span((title if not n else "").ljust(LABEL_W), "dim"), Span(row, role)) for n, row in enumerate(rows)]
