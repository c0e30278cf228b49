"""Room ``cli``: the organisation as a file: ``wallboard org export``, ``wallboard org apply``."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wallboard_tui.cli.desk import AsAdmin, How, changing, consequences, run, save, sitting, tell
from wallboard_tui.cli.failures import Failure, failure_of, first_of, wrong_call
from wallboard_tui.cli.options import Json
from wallboard_tui.cli.reading import text_of

if TYPE_CHECKING:
    from wallboard_tui.model.administration import Difference, Saved
    from wallboard_tui.reports.since import Clash, Documents

org = typer.Typer(
    help="The organisation as a file: people, roles, teams, queues, numbers.", no_args_is_help=True,
    rich_markup_mode=None,
)  # fmt: skip


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.add_typer(org, name="org")


@org.command("export")
def export(
    to: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it there; else to standard output.")] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(metavar="KINDS", help="Only of some kinds, e.g. teams,numbers; applying it touches nothing else."),
    ] = None,
    as_person: AsAdmin = None,
    as_json: Json = False,
) -> None:
    """Write people, roles, teams, queues and numbers as TOML. Never passwords, PINs or calls."""
    from wallboard_tui.cli.output import print_json
    from wallboard_tui.reports.organisation import to_toml

    kinds = _kinds(only)
    documents = run(_documents(as_person, kinds))
    text = to_toml(documents, kinds)
    if to is not None:
        to.write_text(text, encoding="utf-8")
    if as_json:
        print_json({"file": str(to) if to else None, "documents": len(documents), "toml": text})
    elif to is not None:
        print(f"The organisation stands in {to}.")
    else:
        sys.stdout.write(text)


def _kinds(only: list[str] | None) -> tuple[str, ...]:
    """The kinds that somebody wants; none: all. Raises ``Failure`` for what is no kind."""
    from wallboard_tui.reports.organisation import EVERY, ORDER, kinds_of

    try:
        kinds = kinds_of(only or ())
    except KeyError as error:
        every = {kind: words for words, kind in EVERY.items()}
        there = ", ".join(every.get(kind, kind) for kind in ORDER)
        raise wrong_call(f"“{error.args[0]}” is no kind to take out.", f"There are: {there}.") from error
    if only and not kinds:
        raise wrong_call("--only names nothing.", "Name what to take out, e.g. --only teams,numbers.")
    return kinds


async def _documents(as_person: str | None, kinds: tuple[str, ...]) -> Any:
    async with sitting(as_person) as desk:
        return await desk.admin.organisation(kinds)


@org.command("apply")
@changing
def apply(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="As org export writes it; - reads standard input.")],
    prune: Annotated[bool, typer.Option("--prune", help="Also remove what the file does not name.")] = False,
    base: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="The export that FILE was made from: what others changed since stays; what both changed is refused.",
        ),
    ] = None,
    *,
    how: How,
) -> None:
    """Bring the organisation to what a file says: all of it or nothing. Applied again, it changes nothing.

    With --dry-run only the difference is printed.
    """
    text, wanted = _read(file)
    began = None if base is None else _read(base)[1]
    try:
        found = run(_apply(wanted, prune, began, how))
    except Clashes as error:
        raise _clashing(error, str(file), str(base), text, wanted) from error
    except Exception as error:
        raise _pointed(error, str(file), text, wanted) from error
    if not how.as_json:
        for one in found.differences:
            for line in difference(one):
                print(line)
    _summary(found, how.as_json)


def _read(file: Path) -> "tuple[str, Documents]":
    """A file's text and the documents in it. Raises ``Failure`` naming everything that is wrong."""
    from wallboard_tui.reports.organisation import OrganisationMistakes, from_toml

    text = text_of(file)
    try:
        return text, from_toml(text, str(file))
    except OrganisationMistakes as error:
        found = Failure(
            "organisation-mistake", f"{error}{_end(str(error))}", "Nothing was changed.", mistakes=list(error.mistakes)
        )
        if len(error.mistakes) > 1:
            found.lines = tuple(first_of(f"{one}{_end(one)}" for one in error.mistakes))
        raise found from error


class Clashes(Exception):
    """What a file changes, and others changed since the export that it was made from."""

    def __init__(self, clashes: "list[Clash]") -> None:
        super().__init__("somebody else changed the same")
        self.clashes = clashes


