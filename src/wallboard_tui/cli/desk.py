"""Room ``cli``: where commands that administer access sit: names to keys, edits saved, and what came of it printed."""

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import wraps
from inspect import Parameter, Signature, signature
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wallboard_tui.cli.failures import Failure, failure_of, wrong_call
from wallboard_tui.cli.options import Json

if TYPE_CHECKING:
    from wallboard_tui.client.hub import HubClient
    from wallboard_tui.model.administration import Edit, Saved

AsAdmin = Annotated[
    str | None,
    typer.Option("--as", metavar="PERSON", help="Act with this person's rights. Without it: as operator."),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what it would mean; nothing is saved.")]
Note = Annotated[str, typer.Option("--note", metavar="TEXT", help="Why; kept in the audit trail.")]
Confirm = Annotated[bool, typer.Option("--yes", help="Go ahead although somebody loses something by it.")]

PRESETS = {
    "all": ("ALL",), "personal": ("SELF",), "workgroup": ("OWN_TEAMS", "SELF"), "managed": ("MANAGED",),
    "entities": ("GRANTED",), "self": ("SELF",),
}  # fmt: skip
"""Words for scopes, as the products use them."""
_ATOMS = {"queue": "queue", "number": "number", "team": "team", "person": "person", "agent": "agent", "ext": ""}
_DIRECTIONS = ("inbound", "outbound", "internal")


@dataclass(frozen=True)
class How:
    """How a change is to be made: in whose name, whether at all, why, and in which form it is answered."""

    as_person: str | None = None
    dry_run: bool = False
    note: str = ""
    as_json: bool = False


AT_ONCE = How()
"""As operator, saved, without a word."""
_HOW = {"as_person": AsAdmin, "dry_run": DryRun, "note": Note, "as_json": Json}


def changing(command: Callable[..., None]) -> Callable[..., None]:
    """A command that changes something: its ``how`` is what the options say that all of them have, last of all."""
    own = [each for each in signature(command).parameters.values() if each.name != "how"]
    options = [
        Parameter(name, Parameter.POSITIONAL_OR_KEYWORD, default=getattr(AT_ONCE, name), annotation=annotation)
        for name, annotation in _HOW.items()
    ]

    @wraps(command)
    def called(**said: Any) -> None:
        how = How(**{name: said.pop(name) for name in _HOW})
        command(**said, how=how)

    every = [*own, *options]
    called.__signature__ = Signature(every)  # type: ignore[attr-defined]
    called.__annotations__ = {each.name: each.annotation for each in every}
    return called


@dataclass(frozen=True)
class Opened:
    """A document that is changed by what stands in it, and the revision at which it was read."""

    kind: str
    doc: dict[str, Any]
    revision: int

    def edit(self, **fields: Any) -> "Edit":
        """An edit of some fields, which holds only as long as nobody else has changed the document."""
        return edit(self.kind, self.doc["key"], set=fields, revision=self.revision)


class Desk:
    """One person's, or the operator's, place to administer access."""

    def __init__(self, operator: "HubClient", acting: "HubClient") -> None:
        from wallboard_tui.client.administration import Administration

        self.operator = operator
        self.acting = acting
        self.admin: Administration = Administration(acting)
        self._documents: dict[str, dict[str, dict[str, Any]]] = {}

    async def documents(self, kind: str) -> dict[str, dict[str, Any]]:
        """Documents of a kind by key."""
        from wallboard_tui.cli.names import documents

        if kind not in self._documents:
            self._documents[kind] = await documents(self.operator, kind)
        return self._documents[kind]

    async def key(self, kind: str, word: str) -> str:
        """The key that somebody typed, or its beginning, or a name. Raises ``Failure``."""
        from wallboard_tui.cli.names import called, meant

        return meant(word, called(await self.documents(kind)), kind)

    async def keys(self, kind: str, words: Iterable[str]) -> list[str]:
        """Keys of several, in their order; an empty word stands for none at all."""
        return [await self.key(kind, word) for word in words if word]

    async def document(self, kind: str, word: str) -> dict[str, Any]:
        """The document that somebody named."""
        return (await self.documents(kind))[await self.key(kind, word)]

    async def revisions(self, kinds: Iterable[str]) -> dict[tuple[str, str], int]:
        """At which revision each document of some kinds stands."""
        return {(kind, key): one.revision for kind in kinds for key, one in (await self._openings(kind)).items()}

    async def opened(self, kind: str, word: str) -> Opened:
        """The document that somebody named, to be changed as it stands: refused if somebody else changes it first."""
        (found,) = await self.all_opened(kind, (word,))
        return found

    async def all_opened(self, kind: str, words: Iterable[str]) -> list[Opened]:
        """The documents that somebody named, read at once."""
        keys = [await self.key(kind, word) for word in words]
        found = await self._openings(kind)
        gone = next((key for key in keys if key not in found), None)
        if gone is not None:
            raise Failure("not-found", f"There is no {kind} “{gone}” any more.", "Look at the list.")
        return [found[key] for key in keys]

    async def _openings(self, kind: str) -> dict[str, Opened]:
        """Every document of a kind as it stands now, by key."""
        rows = await self.operator.request("GET", f"/documents/{kind}", params={"revisions": True})
        return {row["doc"]["key"]: Opened(kind, row["doc"], row["revision"]) for row in rows}

    async def scope(self, words: Iterable[str]) -> list[str]:
        """Atoms of a scope from words: ``all``, ``personal``, ``queue:Sales``, ``team:North/inbound``, ``MANAGED``."""
        found: dict[str, None] = {}
        for word in words:
            bare, slash, way = word.rpartition("/")
            if not slash or way not in _DIRECTIONS:
                bare, way = word, ""
            for atom in await self._atoms(bare):
                found[f"{atom}/{way}" if way else atom] = None
        return list(found)

    async def _atoms(self, word: str) -> Sequence[str]:
        if word.casefold() in PRESETS:
            return PRESETS[word.casefold()]
        kind, colon, name = word.partition(":")
        if colon and _ATOMS.get(kind):
            return (f"{kind}:{await self.key(_ATOMS[kind], name)}",)
        return (word,)


@asynccontextmanager
async def sitting(as_person: str | None) -> AsyncIterator[Desk]:
    """A desk for the operator, or for a person on whose behalf they act."""
    from wallboard_tui.cli.names import as_somebody
    from wallboard_tui.cli.reach import operator

    async with operator() as hub, as_somebody(as_person) as acting:
        yield Desk(hub, acting)


async def save(desk: Desk, edits: "Sequence[Edit]", how: How = AT_ONCE) -> "Saved":
    """Save edits. A dry run of what would be refused fails as saving would; where there are none nothing is asked."""
    if not edits:  # a file in which nothing was changed; to a hub a set of no changes is a mistake
        from wallboard_tui.model.administration import Saved

        return Saved(policy=(await desk.acting.me()).policy, dry_run=how.dry_run)
    found = await desk.admin.change(edits, dry_run=how.dry_run, note=how.note)
    if found.refused:
        first = found.refused[0]
        findings = [one.model_dump(mode="json") for one in found.refused]
        raise Failure(first.rule, first.reason, first.next, findings=findings)
    return found


async def removed(kind: Any, word: str, confirm: bool, how: How, instead: str | None = None) -> "Saved":
    """Remove the thing that somebody named. ``confirm``: although somebody loses something by it, which a dry run only
    says; ``instead``: the role that people of a removed role get.
    """
    async with sitting(how.as_person) as desk:
        other = await desk.key("role", instead) if instead else None
        wanted = edit(kind, await desk.key(kind, word), remove=True, instead=other, confirm=confirm or how.dry_run)
        try:
            return await save(desk, [wanted], how)
        except Exception as error:
            option = "--instead ROLE" if kind == "role" and not instead else "--yes"
            raise _in_use(error, option) from error


def _in_use(error: Exception, option: str) -> Exception:
    """A removal that the rule ``in-use`` stopped, with the option by which it goes on; another error as it is."""
    failure = failure_of(error)
    if failure is None or failure.name != "in-use":
        return error
    step = f"To remove it all the same, say {option}."
    findings = [{**one, "next": step} for one in failure.more.get("findings", ())]
    return Failure(failure.name, failure.reason, step, **{**failure.more, "findings": findings})


def edit(kind: Any, key: str, **given: Any) -> "Edit":
    """One edit."""
    from wallboard_tui.model.administration import Edit

    return Edit(kind=kind, key=key, **given)


def tell(found: "Saved", *, as_json: bool, **more: Any) -> None:
    """What came of it: for people in sentences, for scripts as JSON, with ``more`` beside it."""
    from wallboard_tui.cli.output import print_json

    if as_json:
        print_json({**found.model_dump(mode="json"), **more})
        return
    changed = ", ".join(f"{one.kind} {one.key}" for one in found.applied[:12])
    done = "Removed" if any(one.after is None for one in found.differences) else "Saved"
    beyond = f" and {len(found.applied) - 12} more" if len(found.applied) > 12 else ""
    if found.dry_run:
        print(f"Nothing was saved. It would change: {changed or 'nothing'}{beyond}.")
    else:
        print(f"{done}: {changed}{beyond}." if changed else "Nothing changed: it stands so already.")
    for line in consequences(found):
        print(f"  {line}")


def consequences(found: "Saved") -> list[str]:
    """What a change means: to whom what, what is suspended by it, and what the rules warn of."""
    told = "would be told" if found.dry_run else "is told"
    said: list[str] = []
    for effect in found.effects:
        said.append(f"{effect.name} {told}: {effect.sentence}")
        for sign, every in (("+", effect.every_gained), ("-", effect.every_lost)):
            # What the notice cuts short is said in full: whoever decides about it is to know all of it.
            said += [f"  {sign} {one}" for one in every if one not in effect.sentence]
    said += found.suspended
    return said + [f"{one.severity} ({one.rule}): {one.reason} {one.next}" for one in found.warnings]


def given(**fields: Any) -> dict[str, Any]:
    """Fields that were said on the command line; an empty text takes a value away. Raises when there are none."""
    said = {name: (None if value == "" else value) for name, value in fields.items() if value is not None}
    if not said:
        raise wrong_call("Nothing to change was said.", "Give at least one option; see --help.")
    return said


def run(work: Any) -> Any:
    """Carry a command's body out."""
    try:
        from wallboard_tui.cli import reach

        return reach.carry_out(work)
    finally:
        work.close()  # Ctrl+C while this is imported: Python would complain that the work was never begun
