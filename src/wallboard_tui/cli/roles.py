"""Room ``cli``: roles: ``wallboard roles list|show|create|copy|rename|grant|…|remove``."""

import re
from typing import Annotated, Any

import typer

from wallboard_tui.cli.comparing import compare
from wallboard_tui.cli.desk import AsAdmin, Confirm, Desk, How, changing, edit, removed, run, save, sitting, tell
from wallboard_tui.cli.failures import wrong_call
from wallboard_tui.cli.options import Json

roles = typer.Typer(help="Make, change and compare roles.", no_args_is_help=True, rich_markup_mode=None)
Role = Annotated[str, typer.Argument(metavar="ROLE", help="A role's key or name.")]
GRANT = re.compile(r"(?P<name>[a-z_.]+)(?::(?P<level>view|manage))?(?:@(?P<scope>.+))?")
GRANT_HELP = "PERMISSION[:manage][@SCOPE,SCOPE], e.g. calls@all, scores:manage@all, users:manage."
Grants = Annotated[list[str] | None, typer.Option("--grant", metavar="GRANT", help=GRANT_HELP)]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file."""
    roles.command("compare")(compare)
    app.add_typer(roles, name="roles")


async def read_grants(desk: Desk, words: list[str]) -> dict[str, Any]:
    """Grants from the command line: ``scores:manage@all`` → ``{"scores": {"level": "manage", "scope": ["ALL"]}}``."""
    found: dict[str, Any] = {}
    for word in words:
        fits = GRANT.fullmatch(word)
        if fits is None:
            raise wrong_call(f"“{word}” is no grant.", f"Write {GRANT_HELP}")
        grant: dict[str, Any] = {"level": fits["level"] or "view"}
        if fits["scope"]:
            grant["scope"] = await desk.scope(fits["scope"].split(","))
        found[fits["name"]] = grant
    return found


@roles.command("list")
def list_roles(as_person: AsAdmin = None, as_json: Json = False) -> None:
    """All roles, with how many people have them."""
    from wallboard_tui.cli.output import print_json, print_table

    found = [row.model_dump(mode="json") for row in run(_rows(as_person))]
    if as_json:
        print_json(found)
        return
    rows = [
        [row["key"], row["doc"]["name"], str(len(row["people"])), "custom" if row["custom"] else
         "changed" if row["changed"] else "as delivered"]
        for row in found
    ]  # fmt: skip
    print_table(["role", "name", "people", ""], rows, right=(2,))


async def _rows(as_person: str | None) -> Any:
    async with sitting(as_person) as desk:
        return await desk.admin.roles()


@roles.command("show")
def show(role: Role, as_person: AsAdmin = None, as_json: Json = False) -> None:
    """What a role allows, and who has it."""
    from wallboard_tui.cli.output import print_json, print_table

    found = run(_show(role, as_person)).model_dump(mode="json")
    if as_json:
        print_json(found)
        return
    print(f"{found['doc']['name']} ({found['key']}) {found['why_not']}".rstrip())
    if found["doc"].get("description"):
        print(found["doc"]["description"])
    print("People: " + (", ".join(name for _, name in found["people"]) or "nobody"))
    print("Toggles: " + (", ".join(found["doc"].get("toggles", ())) or "none"))
    own = {one["name"]: one for one in found["floor"]}
    rows = [
        [one["title"], one["level"], one["words"] or "–", own[one["name"]]["words"] if one["name"] in own else "–"]
        for one in found["permissions"]
    ]
    print_table(["permission", "level", "for", "personal floor"], rows)


async def _show(word: str, as_person: str | None) -> Any:
    async with sitting(as_person) as desk:
        key = await desk.key("role", word)
        return next(row for row in await desk.admin.roles() if row.key == key)


@roles.command("create")
@changing
def create(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What the role is called, e.g. “QA Analyst”.")],
    grant: Grants = None,
    key: Annotated[str | None, typer.Option(metavar="KEY", help="Default: custom: and the name.")] = None,
    description: Annotated[str, typer.Option(metavar="TEXT")] = "",
    *,
    how: How,
) -> None:
    """Make a role from scratch."""
    found, made = run(_create(name, key, grant or [], description, how))
    tell(found, as_json=how.as_json, role=made)


async def _create(name: str, key: str | None, grant: list[str], description: str, how: How) -> Any:
    async with sitting(how.as_person) as desk:
        made = key or custom_key(name)
        doc = {"name": name, "grants": await read_grants(desk, grant), "toggles": await _toggles(desk)}
        doc |= {"description": description} if description else {}
        return await save(desk, [edit("role", made, create=doc)], how), made


async def _toggles(desk: Desk) -> list[str]:
    """The toggles of the organisation's first pack that has any: those its people know."""
    from wallboard_tui.access.packs import load

    documents = await desk.documents("organisation")
    packs = next(iter(documents.values()), {}).get("packs", ())
    return next((list(load(pack).toggles) for pack in packs if load(pack).toggles), [])


