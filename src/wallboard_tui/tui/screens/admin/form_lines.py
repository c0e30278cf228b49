"""Room ``tui``, screens: what the rules say of a form's draft, as the form shows it. Pure."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from wallboard_tui.model.administration import Effect, Finding
from wallboard_tui.tui.look import Line, Look, Span
from wallboard_tui.tui.screens.admin.office import Office
from wallboard_tui.tui.screens.admin.wording import effect_lines, finding_lines
from wallboard_tui.tui.terminal import TerminalError


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
