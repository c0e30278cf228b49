"""Room ``cli``: what people may see, and why. ``wallboard me``, ``wallboard why``, ``wallboard who-can-see``."""

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from wallboard_tui.cli.desk import AsAdmin, Desk, sitting
from wallboard_tui.cli.options import AsPerson, Json

if TYPE_CHECKING:
    from wallboard_tui.access.directory import Directory

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


def why(
    person: Annotated[str, typer.Argument(metavar="PERSON", help="A person's key or name.")],
    call: Annotated[str, typer.Argument(metavar="CALL", help="A call's key, or the id that its phone system gave it.")],
    as_person: AsAdmin = None,
    as_json: Json = False,
) -> None:
    """Explain why a person may see a call, or may not.

    Every clause that was looked at, from the code that enforces it.
    """
    from wallboard_tui.cli import reach
    from wallboard_tui.cli.output import print_json

    found = reach.carry_out(_why(person, call, as_person))
    if as_json:
        print_json(found)
        return
    print(found["sentence"])
    for clause in found["clauses"]:
        print(_clause(clause))


def _clause(clause: Mapping[str, Any]) -> str:
    """One clause as a line: which permissions, for what, whether rows or figures only, and where they come from."""
    from wallboard_tui.access.permissions import PERMISSIONS

    titles = ", ".join(PERMISSIONS[name].title if name in PERMISSIONS else name for name in clause["permissions"])
    what = f"{titles} ({clause['words']})" if titles else clause["words"]
    through = f", through {', '.join(clause['origins'])}" if clause["origins"] else ""
    return f"  {what}: {'the call itself' if clause['rows'] else 'figures only'}{through}"


async def _why(person: str, call: str, as_person: str | None) -> dict[str, Any]:
    async with sitting(as_person) as desk:
        key = await desk.key("person", person)
        return await _of_call(desk, call, lambda one: desk.acting.why(key, one))


Call = Annotated[str, typer.Argument(metavar="CALL", help="A call's key, or the id that its phone system gave it.")]


def who_can_see(call: Call, as_person: AsAdmin = None, as_json: Json = False) -> None:
    """Show who can see a call, and why.

    Everybody who can, each with the reason, from the code that enforces it.
    """
    from wallboard_tui.cli import reach
    from wallboard_tui.cli.output import print_json

    found = reach.carry_out(_who_can_see(call, as_person))
    if as_json:
        print_json(found)
    elif not found:
        print("Nobody can see this call.")
    else:
        for one in found:
            print(one["sentence"])


async def _who_can_see(call: str, as_person: str | None) -> list[dict[str, Any]]:
    async with sitting(as_person) as desk:
        found = await _of_call(desk, call, desk.admin.who_can_see)
        return [one.model_dump(mode="json") for one in found]


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
