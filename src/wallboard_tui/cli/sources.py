"""Room ``cli``: live phone systems: ``wallboard source add|remove``, and ``wallboard doctor``."""

import asyncio
import os
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

import typer

from wallboard_tui.cli.failures import Failure, wrong_call
from wallboard_tui.cli.options import Json

source = typer.Typer(help="Follow a phone system live, or no more.", no_args_is_help=True, rich_markup_mode=None)
adding = typer.Typer(help="Follow one more phone system.", no_args_is_help=True, rich_markup_mode=None)
source.add_typer(adding, name="add")

QUEUE_LOG = Path("/var/log/asterisk/queue_log")
CDR = Path("/var/log/asterisk/cdr-csv/Master.csv")
PORT, TLS_PORT = 5038, 5039
ASKED = ("name", "host", "tls", "port", "login", "queue_log", "cdr", "cdr_zone")
WRONG = 422
"""What the hub answers where other answers may help."""
LONGEST = 12
"""Rows of a list; the rest is counted."""
LEVELS = {"ok": "✓", "warn": "!", "alert": "✗"}
LOOK_S, MOST_LOOKS = 0.05, 400
"""How often, and how many times, it is looked whether a hub that was asked to end has ended."""
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
        found = _asked(said)
    else:
        missing = [f"--{field}" for field in ("name", "host", "login") if not said[field]]
        if missing:
            raise wrong_call(f"Missing: {', '.join(missing)}.", "See: wallboard source add asterisk --help")
        if not yes:
            raise wrong_call("Not at a terminal nobody can be asked.", "Agree with --yes.")
        said["port"] = said["port"] or (TLS_PORT if said["tls"] else PORT)
        found = reach.carry_out(_put(_as_json(said)))
        if not as_json:
            print_found(found)
    if as_json:
        print_json(found)
    elif found:
        _print_added(found)


def _asked(said: dict[str, Any]) -> dict[str, Any]:
    """Ask for what was not said, try it, show it, and set it up when that is wanted; again where it failed."""
    from wallboard_tui.cli import reach
    from wallboard_tui.client.errors import HubError

    if not reach.carry_out(_request("GET", "/health")).get("organisation"):
        raise Failure("not-set-up", "There is no organisation yet.", "Begin with: wallboard init")
    _introduce()
    open_ones = {field for field in ASKED if not said[field]}
    while True:
        _ask(said, open_ones)
        print(f"\nTrying {said['host']}:{said['port']} …", flush=True)
        try:
            print_found(reach.carry_out(_try(_as_json(said))))
            break
        except HubError as error:
            if error.status != WRONG:
                raise
            print(f"{MARKS['bad']} {error}\n", file=sys.stderr)
            if not typer.confirm("Answer again?", default=True):
                raise
    if not typer.confirm("\nSet it up like this?", default=True):
        print("Nothing was changed.")
        return {}
    return reach.carry_out(_put(_as_json(said)))


def _introduce() -> None:
    """What has to be there on the phone system."""
    from wallboard_tui.sources.asterisk.ami.rights import LINE, WRITE

    print("It needs an account in manager.conf of the phone system, of this kind, and then: manager reload")
    for line in ("[wallboard]", "secret = SOMETHING LONG", LINE, WRITE):
        print(f"    {line}")
    print("Nothing is kept before you agree.\n")


def _ask(said: dict[str, Any], open_ones: set[str]) -> None:
    """Ask for what was not said with an option; what was answered before is offered again."""

    def ask(field: str, question: str, usual: Any, check: Callable[[Any], Any] = str) -> None:
        if field in open_ones:
            said[field] = typer.prompt(question, default=said[field] or usual, value_proc=check)

    ask("name", "What to call it", "pbx1", _a_name)
    ask("host", "Host of its manager interface (AMI)", "127.0.0.1")
    if "tls" in open_ones:
        said["tls"] = typer.confirm("Does it speak TLS there?", default=bool(said["tls"]))
        if said["tls"] and "port" in open_ones and said["port"] == PORT:
            said["port"] = None
    ask("port", "Port", TLS_PORT if said["tls"] else PORT, _a_port)
    ask("login", "Login (its section in manager.conf)", "wallboard")
    if not said["secret_env"] and not said["secret_file"]:
        said["secret"] = typer.prompt("Secret (is not shown)", hide_input=True)
    for field, usual, thing in (("queue_log", QUEUE_LOG, "queue_log"), ("cdr", CDR, "CDR file (Master.csv)")):
        if field in open_ones:
            known = said[field] or (usual if usual.exists() else "-")
            typed = typer.prompt(f"Path of its {thing}, - for none", default=str(known)).strip()
            said[field] = None if typed == "-" else Path(typed)
    if said["cdr"] is not None:
        ask("cdr_zone", "Time zone of the CDR's times, - for what they tell", "-", _a_zone)


