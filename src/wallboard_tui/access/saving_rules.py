"""Room ``access``: the rules that edits are held to, each with a name, a reason and the next step. Pure.

Where a rule comes from is said by the number of the requirement text. ``RULES`` holds those that need to know what the
edits come to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from wallboard_tui.access.permissions import REPORTS
from wallboard_tui.access.saving_case import Case
from wallboard_tui.access.saving_form import wrong
from wallboard_tui.access.saving_higher import last_admin, not_higher
from wallboard_tui.access.saving_numbers import dialled_twice
from wallboard_tui.access.saving_people import address, broad, caller_id, empty_grants, extension, wallboard
from wallboard_tui.access.words import a, called, listed, name_of
from wallboard_tui.model.administration import Edit, Finding

SENTENCES: Final[Mapping[str, str]] = {
    "not-permitted": "Each kind of change takes a permission of its own.",
    "not-higher": "Nobody gives, changes or keeps what goes beyond their own access, and nobody raises themselves.",
    "last-admin": "The last person who can manage roles and people keeps both.",
    "in-use": "What is removed says first who loses what; the name of something removed is not given again.",
    "reports-tab": "The reports tab and at least one report come together.",
    "missed-mail": "Reminders of missed opportunities need access to that report.",
    "no-access": "Who cannot sign in gets no mail, session, device or key.",
    "extension": "Making or receiving calls needs an extension.",
    "caller-id": "Outbound calls show an assigned number; if there is none, the one default.",
    "wallboard": "Configuring the wallboard implies viewing it.",
    "schedule": "Reports by mail need a report, and are filtered again for each recipient when they are sent.",
    "pin": "A PIN has 4 to 10 digits; it proves that its owner calls.",
    "empty-grants": "A limited scope with nothing in it shows only own calls, or nothing.",
    "broad": "Everything, or export, is for those who need it.",
}


def in_use(case: Case) -> list[Finding]:
    """What is removed says first who loses what."""
    found = []
    for edit in case.proposal.edits:
        if not edit.remove:
            continue
        about, name = f"{edit.kind} {edit.key}", name_of(edit.kind, edit.key, case.proposal.before)
        left = [person.name for person in case.after.people.values() if edit.kind == "role" and person.role == edit.key]
        if left:
            reason = f"{listed(left)} {'has' if len(left) == 1 else 'have'} the role {name}."
            found.append(wrong("in-use", about, reason, "Say which role they get instead."))
        elif not edit.confirm and (losses := _losses(case, edit)):
            reason = f"Removing {called(edit.kind, name)} takes something away: {'; '.join(losses[:8])}."
            found.append(wrong("in-use", about, reason, "Look at who loses what, then confirm the removal."))
    return found


def _losses(case: Case, edit: Edit) -> list[str]:
    lost = [f"{one.name} loses {listed(one.lost)}" for one in case.effects if one.lost and one.person != edit.key]
    named = "loses them" if edit.kind == "person" else "names it"
    touched = {
        f"{_named(kind, key, case)} {named}": None
        for (kind, key), (old, new) in case.proposal.changes.items()
        if old is not None and new is not None and kind in ("team", "role")
    }
    return [*lost, *touched]


def _named(kind: str, key: str, case: Case) -> str:
    return called(kind, name_of(kind, key, case.proposal.before)) if case.actor.sight.names(kind, key) else a(kind)


def reports_tab(case: Case) -> list[Finding]:
    """The reports tab and at least one report come together, so that nobody lands on an error (002)."""
    found = []
    for key, (_, new) in case.proposal.of("role").items():
        grants = (new or {}).get("grants") or {}
        if "reports.tab" in grants and not any(name in grants for name in REPORTS):
            found.append(
                wrong("reports-tab", f"role {key}", f"The role {(new or {}).get('name')} has the reports tab and no "
                       "report to show in it.", "Add a report, or leave the tab out.")
            )  # fmt: skip
    return found


def one_number(case: Case) -> list[Finding]:
    """What is dialled leads to one business number."""
    return dialled_twice(case.proposal)


RULES: Final[tuple[Callable[[Case], list[Finding]], ...]] = (
    not_higher, last_admin, in_use, one_number, reports_tab, wallboard, address, extension, caller_id, empty_grants,
    broad,
)  # fmt: skip
