"""Room ``cli``: what people may see, and why. ``wallboard me``, ``wallboard why``."""

from typing import Annotated, Any

import typer

from wallboard_tui.cli.options import AsPerson, Json


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command("me")(me)
    app.command("why")(why)


def me(as_person: AsPerson = None, as_json: Json = False) -> None:
    """Show what a person may see and do.

    Effective permissions with their scopes, and the panes that are composed from them.
    """
    from wallboard_tui.cli import reach
    from wallboard_tui.cli.output import print_json

    found = reach.carry_out(_me(as_person))
    if as_json:
        print_json(found)
    else:
        _print_me(found)


async def _me(as_person: str | None) -> dict[str, Any]:
    from wallboard_tui.cli.names import as_somebody

    async with as_somebody(as_person) as hub:
        return (await hub.me()).model_dump(mode="json")


def _print_me(found: dict[str, Any]) -> None:
    from wallboard_tui.cli.output import print_table

    print(f"{found['name']} ({found['person']}), {found['role_name']}")
    print("Panes: " + (", ".join(found["panes"]) or "none") + (f". {found['sees']}" if found["sees"] else ""))
    rows = [
        [name, grant["level"], " ".join(grant["scope"]) or "–"] for name, grant in sorted(found["permissions"].items())
    ]
    if rows:
        print()
        print_table(["permission", "level", "scope"], rows)
    if found["capabilities"]:
        print("\nCapabilities: " + ", ".join(found["capabilities"]))


def why(
    person: Annotated[str, typer.Argument(help="A person's key or name.")],
    call: Annotated[str, typer.Argument(help="A call's key, or the id that its phone system gave it.")],
    as_json: Json = False,
) -> None:
    """Explain why a person may see a call, or may not.

    Every clause that was looked at, from the code that enforces it.
    """
    from wallboard_tui.cli import reach
    from wallboard_tui.cli.output import print_json

    found = reach.carry_out(_why(person, call))
    if as_json:
        print_json(found)
        return
    print(found["sentence"])
    for clause in found["clauses"]:
        parts = [clause] if isinstance(clause, str) else [str(v) for v in clause.values() if v not in (None, "")]
        print("  " + " ".join(parts))


async def _why(person: str, call: str) -> dict[str, Any]:
    from wallboard_tui.cli.names import call_keys, key_of
    from wallboard_tui.cli.reach import operator
    from wallboard_tui.client.errors import HubError

    async with operator() as hub:
        key = await key_of(hub, "person", person)
        *others, last = await call_keys(hub, call)
        for other in others:
            try:
                return await hub.why(key, other)
            except HubError as error:
                if error.name != "not-found":
                    raise
        return await hub.why(key, last)
