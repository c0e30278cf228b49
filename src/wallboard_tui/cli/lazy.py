"""Room ``cli``: commands by name, without what they are made of: a command's module is imported when it is called.

So ``wallboard --help`` costs the same however many commands there are, and each command pays for itself alone.
"""

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup
from typer.main import get_group

COMMANDS = {
    "demo": ("demo", "Look around in a recorded call centre."),
    "init": ("hub", "Create the organisation and its first admin."),
    "hub": ("hub", "Run the hub that terminals connect to."),
    "doctor": ("sources", "Check the hub and each phone system it follows."),
    "sources": ("data", "Show how each phone system is doing."),
    "rebuild": ("data", "Make the hub's view again from its journal."),
    "purge-cache": ("data", "Remove cached call data of this account's terminals."),
    "kpis": ("figures", "Print measures and KPIs of a period."),
    "calls": ("figures", "List calls that a person may see, newest first."),
    "show": ("show", "Show what a person's pane holds now."),
    "me": ("access", "Show what a person may see and do."),
    "why": ("access", "Explain why a person may see a call, an agent's state or a row of figures, or may not."),
    "who-can-see": ("access", "Show who can see a call, an agent's state or a row of figures, and why."),
    "password": ("people", "Change your password."),
    "audit": (
        "auditing",
        "Who did what: every change and every refused attempt, with what stood before and after.",
    ),
    "source": ("sources", "Follow a phone system live, or no more."),
    "import": ("data", "Take files of a phone system in. Reading the same file again changes nothing."),
    "board": ("boards", "Write, check and read boards as TOML files."),
    "people": ("people_editing", "List and add people, and give out one-time codes."),
    "roles": ("roles", "Make, change and compare roles."),
    "teams": ("teams", "Teams: who is in them, who manages them, which queues and numbers are theirs."),
    "numbers": ("numbers", "Business numbers."),
    "grants": ("grants", "Grants and toggles of single people, beside their role."),
    "org": ("organisation", "The organisation as a file: people, roles, teams, queues, numbers."),
    "access": ("auditing", "The access review."),
}
"""Command or group → the module in this room that adds it, and what the list of commands says about it (the first
paragraph of the command's own help; a test holds the two together).
"""


def load(name: str) -> Any:
    """The command itself, from its module."""
    module, _ = COMMANDS[name]
    app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)
    import_module(f"wallboard_tui.cli.{module}").add_to(app)
    command = get_group(app).commands[name]
    _by_name_alone(command)
    return command


def _by_name_alone(command: Any) -> None:
    """What is to be given says by its name what it is: typer would put a type of Python's beside it,
    ``FILE <list[Path]>``.
    """
    for param in command.params:
        if isinstance(param, TyperArgument):
            param.display_type_rich = _no_type  # type: ignore[method-assign]
    for one in getattr(command, "commands", {}).values():
        _by_name_alone(one)


def _no_type(ctx: Any) -> None:
    return None


class LazyGroup(TyperGroup):
    """Knows all commands by name; each becomes itself when it is called."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        for name, (_, said) in COMMANDS.items():
            self.commands[name] = TyperCommand(name=name, help=said, rich_markup_mode=None)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and args[0] in COMMANDS:
            self.commands[args[0]] = load(args[0])
        return super().resolve_command(ctx, args)