def _a_name(typed: str) -> str:
    from wallboard_tui.hub.settings import check_source_name

    return _asked_again(check_source_name, typed)


def _a_zone(typed: str) -> str | None:
    from wallboard_tui.hub.settings import check_zone

    return None if typed == "-" else _asked_again(check_zone, typed)


def _asked_again(check: Callable[[str], None], typed: str) -> str:
    """What was typed. Raises what makes the question come again, with the hub's own words for what is wrong."""
    from wallboard_tui.hub.errors import HubError

    try:
        check(typed)
    except HubError as error:
        raise typer.BadParameter(f"{error.reason} {error.next}") from error
    return typed


def _a_port(typed: str | int) -> int:
    if not str(typed).isdecimal() or not 0 < int(typed) < 65536:
        raise typer.BadParameter(f"{typed} is no port. Type a number from 1 to 65535.")
    return int(typed)


def _as_json(said: dict[str, Any]) -> dict[str, Any]:
    """The request, with absolute paths."""
    body = {
        key: str(value.expanduser().absolute()) if isinstance(value, Path) else value for key, value in said.items()
    }
    return {key: value for key, value in body.items() if value is not None}


async def _try(body: dict[str, Any]) -> dict[str, Any]:
    return await _with_secret("POST", "/source-trials", body)


async def _put(body: dict[str, Any]) -> dict[str, Any]:
    return await _with_secret("PUT", f"/source-settings/{quote(body['name'], safe='')}", body)


