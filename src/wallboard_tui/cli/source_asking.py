"""Room ``cli``: asking somebody for what it takes to follow a phone system."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import typer

from wallboard_tui.cli.failures import Failure
from wallboard_tui.cli.source_requests import as_request, put, request, try_it
from wallboard_tui.cli.source_words import MARKS, print_found

QUEUE_LOG = Path("/var/log/asterisk/queue_log")
CDR = Path("/var/log/asterisk/cdr-csv/Master.csv")
PORT, TLS_PORT = 5038, 5039
ASKED = ("name", "host", "tls", "port", "login", "queue_log", "cdr", "cdr_zone")
TRUST, ANY = "trust", "any"
WRONG = 422
"""What the hub answers where other answers may help."""


def asked(said: dict[str, Any]) -> dict[str, Any]:
    """Ask for what was not said, try it, show it, and set it up when that is wanted; again where it failed."""
    from wallboard_tui.cli import reach
    from wallboard_tui.client.errors import HubError

    if not reach.carry_out(request("GET", "/health")).get("organisation"):
        raise Failure("not-set-up", "There is no organisation yet.", "Begin with: wallboard init")
    _introduce()
    open_ones = open_to_answers(said)
    anew = True
    while True:
        if anew:
            _ask(said, open_ones)
        print(f"\nTrying {said['host']}:{said['port']} …", flush=True)
        try:
            print_found(reach.carry_out(try_it(as_request(said))))
            break
        except HubError as error:
            if error.status != WRONG:
                raise
            anew = error.name != "many-queues"
            if not anew:
                print(f"{MARKS['warn']} {error.reason}", file=sys.stderr)
                _ask_queues(said)
                continue
            print(f"{MARKS['bad']} {error}\n", file=sys.stderr)
            if not typer.confirm("Answer again?", default=True):
                raise
    if not typer.confirm("\nSet it up like this?", default=True):
        print("Nothing was changed.")
        return {}
    return reach.carry_out(put(as_request(said)))


def open_to_answers(said: dict[str, Any]) -> set[str]:
    """What was not said with an option, and so is asked."""
    trusted = said["tls_ca"] is not None or not said["tls_verify"]
    return {field for field in ASKED if not said[field]} | (set() if trusted else {TRUST})


def _introduce() -> None:
    """What has to be there on the phone system."""
    from wallboard_tui.sources.asterisk.ami.rights import LINE, WRITE

    print("It needs an account in the phone system's manager.conf (FreePBX and Issabel:")
    print("manager_custom.conf), of this kind, and then: manager reload")
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
    if TRUST in open_ones:
        _ask_whom_to_trust(said)
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


def _ask_whom_to_trust(said: dict[str, Any]) -> None:
    """Ask for the certificate that is trusted: most phone systems have made their own."""
    typed = "-"
    if said["tls"]:
        known = str(said["tls_ca"] or "-") if said["tls_verify"] else ANY
        typed = typer.prompt(
            f"Certificate to trust (a PEM file), - for those this machine trusts, or {ANY}", default=known
        ).strip()
    said["tls_verify"] = typed != ANY
    said["tls_ca"] = None if typed in ("-", ANY) else Path(typed)


def _ask_queues(said: dict[str, Any]) -> None:
    """Ask which of very many queues to follow."""
    typed = typer.prompt("Queues to follow, with commas between them, or all")
    said["all_queues"] = typed.strip().lower() == "all"
    said["queues"] = [] if said["all_queues"] else [name.strip() for name in typed.split(",") if name.strip()]


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
