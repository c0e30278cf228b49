"""Room ``cli``: the people of the organisation. ``wallboard people …``, ``wallboard password``."""

import sys
from datetime import datetime
from functools import partial
from typing import Annotated, Any

import typer

from wallboard_tui.cli.desk import AsAdmin, Desk, How, changing, consequences, edit, run, save, sitting, tell
from wallboard_tui.cli.failures import Failure, wrong_call
from wallboard_tui.cli.options import Json

people = typer.Typer(
    help="List and add people, and give out one-time codes.", no_args_is_help=True, rich_markup_mode=None
)
Person = Annotated[str, typer.Argument(metavar="PERSON", help="A person's key or name.")]
Agents = Annotated[list[str] | None, typer.Option("--agent", metavar="AGENT", help="Who they are on the phone system.")]
CallerIds = Annotated[
    list[str] | None, typer.Option("--caller-id", metavar="NUMBER", help="Numbers they may show; empty: none.")
]
DefaultCallerId = Annotated[
    str | None, typer.Option(metavar="NUMBER", help="Shown when no number is assigned; empty: none.")
]
MissedMail = Annotated[bool | None, typer.Option(help="Reminders of missed opportunities by mail.")]
ReportMail = Annotated[bool | None, typer.Option(help="Reports by mail.")]


def add_to(app: typer.Typer) -> None:
    """Add ``password``; the group is added by ``people_editing``, which has the rest of its commands."""
    app.command("password")(password)


@people.command("list")
def list_people(as_person: AsAdmin = None, as_json: Json = False) -> None:
    """Everyone, with role, teams, extension and agents, and whether they can sign in."""
    from wallboard_tui.cli import reach
    from wallboard_tui.cli.output import print_json, print_table

    found = reach.carry_out(_everyone(as_person))
    if as_json:
        print_json(found)
    elif not found:
        print("There is nobody yet. Begin with: wallboard init")
    else:
        rows = [_row(one) for one in found]
        print_table(["person", "name", "role", "sign-in", "extension", "teams", "manages", "agents"], rows)


def _row(person: dict[str, Any]) -> list[str]:
    lists = [", ".join(person.get(field) or ()) or "–" for field in ("teams", "manages", "agents")]
    return [
        person["key"], person["name"], person["role"], _signing_in(person), person.get("extension") or "–", *lists
    ]  # fmt: skip


def _signing_in(person: dict[str, Any]) -> str:
    return "disabled" if person.get("disabled") else "yes" if person["can_sign_in"] else "no"


async def _everyone(as_person: str | None) -> list[dict[str, Any]]:
    """Each person's document, and beside its fields what follows from it."""
    async with sitting(as_person) as desk:
        rows = [row.model_dump(mode="json") for row in await desk.admin.people()]
        return sorted(({**row.pop("doc"), **row} for row in rows), key=lambda row: str(row["key"]))


@people.command("add")
@changing
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="First and last name.")],
    role: Annotated[str, typer.Option(metavar="ROLE", help="A role's key or name, e.g. justcall:agent.")],
    key: Annotated[
        str | None, typer.Option(metavar="KEY", help="Short name to sign in with; default: made from NAME.")
    ] = None,
    extension: Annotated[str | None, typer.Option(metavar="DIGITS", help="The person's extension.")] = None,
    agent: Agents = None,
    email: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Mail address; also good to sign in with.")
    ] = None,
    caller_id: CallerIds = None,
    default_caller_id: DefaultCallerId = None,
    missed_mail: MissedMail = None,
    report_mail: ReportMail = None,
    *,
    how: How,
) -> None:
    """Add a person, and get the one-time code with which they choose a password."""
    from wallboard_tui.cli.names import made_key
    from wallboard_tui.cli.output import print_json
    from wallboard_tui.model.names import mistake

    typed = {"name": name, "key": key, "extension": extension, "email": email}
    given: dict[str, Any] = {field: value for field, value in typed.items() if value is not None}
    for field, value in given.items():
        if wrong := mistake(field, value):
            raise wrong_call(*wrong)
    if key is None:
        given["key"] = made_key(name)
    others = {"role": role, "agents": agent or [], "caller_ids": caller_id, "default_caller_id": default_caller_id,
              "missed_mail": missed_mail, "report_mail": report_mail}  # fmt: skip
    saved, code = run(_add(given | {field: value for field, value in others.items() if value is not None}, how))
    if how.dry_run:
        tell(saved, as_json=how.as_json)
    elif how.as_json:
        print_json({**code, "warnings": [one.model_dump(mode="json") for one in saved.warnings]})
    else:
        _print_code(code)
        for line in consequences(saved):
            print(f"  {line}")


