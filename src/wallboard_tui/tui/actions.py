"""Room ``tui``: the one table of actions. Bindings, footer, command palette, ``?`` and ``docs/keys.md`` are all made
from it.

Knows ``model``; imports no Textual (bindings are made in ``widgets/bindings.py``). How keys are read and given to other
actions is in ``keys.py``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from wallboard_tui.model.me import Me

Scope = Literal["app", "board", "pane", "admin", "dialog"]


@dataclass(frozen=True)
class Action:
    """Something a person can do.

    ``keys`` are Textual's names joined with commas; the first one is shown. ``scope``: ``app`` holds on every screen
    once signed in, ``board`` on the board, ``pane`` while one of ``panes`` has the focus (empty: any pane with rows),
    ``admin`` in the section of *Team* that the id begins with (``roles.copy``), ``admin.…`` in all of them; ``dialog``
    in what stands over all that, again by what the id begins with (``page.close``).
    """

    id: str
    keys: str
    title: str
    """A word or two, for the footer."""
    description: str
    """A sentence, for the palette, ``?`` and the page of keys."""
    scope: Scope = "app"
    panes: tuple[str, ...] = ()
    permission: str = ""
    level: str = "view"
    footer: bool = False
    hidden: bool = False
    """Not in the palette: it makes sense only as a key."""
    others: tuple[str, ...] = ()
    """Permissions that will do as well."""
    also: tuple[str, ...] = ()
    """Permissions that are needed beside it."""
    beside: str = ""
    """Id of the action whose key the footer shows before this one's, under this one's title: up and down."""
    mouse: str = ""
    """What a mouse does for it."""

    @property
    def method(self) -> str:
        """The name by which Textual runs it: ``missed.not_reached`` runs ``action_missed_not_reached``."""
        return self.id.replace(".", "_")

    def permitted(self, me: Me | None) -> bool:
        """Whether the person may do it at all; which pane has the focus is not asked here."""
        wanted = (self.permission, *self.others)
        return not self.permission or (
            me is not None
            and any(me.may(name, self.level) for name in wanted)
            and all(me.may(name, self.level) for name in self.also)
        )

    @property
    def family(self) -> str:
        """What its id begins with."""
        return self.id.partition(".")[0]

    @property
    def section(self) -> str:
        """The section of *Team* in which it holds; empty for all of them, and for what belongs elsewhere."""
        return self.family if self.scope == "admin" and self.family != "admin" else ""


def _missed(id: str, keys: str, title: str, description: str, footer: bool = False) -> Action:
    return Action(id, keys, title, description, "pane", ("missed",), "reports.missed", "manage", footer)


def _team(
    id: str,
    keys: str,
    title: str,
    description: str,
    permission: str,
    others: tuple[str, ...] = (),
    footer: bool = False,
) -> Action:
    return Action(id, keys, title, description, "admin", (), permission, "manage", footer, others=others)


def _review(id: str, keys: str, title: str, description: str, level: str = "view", footer: bool = False) -> Action:
    return Action(f"review.{id}", keys, title, description, "admin", (), "access_review", level, footer=footer)


def _audit(id: str, keys: str, title: str, description: str, footer: bool = False) -> Action:
    return Action(f"audit.{id}", keys, title, description, "admin", (), "audit", footer=footer)


def _dialog(
    id: str, keys: str, title: str, description: str, beside: str = "", permission: str = "", mouse: str = ""
) -> Action:
    return Action(
        id, keys, title, description, "dialog", (), permission, footer=True, hidden=True, beside=beside, mouse=mouse
    )


def _up(id: str, keys: str = "up") -> Action:
    return Action(id, keys, "Up", "Go one up.", "dialog", hidden=True)


_LISTS = ("agents", "rollups", "missed", "calls")

_MISSED, _CALLS, _ROLLUPS, _AGENTS = ("missed",), ("calls",), ("rollups",), ("agents",)

ACTIONS: tuple[Action, ...] = (
    # The pane that has the focus
    Action("row.up", "up,k", "Up", "Select the row above.", "pane", _LISTS, hidden=True, mouse="wheel"),
    Action("row.down", "down,j", "Down", "Select the row below.", "pane", _LISTS, hidden=True, mouse="wheel"),
    Action("row.page_up", "pageup", "Page up", "Select a row ten further up.", "pane", _LISTS, hidden=True),
    Action("row.page_down", "pagedown", "Page down", "Select a row ten further down.", "pane", _LISTS, hidden=True),
    Action("row.first", "home", "First", "Select the first row.", "pane", _LISTS, hidden=True),
    Action("row.last", "end", "Last", "Select the last row.", "pane", _LISTS, hidden=True),
    Action("row.open", "enter", "Open", "Open the selected call or caller, or the agents and calls behind a figure.",
           "pane", _MISSED + _CALLS + _ROLLUPS, footer=True, mouse="click on the selected row"),
    _missed("missed.claim", "c", "Claim", "Claim the selected missed opportunity: you will call back.", footer=True),
    _missed("missed.reached", "r", "Reached", "Note that you called back and reached the caller.", footer=True),
    _missed("missed.not_reached", "n", "Not reached", "Note that you called back in vain.", footer=True),
    _missed("missed.note", "o", "Note", "Write a note to the selected missed opportunity.", footer=True),
    _missed("missed.resolve", "x", "Resolve", "Resolve it without a call back.", footer=True),
    _missed("missed.reopen", "u", "Undo", "Undo what was done last, or open the selected one again."),
    Action("calls.search", "slash", "Search", "Search by number, name, queue or agent.", "pane", _CALLS, footer=True),
    Action("calls.clear", "escape", "Clear", "Show all calls again.", "pane", _CALLS, hidden=True),
    Action("rollups.sort", "s", "Sort", "Sort by the next column.", "pane", _ROLLUPS, footer=True,
           mouse="click on a title"),
    Action("rollups.reverse", "S", "Reverse", "Turn the order of the rows round.", "pane", _ROLLUPS,
           mouse="click on that title again"),
    Action("rollups.period", "p", "Period", "Show the next period: today, yesterday, this week, this month.", "pane",
           _ROLLUPS, footer=True),
    Action("rollups.by", "g", "Group by", "Group by queue, team, agent or number.", "pane", _ROLLUPS, footer=True),
    Action("agents.signed_in", "o", "Signed in", "Show signed-in agents only, or all.", "pane", _AGENTS, footer=True),
    Action("explain.row", "w", "Why", "Explain why you see the selected row; for those who may ask, who else does.",
           "pane", _MISSED + _CALLS + _AGENTS + _ROLLUPS, footer=True),
    # The board
    Action("board.next_pane", "tab", "Next pane", "Move the focus to the next pane.", "board", hidden=True,
           mouse="click on a pane"),
    Action("board.previous_pane", "shift+tab", "Previous pane", "Move the focus one back.", "board", hidden=True),
    Action("board.zoom", "z", "Zoom", "Give the focused pane the whole board, and back.", "board", footer=True),
    Action("board.unzoom", "escape", "Back", "Give the zoomed pane its own place again.", "board", footer=True,
           hidden=True),
    Action("board.next_page", "right,right_square_bracket", "Next page", "Turn to the next page.", "board",
           footer=True),
    Action("board.previous_page", "left,left_square_bracket", "Previous page", "Turn to the page before.", "board"),
    Action("board.hold", "space", "Hold", "Stop turning pages by itself, or go on.", "board", footer=True),
    Action("board.next_board", "b", "Next board", "Open the next board you are offered.", "board"),
    # Team: roles, members, access review, audit, teams
    Action("admin.close", "escape", "Board", "Go back to the board.", "admin", footer=True, hidden=True),
    Action("admin.search", "slash", "Search", "Search as you type.", "admin", footer=True),
    Action("admin.reload", "ctrl+r", "Reload", "Ask the hub again.", "admin"),
    _team("roles.new", "n", "New", "Make a role from scratch.", "roles", footer=True),
    _team("roles.give", "g", "Give", "Give the selected role to people.", "roles.assign", ("roles",), footer=True),
    _team("roles.edit", "e", "Edit", "Change what the selected role allows.", "roles", footer=True),
    _team("roles.copy", "c", "Copy", "Make a role from the selected one.", "roles", footer=True),
    Action("roles.compare", "v", "Compare", "Put the selected role beside another one.", "admin", permission="roles",
           footer=True),
    _team("roles.rename", "r", "Rename", "Call the selected role something else; its people keep it.", "roles",
          footer=True),
    _team("roles.remove", "x", "Remove", "Remove the selected role; who loses what is said first.", "roles",
          footer=True),
    _team("members.new", "n", "Add", "Add a person.", "users", footer=True),
    _team("members.edit", "e", "Edit", "Change what stands about the selected person.", "users", ("roles.assign",),
          footer=True),
    Action("members.filter", "f", "Filter", "Show only people with a role; Tab goes on to teams.", "admin",
           permission="users", footer=True),
    _team("members.mark", "space", "Mark", "Mark the selected person, to change many at once.", "users",
          ("roles.assign", "roles"), footer=True),
    _team("members.mark_all", "a", "Mark all", "Mark everybody who is listed; again, nobody.", "users",
          ("roles.assign", "roles"), footer=True),
    _team("members.role", "r", "Role", "Give another role to those who are marked, or to the selected one.",
          "roles.assign", ("roles",), footer=True),
    _team("members.switch", "d", "Disable", "Disable those who are marked, or the selected one; or enable them again.",
          "users", footer=True),
    _team("members.code", "c", "Code", "Give the selected person a one-time code for a new password.", "users",
          footer=True),
    _team("members.remove", "x", "Remove", "Remove the selected person; who loses what is said first.", "users",
          footer=True),
    _team("teams.new", "n", "New", "Make a team.", "workgroups", footer=True),
    _team("teams.edit", "e", "Edit", "Change the selected team's name, people, queues and numbers.", "workgroups",
          footer=True),
    _team("teams.past", "p", "Past", "Add the selected team to known calls of its queues, numbers and members.",
          "workgroups", footer=True),
    _team("teams.remove", "x", "Remove", "Remove the selected team; who loses what is said first.", "workgroups",
          footer=True),
    _review("keep", "k", "Keep", "Note that somebody still needs what they hold.", "manage", footer=True),
    _review("remove", "x", "Remove", "Note that somebody is to lose what they hold, and why.", "manage", footer=True),
    _review("overdue", "o", "Overdue only", "Show only what is to be looked at again, or everything.", footer=True),
    _review("export", "e", "Export", "Write the whole review to a file: CSV, or JSON.", footer=True),
    Action("review.member", "m", "Member", "Open the person in Members.", "admin", permission="users", footer=True),
    _audit("refused", "r", "Refused only", "Show only refused attempts, or everything.", footer=True),
    _audit("by", "p", "This person", "Show only what this person did, or what anybody did.", footer=True),
    _audit("kind", "a", "This kind", "Show only acts of this kind, or of any.", footer=True),
    _audit("all", "c", "Everything", "Show the whole trail again.", footer=True),
    # What stands over the board or Team
    _up("page.up", "up,k"),
    _dialog("page.down", "down,j", "Scroll", "Go one line down.", "page.up", mouse="wheel"),
    _dialog("page.close", "escape,q,enter", "Close", "Close the page."),
    _dialog("sources.explain", "question_mark,f1", "Explain", "Explain the words on the page, and back."),
    _dialog("why.about", "slash", "About somebody", "Ask why somebody else sees it, or why not.", "", "users"),
    _dialog("question.done", "enter", "Done", "Take what was typed."),
    _up("themes.up"),
    _dialog("themes.down", "down", "Look", "Look at the next theme.", "themes.up"),
    _dialog("themes.keep", "enter", "Keep", "Keep this theme."),
    _dialog("password.next", "tab", "Next field", "Go to the next field."),
    _dialog("password.set", "enter", "Set", "Set the new password."),
    _up("eyes.up"),
    _dialog("eyes.down", "down", "Choose", "Go to the next person.", "eyes.up"),
    _dialog("eyes.view", "enter", "View", "View as the chosen person."),
    _dialog("sure.yes", "enter,y", "Yes", "Do what was asked about."),
    _dialog("sure.no", "escape,n", "No", "Leave it."),
    _dialog("past.give", "enter,ctrl+s", "Add them", "Add what was counted to the team."),
    _dialog("meanwhile.whose", "space", "Theirs or yours", "Take what somebody else made of it, or keep yours."),
    _dialog("meanwhile.go_on", "enter,ctrl+s,escape", "Go on", "Go on with your form."),
    _dialog("permission.take", "ctrl+s", "Done", "Take the level and for whom it holds into the form."),
    _dialog("dialog.leave", "escape", "Leave it", "Close it without doing anything."),
    # Everywhere
    Action("admin.team", "f2", "Team", "Open Team: roles, members, access review, audit and teams.", permission="users",
           others=("roles", "access_review", "audit", "workgroups"), footer=True),
    Action("admin.roles", "f3", "Team: Roles", "See what each role allows, and who has it.", permission="roles"),
    Action("admin.members", "f4", "Team: Members", "See people with their roles, and what each may do.",
           permission="users"),
    Action("admin.review", "f5", "Team: Access review", "See who holds what is sensitive, and through what.",
           permission="access_review"),
    Action("admin.audit", "f6", "Team: Audit", "See who did what, and what was refused.", permission="audit"),
    Action("admin.teams", "f8", "Team: Teams", "See teams with their people, queues and numbers.",
           permission="workgroups"),
    Action("admin.view_as", "f7", "View as", "See the board as somebody else does: read-only, and on record.",
           permission="roles", also=("users",)),
    Action("viewing.end", "escape", "End viewing", "See your own board again.", footer=True),
    Action("app.help", "question_mark,f1", "Help",
           "Explain the pane and its figures, the keys, and all that you may do.", footer=True),
    Action("app.palette", "ctrl+p,colon", "Commands", "Find any command by its name.", footer=True, hidden=True),
    Action("app.sources", "h", "Sources", "See how each phone system is doing: its lines, gaps and errors.",
           permission="account"),
    Action("app.theme", "t", "Theme", "Choose the colours."),
    Action("app.password", "", "Change password", "Choose a new password."),
    Action("app.sign_out", "f10", "Sign out", "Sign out and remove this person's calls from this machine."),
    Action("app.quit", "ctrl+q", "Quit", "Leave the program without signing out.", footer=True),
)  # fmt: skip

BY_ID: dict[str, Action] = {action.id: action for action in ACTIONS}
BY_METHOD: dict[str, Action] = {action.method: action for action in ACTIONS}


def permitted(me: Me | None) -> Iterator[Action]:
    """The actions that a person may do at all, in the order of the table."""
    return (action for action in ACTIONS if action.permitted(me))


def applies(action: Action, pane: str | None) -> bool:
    """Whether an action has something to act on while a pane of that name (or none) has the focus of the board."""
    if action.scope in ("admin", "dialog"):
        return False
    return action.scope != "pane" or (pane is not None and pane in action.panes)
