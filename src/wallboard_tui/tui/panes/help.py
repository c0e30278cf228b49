"""Room ``tui``, panes: what ``?`` says about a pane, and about each figure in it, from the catalogue's own
definitions."""

from collections.abc import Sequence
from dataclasses import dataclass

from wallboard_tui.metrics.kpis import KPIS, Settings, label
from wallboard_tui.tui.drawing.text import wrap
from wallboard_tui.tui.look import Line, Look, Span
from wallboard_tui.tui.panes.figures import STANDS_IN, WORDS
from wallboard_tui.tui.panes.metrics import PERSONAL
from wallboard_tui.tui.panes.rollups import COLUMNS
from wallboard_tui.tui.panes.wallboard import TILE_KPIS

BLANKS = (
    "A dash means that nothing has happened yet; n/a that this phone system cannot supply the figure; a dimmed "
    "figure that it rests on few calls, or, when the whole pane is dimmed, that the data is as old as the border "
    "says. What you may not see is not there at all."
)
LEVELS = (
    "Warnings and alerts are set on the board. They stand in the border as a sign and a word, and before the figure."
)


@dataclass(frozen=True)
class Help:
    """A title, paragraphs, and the KPIs to explain."""

    title: str
    about: tuple[str, ...]
    kpis: tuple[str, ...] = ()


PANE_HELP: dict[str, Help] = {
    "wallboard": Help(
        "Real-time wallboard",
        (
            "One tile for each queue: the large figure is how many callers wait now, and “longest” is how long the "
            "first of them has waited. The figures beside it are of today and include what is going on. The curve "
            "is the calls offered in each quarter of an hour of the last two; its last column, drawn dim, is the "
            "running quarter, which is not over yet.",
            "A service level over queues with different thresholds judges each call by its own queue's; its label then "
            "says * in place of the seconds.",
            "The lower border says how many of the queue's agents are available. “no agents” means that nobody is "
            "signed in; “part of its calls”, in a list “(part)”, that the queue is not yours to see, but these of its "
            "calls are.",
            "All queues together have a tile of their own. What stands beside its service level is the difference to "
            "yesterday at this time of day, in points.",
            LEVELS,
            BLANKS,
        ),
        ("waiting", "longest_wait_now", *TILE_KPIS, *STANDS_IN.values()),
    ),
    "agents": Help(
        "Agents",
        (
            "Everybody you may see, by state, and in each state who has been in it longest. The time is how long "
            "they have been in that state. The reason of a pause is shown to supervisors and to the agent alone.",
        ),
        ("agents_available", "agents_talking", "agents_paused", "agents_logged_in"),
    ),
    "rollups": Help(
        "Team rollups",
        (
            "Figures of a period, by queue, team, number or agent, with the choice that your permissions leave. "
            "Ratios are computed from sums and never averaged. A team's figures are those of its members and of the "
            "queues it owns; teams may overlap, so there is no total of teams.",
            "“Target” is by how many points the service level is above or below its target. The curve is the calls "
            "of each hour, or of each day of a week or month; what is drawn dim is still running. Open a row to see "
            "the agents and calls behind it.",
            BLANKS,
        ),
        tuple(dict.fromkeys(kpi for kpis in COLUMNS.values() for kpi in kpis)),
    ),
    "metrics": Help(
        "My metrics",
        (
            "Your own day beside your own last 7 and 28 days, today left out. Counts and times of those days are "
            "the average of a day on which you worked, and say “a day”. Today's column, drawn dim, is not over yet.",
            BLANKS,
        ),
        (*PERSONAL, "login_time", "paused_time"),
    ),
    "missed": Help(
        "Missed opportunities",
        (
            "One row for each caller, however often they tried, whom nobody has reached yet. A caller who is "
            "answered later, or called back successfully, leaves the list by itself.",
            "VIP contacts come first, then those who tried most often, then those who tried first. Claim a caller "
            "before you call, so that nobody calls twice; then say whether you reached them.",
            "The lower border says how soon callers who were last missed today were reached: of the queues that the "
            "pane names, else of all that you see.",
            LEVELS,
            BLANKS,
        ),
        ("callback_rate", "time_to_callback"),
    ),
    "calls": Help(
        "Calls",
        (
            "The newest calls that you may see. Search looks at callers, names, queues and agents. Open a call to "
            "see its way through queues and agents, moment by moment.",
        ),
    ),
    "text": Help("Text", ("What the board's author wrote.",)),
    "clock": Help("Clock", ("The time in the organisation's time zone.",)),
}


def help_lines(pane: str, settings: Settings, w: int, look: Look, lacks: Sequence[str] = ()) -> list[Line]:
    """What ``?`` shows for a pane, in lines of at most ``w`` cells: about the pane, then each figure with its
    formula."""
    entry = PANE_HELP.get(pane)
    if entry is None:
        return []
    lines: list[Line] = [(Span(entry.title, "title"),)]
    for paragraph in entry.about:
        lines += [(), *((Span(row, "text"),) for row in wrap(paragraph, w, look.glyphs))]
    for kpi in entry.kpis:
        lines += [(), *_kpi(kpi, settings, w, look, lacks)]
    return lines


def _kpi(kpi: str, settings: Settings, w: int, look: Look, lacks: Sequence[str]) -> list[Line]:
    """One figure: what it is called in full, and on the screen where that differs; which way is good; its definition,
    and its formula if it has one."""
    entry = KPIS[kpi]
    shown = label(kpi, settings, lacks) if kpi in ("service_level", "aht") else WORDS.get(kpi, entry.short)
    good = {"up": "more is better", "down": "less is better", None: ""}[entry.good]
    called = "" if shown.casefold() == entry.title.casefold() else f", shown as “{shown}”"
    heading = f"{entry.title}{called}{f', {good}' if good else ''}"
    lines: list[Line] = [(Span(row, "value"),) for row in wrap(heading, w, look.glyphs)]
    lines += [(Span(row, "text"),) for row in wrap(entry.definition, w, look.glyphs)]
    # A figure that is simply counted has no formula: its name in scripts would tell a reader of the screen nothing.
    if entry.words != entry.needs[0]:
        lines += [(Span(row, "label"),) for row in wrap(f"= {entry.words}", w, look.glyphs)]
    return lines
