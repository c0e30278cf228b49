"""Room ``cli``: teams: ``wallboard teams list|show|create|set|add|take|remove|adopt``."""

from typing import Annotated, Any

import typer

from wallboard_tui.cli.desk import AsAdmin, Confirm, How, changing, edit, given, removed, run, sitting, tell
from wallboard_tui.cli.options import Json
from wallboard_tui.cli.past import Saving, WithPast, adopt, tell_both

teams = typer.Typer(help="Teams: who is in them, who manages them, which queues and numbers are theirs.",
                    no_args_is_help=True, rich_markup_mode=None)  # fmt: skip
Team = Annotated[str, typer.Argument(metavar="TEAM", help="A team's key or name.")]
Words = list[str] | None
FIELDS = {"members": "person", "managers": "person", "queues": "queue", "numbers": "number"}
PLACES = {"queues", "numbers"}
"""Whoever gives a team one of these expects its calls, known ones too, to be the team's."""


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file."""
    teams.command("adopt")(adopt)
    app.add_typer(teams, name="teams")


@teams.command("list")
def list_teams(as_person: AsAdmin = None, as_json: Json = False) -> None:
    """All teams."""
    from wallboard_tui.cli.output import print_json, print_table

    found = [row.model_dump(mode="json") for row in run(_teams(as_person))]
    if as_json:
        print_json(found)
        return
    rows = [
        [row["key"], row["doc"]["name"], *(", ".join(row["doc"].get(field, ())) or "–" for field in FIELDS)]
        for row in found
    ]
    print_table(["team", "name", *FIELDS], rows)


async def _teams(as_person: str | None) -> Any:
    async with sitting(as_person) as desk:
        return await desk.admin.teams()


@teams.command("show")
def show(team: Team, as_person: AsAdmin = None, as_json: Json = False) -> None:
    """One team."""
    from wallboard_tui.cli.output import print_json

    found = run(_show(team, as_person)).model_dump(mode="json")
    if as_json:
        print_json(found)
        return
    print(f"{found['doc']['name']} ({found['key']}) {found['why_not']}".rstrip())
    for field in FIELDS:
        print(f"{field}: {', '.join(found['doc'].get(field, ())) or '–'}")


async def _show(word: str, as_person: str | None) -> Any:
    async with sitting(as_person) as desk:
        key = await desk.key("team", word)
        return next(row for row in await desk.admin.teams() if row.key == key)


@teams.command("create")
@changing
def create(
    name: Annotated[str, typer.Argument(metavar="NAME")],
    key: Annotated[str | None, typer.Option(metavar="KEY", help="Default: made from NAME.")] = None,
    member: Annotated[Words, typer.Option(metavar="PERSON")] = None,
    manager: Annotated[Words, typer.Option(metavar="PERSON")] = None,
    queue: Annotated[Words, typer.Option(metavar="QUEUE")] = None,
    number: Annotated[Words, typer.Option(metavar="NUMBER")] = None,
    with_past: WithPast = False,
    *,
    how: How,
) -> None:
    """Make a team.

    It has the calls from now on; how many are known already and not the team's is said, and how to add them.
    """
    words = {"members": member, "managers": manager, "queues": queue, "numbers": number}
    saving = Saving(how, with_past)
    found, made, past = run(_create(name, key, words, saving))
    tell_both(found, past, as_json=how.as_json, team=made)


async def _create(name: str, key: str | None, words: dict[str, Words], saving: Saving) -> Any:
    from wallboard_tui.cli.names import made_key

    made = key or made_key(name)
    async with sitting(saving.how.as_person) as desk:
        doc = {"name": name, **{field: await desk.keys(FIELDS[field], said or ()) for field, said in words.items()}}
        found, past = await saving.save(desk, edit("team", made, create=doc), counted=True)
        return found, made, past


@teams.command("set")
@changing
def set_team(
    team: Team,
    name: Annotated[str | None, typer.Option(metavar="NAME")] = None,
    member: Annotated[Words, typer.Option(metavar="PERSON", help="All members; empty: nobody.")] = None,
    manager: Annotated[Words, typer.Option(metavar="PERSON", help="All managers; empty: nobody.")] = None,
    queue: Annotated[Words, typer.Option(metavar="QUEUE", help="All queues; empty: none.")] = None,
    number: Annotated[Words, typer.Option(metavar="NUMBER", help="All numbers; empty: none.")] = None,
    with_past: WithPast = False,
    *,
    how: How,
) -> None:
    """Say anew who is in a team, who manages it, and what is its own. What is not said stays."""
    fields = given(name=name, members=member, managers=manager, queues=queue, numbers=number)
    tell_both(*run(_set(team, fields, Saving(how, with_past))), as_json=how.as_json)


async def _set(word: str, fields: dict[str, Any], saving: Saving) -> Any:
    async with sitting(saving.how.as_person) as desk:
        doc = await desk.document("team", word)
        said = {f: await desk.keys(FIELDS[f], value) if f in FIELDS else value for f, value in fields.items()}
        return await saving.save(desk, edit("team", doc["key"], set=said), counted=bool(PLACES & said.keys()))


@teams.command("add")
@changing
def add(
    team: Team,
    member: Annotated[Words, typer.Option(metavar="PERSON")] = None,
    manager: Annotated[Words, typer.Option(metavar="PERSON")] = None,
    queue: Annotated[Words, typer.Option(metavar="QUEUE")] = None,
    number: Annotated[Words, typer.Option(metavar="NUMBER")] = None,
    with_past: WithPast = False,
    *,
    how: How,
) -> None:
    """Add people, queues or numbers to a team."""
    words = given(members=member, managers=manager, queues=queue, numbers=number)
    saving = Saving(how, with_past)
    tell_both(*run(_moved(team, words, True, saving)), as_json=how.as_json)


@teams.command("take")
@changing
def take(
    team: Team,
    member: Annotated[Words, typer.Option(metavar="PERSON")] = None,
    manager: Annotated[Words, typer.Option(metavar="PERSON")] = None,
    queue: Annotated[Words, typer.Option(metavar="QUEUE")] = None,
    number: Annotated[Words, typer.Option(metavar="NUMBER")] = None,
    *,
    how: How,
) -> None:
    """Take people, queues or numbers out of a team."""
    words = given(members=member, managers=manager, queues=queue, numbers=number)
    saving = Saving(how, with_past=False)
    tell_both(*run(_moved(team, words, False, saving)), as_json=how.as_json)


async def _moved(word: str, words: dict[str, Any], more: bool, saving: Saving) -> Any:
    async with sitting(saving.how.as_person) as desk:
        opened = await desk.opened("team", word)
        doc = opened.doc
        fields = {}
        for field, said in words.items():
            keys = await desk.keys(FIELDS[field], said)
            old = list(doc.get(field) or ())
            fields[field] = list(dict.fromkeys([*old, *keys])) if more else [one for one in old if one not in keys]
        return await saving.save(desk, opened.edit(**fields), counted=more and bool(PLACES & fields.keys()))


@teams.command("remove")
@changing
def remove(
    team: Team,
    confirm: Confirm = False,
    *,
    how: How,
) -> None:
    """Remove a team. Without --yes it only says who would lose what."""
    tell(run(removed("team", team, confirm, how)), as_json=how.as_json)
