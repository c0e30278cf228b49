"""Room ``cli``: who may do what, and who did what: ``wallboard access review|decide``, ``wallboard audit``."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from wallboard_tui.cli.desk import AsAdmin, run, sitting
from wallboard_tui.cli.options import Json
from wallboard_tui.cli.organisation import said
from wallboard_tui.model.security import by_whom

PAGE = 1000
"""Entries of the audit trail that are asked for at once."""
access = typer.Typer(help="The access review.", no_args_is_help=True, rich_markup_mode=None)


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.add_typer(access, name="access")
    app.command("audit")(audit)


@access.command("review")
def review(
    overdue: Annotated[bool, typer.Option("--overdue", help="Only what is to be looked at again.")] = False,
    export: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write it as CSV; as JSON where its name ends in .json.")
    ] = None,
    as_person: AsAdmin = None,
    as_json: Json = False,
) -> None:
    """Who holds each sensitive permission: through what, since when, given by whom, last used, and what was decided."""
    from wallboard_tui.cli.output import print_json, print_table
    from wallboard_tui.reports.access_review import write

    review, zone = run(_review(overdue, as_person))
    if export is not None:
        write(review, export, zone)
    found = review.model_dump(mode="json")
    rows = [_row(one) for one in found["rows"]]
    if as_json:
        print_json(found)
    elif export is not None:
        print(f"The review stands in {export}: {len(rows)} rows.")
    elif not rows:
        print("Nothing is overdue." if overdue else "Nobody holds a sensitive permission.")
    else:
        print_table(COLUMNS, rows)


COLUMNS = ["person", "permission", "for", "through", "since", "given by", "last used", "decided", "due"]


def _row(one: dict[str, Any]) -> list[str]:
    decided = (
        f"{one['decided']} by {by_whom(one['decided_by'])} on {_day(one['decided_at'])}" if one["decided"] else "–"
    )
    due = _day(one["due"]) + (" overdue" if one["overdue"] else "")
    return [
        one["name"], f"{one['title']} ({one['level']})", one["words"] or "–", "; ".join(one["through"]),
        _day(one["since"]), by_whom(one["given_by"]) or "–", _day(one["last_used"]), decided, due,
    ]  # fmt: skip


def _day(at: float | None) -> str:
    return "–" if at is None else datetime.fromtimestamp(at).astimezone().strftime("%Y-%m-%d")


async def _review(overdue: bool, as_person: str | None) -> Any:
    """The review, and the organisation's time zone."""
    async with sitting(as_person) as desk:
        found = await desk.admin.review(overdue=overdue)
        organisation = next(iter((await desk.documents("organisation")).values()), {})
        return found, organisation.get("time_zone", "UTC")


@access.command("decide")
def decide(
    person: Annotated[str, typer.Argument(metavar="PERSON")],
    permission: Annotated[
        str, typer.Argument(metavar="PERMISSION", help="As the review names it, or its key: export.")
    ],
    decision: Annotated[Literal["keep", "remove"], typer.Argument(metavar="keep|remove")],
    note: Annotated[str, typer.Option(metavar="TEXT", help="Why.")] = "",
    as_person: AsAdmin = None,
    as_json: Json = False,
) -> None:
    """Record that somebody keeps a sensitive permission, or is to lose it."""
    from wallboard_tui.cli.output import print_json

    found = run(_decide(person, permission, decision, note, as_person)).model_dump(mode="json")
    if as_json:
        print_json(found)
        return
    kept = "keeps" if decision == "keep" else "is to lose"
    print(f"{found['name']} {kept} “{found['title']}”. The review asks again on {_day(found['due'])}.")
    if decision == "remove":
        print(f"Until somebody takes it away they have it through {', '.join(found['through'])}.")


async def _decide(word: str, permission: str, decision: Any, note: str, as_person: str | None) -> Any:
    from wallboard_tui.cli.failures import Failure
    from wallboard_tui.cli.names import meant

    async with sitting(as_person) as desk:
        key = await desk.key("person", word)
        held = {row.permission: row.title for row in (await desk.admin.review()).rows if row.person == key}
        try:
            wanted = meant(permission, held, "permission")
        except Failure as error:
            # What they do not hold is for the hub to say.
            if error.name != "not-found":
                raise
            wanted = permission
        return await desk.admin.decide(key, wanted, decision, note)


def audit(
    limit: Annotated[int, typer.Option(metavar="N", min=1, help="So many, newest first.")] = 50,
    by: Annotated[str, typer.Option(metavar="PERSON", help="Only what this person did.")] = "",
    target: Annotated[str, typer.Option(metavar="KEY", help="Only what was done to this.")] = "",
    act: Annotated[str, typer.Option(metavar="ACT", help="Only acts like role, person.changed, sign-in.")] = "",
    refused: Annotated[bool, typer.Option("--refused", help="Only refused attempts.")] = False,
    as_person: AsAdmin = None,
    as_json: Json = False,
) -> None:
    """Who did what: every change and every refused attempt, with what stood before and after."""
    from wallboard_tui.cli.output import print_json

    found = [one.model_dump(mode="json") for one in run(_audit(limit, by, target, act, refused, as_person))]
    if as_json:
        print_json(found)
        return
    for one in found:
        print("  ".join(_entry(one)))
    if not found:
        print("Nothing in the audit trail fits." + (" Who there is: wallboard people list." if by else ""))


async def _audit(limit: int, by: str, target: str, act: str, refused: bool, as_person: str | None) -> Any:
    allowed = False if refused else None
    found: list[Any] = []
    async with sitting(as_person) as desk:
        while len(found) < limit:
            size, last = min(PAGE, limit - len(found)), found[-1].key if found else ""
            page = await desk.admin.audit(limit=size, older_than=last, by=by, target=target, act=act, allowed=allowed)
            found += page
            if len(page) < size:
                break
    return found


def _entry(one: dict[str, Any]) -> list[str]:
    at = datetime.fromtimestamp(one["at"]).astimezone().strftime("%Y-%m-%d %H:%M:%S")
    before, after = one["before"] or {}, one["after"] or {}
    fields = [f"{name}: {said(before.get(name))} → {said(after.get(name))}" for name in {**before, **after}]
    act = one["act"] if one["allowed"] else f"refused {one['act']}"
    words = [at, one["by"] or "–", act, one["target"] or "–"]
    words += ["; ".join(fields)] if fields else []
    return [*words, one["note"]] if one["note"] else words