async def named(desk: Desk, fields: dict[str, Any]) -> dict[str, Any]:
    """Fields of a person with the keys of what was named in them: agents, numbers, a board, a role."""
    found = dict(fields)
    for field, kind in (("agents", "agent"), ("caller_ids", "number")):
        if field in found:
            found[field] = await desk.keys(kind, found[field])
    for field, kind in (("default_caller_id", "number"), ("board", "board"), ("role", "role")):
        if found.get(field):
            found[field] = await desk.key(kind, found[field])
    return found


async def _add(fields: dict[str, Any], how: How) -> Any:
    """What came of saving, and the one-time code."""
    from wallboard_tui.client.errors import HubError

    async with sitting(how.as_person) as desk:
        person = await named(desk, fields)
        key = person.pop("key")
        saved = await save(desk, [edit("person", key, create=person)], how)
        made = (await desk.documents("role")).get(person["role"], {})
        if how.dry_run or not made.get("login", True):
            return saved, {"person": key, "code": None, "until": None}
        try:
            return saved, {"person": key, **await desk.acting.code(key)}
        except HubError as error:
            reason = f"{person['name']} was added, but got no one-time code: {error.reason.rstrip('.')}."
            raise Failure(error.name, reason, f"Later: wallboard people code {key}") from error


@people.command("code")
def code(person: Person, as_person: AsAdmin = None, as_json: Json = False) -> None:
    """A one-time code for somebody whose password is new or forgotten. Give it to them; it is good once."""
    from wallboard_tui.cli import reach
    from wallboard_tui.cli.output import print_json

    found = reach.carry_out(_code(person, as_person))
    if as_json:
        print_json(found)
    else:
        _print_code(found)


async def _code(word: str, as_person: str | None) -> dict[str, Any]:
    async with sitting(as_person) as desk:
        key = await desk.key("person", word)
        return {"person": key, **await desk.acting.code(key)}


def _print_code(found: dict[str, Any]) -> None:
    if found["code"] is None:
        print(f"“{found['person']}” is there, and cannot sign in with this role: there is no one-time code.")
        return
    until = datetime.fromtimestamp(found["until"]).astimezone().strftime("%a %H:%M")
    print(f"One-time code for “{found['person']}”: {found['code']}   (good once, until {until})")


def password(
    person: Annotated[
        str | None, typer.Option(metavar="PERSON", help="Who you are; default: who signed in last.")
    ] = None,
    hub_address: Annotated[
        str | None, typer.Option("--hub", metavar="ADDRESS", help="Default: the hub remembered.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Change your password.

    Not at a terminal, three lines are read: the old one (or a one-time code), and the new one twice.
    """
    from wallboard_tui.cli import reach
    from wallboard_tui.cli.output import print_json
    from wallboard_tui.client import session
    from wallboard_tui.client.home import Home

    home = Home.find().prepare()
    remembered = session.load(home.session)
    person = person or (remembered.person if remembered else "")
    if not person and sys.stdin.isatty() and not as_json:
        person = typer.prompt("Person")
    if not person:
        raise wrong_call("Nobody signed in here yet, so it is not clear whose password it is.", "Say --person NAME.")
    old, new, again = _secrets(person)
    if new != again:
        raise Failure("not-the-same", "The new password was typed in two different ways.", "Try again.")
    address = hub_address or (remembered.address if remembered else None)
    reach.carry_out(_change(address, person, old, new))
    if as_json:
        print_json({"person": person})
    else:
        print("The new password is set. Every other terminal of yours has been signed out.")


def _secrets(person: str) -> tuple[str, str, str]:
    """The old password and the new one twice: asked for without showing them, or read from a pipe."""
    if not sys.stdin.isatty():
        lines = [sys.stdin.readline() for _ in range(3)]
        if not all(lines):
            raise wrong_call(
                "Three lines are read from standard input: the password or one-time code, and the new one twice.",
                "Give all three, or run it at a terminal.",
            )
        old, new, again = (line.rstrip("\n") for line in lines)
        return old, new, again
    import getpass

    old = getpass.getpass(f"Password of {person}, or the one-time code: ")
    return old, getpass.getpass("New password: "), getpass.getpass("The new password again: ")


async def _change(address: str | None, person: str, old: str, new: str) -> None:
    from wallboard_tui.client.child import reach
    from wallboard_tui.client.home import Home
    from wallboard_tui.client.hub import HubClient

    here = Home.find()
    if address is None or address == here.address:
        revive = partial(reach, here)
        client = HubClient(await revive(), revive=revive)
    else:
        client = HubClient(address)
    async with client as hub:
        await hub.set_password(person, old, new)
        await hub.sign_out()