def custom_key(name: str) -> str:
    """The key of a role that is made here: ``QA Analyst`` → ``custom:qa-analyst``."""
    from wallboard_tui.cli.names import made_key

    return f"custom:{made_key(name, '--key custom:SHORT-NAME').replace('.', '-')}"


@roles.command("copy")
@changing
def copy(
    role: Role,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What the copy is called.")],
    key: Annotated[str | None, typer.Option(metavar="KEY", help="Default: custom: and the name.")] = None,
    *,
    how: How,
) -> None:
    """Make a role from another one, to be changed further."""
    found, made = run(_copy(role, name, key, how))
    tell(found, as_json=how.as_json, role=made)


async def _copy(word: str, name: str, key: str | None, how: How) -> Any:
    async with sitting(how.as_person) as desk:
        made = key or custom_key(name)
        old = await desk.document("role", word)
        doc = {field: value for field, value in old.items() if field not in ("key",)} | {"name": name}
        return await save(desk, [edit("role", made, create=doc)], how), made


@roles.command("rename")
@changing
def rename(
    role: Role,
    name: Annotated[str, typer.Argument(metavar="NAME")],
    *,
    how: How,
) -> None:
    """Call a role something else; its key and its people stay."""
    tell(run(_set(role, {"name": name}, how)), as_json=how.as_json)


@roles.command("describe")
@changing
def describe(
    role: Role,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What the role is for; empty: nothing is said.")],
    *,
    how: How,
) -> None:
    """Say what a role is for."""
    tell(run(_set(role, {"description": text}, how)), as_json=how.as_json)


async def _set(word: str, fields: dict[str, Any], how: How) -> Any:
    async with sitting(how.as_person) as desk:
        key = await desk.key("role", word)
        return await save(desk, [edit("role", key, set=fields)], how)


Floor = Annotated[
    bool, typer.Option("--floor", help="Of the personal floor: what everybody with the role keeps about themselves.")
]


@roles.command("grant")
@changing
def grant_to(
    role: Role,
    grants: Annotated[list[str], typer.Argument(metavar="GRANT", help=GRANT_HELP)],
    floor: Floor = False,
    *,
    how: How,
) -> None:
    """Let a role allow something, or allow it otherwise: a grant replaces what the role says of its permission."""
    part = "floor" if floor else "grants"
    tell(run(_grant(role, part, grants, [], how)), as_json=how.as_json)


@roles.command("revoke")
@changing
def revoke(
    role: Role,
    permissions: Annotated[list[str], typer.Argument(metavar="PERMISSION")],
    floor: Floor = False,
    *,
    how: How,
) -> None:
    """Let a role no longer allow something."""
    part = "floor" if floor else "grants"
    tell(run(_grant(role, part, [], permissions, how)), as_json=how.as_json)


async def _grant(word: str, part: str, more: list[str], less: list[str], how: How) -> Any:
    async with sitting(how.as_person) as desk:
        opened = await desk.opened("role", word)
        doc = opened.doc
        grants = dict(doc.get(part) or {})
        for name in less:
            if name not in grants:
                raise wrong_call(
                    f"The {part} of the role {doc['name']} have no “{name}”.", f"See: wallboard roles show {doc['key']}"
                )
            del grants[name]
        grants |= await read_grants(desk, more)
        return await save(desk, [opened.edit(**{part: grants})], how)


@roles.command("toggles")
@changing
def toggles(
    role: Role,
    names: Annotated[list[str], typer.Argument(metavar="TOGGLE", help="All that it offers; “none”: none.")],
    *,
    how: How,
) -> None:
    """Say anew which toggles may be set for people with a role."""
    offered = [] if names == ["none"] else names
    tell(run(_set(role, {"toggles": offered}, how)), as_json=how.as_json)


@roles.command("assign")
@changing
def assign(
    role: Role,
    people: Annotated[list[str], typer.Argument(metavar="PERSON")],
    *,
    how: How,
) -> None:
    """Give a role to one or many people."""
    from wallboard_tui.cli.people_editing import _role

    tell(run(_role(people, role, how)), as_json=how.as_json)


@roles.command("remove")
@changing
def remove(
    role: Role,
    instead: Annotated[str | None, typer.Option(metavar="ROLE", help="The role that its people get.")] = None,
    confirm: Confirm = False,
    *,
    how: How,
) -> None:
    """Remove a role; its people get another one. Without --yes it only says who would lose what."""
    tell(run(removed("role", role, confirm, how, instead)), as_json=how.as_json)
