"""Room ``cli``: what people may see, and why. ``wallboard me``, ``wallboard why``, ``wallboard who-can-see``."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from wallboard_tui.cli.desk import AsAdmin, Desk, sitting
from wallboard_tui.cli.failures import wrong_call
from wallboard_tui.cli.options import AsPerson, Json

if TYPE_CHECKING:
    from wallboard_tui.access.directory import Directory
    from wallboard_tui.model.administration import ClauseOf, ExplanationOf

T = TypeVar("T")


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command("me")(me)
    app.command("why")(why)
    app.command("who-can-see")(who_can_see)


def me(as_person: AsPerson = None, as_json: Json = False) -> None:
    """Show what a person may see and do.

    Effective permissions with their scopes, and the panes that are composed from them.
    """
    from wallboard_tui.cli import reach
    from wallboard_tui.cli.output import print_json

    found, known = reach.carry_out(_me(as_person))
    if as_json:
        print_json(found)
    else:
        _print_me(found, known)


async def _me(as_person: str | None) -> tuple[dict[str, Any], "Directory"]:
    """What they may do, and what the things are called that it is about."""
    from wallboard_tui.access.directory import Directory

    async with sitting(as_person) as desk:
        kinds = ("person", "team", "queue", "number", "agent")
        docs = [(kind, doc) for kind in kinds for doc in (await desk.documents(kind)).values()]
        return (await desk.acting.me()).model_dump(mode="json"), Directory.from_documents(docs)


def _print_me(found: dict[str, Any], known: "Directory") -> None:
    from wallboard_tui.access.scope import Scope
    from wallboard_tui.access.words import scope_words
    from wallboard_tui.cli.output import print_table

    print(f"{found['name']} ({found['person']}), {found['role_name']}")
    print("Panes: " + (", ".join(found["panes"]) or "none") + (f". {found['sees']}" if found["sees"] else ""))
    rows = [
        [name, grant["level"], scope_words(Scope.readable(grant["scope"]), known, found["person"]) or "–"]
        for name, grant in sorted(found["permissions"].items())
    ]
    if rows:
        print()
        print_table(["permission", "level", "for"], rows)
    if found["capabilities"]:
        print("\nCapabilities: " + ", ".join(found["capabilities"]))


What = Annotated[
    str,
    typer.Argument(
        metavar="WHAT",
        help="A call's key, or the id that its phone system gave it. Or agent:NAME for what an agent does now. Or a "
        "row of figures: queue:NAME, team:NAME, number:NAME, campaign:NAME, all.",
    ),
]
Figures = Annotated[bool, typer.Option("--figures", help="Of agent:NAME, the figures and not what they do now.")]


def why(
    person: Annotated[str, typer.Argument(metavar="PERSON", help="A person's key or name.")],
    what: What,
    figures: Figures = False,
    as_person: AsAdmin = None,
    as_json: Json = False,
) -> None:
    """Explain why a person may see a call, an agent's state or a row of figures, or may not.

    Every clause that was looked at, from the code that enforces it.
    """
    from wallboard_tui.cli import reach
    from wallboard_tui.cli.output import print_json

    found = reach.carry_out(_why(person, what, as_person, figures=figures))
    if as_json:
        print_json(found.model_dump(mode="json"))
        return
    print(found.sentence)
    for clause in found.clauses:
        print(_clause(clause, found.kind))
    for note in found.notes:
        print(f"  {note}")


def _clause(clause: "ClauseOf", kind: str) -> str:
    """One clause as a line: which permissions, for what, whether rows or figures only, and where they come from."""
    from wallboard_tui.access.permissions import PERMISSIONS

    titles = ", ".join(PERMISSIONS[name].title if name in PERMISSIONS else name for name in clause.permissions)
    what = f"{titles} ({clause.words})" if titles else clause.words
    through = f", through {', '.join(clause.origins)}" if clause.origins else ""
    if kind != "call":
        return f"  {what}{through}"
    return f"  {what}: {'the call itself' if clause.rows else 'figures only'}{through}"


async def _why(person: str, word: str, as_person: str | None, *, figures: bool) -> "ExplanationOf":
    async with sitting(as_person) as desk:
        key = await desk.key("person", person)
        return await _about(desk, word, lambda one, kind: desk.admin.why(key, one, kind), figures=figures)


def who_can_see(what: What, figures: Figures = False, as_person: AsAdmin = None, as_json: Json = False) -> None:
    """Show who can see a call, an agent's state or a row of figures, and why.

    Everybody who can, each with the reason, from the code that enforces it.
    """
    from wallboard_tui.cli import reach
    from wallboard_tui.cli.output import print_json

    found = reach.carry_out(_who_can_see(what, as_person, figures=figures))
    if as_json:
        print_json([one.model_dump(mode="json") for one in found])
    elif not found:
        print(f"Nobody can see {'this call' if _subject(what, figures=figures) is None else 'it'}.")
    else:
        for one in found:
            print(one.sentence)


async def _who_can_see(word: str, as_person: str | None, *, figures: bool) -> "list[ExplanationOf]":
    async with sitting(as_person) as desk:
        return await _about(desk, word, desk.admin.who_can_see, figures=figures)


_BROKEN_DOWN = ("queue", "team", "agent", "number")
"""What figures are broken down by and has a name that leads to a key."""


def _subject(word: str, *, figures: bool) -> tuple[str, str, str] | None:
    """What is asked about that is no call: the kind of question, the breakdown or “agent”, and the name."""
    by, colon, name = word.partition(":")
    if word == "all" or (colon and by in (*_BROKEN_DOWN, "campaign")):
        return ("state" if by == "agent" and not figures else "figures"), by, name
    if figures:
        raise wrong_call(
            f"“{word}” is no row of figures.", "Say agent:NAME, queue:NAME, team:NAME, number:NAME or all."
        )
    return None


async def _about(desk: Desk, word: str, ask: Callable[[str, str], Awaitable[T]], *, figures: bool) -> T:
    """Ask about what somebody means: an agent's state, a row of figures, else a call."""
    subject = _subject(word, figures=figures)
    if subject is None:
        return await _of_call(desk, word, lambda key: ask(key, "call"))
    kind, by, name = subject
    key = await desk.key(by, name) if by in _BROKEN_DOWN and name else name
    return await ask(key if kind == "state" else f"{by}:{key}" if by != "all" else by, kind)


async def _of_call(desk: Desk, word: str, ask: Callable[[str], Awaitable[T]]) -> T:
    """Ask about the call that somebody means by its key, or by the id that one of the phone systems gave it."""
    from wallboard_tui.cli.names import call_keys
    from wallboard_tui.client.errors import HubError

    *others, last = await call_keys(desk.operator, word)
    for other in others:
        try:
            return await ask(other)
        except HubError as error:
            if error.name != "not-found":
                raise
    return await ask(last)
