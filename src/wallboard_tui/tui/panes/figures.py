"""Room ``tui``, panes: KPI figures as panes show them: value, label, blank, level. Pure.

The five blanks: a value; ``–`` nothing happened yet; ``n/a`` this phone system cannot supply it; dimmed: stale
(the look's affair); absent: not permitted (the figure is left out).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from wallboard_tui.metrics.kpis import KPIS, Figure, Settings, figure, format_value, label, settings_of
from wallboard_tui.metrics.thresholds import Judge
from wallboard_tui.model.base import Doc
from wallboard_tui.tui.drawing.text import clean
from wallboard_tui.tui.look import Look, Span

WORDS = {
    "waiting": "waiting",
    "longest_wait_now": "longest",
    "longest_wait": "longest today",
    "abandon_rate": "abandoned",
    "unanswered_rate": "unanswered",
    "asa": "ASA",
    "offered": "offered",
    "answered": "answered",
    "handled": "handled",
    "talk_time": "talk",
    "occupancy": "occupancy",
    "callback_rate": "callback rate",
    "time_to_callback": "time to callback",
}
"""What a KPI is called where there is little room and its settings need not be said."""


@dataclass(frozen=True)
class Shown:
    """One figure as it is shown.

    ``blank``: ``value``, ``none``, ``n/a`` or ``loading`` (its rows are still on their way). ``small``: rests on
    few calls.
    """

    kpi: str
    label: str
    value: float | None
    text: str
    blank: str = "value"
    small: bool = False
    level: str = "ok"


def shown(kpi: str, measures: Mapping[str, float], settings: Settings, lacks: Collection[str] = ()) -> Shown:
    """A KPI of some measures."""
    made = figure(kpi, measures, settings, lacks)
    said = WORDS.get(kpi) or label(kpi, settings, lacks)
    return Shown(kpi, said, made.value, format_value(made), made.blank, made.small_sample)


def all_shown(
    kpis: Iterable[str], measures: Mapping[str, float], settings: Settings, lacks: Collection[str] = ()
) -> tuple[Shown, ...]:
    """Several KPIs of the same measures, in that order."""
    return tuple(shown(kpi, measures, settings, lacks) for kpi in kpis if kpi in KPIS)


STANDS_IN = {"abandon_rate": "unanswered_rate"}
"""What is shown where a phone system cannot supply a figure but something near it, under a name of its own."""


def nearest(
    figures: Iterable[Shown], measures: Mapping[str, float], settings: Settings, lacks: Collection[str] = ()
) -> tuple[Shown, ...]:
    """The same figures, with what stands in for those that the phone system cannot supply."""
    return tuple(
        shown(STANDS_IN[each.kpi], measures, settings, lacks) if each.blank == "n/a" and each.kpi in STANDS_IN else each
        for each in figures
    )


def over_queues(figures: Iterable[Shown], organisation: Doc, queues: Iterable[Doc | None]) -> tuple[Shown, ...]:
    """Figures of several queues, each call judged by its own queue's threshold: the label says theirs, not the
    organisation's. Where they differ, no single one may stand there, and it says ``SL 80/* B``."""
    each = [settings_of(organisation, queue) for queue in queues]
    if not each:
        return tuple(figures)
    if len({settings.threshold_s for settings in each}) == 1:
        said = label("service_level", each[0])
    else:
        said = f"{KPIS['service_level'].short} {each[0].target:g}/* {each[0].variant}"
    return tuple(replace(one, label=said) if one.kpi == "service_level" else one for one in figures)


def loading(figures: Iterable[Shown]) -> tuple[Shown, ...]:
    """The same figures while their rows are still on their way: a wrong number is worse than none."""
    return tuple(replace(each, value=None, text="…", blank="loading", small=False) for each in figures)


def arriving_note(share: int, look: Look, what: str = "") -> tuple[Span, ...]:
    """What a pane's border says while rows of its period are on their way: ``arriving … 43 %``; nothing at 100."""
    if share >= 100:
        return ()
    return (Span(f"{what} {arriving(share, look)}".strip(), "dim"),)


def arriving(share: int, look: Look) -> str:
    """``arriving … 43 %``; while the hub is away nothing arrives, and it is what came before: ``43 % here``."""
    return f"arriving {look.glyphs.ellipsis} {share} %" if look.stale_s is None else f"{share} % here"


def judged(
    judge: Judge | None,
    subjects: Mapping[str, Sequence[Shown]],
    now: float,
    of: str = "",
    names: Mapping[str, Collection[str]] | None = None,
) -> dict[str, tuple[tuple[Shown, ...], str]]:
    """Each subject's figures with their levels, and the worst of them. Subjects are ``queue:<key>``, ``team:…``,
    ``board``. ``of`` and ``names``: see ``Judge.judge``."""
    if judge is None:
        return {subject: (tuple(figures), "ok") for subject, figures in subjects.items()}
    levels = judge.judge(
        {subject: {each.kpi: _figure(each) for each in figures} for subject, figures in subjects.items()},
        now,
        of=of,
        names=names or {},
    )
    result: dict[str, tuple[tuple[Shown, ...], str]] = {}
    for subject, figures in subjects.items():
        rated = tuple(replace(each, level=str(levels.get((each.kpi, subject), "ok"))) for each in figures)
        result[subject] = (rated, worst(each.level for each in rated))
    return result


def _figure(each: Shown) -> Figure:
    blank = "value" if each.blank == "value" else "none"
    return Figure(each.kpi, each.value, "value" if blank == "value" else "none", each.small)


RANK = {"ok": 0, "warn": 1, "alert": 2}


def worst(levels: Iterable[str]) -> str:
    """The worst of some levels; ``ok`` when there are none."""
    return max(levels, key=lambda level: RANK.get(level, 0), default="ok")


def shown_text(each: Shown, look: Look) -> str:
    """What stands on the screen: the value, with the level's glyph before it, since colour alone is not enough."""
    if each.blank == "loading":
        return look.glyphs.ellipsis
    if each.blank == "none":
        return look.glyphs.dash
    value = clean(each.text.replace("–", look.glyphs.dash), look.glyphs.ascii)
    return f"{look.glyphs.level[each.level]} {value}" if each.level in ("warn", "alert") else value


def shown_role(each: Shown) -> str:
    """The role that a figure is drawn in."""
    if each.blank != "value":
        return "dim"
    if each.level in ("warn", "alert"):
        return each.level
    return "small" if each.small else "value"


def signed(change: float, size: str, look: Look) -> str:
    """A difference: ``+4 pts``, ``−00:30``. A sign and no arrow: on a board, that shape stands for a warning."""
    return f"{'+' if change >= 0 else '-' if look.glyphs.ascii else '−'}{size}"


def longest_now(oldest: float | None, now: float) -> Shown:
    """The wait of the caller who has waited longest. Nobody waits: ``–``."""
    if oldest is None:
        return Shown("longest_wait_now", WORDS["longest_wait_now"], None, "–", "none")
    waited = max(0.0, now - oldest)
    return Shown("longest_wait_now", WORDS["longest_wait_now"], waited, format_value(("longest_wait_now", waited)))
