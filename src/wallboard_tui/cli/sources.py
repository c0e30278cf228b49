"""Room ``cli``: live phone systems: ``wallboard source add|queues|remove``, and ``wallboard doctor``."""

import sys
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer

from wallboard_tui.cli.failures import wrong_call
from wallboard_tui.cli.options import Json
from wallboard_tui.cli.source_asking import PORT, TLS_PORT, asked
from wallboard_tui.cli.source_requests import as_request, put, request
from wallboard_tui.cli.source_words import MARKS, print_added, print_found, print_missing

source = typer.Typer(help="Follow a phone system live, or no more.", no_args_is_help=True, rich_markup_mode=None)
adding = typer.Typer(help="Follow one more phone system.", no_args_is_help=True, rich_markup_mode=None)
source.add_typer(adding, name="add")

Port = Annotated[
    int | None, typer.Option(metavar="PORT", min=1, max=65535, help="Its port; default: 5038, with TLS 5039.")
]
SecretEnv = Annotated[
    str | None, typer.Option(metavar="VAR", help="Variable with its secret, set where the hub is started.")
]
SecretFile = Annotated[Path | None, typer.Option(metavar="FILE", help="File with its secret; nobody else may read it.")]
Queues = Annotated[list[str] | None, typer.Option(metavar="QUEUE", help="Follow only these queues.")]
AllQueues = Annotated[bool, typer.Option("--all-queues", help="Follow all queues, even if there are very many.")]
Zone = Annotated[
    str | None, typer.Option(metavar="ZONE", help="Time zone of the CDR's times; default: what they tell.")
]
Role = Annotated[
    str | None, typer.Option(metavar="ROLE", help="Role of the people made of its agents; default: Agent.")
]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.add_typer(source, name="source")
    app.command("doctor")(doctor)


@adding.command("asterisk")
def asterisk(
    name: Annotated[str | None, typer.Option(metavar="NAME", help="What to call it, e.g. pbx1.")] = None,
    host: Annotated[str | None, typer.Option(metavar="HOST", help="Where its manager interface (AMI) answers.")] = None,
    port: Port = None,
    tls: Annotated[bool, typer.Option("--tls", help="Speak TLS.")] = False,
    tls_ca: Annotated[Path | None, typer.Option(metavar="FILE", help="Certificate to trust.")] = None,
    tls_any: Annotated[bool, typer.Option("--tls-any", help="Trust any certificate.")] = False,
    login: Annotated[str | None, typer.Option(metavar="LOGIN", help="The account's name in manager.conf.")] = None,
    secret_env: SecretEnv = None,
    secret_file: SecretFile = None,
    queue: Queues = None,
    all_queues: AllQueues = False,
    queue_log: Annotated[Path | None, typer.Option(metavar="PATH", help="Its queue_log, where it can be read.")] = None,
    cdr: Annotated[Path | None, typer.Option(metavar="PATH", help="Its Master.csv, where it can be read.")] = None,
    cdr_zone: Zone = None,
    role: Role = None,
    people: Annotated[bool, typer.Option("--people/--no-people", help="Make people of its agents.")] = True,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing; take what is found.")] = False,
    as_json: Json = False,
) -> None:
    """Follow an Asterisk (FreePBX, Issabel, VitalPBX) live, over its manager interface.

    Asks for what was not said, tries it, says what the account may not see, and proposes the organisation. Nothing is
    kept before you agree.
    """
    said: dict[str, Any] = {
        "name": name, "host": host, "port": port, "login": login, "tls": tls or tls_ca is not None or tls_any,
        "tls_ca": tls_ca, "tls_verify": not tls_any, "secret_env": secret_env, "secret_file": secret_file,
        "queues": queue or [], "all_queues": all_queues, "queue_log": queue_log, "cdr": cdr, "cdr_zone": cdr_zone,
        "role": role, "people": people,
    }  # fmt: skip
    _follow(said, yes=yes, as_json=as_json)


def _follow(said: dict[str, Any], *, yes: bool, as_json: bool) -> None:
    """Set it up, asking where there is somebody to ask, and tell what was found and made."""
    from wallboard_tui.cli.output import print_json

    if said["queues"] and said["all_queues"]:
        raise wrong_call("--queue and --all-queues exclude each other.")
    ask = not yes and not as_json and sys.stdin.isatty()
    found = asked(said) if ask else _without_asking(said, yes)
    if as_json:
        print_json(found)
    elif found:
        if not ask:
            print_found(found)
        print_added(found)


def _without_asking(said: dict[str, Any], yes: bool) -> dict[str, Any]:
    """Set it up with what was said alone. Raises ``Failure``, a wrong call, where that is not enough."""
    from wallboard_tui.cli import reach

    missing = [f"--{field}" for field in ("name", "host", "login") if not said[field]]
    if missing:
        raise wrong_call(f"Missing: {', '.join(missing)}.", "See: wallboard source add asterisk --help")
    if not yes:
        raise wrong_call("Not at a terminal nobody can be asked.", "Agree with --yes.")
    said["port"] = said["port"] or (TLS_PORT if said["tls"] else PORT)
    return reach.carry_out(put(as_request(said)))


@source.command("queues")
def queues(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The source's name.")],
    queue: Queues = None,
    all_queues: AllQueues = False,
    as_json: Json = False,
) -> None:
    """Follow other queues of a phone system than before.

    What else is known of it stays; people for agents who are new are proposed by `source add`. Which queues are
    followed says the page Sources, and `wallboard sources --json`.
    """
    from wallboard_tui.cli import reach
    from wallboard_tui.cli.output import print_json

    if bool(queue) == all_queues:
        raise wrong_call("Say which queues to follow with --queue, or that all are meant with --all-queues.")
    said = {"queues": queue or [], "all_queues": all_queues}
    found = reach.carry_out(request("PUT", f"/source-settings/{quote(name, safe='')}/queues", said))
    if as_json:
        print_json(found)
    else:
        print_missing(found)
        print_added(found)


@source.command("remove")
def remove(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The source's name.")], as_json: Json = False
) -> None:
    """Follow a phone system no more. Its calls stay."""
    from wallboard_tui.cli import reach
    from wallboard_tui.cli.output import print_json

    found = reach.carry_out(request("DELETE", f"/source-settings/{quote(name, safe='')}"))
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

    found: list[dict[str, Any]] = reach.carry_out(request("GET", "/doctor"))
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
