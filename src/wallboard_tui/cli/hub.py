"""Room ``cli``: a hub of this machine: made (``wallboard init``) and run (``wallboard hub``)."""

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from wallboard_tui.cli.failures import Failure, wrong_call
from wallboard_tui.cli.options import Json

T = TypeVar("T")


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command("init")(init)
    app.command("hub")(hub)


def init(
    name: Annotated[str | None, typer.Option(metavar="ORG", help="The organisation's name.")] = None,
    time_zone: Annotated[str | None, typer.Option(metavar="ZONE", help="Decides days, e.g. Europe/Dublin.")] = None,
    pack: Annotated[
        list[str] | None,
        typer.Option(metavar="PACK", help="Roles to start with: standard, justcall, nuacom, calltracks, mightycall."),
    ] = None,
    admin: Annotated[str, typer.Option(metavar="NAME", help="The first admin's short name.")] = "admin",
    as_json: Json = False,
) -> None:
    """Create the organisation and its first admin.

    Prints the one-time code with which the admin chooses a password. At a terminal it asks for what was not said.
    """
    from wallboard_tui.cli import reach
    from wallboard_tui.cli.output import print_json

    if not as_json and sys.stdin.isatty():
        name, time_zone, pack = asked(name, time_zone, pack)
    missing = [
        option for option, value in (("--name", name), ("--time-zone", time_zone), ("--pack", pack)) if not value
    ]
    if missing:
        raise wrong_call(f"Missing: {', '.join(missing)}.", "See: wallboard init --help")
    _a_name(name or "", option="--name")
    _a_name(admin, "key", "--admin")
    body = {"name": name, "time_zone": _known_zone(time_zone or ""), "packs": _known_packs(pack or []), "admin": admin}
    found = reach.carry_out(_init(body))
    if as_json:
        print_json(found)
        return
    print(f"{name} is set up. Sign in as “{found['person']}” with the one-time code {found['code']}")
    print(
        "and choose a password. The code is good once, and for a day; a new one: wallboard people code "
        + found["person"]
    )


async def _init(body: dict[str, Any]) -> dict[str, Any]:
    from wallboard_tui.cli.reach import operator

    async with operator() as hub_client:
        found: dict[str, Any] = await hub_client.request("POST", "/init", body)
        return found


def asked(name: str | None, zone: str | None, packs: list[str] | None) -> tuple[str, str, list[str]]:
    """Name, zone and packs of a new organisation: what was not said is asked for, until it makes sense."""
    from wallboard_tui.access.packs import packs as all_packs

    name = name or typer.prompt("Name of the organisation", value_proc=_asked_again(_a_name))
    zone = zone or typer.prompt("Time zone", default=_zone_here(), value_proc=_asked_again(_known_zone))
    question = f"Roles to start with ({', '.join(all_packs())})"
    split = _asked_again(lambda typed: _known_packs(typed.replace(",", " ").split()))
    return name, zone, packs or typer.prompt(question, default="standard", value_proc=split)


def _asked_again(check: Callable[[str], T]) -> Callable[[str], T]:
    """``check``, whose refusal lets the question come again."""

    def checked(typed: str) -> T:
        try:
            return check(typed)
        except Failure as error:
            raise typer.BadParameter(str(error)) from error

    return checked


def _a_name(name: str, field: str = "name", option: str = "") -> str:
    from wallboard_tui.model.names import mistake

    if wrong := mistake(field, name):
        raise wrong_call(f"{option}: {wrong[0]}" if option else wrong[0], wrong[1])
    return name


def _zone_here() -> str:
    """The zone this machine is set to, where that can be told."""
    try:
        return str(Path("/etc/localtime").resolve().relative_to("/usr/share/zoneinfo"))
    except ValueError:
        return "UTC"


def _known_zone(zone: str) -> str:
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError) as error:
        raise wrong_call(
            f"There is no time zone “{zone}”.", "Give one like Europe/Dublin or America/New_York."
        ) from error
    return zone


def _known_packs(chosen: list[str]) -> list[str]:
    from wallboard_tui.access.packs import packs as all_packs

    for each in chosen:
        if each not in all_packs():
            raise wrong_call(f"There is no pack “{each}”.", f"There are: {', '.join(all_packs())}.")
    return list(dict.fromkeys(chosen))


def hub(
    listen: Annotated[
        str | None,
        typer.Option(metavar="HOST:PORT", help="Serve terminals over TCP, too. Without it: this machine only."),
    ] = None,
    config: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Settings; default: hub.toml in its home.")
    ] = None,
    child: Annotated[bool, typer.Option("--child", hidden=True, help="End with the last terminal.")] = False,
) -> None:
    """Run the hub that terminals connect to.

    It keeps the journal, reads the sources, signs people in and feeds their terminals. Ends on SIGTERM or Ctrl+C.
    """
    from wallboard_tui.client.home import Home
    from wallboard_tui.hub.serve import serve
    from wallboard_tui.hub.settings import address_of, read_settings

    where = None if listen is None else address_of(listen)
    if listen is not None and where is None:
        raise wrong_call(f"--listen {listen} is no address.", "Write HOST:PORT, such as 0.0.0.0:8443.")
    home = Home.find().prepare()
    read = partial(read_settings, home.data, home.socket, config=config, usual=home.hub_toml, listen=where)
    serve(read(), child=child, reread=read)
