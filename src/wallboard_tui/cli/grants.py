"""Room ``cli``: what single people get beside their role: ``wallboard grants list|add|remove|toggle|entities``."""

from typing import Annotated, Any, Literal

import typer

from wallboard_tui.cli.desk import AsAdmin, How, changing, edit, given, run, save, sitting, tell
from wallboard_tui.cli.failures import wrong_call
from wallboard_tui.cli.options import Json
from wallboard_tui.cli.people import Person
from wallboard_tui.cli.roles import GRANT_HELP, read_grants

grants = typer.Typer(
    help="Grants and toggles of single people, beside their role.", no_args_is_help=True, rich_markup_mode=None
)
Words = list[str] | None


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.add_typer(grants, name="grants")


@grants.command("list")
def list_grants(person: Person, as_person: AsAdmin = None, as_json: Json = False) -> None:
    """What a person has beside the role: grants, toggles, Manage lists."""
    from wallboard_tui.cli.output import print_json

    found = run(_list(person, as_person))
    if as_json:
        print_json(found)
        return
    for name, grant in found["grants"].items():
        print(f"grant {name} {grant.get('level', 'view')} {' '.join(grant.get('scope', ()))}".rstrip())
    for name, on in found["toggles"].items():
        idle = "" if name in found["offered"] else " (without effect: the role does not offer it)"
        print(f"toggle {name} {'on' if on else 'off'}{idle}")
    for name in ("queues", "numbers", "extensions"):
        print(f"manage {name}: {', '.join(found[f'manage_{name}']) or '–'}")


async def _list(word: str, as_person: str | None) -> dict[str, Any]:
    async with sitting(as_person) as desk:
        key = await desk.key("person", word)
        doc = next(row.doc for row in await desk.admin.people() if row.key == key)
        offered = [one.name for one in (await desk.admin.person_access(key)).toggles]
        lists = {f"manage_{name}": list(doc.get(f"manage_{name}", ())) for name in ("queues", "numbers", "extensions")}
        return {"person": doc["key"], "grants": doc.get("grants", {}), "toggles": doc.get("toggles", {}),
                "offered": offered, **lists}  # fmt: skip


@grants.command("add")
@changing
def add(
    person: Person,
    wanted: Annotated[list[str], typer.Argument(metavar="GRANT", help=GRANT_HELP)],
    *,
    how: How,
) -> None:
    """Grant a person something beside the role."""
    tell(run(_change(person, wanted, [], how)), as_json=how.as_json)


@grants.command("remove")
@changing
def remove(
    person: Person,
    permissions: Annotated[list[str], typer.Argument(metavar="PERMISSION")],
    *,
    how: How,
) -> None:
    """Take grants of their own away from a person; what the role gives stays."""
    tell(run(_change(person, [], permissions, how)), as_json=how.as_json)


async def _change(word: str, more: list[str], less: list[str], how: How) -> Any:
    async with sitting(how.as_person) as desk:
        opened = await desk.opened("person", word)
        doc = opened.doc
        held = dict(doc.get("grants") or {})
        for name in less:
            if name not in held:
                reason = f"{doc['name']} has no grant “{name}” of their own."
                raise wrong_call(reason, f"See: wallboard grants list {doc['key']}")
            del held[name]
        held |= await read_grants(desk, more)
        return await save(desk, [opened.edit(grants=held)], how)


@grants.command("toggle")
@changing
def toggle(
    person: Person,
    name: Annotated[str, typer.Argument(metavar="TOGGLE", help="E.g. view_wallboard, full_call_report_access.")],
    to: Annotated[Literal["on", "off", "role"], typer.Argument(metavar="on|off|role", help="role: as the role says.")],
    *,
    how: How,
) -> None:
    """Set one of the toggles that the person's role offers."""
    tell(run(_toggle(person, name, to, how)), as_json=how.as_json)


async def _toggle(word: str, name: str, to: str, how: How) -> Any:
    async with sitting(how.as_person) as desk:
        opened = await desk.opened("person", word)
        doc = opened.doc
        role = (await desk.documents("role")).get(doc["role"], {})
        set_before = name in (doc.get("toggles") or {})  # by a role that offered it: it can still be taken back
        if name not in role.get("toggles", ()) and not (to == "role" and set_before):
            offered = ", ".join(role.get("toggles", ())) or "none"
            raise wrong_call(f"The role {role.get('name')} offers no toggle “{name}”.", f"It offers: {offered}.")
        toggles = {one: value for one, value in (doc.get("toggles") or {}).items() if one != name}
        toggles |= {} if to == "role" else {name: to == "on"}
        return await save(desk, [opened.edit(toggles=toggles)], how)


@grants.command("entities")
@changing
def entities(
    person: Person,
    queue: Annotated[Words, typer.Option(metavar="QUEUE", help="All of Manage Queues; empty: none.")] = None,
    number: Annotated[Words, typer.Option(metavar="NUMBER", help="All of Manage Numbers; empty: none.")] = None,
    extension: Annotated[Words, typer.Option(metavar="DIGITS", help="All of Manage Extensions; empty: none.")] = None,
    *,
    how: How,
) -> None:
    """Say anew which queues, numbers and extensions a person may see reports of. What is not said stays."""
    fields = given(manage_queues=queue, manage_numbers=number, manage_extensions=extension)
    tell(run(_entities(person, fields, how)), as_json=how.as_json)


async def _entities(word: str, fields: dict[str, Any], how: How) -> Any:
    async with sitting(how.as_person) as desk:
        key = await desk.key("person", word)
        for field, kind in (("manage_queues", "queue"), ("manage_numbers", "number")):
            if field in fields:
                fields[field] = await desk.keys(kind, fields[field])
        if "manage_extensions" in fields:
            fields["manage_extensions"] = [one for one in fields["manage_extensions"] if one]
        return await save(desk, [edit("person", key, set=fields)], how)
