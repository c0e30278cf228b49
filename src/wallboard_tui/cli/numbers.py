"""Room ``cli``: business numbers: ``wallboard numbers list|add|set|assign|remove``."""

from typing import Annotated, Any

import typer

from wallboard_tui.cli.desk import AsAdmin, Confirm, How, changing, edit, given, removed, run, save, sitting, tell
from wallboard_tui.cli.options import Json

numbers = typer.Typer(help="Business numbers.", no_args_is_help=True, rich_markup_mode=None)
Number = Annotated[str, typer.Argument(metavar="NUMBER", help="A number's key or name.")]
Words = list[str] | None


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.add_typer(numbers, name="numbers")


@numbers.command("list")
def list_numbers(as_person: AsAdmin = None, as_json: Json = False) -> None:
    """All business numbers."""
    from wallboard_tui.cli.output import print_json, print_table

    found = [row.model_dump(mode="json") for row in run(_numbers(as_person))]
    if as_json:
        print_json(found)
        return
    rows = [[r["key"], r["doc"].get("name") or "–", r["doc"].get("campaign") or "–",
             ", ".join(r["doc"].get("dialled", ())) or "–"] for r in found]  # fmt: skip
    print_table(["number", "name", "campaign", "dialled as"], rows)


async def _numbers(as_person: str | None) -> Any:
    async with sitting(as_person) as desk:
        return await desk.admin.numbers()


@numbers.command("add")
@changing
def add_number(
    key: Annotated[
        str,
        typer.Argument(
            metavar="NUMBER", help="With its country, e.g. +35315550100; a short one as it is dialled, e.g. 12."
        ),
    ],
    name: Annotated[str | None, typer.Option(metavar="NAME")] = None,
    dialled: Annotated[Words, typer.Option(metavar="TEXT", help="Under what the phone system logs it.")] = None,
    campaign: Annotated[str | None, typer.Option(metavar="NAME", help="The campaign or advert it stands on.")] = None,
    *,
    how: How,
) -> None:
    """Add a business number."""
    said = {"name": name, "dialled": dialled, "campaign": campaign}
    doc = {field: value for field, value in said.items() if value}
    tell(run(_save_number(edit("number", key, create=doc), how)), as_json=how.as_json)


async def _save_number(wanted: Any, how: How) -> Any:
    async with sitting(how.as_person) as desk:
        return await save(desk, [wanted], how)


@numbers.command("set")
@changing
def set_number(
    number: Number,
    name: Annotated[str | None, typer.Option(metavar="NAME")] = None,
    dialled: Annotated[Words, typer.Option(metavar="TEXT", help="Under what the phone system logs it.")] = None,
    campaign: Annotated[str | None, typer.Option(metavar="NAME", help="Empty: none.")] = None,
    *,
    how: How,
) -> None:
    """Change a business number. What is not said stays."""
    fields = given(name=name, dialled=dialled, campaign=campaign)
    if "dialled" in fields:
        fields["dialled"] = [one for one in fields["dialled"] if one]
    tell(run(_set_number(number, fields, how)), as_json=how.as_json)


async def _set_number(word: str, fields: dict[str, Any], how: How) -> Any:
    async with sitting(how.as_person) as desk:
        key = await desk.key("number", word)
        return await save(desk, [edit("number", key, set=fields)], how)


@numbers.command("assign")
@changing
def assign(
    number: Number,
    people: Annotated[list[str], typer.Argument(metavar="PERSON")],
    default: Annotated[bool, typer.Option("--default", help="Only as the one default, not to choose.")] = False,
    away: Annotated[bool, typer.Option("--remove", help="Take it away from them.")] = False,
    *,
    how: How,
) -> None:
    """Let people show a number when they call out (Caller ID)."""
    tell(run(_assign(number, people, default, away, how)), as_json=how.as_json)


async def _assign(word: str, people: list[str], default: bool, away: bool, how: How) -> Any:
    async with sitting(how.as_person) as desk:
        key = await desk.key("number", word)
        opened = await desk.all_opened("person", people)
        edits = [one.edit(**_assigned(one.doc, key, default, away)) for one in opened]
        return await save(desk, edits, how)


def _assigned(person: dict[str, Any], number: str, default: bool, away: bool) -> dict[str, Any]:
    if default:
        return {"default_caller_id": None if away else number}
    others = [one for one in person.get("caller_ids", ()) if one != number]
    return {"caller_ids": others if away else [*others, number]}


@numbers.command("remove")
@changing
def remove_number(
    number: Number,
    confirm: Confirm = False,
    *,
    how: How,
) -> None:
    """Remove a business number. Without --yes it only says who would lose what."""
    tell(run(removed("number", number, confirm, how)), as_json=how.as_json)