async def _with_secret(method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """Ask the hub. One that an earlier command left, without the variable that this command has, makes way for one
    that has it; a service stays as it is.
    """
    from wallboard_tui.client.errors import HubError

    try:
        return dict(await _request(method, path, body))
    except HubError as error:
        known_here = bool(os.environ.get(body.get("secret_env") or ""))
        if error.name != "ami-no-secret" or not known_here or not await _made_way():
            raise
    return dict(await _request(method, path, body))


async def _made_way() -> bool:
    """Whether the hub of a command has ended, as it was asked to."""
    from wallboard_tui.client.child import answers
    from wallboard_tui.client.errors import HubError
    from wallboard_tui.client.home import Home

    try:
        await _request("POST", "/hand-over")
    except HubError:
        return False
    home = Home.find()
    for _ in range(MOST_LOOKS):
        if not await answers(home):
            return True
        await asyncio.sleep(LOOK_S)
    return False


def print_found(found: dict[str, Any]) -> None:
    """What was seen of the phone system, and what would be made of it: no list longer than a screen has room for."""
    system = f", {found['system_name']}" if found["system_name"] else ""
    ahead = found["clock_ahead_s"]
    clock = "" if ahead is None else f" Its clock and ours are {abs(ahead):.1f} s apart."
    print(f"{MARKS['ok']} {found['version']}{system}.{clock}")
    for one in found["advice"]:
        print(f"{MARKS['warn']} {one['what']}: {one['why']}")
        if one["line"]:
            print(f"    In manager.conf, section [{one['section']}], then: manager reload\n      {one['line']}")
    if found["untold"]:
        print(f"{MARKS['warn']} {found['untold']}")
    for check in found["files"]:
        print(f"{MARKS['warn' if check['next'] or check['notes'] else 'ok']} {check['says']} {check['next']}".rstrip())
        for note in check["notes"]:
            print(f"    {note}")
    if not any(check["which"] == "queue_log" for check in found["files"]):
        print(f"{MARKS['warn']} No queue_log: why callers left stays unknown, and a lost line leaves a gap.")
    _print_queues(found["queues"])
    _print_proposal(found["proposal"])


def _print_queues(queues: list[dict[str, Any]]) -> None:
    from wallboard_tui.cli.output import counted, print_table

    if not queues:
        print("\nNo queue is seen. See queues.conf, and what the account may read.")
        return
    print(f"\n{counted(len(queues), 'queue')}:")
    rows = [
        [f"  {queue['name']}", str(len(queue["members"])), str(queue["waiting"]), _seconds(queue["service_level_s"])]
        for queue in queues[:LONGEST]
    ]
    print_table(["  queue", "agents", "waiting", "service level"], rows, right=(1, 2, 3))
    _print_rest(len(queues))


def _print_proposal(proposed: dict[str, Any]) -> None:
    from wallboard_tui.cli.output import counted

    new, linked, left = proposed["people"], proposed["linked"], proposed["left"]
    if new:
        print(f"\n{counted(len(new), 'new person', 'new people')}, role {new[0]['role']}:")
        for person in new[:LONGEST]:
            extension = f", extension {person['extension']}" if person.get("extension") else ""
            print(f"  + {person['name']} ({person['key']}){extension}")
        _print_rest(len(new))
    if linked:
        print(f"\n{counted(len(linked), 'person', 'people')} of yours, by the name:")
        for person in linked[:LONGEST]:
            print(f"  = {person['name']} ({person['key']})")
        _print_rest(len(linked))
    if proposed["known"]:
        print(f"\n{counted(len(proposed['known']), 'person', 'people')} known already.")
    if left:
        print(f"\n{counted(len(left), 'agent')} without a person:")
        for agent, reason in list(left.items())[:LONGEST]:
            print(f"  {agent.split(':', 2)[-1]}: {reason}")
        _print_rest(len(left))


def _print_rest(count: int) -> None:
    if count > LONGEST:
        print(f"  and {count - LONGEST} more")


def _seconds(value: float | None) -> str:
    return "–" if value is None else f"{value:g} s"


def _print_added(found: dict[str, Any]) -> None:
    from wallboard_tui.cli.output import counted

    health = found["health"]
    up = health.get("links", {}).get("ami") == "up"
    queues = counted(len(found["queues"]), "queue")
    state = "is followed" if up else "is set up, and its line is not up yet"
    print(f"\n{MARKS['ok' if up else 'warn']} {found['source']} {state}: {queues}. {health.get('error', '')}".rstrip())
    print(f"Its settings: {found['settings']}. To check it again: wallboard doctor. To look: wallboard")
    if not found["lasting"]:
        print("The hub ends with the last terminal; to follow it all day, run it as a service: wallboard hub")


@source.command("remove")
def remove(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The source's name.")], as_json: Json = False
) -> None:
    """Follow a phone system no more. Its calls stay."""
    from wallboard_tui.cli import reach
    from wallboard_tui.cli.output import print_json

    found = reach.carry_out(_request("DELETE", f"/source-settings/{quote(name, safe='')}"))
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


async def _request(method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    from wallboard_tui.cli.reach import operator

    async with operator() as hub:
        return await hub.request(method, path, body)


def print_sources(found: list[dict[str, Any]], now: float) -> None:
    """How each source is doing, the worst first; below that what is wrong, and which stretches were not seen.

    Times are of this machine's own clock.
    """
    from wallboard_tui.cli.output import counted, print_table
    from wallboard_tui.view.health import LINKS, gaps_of, states

    by_name = {doc["key"]: doc for doc in found}
    midnight = datetime.fromtimestamp(now).astimezone().replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
    each = [(state, by_name[state.source]) for state in states(by_name, midnight)]
    rows = [
        [
            f"{LEVELS[state.level]} {state.source}", doc["system"], state.word, when(state.since),
            ", ".join(f"{LINKS.get(link, link)} {how}" for link, how in (doc.get("links") or {}).items()) or "–",
            when(doc.get("last_event")), _number(doc.get("lag_s"), " s"), _number(doc.get("events_per_s")),
            str(len(gaps_of(doc))), str(doc.get("refused", 0) + doc.get("malformed", 0)),
        ]
        for state, doc in each
    ]  # fmt: skip
    headings = ["source", "system", "state", "since", "read by", "newest", "lag", "events/s", "gaps", "refused"]
    print_table(headings, rows, right=(6, 7, 8, 9))
    for state, doc in each:
        errors = doc.get("errors") or ({"": doc["error"]} if doc.get("error") else {})
        for link, sentence in errors.items():
            print(f"{state.source}{' ' if link else ''}{LINKS.get(link, link)}: {sentence}")
        for gap in gaps_of(doc):
            end = "now" if gap.end is None else when(gap.end)
            told = " and ".join(LINKS.get(one, one) for one in gap.told_by)
            says = "it goes on." if gap.end is None else (
                f"what happened then was told by {told}." if told else
                "figures of that time are incomplete; queue_log or CDR would close it."
            )  # fmt: skip
            print(f"{state.source} was not heard from {when(gap.start)} to {end}: {says}")
    ill = sum(state.level != "ok" for state, _ in each)
    if ill:
        print(f"{counted(ill, 'source')} not well. To try everything again: wallboard doctor")


def when(at: float | None) -> str:
    """A time on this machine's own clock."""
    return "–" if at is None else datetime.fromtimestamp(at).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def _number(value: float | None, unit: str = "") -> str:
    return "–" if value is None else f"{value:.1f}{unit}"
