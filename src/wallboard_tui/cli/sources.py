"""Room ``cli``: live phone systems: ``wallboard source add|remove``, and ``wallboard doctor``."""

import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from wallboard_tui.cli.failures import wrong_call
from wallboard_tui.cli.options import Json

source = typer.Typer(help="Follow a phone system live, or no more.", no_args_is_help=True, rich_markup_mode=None)
adding = typer.Typer(help="Follow one more phone system.", no_args_is_help=True, rich_markup_mode=None)
source.add_typer(adding, name="add")

QUEUE_LOG = Path("/var/log/asterisk/queue_log")
CDR = Path("/var/log/asterisk/cdr-csv/Master.csv")
MARKS = {"ok": "✓", "warn": "!", "bad": "✗"}


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.add_typer(source, name="source")
    app.command("doctor")(doctor)


@adding.command("asterisk")
def asterisk(
    name: Annotated[str | None, typer.Option(metavar="NAME", help="What to call it, e.g. pbx1.")] = None,
    host: Annotated[str | None, typer.Option(metavar="HOST", help="Where its manager interface (AMI) answers.")] = None,
    port: Annotated[int | None, typer.Option(metavar="PORT", help="Its port; default: 5038, with TLS 5039.")] = None,
    tls: Annotated[bool, typer.Option("--tls", help="Speak TLS.")] = False,
    tls_ca: Annotated[Path | None, typer.Option(metavar="FILE", help="Certificate to trust.")] = None,
    tls_any: Annotated[bool, typer.Option("--tls-any", help="Trust any certificate.")] = False,
    login: Annotated[str | None, typer.Option(metavar="LOGIN", help="The account's name in manager.conf.")] = None,
    secret_env: Annotated[
        str | None, typer.Option(metavar="VAR", help="Variable with its secret, set where the hub is started.")
    ] = None,
    secret_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="File with its secret; nobody else may read it.")
    ] = None,
    queue: Annotated[list[str] | None, typer.Option(metavar="QUEUE", help="Follow only these queues.")] = None,
    queue_log: Annotated[Path | None, typer.Option(metavar="PATH", help="Its queue_log, where it can be read.")] = None,
    cdr: Annotated[Path | None, typer.Option(metavar="PATH", help="Its Master.csv, where it can be read.")] = None,
    cdr_zone: Annotated[
        str | None, typer.Option(metavar="ZONE", help="Time zone of the CDR's times; default: what they tell.")
    ] = None,
    role: Annotated[
        str | None, typer.Option(metavar="ROLE", help="Role of the people made of its agents; default: Agent.")
    ] = None,
    people: Annotated[bool, typer.Option("--people/--no-people", help="Make people of its agents.")] = True,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing; take what is found.")] = False,
    as_json: Json = False,
) -> None:
    """Follow an Asterisk (FreePBX, Issabel, VitalPBX) live, over its manager interface.

    Asks for what was not said, tries it, says what the account may not see, and proposes the organisation. Nothing is
    kept before you agree.
    """
    from wallboard_tui.cli import reach
    from wallboard_tui.cli.output import print_json

    ask = not yes and not as_json and sys.stdin.isatty()
    said: dict[str, Any] = {
        "name": name, "host": host, "port": port, "login": login, "tls": tls or tls_ca is not None or tls_any,
        "tls_ca": tls_ca, "tls_verify": not tls_any, "secret_env": secret_env, "secret_file": secret_file,
        "queues": queue or [], "queue_log": queue_log, "cdr": cdr, "cdr_zone": cdr_zone, "role": role, "people": people,
    }  # fmt: skip
    if ask:
        _ask(said)
    missing = [f"--{field}" for field in ("name", "host", "login") if not said[field]]
    if missing:
        raise wrong_call(f"Missing: {', '.join(missing)}.", "See: wallboard source add asterisk --help")
    if not ask and not yes:
        raise wrong_call("Not at a terminal nobody can be asked.", "Agree with --yes.")
    said["port"] = said["port"] or (5039 if said["tls"] else 5038)
    found = reach.carry_out(_add(_as_json(said), ask, quiet=as_json))
    if as_json:
        print_json(found)
    elif found:
        _print_added(found)


