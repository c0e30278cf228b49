"""Room ``cli``: the commands by name, and how a wrong call is told apart.

Kept light: what a command needs is imported when it runs, so that ``wallboard --help`` answers at once.
"""

from typing import Annotated, Any

import typer

from wallboard_tui import __version__
from wallboard_tui.cli import terminal
from wallboard_tui.cli.failures import INTERRUPTED, WRONG_CALL, wrong_call
from wallboard_tui.cli.lazy import LazyGroup

USAGE_ERROR = typer.BadParameter.__mro__[1]
"""What typer raises when a command was called wrongly; it has no public name for it."""

EPILOG = (
    "WALLBOARD_HOME=DIR puts everything the program keeps under DIR. "
    "Exit status: 0 done, 1 refused or failed, 2 called wrongly."
)

app = typer.Typer(
    name="wallboard",
    cls=LazyGroup,
    help="A live wallboard of a call centre, in the terminal. Without a command: the terminal itself.",
    epilog=EPILOG,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"wallboard {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def root(
    context: typer.Context,
    hub_address: Annotated[
        str | None,
        typer.Option(
            "--hub", metavar="ADDRESS", help="Hub to sign in to: https://HOST[:PORT] or unix:/PATH. Remembered."
        ),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which version this is.")
    ] = False,
) -> None:
    """Open the terminal, unless a command was given."""
    if context.invoked_subcommand is None:
        terminal.open_terminal(hub_address)
    elif hub_address is not None:
        raise _elsewhere(context.invoked_subcommand, hub_address)


def _elsewhere(command: str, address: str) -> Exception:
    """Commands ask the hub on whose machine they run. Its answer must not pass for that of the hub that was named."""
    if command == "password":
        return wrong_call("--hub stands behind the command here.", f"Try: wallboard password --hub {address}")
    return wrong_call(
        f"--hub is for the terminal; “wallboard {command}” asks the hub of this machine.",
        "Run it on the hub's machine, without --hub.",
    )


def carry_out(given: list[str]) -> int:
    """Carry out a command line. Returns an exit status; raises what the command raises, a wrong call as ``Failure``."""
    try:
        status = app(given, prog_name="wallboard", standalone_mode=False)
    except typer.Abort:
        return INTERRUPTED
    except Exception as error:
        if not isinstance(error, USAGE_ERROR):
            raise
        if type(error).__name__ == "NoArgsIsHelpError":  # a group of commands without one of them
            typer.echo(str(error), err=True)
            return WRONG_CALL
        raise _of_usage(error) from error
    return status if isinstance(status, int) else 0


def _of_usage(error: Any) -> Exception:
    said = str(error.format_message())
    command = error.ctx.command_path if error.ctx else "wallboard"
    return wrong_call(said if said.endswith((".", "?")) else said + ".", f"See: {command} --help")
