"""Room ``cli``: changing people: ``wallboard people show|set|role|disable|enable|remove|pin``."""

from typing import Annotated, Any

import typer

from wallboard_tui.cli.desk import AsAdmin, Confirm, How, changing, edit, given, removed, run, save, sitting, tell
from wallboard_tui.cli.failures import wrong_call
from wallboard_tui.cli.options import Json
from wallboard_tui.cli.people import (
    Agents,
    CallerIds,
    DefaultCallerId,
    MissedMail,
    Person,
    ReportMail,
    named,
    people,
)

People = Annotated[list[str], typer.Argument(metavar="PERSON", help="Keys or names of people.")]


def add_to(app: typer.Typer) -> None:
    """Add the group ``people``: the commands of this file stand in it beside those of ``people.py``."""
    app.add_typer(people, name="people")


@people.command("show")
def show(person: Person, as_person: AsAdmin = None, as_json: Json = False) -> None:
    """What a person may do, and where each part of it comes from."""
    from wallboard_tui.cli.output import print_json, print_table

    found = run(_show(person, as_person))
    if as_json:
        print_json(found)
        return
    print(f"{found['name']} ({found['person']}), {found['role_name']}. {found['sentence']}".rstrip())
    rows = [
        [one["title"], one["level"], one["words"] or "–", "; ".join(_origin(each) for each in one["origins"])]
        for one in found["permissions"]
    ]
    if rows:
        print_table(["permission", "level", "for", "through"], rows)
    said = {True: "on", False: "off", None: "as the role says"}
    for toggle in found["toggles"]:
        print(f"toggle {toggle['name']}: {said[toggle['value']]}")


def _origin(one: dict[str, Any]) -> str:
    return f"{'' if one['added'] else 'taken by '}{one['kind']} {one['name']}"


async def _show(word: str, as_person: str | None) -> dict[str, Any]:
    async with sitting(as_person) as desk:
        key = await desk.key("person", word)
        found = (await desk.admin.person_access(key)).model_dump(mode="json")
        return {**found, "document": await desk.document("person", key)} if as_person is None else found


@people.command("set")
@changing
def set_person(
    person: Person,
    name: Annotated[str | None, typer.Option(metavar="NAME")] = None,
    email: Annotated[str | None, typer.Option(metavar="ADDRESS", help="Mail address; empty: none.")] = None,
    extension: Annotated[str | None, typer.Option(metavar="DIGITS", help="Extension; empty: none.")] = None,
    agent: Agents = None,
    caller_id: CallerIds = None,
    default_caller_id: DefaultCallerId = None,
    board: Annotated[str | None, typer.Option(metavar="BOARD", help="The board that opens first.")] = None,
    missed_mail: MissedMail = None,
    report_mail: ReportMail = None,
    *,
    how: How,
) -> None:
    """Change what stands about a person. What is not said stays."""
    fields = given(
        name=name, email=email, extension=extension, agents=agent, caller_ids=caller_id,
        default_caller_id=default_caller_id, board=board, missed_mail=missed_mail, report_mail=report_mail,
    )  # fmt: skip
    tell(run(_set(person, fields, how)), as_json=how.as_json)


async def _set(word: str, fields: dict[str, Any], how: How) -> Any:
    async with sitting(how.as_person) as desk:
        key = await desk.key("person", word)
        return await save(desk, [edit("person", key, set=await named(desk, fields))], how)


async def _each(words: list[str], fields: dict[str, Any], how: How) -> Any:
    async with sitting(how.as_person) as desk:
        keys = [await desk.key("person", word) for word in words]
        edits = [edit("person", key, set=fields) for key in dict.fromkeys(keys)]
        return await save(desk, edits, how)


@people.command("role")
@changing
def role(
    people: People,
    to: Annotated[str, typer.Option("--to", metavar="ROLE", help="The role they get.")],
    *,
    how: How,
) -> None:
    """Give one or many people another role, all at once."""
    tell(run(_role(people, to, how)), as_json=how.as_json)


async def _role(words: list[str], to: str, how: How) -> Any:
    async with sitting(how.as_person) as desk:
        keys = [await desk.key("person", word) for word in words]
        key = await desk.key("role", to)
        edits = [edit("person", one, set={"role": key}) for one in dict.fromkeys(keys)]
        return await save(desk, edits, how)


@people.command("disable")
@changing
def disable(people: People, *, how: How) -> None:
    """Close people's sign-in. Their terminals are signed out at once."""
    tell(run(_each(people, {"disabled": True}, how)), as_json=how.as_json)


@people.command("enable")
@changing
def enable(people: People, *, how: How) -> None:
    """Open people's sign-in again."""
    tell(run(_each(people, {"disabled": False}, how)), as_json=how.as_json)


@people.command("remove")
@changing
def remove(
    person: Person,
    confirm: Confirm = False,
    *,
    how: How,
) -> None:
    """Remove a person. Calls and the audit trail keep the short name, and nobody else gets it."""
    tell(run(removed("person", person, confirm, how)), as_json=how.as_json)


@people.command("pin")
def pin(
    person: Person,
    value: Annotated[str | None, typer.Option("--set", metavar="DIGITS", help="The PIN they get.")] = None,
    away: Annotated[bool, typer.Option("--remove", help="Take the PIN away.")] = False,
    as_person: AsAdmin = None,
    as_json: Json = False,
) -> None:
    """Show, set or remove a person's PIN for outbound calls."""
    from wallboard_tui.cli.output import print_json

    if value is not None and away:
        raise wrong_call("A PIN is set or removed, not both.", "Give --set or --remove.")
    found = run(_pin(person, value, away, as_person))
    if as_json:
        print_json(found)
    else:
        print(f"{found['person']}: {'no PIN' if found['pin'] is None else found['pin']}")


async def _pin(word: str, value: str | None, away: bool, as_person: str | None) -> dict[str, Any]:
    async with sitting(as_person) as desk:
        key = await desk.key("person", word)
        if value is not None or away:
            await desk.admin.set_pin(key, None if away else value)
        return {"person": key, "pin": await desk.admin.pin(key)}
