"""Room ``cli``: data in, and its upkeep: ``wallboard import``, ``sources``, ``rebuild``, ``purge-cache``."""

import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated, Any, Self, TextIO

import typer

from wallboard_tui.cli.failures import Failure
from wallboard_tui.cli.options import Json, Source

importing = typer.Typer(
    help="Take files of a phone system in. Reading the same file again changes nothing.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Files = Annotated[list[Path], typer.Argument(metavar="FILE", help="Files; compressed ones (.gz, .xz) too.")]
Zone = Annotated[
    str | None,
    typer.Option(
        metavar="ZONE",
        help="Time zone of the rows' times; default: what their uniqueids tell, else the organisation's.",
    ),
]
FORMATS = {"queues-conf": "queues.conf", "queue-log": "queue_log", "cdr": "CDR file (Master.csv)"}
"""What can be imported → what such a file is called."""
Encoding = Annotated[
    str, typer.Option(metavar="NAME", help="How the files' text is written, e.g. latin1, where that is not UTF-8.")
]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.add_typer(importing, name="import")
    app.command("sources")(sources)
    app.command("rebuild")(rebuild)
    app.command("purge-cache")(purge_cache)


@importing.command("queues-conf")
def queues_conf(files: Files, source: Source, encoding: Encoding = "utf-8", as_json: Json = False) -> None:
    """Asterisk's queues.conf: queues with their service level, members as agents."""
    _import("queues-conf", files, source, encoding, None, as_json)


@importing.command("queue-log")
def queue_log(files: Files, source: Source, encoding: Encoding = "utf-8", as_json: Json = False) -> None:
    """Asterisk's queue_log: calls, waits, answers, presence of agents."""
    _import("queue-log", files, source, encoding, None, as_json)


@importing.command("cdr")
def cdr(files: Files, source: Source, zone: Zone = None, encoding: Encoding = "utf-8", as_json: Json = False) -> None:
    """Asterisk's Master.csv: callers, numbers, outbound and internal calls."""
    _import("cdr", files, source, encoding, zone, as_json)


def _import(kind: str, files: list[Path], source: str, encoding: str, zone: str | None, as_json: bool) -> None:
    """Take files in; those that cannot be read, or of which every line is refused, are a failure all the same."""
    from wallboard_tui.cli import reach
    from wallboard_tui.cli.output import print_json

    paths, unreadable = _readable(files)
    if not paths:
        raise _together(unreadable)
    body = {"kind": kind, "paths": [str(path) for path in paths], "source": source, "zone": zone}
    body["encoding"] = encoding
    with Report(source, paths[0].name) as report:
        work = _followed("/import", {k: v for k, v in body.items() if v is not None}, as_json, report.add)
        summary = reach.carry_out(work)
        report.close(summary.pop("refused_more", {}))
    refusals = summary.pop("refusals", [])
    if report.path is not None:
        summary["report"] = str(report.path)
    wrong = summary.pop("refused_files", ())
    failures = [*unreadable, *(_all_refused(file, kind, refusals, report.path) for file in wrong)]
    if not as_json:
        _print_summary(summary)
    elif not failures:
        print_json(summary)
    if failures:
        failure = _together(failures)
        failure.beside = summary
        raise failure


def _readable(files: list[Path]) -> tuple[list[Path], list[Failure]]:
    """Regular files that can be opened, as absolute paths, and what is wrong with the others."""
    from wallboard_tui.cli.failures import failure_of

    paths: list[Path] = []
    unreadable: list[Failure] = []
    for file in files:
        if str(file) == "-" or (file.exists() and not (file.is_file() or file.is_dir())):
            # A pipe would be waited for for ever, and its lines could not be read again.
            what = "standard input" if str(file) == "-" else str(file)
            next_step = "Write what it gives into a file, then import that."
            unreadable.append(Failure("not-a-file", f"{what}: only regular files are imported.", next_step))
            continue
        try:
            with file.open("rb"):
                paths.append(file.absolute())
        except OSError as error:
            unreadable.append(failure_of(error) or Failure("not-readable", f"{file}: it cannot be read.", ""))
    return paths, unreadable


def _all_refused(file: str, kind: str, refusals: list[dict[str, Any]], report: Path | None) -> Failure:
    first = next((each["reason"] for each in refusals if each["file"] == file), None)
    why = f", the first because: {first}" if first else ""
    next_step = f"Check that it is a {FORMATS[kind]}; {report} says why."
    return Failure("all-refused", f"{file}: every line was refused{why}.", next_step)


def _together(failures: list[Failure]) -> Failure:
    """One failure, or one that names all of them."""
    if len(failures) == 1:
        return failures[0]
    names = {failure.name for failure in failures}
    steps = dict.fromkeys(failure.next for failure in failures if failure.next)
    name = names.pop() if len(names) == 1 else "some-refused"
    return Failure(name, " ".join(failure.reason for failure in failures), " ".join(steps))


async def _followed(
    path: str, body: dict[str, Any], as_json: bool, refused: Callable[[list[dict[str, Any]]], None] | None = None
) -> dict[str, Any]:
    """Ask for long work, show a bar, hand on what is refused, and return its last line: the summary."""
    from wallboard_tui.cli.output import progress_bar
    from wallboard_tui.cli.reach import operator

    last: dict[str, Any] = {}
    async with operator() as hub:
        with progress_bar(wanted=not as_json) as told:
            async for last in hub.progress(path, body):
                if refused is not None and "total" in last:
                    refused(last.get("refusals", []))
                if "total" in last:
                    told(str(last.get("what", "reading")), last.get("done", 0), last["total"])
    return last


class Report:
    """The refused lines with file, line and reason, in a file of the home. It is made when the first line is refused;
    ``path`` is ``None`` until then. The next import of a file of that name from that source replaces it.
    """

    def __init__(self, source: str, name: str) -> None:
        self._name = f"{source}-{name}.refused.txt"
        self._file: TextIO | None = None
        self.path: Path | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, refusals: list[dict[str, Any]]) -> None:
        """Write down some more. Raises ``Failure`` when there is no room for it."""
        self._write(f"{each['file']}:{each['line']}: {each['reason']}\n" for each in refusals)

    def close(self, more: dict[str, dict[str, int]]) -> None:
        """Write down how many more there were of each reason, by file."""
        from wallboard_tui.cli.output import counted

        for file, reasons in more.items():
            self._write(f"{file}: {counted(count, 'line')} more: {reason}\n" for reason, count in reasons.items())

    def _write(self, lines: Iterable[str]) -> None:
        text = "".join(lines)
        if not text:
            return
        try:
            if self._file is None:
                self._file = self._open()
            self._file.write(text)
            self._file.flush()
        except OSError as error:
            reason = f"The report {self.path or self._name} cannot be written ({error.strerror})."
            raise Failure("not-writable", reason, "Free some space, then import again.") from error

    def _open(self) -> TextIO:
        from wallboard_tui.client.home import Home

        directory = Home.find().reports
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path = directory / self._name
        return self.path.open("w", encoding="utf-8", errors="backslashreplace")


