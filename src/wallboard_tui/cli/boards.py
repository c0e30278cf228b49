"""Room ``cli``: boards as files: ``wallboard board list``, ``export``, ``check``, ``import``."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wallboard_tui.cli.failures import Failure
from wallboard_tui.cli.options import AsPerson, Json
from wallboard_tui.cli.reading import text_of

if TYPE_CHECKING:
    from wallboard_tui.client.hub import HubClient
    from wallboard_tui.model.board import Board
    from wallboard_tui.reports.board_rules import Known

board = typer.Typer(help="Write, check and read boards as TOML files.", no_args_is_help=True, rich_markup_mode=None)
File = Annotated[Path, typer.Argument(metavar="FILE", help="A board file (TOML); - reads standard input.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.add_typer(board, name="board")


@board.command("list")
def list_boards(as_person: AsPerson = None, as_json: Json = False) -> None:
    """List the boards that somebody is offered, best first."""
    from wallboard_tui.cli import reach
    from wallboard_tui.cli.output import print_json, print_table

    found = reach.carry_out(_list(as_person))
    if as_json:
        print_json(found)
    elif not found:
        print("There is no board that you may see.")
    else:
        rows = [[b["key"], b["name"], str(len(b["pages"])), str(b.get("priority", 0))] for b in found]
        print_table(["board", "name", "pages", "priority"], rows, right=(2, 3))


async def _list(as_person: str | None) -> list[dict[str, Any]]:
    from wallboard_tui.cli.names import as_somebody

    async with as_somebody(as_person) as hub:
        return list(await hub.boards())


@board.command("export")
def export(
    key: Annotated[str, typer.Argument(metavar="BOARD", help="The board's key.")],
    to: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write it there. In a board file that exists, comments and order are kept."),
    ] = None,
    as_person: AsPerson = None,
    as_json: Json = False,
) -> None:
    """Write a board as a TOML file, to be edited and imported."""
    from wallboard_tui.cli import reach
    from wallboard_tui.cli.output import print_json
    from wallboard_tui.reports.boards import BoardMistakes, edited, to_toml

    found = reach.carry_out(_export(key, as_person))
    partial = bool(found.pop("partial", False))
    if partial and to and to.exists():
        raise Failure(
            "partial-board",
            f"{to} exists, and {as_person} may see only a part of board “{key}”.",
            "Choose another name.",
        )
    try:
        text = edited(to.read_text(encoding="utf-8"), found) if to and to.exists() else to_toml(found, partial=partial)
    except (BoardMistakes, UnicodeDecodeError) as error:
        raise Failure("not-toml", f"{to} exists and is no board file.", "Choose another name, or remove it.") from error
    if to:
        to.write_text(text, encoding="utf-8")
    if partial:
        print(
            f"This is what {as_person} may see of board “{key}”, and not all of it: to import it would delete the rest,"
            " and is refused.",
            file=sys.stderr,
        )
    if as_json:
        print_json({"board": found["key"], "file": str(to) if to else None, "partial": partial, "toml": text})
    elif to is None:
        sys.stdout.write(text)
    else:
        print(f"Board “{found['key']}” stands in {to}.")


async def _export(key: str, as_person: str | None) -> dict[str, Any]:
    from wallboard_tui.cli.names import as_somebody

    async with as_somebody(as_person) as hub:
        return await hub.board(key)


@board.command("check")
def check(file: File, as_json: Json = False) -> None:
    """Check a board file.

    Every mistake is named: file, line, reason, and what is allowed.
    """
    from wallboard_tui.cli import reach
    from wallboard_tui.cli.output import print_json

    found = reach.carry_out(_checked(file))
    if as_json:
        print_json({"file": str(file), "board": found.key, "mistakes": []})
    else:
        print(f"{file}: board “{found.key}” is in order.")


async def _checked(file: Path) -> "Board":
    from wallboard_tui.client.home import Home

    text = text_of(file)
    if not Home.find().journal.exists():  # nothing to compare names with: only the shape is looked at
        return _read(text, file, None)
    from wallboard_tui.cli.reach import operator

    async with operator() as hub:
        return _read(text, file, await _known(hub))


@board.command("import")
def import_board(file: File, as_person: AsPerson = None, as_json: Json = False) -> None:
    """Put a board file in place; terminals that show the board follow at once."""
    from wallboard_tui.cli import reach
    from wallboard_tui.cli.output import print_json

    found = reach.carry_out(_import(file, as_person))
    if as_json:
        print_json(found)
    else:
        print(f"Board “{found['key']}” is in place.")


async def _import(file: Path, as_person: str | None) -> dict[str, Any]:
    from wallboard_tui.cli.names import as_somebody
    from wallboard_tui.cli.reach import operator

    text = text_of(file)
    async with operator() as hub:
        known = await _known(hub)
    read = _read(text, file, known)
    async with as_somebody(as_person) as hub:
        return await hub.put_board(read.key, read.dump())


def _read(text: str, file: Path, known: "Known | None") -> "Board":
    from dataclasses import asdict

    from wallboard_tui.reports.boards import BoardMistakes, from_toml

    try:
        return from_toml(text, str(file), known)
    except BoardMistakes as error:
        several = len(error.mistakes) > 1
        for mistake in error.mistakes if several else ():
            print(mistake, file=sys.stderr)
        said = f"{file} has {len(error.mistakes)} mistakes." if several else f"{error.mistakes[0]}."
        raise Failure(
            "board-mistakes", said, "Nothing was changed.", mistakes=[asdict(m) for m in error.mistakes]
        ) from error


async def _known(hub: "HubClient") -> "Known":
    """The names that a board may use here."""
    from wallboard_tui.cli.names import names
    from wallboard_tui.client.home import Home
    from wallboard_tui.reports.board_rules import Known
    from wallboard_tui.tui.themes import folders, readable_themes

    return Known(
        queues=await names(hub, "queue"),
        teams=await names(hub, "team"),
        roles=await names(hub, "role"),
        people=await names(hub, "person"),
        themes=tuple(readable_themes(folders(Home.find().config))[0]),
    )
