"""Room ``tui``, screens: what the rules say of a form's draft, as the form shows it. Pure."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from wallboard_tui.model.administration import Effect, Finding
from wallboard_tui.tui.drawing.text import wrap
from wallboard_tui.tui.look import Line, Look, Span
from wallboard_tui.tui.screens.admin.office import Office
from wallboard_tui.tui.screens.admin.wording import together, wrapped
from wallboard_tui.tui.terminal import TerminalError

MOST_NAMED = 6
"""So many people are named beside a form, where there is more room."""
_SEVERITIES = {"refused": ("Refused", "alert"), "warning": ("Warning", "warn"), "advice": ("Advice", "dim")}


def findings_of(error: TerminalError, fields: Collection[str]) -> tuple[Finding, ...]:
    """What the rules said when the hub refused. ``fields``: names of rules that a field of the form is about; a refusal
    of that name alone is one finding.
    """
    found: Any = error.details.get("findings") or ()
    if not found and error.name in fields:
        return (Finding(rule=error.name, about="", reason=str(error), next=""),)
    return tuple(Finding.model_validate(one) for one in found)


def rules_lines(
    findings: Sequence[Finding],
    effects: Sequence[Effect],
    beside: Collection[str],
    width: int,
    look: Look,
    office: Office,
) -> list[Line]:
    """What rules find and who is affected; rules in ``beside`` are said at a field already and stand last."""
    ordered = sorted(findings, key=lambda one: one.rule in beside)
    lines = finding_lines(ordered, width, look, office)
    if effects:
        lines += [*([()] if lines else []), (Span("Who is affected", "title"),)]
        lines += effect_lines(effects, width, look)
    return lines


def notes(wrong: Mapping[str, str], findings: Sequence[Finding], fields: Mapping[str, str]) -> dict[str, str]:
    """What is said beside each field: what the form itself finds ``wrong``, then what the rules say; the first of
    several.
    """
    beside = dict(wrong)
    for one in reversed(findings):
        field = fields.get(one.rule)
        if field is not None:
            beside[field] = f"{one.rule}: {one.reason}"
    return beside


def finding_lines(findings: Sequence[Finding], width: int, look: Look, office: Office) -> list[Line]:
    """What the rules say, each with the rule's name and the next step; what holds for several is said once."""
    alike: dict[tuple[str, ...], list[tuple[Finding, str]]] = {}
    for one in findings:
        name = _about(one, office)
        # The next step may name them by their key: it is said for the first of them.
        said, then = one.reason.replace(name, ""), one.next.replace(one.about.partition(" ")[2], "")
        group = (said, then) if name else (one.reason, one.next)
        alike.setdefault((one.rule, one.severity, *group), []).append((one, name))
    lines: list[Line] = []
    for (one, _), *others in alike.values():
        word, style = _SEVERITIES[one.severity]
        names = [name for _, name in others if name]
        same = f" The same goes for {together(names, MOST_NAMED)}." if names else ""
        lines += wrapped(f"{word} ({one.rule}): {one.reason}{same} {one.next}", width, look, style)
    return lines


def _about(one: Finding, office: Office) -> str:
    """The name of the person a finding is about; empty when it is about something else, or does not name them."""
    kind, _, key = one.about.partition(" ")
    name = office.called("person", key) if kind == "person" else ""
    return name if name in one.reason else ""


def effect_lines(effects: Sequence[Effect], width: int, look: Look) -> list[Line]:
    """Who gets and loses what; those whom it means the same to stand together."""
    alike: dict[tuple[tuple[str, ...], ...], list[str]] = {}
    for one in effects:
        whole = (one.every_gained or one.gained, one.every_lost or one.lost)
        alike.setdefault(whole, []).append(one.name)
    lines: list[Line] = []
    for (gained, lost), names in alike.items():
        lines += wrapped(together(names, MOST_NAMED), width, look, "name")
        for sign, style, words in (("+", "ok", gained), ("-", "warn", lost)):
            for said in words:
                rows = wrap(said, max(10, width - 4), look.glyphs)
                lines += [(Span(f"  {sign if first else ' '} ", style), Span(row, "text"))
                          for first, row in ((number == 0, row) for number, row in enumerate(rows))]  # fmt: skip
    return lines