def _print_summary(summary: dict[str, Any]) -> None:
    from wallboard_tui.cli.output import counted

    read, refused = summary["read"], summary["refused"]
    print(
        f"{counted(read, 'line')} read in {summary['seconds']:.1f} s: {read - refused:,} accepted, {refused:,} refused."
    )
    became = {name: summary[name] for name in ("new", "changed", "unchanged")}
    said = ", ".join(f"{count:,} {name}" for name, count in became.items())
    print(f"{counted(sum(became.values()), 'document')} of what they say: {said}.")
    for note in summary.get("notes", []):
        print(note)
    if "report" in summary:
        print(f"What was refused, and why: {summary['report']}")


def sources(as_json: Json = False) -> None:
    """Show how each phone system is doing.

    How it is read, how it is and since when, the newest thing it said, and below the table what is wrong or missing.
    """
    from wallboard_tui.cli import reach
    from wallboard_tui.cli.output import print_json
    from wallboard_tui.cli.source_words import print_sources

    found = reach.carry_out(_sources())
    if as_json:
        print_json(found)
    elif not found:
        print("There is no source yet. Begin with: wallboard source add asterisk")
    else:
        print_sources(found, time.time())


async def _sources() -> list[dict[str, Any]]:
    from wallboard_tui.cli.reach import operator

    async with operator() as hub:
        found = await hub.sources()
        return list(found)


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