def _clashing(error: Clashes, file: str, base: str, text: str, wanted: "Documents") -> Failure:
    """Each of them, with the line at which it stands in the file."""
    from wallboard_tui.reports.organisation import Places

    places = Places(text, wanted)
    said = []
    for kind, key, fields in error.clashes:
        what = ", ".join(fields) if fields else "it is new, or gone"
        line = places.line(f"{kind} {key}", " ".join(fields))
        said.append(f"{_place(file, [line])}: {kind} {key}: somebody else changed it since {base} ({what}).")
    found = Failure("conflict", " ".join(said), "Nothing was changed. Export again, and put your change into that.")
    found.lines = tuple(first_of(said))
    return found


def _pointed(error: Exception, file: str, text: str, wanted: Any) -> Exception:
    """What a hub says of a file's documents, with the line of each; another error as it is."""
    from wallboard_tui.reports.organisation import Places

    failure = failure_of(error)
    more = getattr(error, "details", None) or (failure.more if failure else {})
    if failure is None or not (findings := more.get("findings")):
        return error
    places = Places(text, wanted)
    alike: dict[str, list[int | None]] = {}
    for one in findings:
        sentence = f"refused ({one['rule']}): {one['reason']} {one['next']}"
        alike.setdefault(sentence, []).append(places.line(one["about"], one["reason"]))
    said = first_of(f"{_place(file, lines)}: {sentence}" for sentence, lines in alike.items())
    found = Failure(failure.name, "\n".join(said), "Nothing was changed.", status=failure.status, **more)
    found.lines = tuple(said)
    return found


def _place(file: str, lines: "list[int | None]") -> str:
    """Where something stands; of what is wrong in many places alike, the first, and how many more there are."""
    first = f"{file}, line {lines[0]}" if lines[0] else file
    more = len(lines) - 1
    return first + (f", and in {more} more {'place' if more == 1 else 'places'}" if more else "")


def _end(sentence: str) -> str:
    """What ends a sentence that may ask something."""
    return "" if sentence.endswith("?") else "."


def _summary(found: "Saved", as_json: bool) -> None:
    if as_json or not found.differences:
        tell(found, as_json=as_json)
        return
    for line in consequences(found):
        print(line)
    changes = f"{len(found.differences):,} changed, {found.unchanged:,} as they were"
    print(f"Nothing was saved: {changes.replace('changed', 'would change', 1)}." if found.dry_run else f"{changes}.")


async def _apply(wanted: "Documents", prune: bool, base: "Documents | None", how: How) -> Any:
    from wallboard_tui.reports.organisation import as_written, edits
    from wallboard_tui.reports.since import since

    async with sitting(how.as_person) as desk:
        if base is not None:
            kinds = sorted({kind for kind, _ in (*base, *wanted)})
            revisions = await desk.revisions(kinds)
            stands = as_written(await desk.admin.organisation(kinds))
            found, clashes = since(base, wanted, stands, prune=prune)
            if clashes:
                raise Clashes(clashes)
            made = [one.model_copy(update={"revision": revisions.get((one.kind, one.key))}) for one in found]
            return await save(desk, made, how)
        there = await desk.admin.organisation(sorted({kind for kind, _ in wanted})) if prune else []
        return await save(desk, edits(wanted, there, prune=prune), how)


def difference(one: "Difference") -> list[str]:
    """A changed document in lines: ``+`` new, ``-`` gone, ``~`` changed, with each field."""
    about = f"{one.kind} {one.key}"
    if one.before is None or one.after is None:
        sign, doc = ("+", one.after) if one.before is None else ("-", one.before)
        return [f"{sign} {about}: {(doc or {}).get('name', '')}".rstrip(": ")]
    lines = [f"    {name}: {said(one.before.get(name))} → {said(value)}" for name, value in one.after.items()]
    return [f"~ {about}", *lines]


def said(value: Any) -> str:
    """A field's value in a line."""
    if value in (None, "", [], (), {}):
        return "–"
    if isinstance(value, list | tuple):
        return ", ".join(str(one) for one in value)
    if isinstance(value, dict):
        return "; ".join(f"{name} {said(one)}" for name, one in value.items())
    return str(value)