def _ask(said: dict[str, Any]) -> None:
    """Ask for what was not said."""
    said["name"] = said["name"] or typer.prompt("What to call it", default="pbx1")
    said["host"] = said["host"] or typer.prompt("Host of its manager interface (AMI)", default="127.0.0.1")
    said["port"] = said["port"] or typer.prompt("Port", default=5039 if said["tls"] else 5038, type=int)
    said["login"] = said["login"] or typer.prompt("Login (a section of manager.conf)")
    if not said["secret_env"] and not said["secret_file"]:
        said["secret"] = typer.prompt("Secret (is not shown)", hide_input=True)
    for field, usual, thing in (("queue_log", QUEUE_LOG, "queue_log"), ("cdr", CDR, "CDR file (Master.csv)")):
        if said[field] is None:
            typed = typer.prompt(f"Path of its {thing}, - for none", default=str(usual) if usual.exists() else "-")
            said[field] = None if typed.strip() == "-" else Path(typed.strip())


def _as_json(said: dict[str, Any]) -> dict[str, Any]:
    """The request: absolute paths, and the secret of this command's own environment to try it with."""
    body = {
        key: str(value.expanduser().absolute()) if isinstance(value, Path) else value for key, value in said.items()
    }
    if body.get("secret_env"):
        body["secret"] = os.environ.get(body["secret_env"])
    return {key: value for key, value in body.items() if value is not None}


async def _add(body: dict[str, Any], ask: bool, *, quiet: bool) -> dict[str, Any]:
    from wallboard_tui.cli.reach import operator

    async with operator() as hub:
        if ask:
            _print_found(await hub.request("POST", "/source-trials", body))
            if not typer.confirm("Set it up like this?", default=True):
                print("Nothing was changed.")
                return {}
        answer: dict[str, Any] = await hub.request("PUT", f"/source-settings/{body['name']}", body)
        if not ask and not quiet:
            _print_found(answer)
        return answer


def _print_found(found: dict[str, Any]) -> None:
    """What was seen of the phone system, and what is proposed."""
    from wallboard_tui.cli.output import counted, print_table

    print(f"{found['version']}{', ' + found['system_name'] if found['system_name'] else ''}.")
    for one in found["advice"]:
        print(f"! {one['what']}: {one['why']} In manager.conf: {one['line']}")
    for check in found["files"]:
        print(f"{MARKS['ok' if check['ok'] else 'bad']} {check['says']} {check['next']}".rstrip())
        for note in check["notes"]:
            print(f"  {note}")
    if found["queues"]:
        rows = [
            [queue["name"], str(len(queue["members"])), str(queue["waiting"]), _seconds(queue["service_level_s"])]
            for queue in found["queues"]
        ]
        print_table(["queue", "agents", "waiting", "service level"], rows, right=(1, 2, 3))
    proposed = found["proposal"]
    for person in proposed["people"]:
        print(f"+ {person['name']} ({person['key']}), extension {person.get('extension', '–')}, {person['role']}")
    for person in proposed["linked"]:
        print(f"+ {person['name']} ({person['key']}) is also {', '.join(person['agents'])}")
    if proposed["left"]:
        print(f"{counted(len(proposed['left']), 'agent')} without a person:")
        for agent, reason in proposed["left"].items():
            print(f"  {agent}: {reason}")


def _seconds(value: float | None) -> str:
    return "–" if value is None else f"{value:g} s"


def _print_added(found: dict[str, Any]) -> None:
    from wallboard_tui.cli.output import counted

    health = found["health"]
    state = health.get("links", {}).get("ami", "connecting")
    queues = counted(len(found["queues"]), "queue")
    print(f"{found['source']} is followed: {queues}, {state}. {health.get('error', '')}".rstrip())
    print(f"Its settings: {found['settings']}. To check it again: wallboard doctor")


@source.command("remove")
def remove(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The source's name.")], as_json: Json = False
) -> None:
    """Follow a phone system no more. Its calls stay."""
    from wallboard_tui.cli import reach
    from wallboard_tui.cli.output import print_json

    found = reach.carry_out(_request("DELETE", f"/source-settings/{name}"))
    if as_json:
        print_json(found)
    else:
        print(f"{name} is followed no more. What was learned from it stays.")


def doctor(as_json: Json = False) -> None:
    """Check the hub and each phone system it follows.

    Exit status 1 when something is broken.
    """
    from wallboard_tui.cli import reach
    from wallboard_tui.cli.output import print_json

    found: list[dict[str, Any]] = reach.carry_out(_request("GET", "/doctor"))
    bad = [check for check in found if check["state"] == "bad"]
    if as_json:
        print_json(found)
    else:
        for check in found:
            print(f"{MARKS[check['state']]} {check['of']} {check['what']}: {check['says']}")
            if check["next"]:
                print(f"    {check['next']}")
    if bad:
        raise typer.Exit(1)


async def _request(method: str, path: str) -> Any:
    from wallboard_tui.cli.reach import operator

    async with operator() as hub:
        return await hub.request(method, path)
