"""Room ``cli``: the program, and the one place where an error becomes a sentence and a status.

Kept light: a terminal opens without what commands need, and the other way round.
"""

import os
import sys
from collections.abc import Sequence

from wallboard_tui.cli.failures import INTERRUPTED, REFUSED, Failure, failure_of, tell, write_down, wrong_call
from wallboard_tui.cli.streams import Unheard, silence, standard_streams

# Pydantic looks through every installed distribution for plug-ins when it is imported; this program has none.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")


def run(arguments: Sequence[str] | None = None) -> None:
    """The program. Ends with exit status 0, 1 refused or failed, 2 called wrongly; no error ever shows a traceback."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    with standard_streams():
        status = _run(given)
    sys.exit(status)


def _run(given: list[str]) -> int:
    try:
        status = _carry_out(given)
        sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        silence()  # whoever read the answer has gone (`| head`), and wants no sentence about it
        return REFUSED
    except Exception as error:
        if isinstance(error, Unheard):
            silence()
        failure = failure_of(error) or _no_text(error, given) or _unforeseen(error)
        tell(failure, as_json="--json" in given)
        return failure.status


def _carry_out(given: list[str]) -> int:
    if not given:  # the terminal itself: its first paint does not wait for a parser of command lines
        from wallboard_tui.cli.terminal import open_terminal

        open_terminal()
        return 0
    from wallboard_tui.cli.commands import carry_out

    return carry_out(given)


def _no_text(error: Exception, given: list[str]) -> Failure | None:
    """Where an argument is what stood in the way: bytes that are no text, such as a file's name in Latin-1."""
    odd = next((word for word in given if any("\ud800" <= char <= "\udfff" for char in word)), None)
    if odd is None or not isinstance(error, UnicodeEncodeError):
        return None
    return wrong_call(f"{odd} is not written in UTF-8.", "Write it so; give a file another name, or a link.")


def _unforeseen(error: Exception) -> Failure:
    """Nobody thought of this: the sentence says where the details were written."""
    where = write_down(error)
    return Failure(
        "program-error",
        f"This is a mistake in the program ({type(error).__name__}: {error}).",
        f"Please report it with what {where} says." if where else "Please report it.",
    )
