"""Room ``cli``: giving a team its past: ``wallboard teams adopt``, ``--with-past`` where teams are made or changed."""

from dataclasses import dataclass, replace
from typing import Annotated, Any

import typer

from wallboard_tui.cli.desk import Desk, How, changing, run, save, sitting, tell

WithPast = Annotated[
    bool, typer.Option("--with-past", help="Also add the team to the calls that are known already, as “adopt” does.")
]
Past = dict[str, Any]


@changing
def adopt(
    team: Annotated[str, typer.Argument(metavar="TEAM", help="A team's key or name.")],
    since: Annotated[
        str | None, typer.Option(metavar="DATE", help="Only what began on this day or later, e.g. 2026-11-01.")
    ] = None,
    *,
    how: How,
) -> None:
    """Give a team the past of its queues, numbers and members.

    A call keeps the teams there were when it was taken in. This adds the team to known calls, log-ins and pauses of
    what is its own today, for whoever may see the team's. Judged like making the team, and audited; not taken back.
    """
    from wallboard_tui.cli.output import print_json

    found = run(_adopt(team, since, how))
    if how.as_json:
        print_json(found)
    else:
        print(sentence(found))


async def _adopt(word: str, since: str | None, how: How) -> dict[str, Any]:
    async with sitting(how.as_person) as desk:
        key = await desk.key("team", word)
        return await adopted(desk, key, how, since=since or "")


async def adopted(desk: Desk, team: str, how: How, *, since: str = "") -> Past:
    """Give a team its past, showing a bar unless the answer is JSON; what came of it."""
    from wallboard_tui.cli.output import progress_bar
    from wallboard_tui.client.wire import quoted

    last: Past = {}
    body = {"since": since, "dry_run": how.dry_run, "note": how.note}
    with progress_bar(wanted=not how.as_json) as told:
        async for last in desk.acting.progress(f"/teams/{quoted(team)}/past", body):
            if "total" in last:
                told(str(last["what"]), last["done"], last["total"])
    return last


@dataclass(frozen=True)
class Saving:
    """How a change of a team is saved: for whom, whether at all, and whether with the team's past."""

    how: How
    with_past: bool

    async def save(self, desk: Desk, edit: Any, *, counted: bool = False) -> tuple[Any, Past | None]:
        """Save an edit of a team, then see to the team's past. ``counted``: say at least what is not covered."""
        from wallboard_tui.client.errors import HubError

        found = await save(desk, [edit], self.how)
        if self.how.dry_run or not (self.with_past or counted):
            return found, None
        if self.with_past:
            return found, await adopted(desk, edit.key, self.how)
        try:
            return found, await adopted(desk, edit.key, replace(self.how, dry_run=True))
        except HubError:  # it is saved; who may not give the team all of its past is told of none
            return found, None


def tell_both(found: Any, past: Past | None, *, as_json: bool, **more: Any) -> None:
    """What came of saving a team, and of its past."""
    tell(found, as_json=as_json, **more, **({} if past is None else {"past": past}))
    if past is not None and not as_json and (past["calls"] or past["presences"] or not past["dry_run"]):
        print(sentence(past))


def sentence(past: Past) -> str:
    """What came of giving a team its past, or what is not covered and how to add it; empty where there is none."""
    from wallboard_tui.cli.output import counted

    presences = counted(past["presences"], "log-in or pause", "log-ins and pauses")
    what = f"{counted(past['calls'], 'known call')} and {presences}"
    where = f" since {past['since']}" if past["since"] else ""
    if not past["dry_run"]:
        return f"{what}{where} carry the team “{past['team']}” now."
    since = f" --since {past['since']}" if past["since"] else ""
    if not (past["calls"] or past["presences"]):
        return f"The team “{past['team']}” has all of its past{where} already."
    return (
        f"{what}{where} of its queues, numbers and members were taken in before they were the team's, and stay out of "
        f"its sight; to add them: wallboard teams adopt {past['team']}{since}"
    )
