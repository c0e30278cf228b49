"""Room ``access``: the catalogue of permissions, levels and capabilities. Knows nothing but names and what they mean.

The four requirement texts are cited by product: JustCall (000), NUACOM (001), Calltracks (002), MightyCall (003).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

LEVELS: Final[tuple[str, ...]] = ("none", "view", "manage")
"""In rising order; ``manage`` implies ``view``."""


@dataclass(frozen=True, slots=True)
class Permission:
    """One thing that may be allowed. ``scoped``: it holds for some rows only, and carries its own scope.

    ``manageable``: to manage is more than to view here. Of the others ``manage`` says nothing that ``view`` does not.
    """

    name: str
    title: str
    controls: str
    text: str
    scoped: bool = True
    manageable: bool = True

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels that differ, in rising order."""
        return LEVELS if self.manageable else LEVELS[:2]


_MANAGEABLE: Final = frozenset({"scores", "reports.missed", "wallboard", "supervisor"})
"""Data that people do something with, beyond seeing it."""


def _catalogue(*permissions: Permission) -> dict[str, Permission]:
    return {
        one.name: replace(one, manageable=one.name in _MANAGEABLE) if one.scoped else one for one in permissions
    }  # fmt: skip


DATA: Final[dict[str, Permission]] = _catalogue(
    Permission("calls", "Calls", "The list of calls, waiting and live ones included", "001, 002, 003"),
    Permission("recents", "Recents", "The person's call history in the agent's workspace", "001, 003"),
    Permission("recordings", "Recordings", "Playing the recordings of calls", "000, 001, 002, 003"),
    Permission("recordings.download", "Download recordings", "Keeping a copy of a recording", "000"),
    Permission("scores", "Quality scores", "Scores given to calls", "000"),
    Permission("messages", "Messages", "Text messages", "000, 001, 003"),
    Permission("voicemail", "Voicemail", "Voicemails", "001, 003"),
    Permission("analytics", "Analytics", "Figures of persons; with “Personal” only one's own", "000, 001, 003"),
    Permission("analytics.rollup", "Roll-ups", "Figures of teams, queues, numbers and the account", "000, 001"),
    Permission("analytics.filter_agents", "Filter by agent", "Singling out agents in figures", "000"),
    Permission("reports.missed", "Missed opportunities", "Callers nobody answered; manage: work on them", "002"),
    Permission("reports.call_log", "Call log report", "Reports that list calls", "001, 003"),
    Permission("reports.message_log", "Message log report", "Reports that list messages", "003"),
    Permission("reports.call_volume", "Call volume report", "Calls over time", "003"),
    Permission("reports.queues", "Queue report", "Figures per queue", "001"),
    Permission("reports.productivity", "Productivity report", "Figures per team and agent", "003"),
    Permission("reports.campaigns", "Campaign report", "Figures per number, campaign and advert", "002, 003"),
    Permission("reports.dispositions", "Disposition report", "How calls were closed", "003"),
    Permission("wallboard", "Wallboard", "The real-time wallboard; manage: its layout and thresholds", "000, 001"),
    Permission("supervisor", "Supervisor workspace", "Live calls and agents' states with their reasons", "003"),
    Permission("export", "Export", "Taking data out as files", "000"),
    Permission("report.create", "Create reports", "Building and keeping own reports", "000"),
    Permission("report.schedule", "Schedule reports", "Reports sent by mail at set times", "000, 001"),
    Permission("caller_number", "Caller numbers", "Callers' numbers and names in full, not masked", "001"),
)

ADMIN: Final[dict[str, Permission]] = _catalogue(
    *(
        Permission(name, title, controls, text, scoped=False)
        for name, title, controls, text in (
            ("reports.tab", "Reports tab", "The tab that reports stand in; comes with at least one report", "002"),
            ("roles", "Roles", "Roles and what they allow", "000, 003"),
            ("roles.assign", "Assign roles", "Changing the role of somebody who is there already", "003"),
            ("users", "People", "People; manage: create and edit those not above oneself", "001, 002, 003"),
            ("workgroups", "Teams", "Teams and who is in them", "003"),
            ("statuses", "Statuses", "The states agents may choose", "003"),
            ("numbers", "Numbers", "Business numbers", "003"),
            ("call_flow", "Call flow", "Where incoming calls are routed", "003"),
            ("auto_dialer", "Auto dialer", "Campaigns and lists of the dialer", "003"),
            ("contacts", "Contacts", "Saved contacts", "003"),
            ("api", "API", "Access for other programs", "003"),
            ("crm", "CRM", "Links to customer systems", "003"),
            ("adverts", "Adverts", "Adverts that get a phone number of their own", "002"),
            ("prospects", "Prospects", "Lists of prospects", "002"),
            ("pins", "PINs", "PINs for outbound calls", "002"),
            ("billing", "Billing", "Invoices and payment", "000, 001"),
            ("account", "Account", "The account and its settings", "000, 001, 003"),
            ("account.delete", "Delete the account", "Closing the account for good", "003"),
            ("audit", "Audit trail", "Who did what", "000"),
            ("access_review", "Access review", "The regular review of who may do what", "000"),
        )
    )
)

PERMISSIONS: Final[dict[str, Permission]] = {**DATA, **ADMIN}

REPORTS: Final[tuple[str, ...]] = tuple(name for name in DATA if name.startswith("reports."))
SENSITIVE: Final[tuple[str, ...]] = (
    "export", "report.schedule", "recordings", "recordings.download", "users", "roles", "roles.assign", "api", "audit",
)  # fmt: skip
"""Permissions that the access review looks at; with these, whatever is held for everything."""
OTHER_REPORTS: Final[tuple[str, ...]] = tuple(name for name in REPORTS if name != "reports.missed")
ROLLUP_REPORTS: Final[tuple[str, ...]] = (
    "reports.call_volume",
    "reports.queues",
    "reports.productivity",
    "reports.campaigns",
)
"""Reports whose figures the roll-ups show: those made of calls."""

NEEDS: Final[Mapping[str, str]] = {
    "role": "roles", "person": "users", "team": "workgroups", "number": "numbers", "queue": "call_flow",
    "agent": "users", "extension": "users", "contact": "contacts", "organisation": "account",
}  # fmt: skip
"""The permission that a kind of document takes, to be read as it stands (``view``) and changed (``manage``)."""

CAPABILITIES: Final[dict[str, str]] = {
    "login": "signs in",
    "call.make": "makes calls; needs an extension",
    "call.receive": "receives calls; needs an extension",
    "caller_id": "places calls with a Caller ID; needs an assigned number or a default one",
    "email.missed_reminder": "gets reminders of missed opportunities; needs that report",
    "email.reports": "gets reports by mail; needs a report",
}
