"""Room ``cli``: the program's commands by name, and the one place where an error becomes a sentence and a status.

Kept light: what a command needs is imported when it runs, so that ``wallboard --help`` answers at once.
"""

import os
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from wallboard_tui import __version__
from wallboard_tui.cli import access, boards, data, demo, figures, hub, people, terminal
from wallboard_tui.cli.failures import INTERRUPTED, REFUSED, Failure, failure_of, tell, write_down, wrong_call

USAGE_ERROR = typer.BadParameter.__mro__[1]
"""What typer raises when a command was called wrongly; it has no public name for it."""

EPILOG = (
    "WALLBOARD_HOME=DIR puts everything the program keeps under DIR. "
    "Exit status: 0 done, 1 refused or failed, 2 called wrongly."
)

app = typer.Typer(
    name="wallboard",
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


for group in (demo, hub, data, figures, access, boards, people):
    group.add_to(app)


def run(arguments: Sequence[str] | None = None) -> None:
    """The program. Ends with exit status 0, 1 refused or failed, 2 called wrongly; no error ever shows a traceback."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    sys.exit(_run(given))


def _run(given: list[str]) -> int:
    as_json = "--json" in given
    try:
        status = app(given, prog_name="wallboard", standalone_mode=False)
        sys.stdout.flush()
        return status if isinstance(status, int) else 0
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read the answer has gone (`| head`). What is left in the buffer must not raise once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return REFUSED
    except Exception as error:
        failure = _of_usage(error) if isinstance(error, USAGE_ERROR) else failure_of(error) or _unforeseen(error)
        tell(failure, as_json=as_json)
        return failure.status


def _of_usage(error: Any) -> Failure:
    said = str(error.format_message())
    command = error.ctx.command_path if error.ctx else "wallboard"
    return wrong_call(said if said.endswith((".", "?")) else said + ".", f"See: {command} --help")


def _unforeseen(error: Exception) -> Failure:
    """Nobody thought of this: the sentence says where the details were written."""
    where = write_down(error)
    return Failure(
        "program-error",
        f"This is a mistake in the program ({type(error).__name__}: {error}).",
        f"Please report it with what {where} says." if where else "Please report it.",
    )
