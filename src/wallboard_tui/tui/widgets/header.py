"""Room ``tui``, widgets: the line above a board: which board, what time it is, how old the data is, and who looks at
it.
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from wallboard_tui.tui.drawing.text import clean, name
from wallboard_tui.tui.look import Line, Look, Span, cells
from wallboard_tui.tui.panes.sources import outage, trouble
from wallboard_tui.tui.standing import JUST_NOW_S, Standing
from wallboard_tui.tui.widgets.lines import LineWidget
from wallboard_tui.tui.widgets.painter import fit
from wallboard_tui.view.health import SourceState


@dataclass(frozen=True)
class Heading:
    """What the header says."""

    board: str
    page: str
    number: int
    pages: int
    zone: str
    person: str
    role: str
    held: bool = False
    zoomed: bool = False
    viewing: str = ""
    """The name of whoever's eyes one looks through; empty: one's own."""
    sources: tuple[SourceState, ...] = ()
    """How the phone systems are doing, the worst first."""


def clock_text(now: float, zone: str, seconds: bool = True, date: bool = False) -> str:
    """The time of day in the organisation's zone: ``14:07:32``, with ``date`` ``Sat 21 Nov 14:07:32``."""
    when = datetime.fromtimestamp(now, ZoneInfo(zone))
    text = f"{when:%H:%M:%S}" if seconds else f"{when:%H:%M}"
    return f"{when:%a} {when.day} {when:%b} {text}" if date else text


def age_text(seconds: float) -> str:
    """An age as people say it: ``0.4 s``, ``14 s``, ``3 min``, ``2 h``."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.0f} h"


def connection_span(standing: Standing, zone: str, look: Look) -> Span:
    """Glyph, word and age of the data, in the colour that goes with them; the word alone is enough."""
    age = standing.age
    old = look.glyphs.stale
    if age is None or standing.heard is None:
        return Span(f"{look.glyphs.dot} connecting", "header+dim")
    if standing.live:
        return Span(f"{look.glyphs.level['ok']} live {age_text(age)}", "header+ok")
    if standing.stale:
        return Span(f"{old} stale {age_text(age)}", "header+warn")
    if age <= JUST_NOW_S and standing.state == "connecting" and not standing.reason:
        return Span(f"{look.glyphs.dot} connecting {age_text(age)}", "header+dim")
    if age <= JUST_NOW_S:
        return Span(f"{old} reconnecting {age_text(age)}", "header+warn")
    return Span(f"{old} as of {clock_text(standing.heard, zone)}", "header+warn")


def header_line(heading: Heading, standing: Standing, width: int, look: Look) -> Line:
    """The header of a board, cut to its width: what matters least goes first (the role, the date, the page's name)."""
    dim, plain, strong = "header+dim", "header", "header+title"
    board = [Span(f" {heading.board}", strong)]
    page = []
    if heading.page and heading.page != heading.board:
        page += [Span(f" {look.glyphs.pointer} ", dim), Span(heading.page, plain)]
    where = [Span(f" {heading.number}/{heading.pages}", dim)] if heading.pages > 1 else []
    if heading.zoomed:
        where.append(Span("  zoomed", dim))
    if heading.held and heading.pages > 1:
        where.append(Span("  held", "header+warn"))
    link: tuple[Span, ...] = (connection_span(standing, heading.zone, look),)
    ill = trouble(heading.sources, heading.zone, standing.shown, look)
    if ill is not None:
        # Whoever is short of room reads what is wrong, not that the hub is well.
        alone = (ill,) if standing.live else link
        link = (ill, Span("  ", plain), *link)
    else:
        alone = link
    choices = (
        (clock_text(standing.now, heading.zone, date=True), f"{heading.person} ({heading.role})", "   ", link),
        (clock_text(standing.now, heading.zone), f"{heading.person} ({heading.role})", "  ", link),
        (clock_text(standing.now, heading.zone), heading.person, "  ", link),
        (clock_text(standing.now, heading.zone), "", "  ", link),
        (clock_text(standing.now, heading.zone), "", "  ", alone),
    )
    for clock, who, gap, said in choices:
        right = (Span(clock, plain), Span(gap, plain), *said, Span(f"{gap}{who} " if who else " ", plain))
        room = width - sum(cells(span.text) for span in right) - 1
        if sum(cells(span.text) for span in (*board, *page, *where)) < room:
            return fit((*board, *page, *where), right, width, fill="header")
    if sum(cells(span.text) for span in (*board, *where)) > room:
        kept = room - 1 - sum(cells(span.text) for span in where)
        board = [Span(f" {name(heading.board, max(0, kept), look.glyphs)}", strong)]
    return fit((*board, *where), right, width, fill="header")


def banner_line(
    standing: Standing, zone: str, width: int, look: Look, sources: tuple[SourceState, ...] = ()
) -> Line | None:
    """What stands under the header when the hub has gone, or while it does not hear a phone system; ``None`` while all
    are heard."""
    if not standing.stale:
        return _outage(standing, zone, width, look, sources)
    mark = look.glyphs.stale
    again = "It is tried again by itself."
    if standing.heard is None or standing.age is None:
        said = f" {mark} STALE  The hub does not answer."
    elif standing.empty:
        said = (
            f" {mark} STALE  Nothing heard from the hub for {age_text(standing.age)}: without it nothing is shown now."
        )
    else:
        since, age = clock_text(standing.heard, zone), age_text(standing.age)
        said = f" {mark} STALE  Nothing heard from the hub for {age}: the board is as of {since}."
    choices = (
        (f"{said} {standing.reason} {again}", f"{said} {again}", said) if standing.reason else (f"{said} {again}", said)
    )
    text = next((choice for choice in choices if cells(choice) < width), choices[-1])
    return fit((Span(text, "banner"),), (), width, fill="banner")


def _outage(standing: Standing, zone: str, width: int, look: Look, sources: tuple[SourceState, ...]) -> Line | None:
    sentences = outage(sources, zone, standing.shown)
    if not sentences:
        return None
    said = [f" {look.glyphs.level['alert']} {sentence}" for sentence in sentences]
    text = next((choice for choice in said if cells(choice) < width), said[-1])
    return fit((Span(text, "banner"),), (), width, fill="banner")


def viewing_line(heading: Heading, width: int, look: Look) -> Line:
    """What stands under the header while one looks through somebody else's eyes."""
    text = f" {look.glyphs.pointer} Viewing as {clean(heading.viewing, look.glyphs.ascii)} (read-only)"
    dot = "-" if look.glyphs.ascii else "·"
    return fit((Span(f"{text} {dot} Esc ends", "banner"),), (), width, fill="banner")


class Header(LineWidget):
    """One line above the board, another while one views as somebody else, and another while the hub is away."""

    DEFAULT_CSS = """
        Header { height: 1; dock: top; }
        Header.-stale, Header.-viewing { height: 2; }
        Header.-stale.-viewing { height: 3; }
    """

    def draw(self, heading: Heading, standing: Standing, look: Look) -> int:
        """Shows where things stand; returns how many lines were redrawn."""
        width = self.room
        if not width:
            return 0
        banner = banner_line(standing, heading.zone, width, look, heading.sources)
        self.set_class(banner is not None, "-stale")
        self.set_class(bool(heading.viewing), "-viewing")
        lines = [header_line(heading, standing, width, look)]
        lines += [viewing_line(heading, width, look)] if heading.viewing else []
        lines += [banner] if banner is not None else []
        return self.show(lines, look.theme)
