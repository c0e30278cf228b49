"""Room ``cli``: options that several commands share, so that the same words mean the same everywhere."""

from typing import Annotated

import typer

AsPerson = Annotated[
    str | None,
    typer.Option("--as", metavar="PERSON", help="See what this person may see. Without it: everything, as operator."),
]
Json = Annotated[bool, typer.Option("--json", help="Answer as JSON, for scripts; errors too.")]
Source = Annotated[str, typer.Option("--source", metavar="NAME", help="The phone system's name, e.g. pbx1.")]
