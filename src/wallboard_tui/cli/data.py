"""Room ``cli``: data in, and its upkeep: ``wallboard import``, ``sources``, ``rebuild``, ``purge-cache``."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from wallboard_tui.cli.failures import Failure
from wallboard_tui.cli.options import Json, Source

importing = typer.Typer(
    help="Take files of a phone system in. Reading the same file again changes nothing.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Files = Annotated[list[Path], typer.Argument(metavar="FILE…", help="Files; compressed ones (.gz, .xz) too.")]
Zone = Annotated[
    str | None, typer.Option(metavar="ZONE", help="Time zone of times without one; default: the organisation's.")
]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.add_typer(importing, name="import")
    app.command("sources")(sources)
    app.command("rebuild")(rebuild)
    app.command("purge-cache")(purge_cache)


@importing.command("queues-conf")
def queues_conf(files: Files, source: Source, as_json: Json = False) -> None:
    """Asterisk's queues.conf: queues with their service level, members as agents."""
    _import("queues-conf", files, source, None, as_json)


@importing.command("queue-log")
def queue_log(files: Files, source: Source, zone: Zone = None, as_json: Json = False) -> None:
    """Asterisk's queue_log: calls, waits, answers, presence of agents."""
    _import("queue-log", files, source, zone, as_json)


@importing.command("cdr")
def cdr(files: Files, source: Source, zone: Zone = None, as_json: Json = False) -> None:
    """Asterisk's Master.csv: callers, numbers, outbound and internal calls."""
    _import("cdr", files, source, zone, as_json)


def _import(kind: str, files: list[Path], source: str, zone: str | None, as_json: bool) -> None:
    from wallboard_tui.cli import reach
    from wallboard_tui.cli.output import print_json

    paths, unreadable = _readable(files)
    summary: dict[str, Any] = {}
    if paths:
        body = {"kind": kind, "paths": [str(path) for path in paths], "source": source, "zone": zone}
        summary = reach.carry_out(_followed("/import", {k: v for k, v in body.items() if v is not None}, as_json))
    refusals = summary.pop("refusals", [])
    if refusals:
        summary["report"] = str(_write_report(paths[0], refusals))
    if as_json and summary:
        print_json(summary)
    elif summary:
        _print_summary(summary)
    if unreadable:
        raise unreadable[0] if len(unreadable) == 1 else _several(unreadable)


def _readable(files: list[Path]) -> tuple[list[Path], list[Failure]]:
    """Files that can be opened, as absolute paths, and what is wrong with the others."""
    from wallboard_tui.cli.failures import failure_of

    paths, unreadable = [], []
    for file in files:
        try:
            with file.open("rb"):
                paths.append(file.absolute())
        except OSError as error:
            unreadable.append(failure_of(error) or Failure("not-readable", f"{file}: it cannot be read.", ""))
    return paths, unreadable


def _several(unreadable: list[Failure]) -> Failure:
    return Failure("not-readable", " ".join(failure.reason for failure in unreadable), "Check the paths.")


async def _followed(path: str, body: dict[str, Any], as_json: bool) -> dict[str, Any]:
    """Ask for long work, show a bar, and return its last line: the summary."""
    from wallboard_tui.cli.output import progress_bar
    from wallboard_tui.cli.reach import operator

    last: dict[str, Any] = {}
    async with operator() as hub:
        with progress_bar(wanted=not as_json) as told:
            async for last in hub.progress(path, body):
                if "total" in last:
                    told(str(last.get("what", "reading")), last.get("done", 0), last["total"])
    return last


def _write_report(beside: Path, refusals: list[dict[str, Any]]) -> Path:
    """The refused lines with file, line and reason, beside the first file or, where that may not be, in the home."""
    from wallboard_tui.client.home import Home

    text = "".join(f"{each['file']}:{each['line']}: {each['reason']}\n" for each in refusals)
    name = f"{beside.name}.refused.txt"
    for directory in (beside.parent, Home.find().data):
        try:
            (directory / name).write_text(text, encoding="utf-8")
            return directory / name
        except OSError:
            continue
    raise Failure("not-writable", f"The report {name} cannot be written.", "Free some space, then import again.")


def _print_summary(summary: dict[str, Any]) -> None:
    from wallboard_tui.cli.output import counted

    took = f" in {summary['seconds']:.1f} s" if "seconds" in summary else ""
    print(
        f"{counted(summary['read'], 'line')} read{took}: {counted(summary['new'], 'document')} new or changed, ", end=""
    )
    print(f"{counted(summary['unchanged'], 'line')} unchanged, {summary['refused']:,} refused.")
    for note in summary.get("notes", []):
        print(note)
    if "report" in summary:
        print(f"What was refused, and why: {summary['report']}")


def sources(as_json: Json = False) -> None:
    """Show how each phone system is doing.

    How it is read, the newest thing it said, how many lines were refused, and what is wrong.
    """
    from wallboard_tui.cli import reach
    from wallboard_tui.cli.output import print_json, print_table

    found = reach.carry_out(_sources())
    if as_json:
        print_json(found)
    elif not found:
        print("There is no source yet. Begin with: wallboard import queue-log FILE --source pbx1")
    else:
        rows = [
            [s["key"], s["system"], s.get("mode", "imported"), _when(s.get("last_event")), str(s.get("refused", 0)),
             s.get("error", "") or "–"]
            for s in found
        ]  # fmt: skip
        print_table(["source", "system", "mode", "newest", "refused", "error"], rows, right=(4,))


async def _sources() -> list[dict[str, Any]]:
    from wallboard_tui.cli.reach import operator

    async with operator() as hub:
        found = await hub.sources()
        return list(found)


def _when(at: float | None) -> str:
    """A time on this machine's own clock."""
    return "–" if at is None else datetime.fromtimestamp(at).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def rebuild(as_json: Json = False) -> None:
    """Make the hub's view again from its journal.

    Nothing is lost by it; terminals follow by themselves.
    """
    from wallboard_tui.cli import reach
    from wallboard_tui.cli.output import counted, print_json

    found = reach.carry_out(_followed("/rebuild", {}, as_json))
    if as_json:
        print_json(found)
    else:
        print(f"The view is made again from {counted(int(found.get('documents', found.get('total', 0))), 'document')}.")


def purge_cache(as_json: Json = False) -> None:
    """Remove cached call data of this account's terminals.

    Nobody loses anything: the hub sends it again.
    """
    from wallboard_tui.cli.output import counted, print_json
    from wallboard_tui.client.home import Home

    gone = 0
    directory = Home.find().cache
    for file in sorted(directory.iterdir()) if directory.is_dir() else ():
        if file.is_file():
            file.unlink()
            gone += 1
    if as_json:
        print_json({"removed": gone})
    else:
        print(f"{counted(gone, 'file')} removed from {directory}.")
