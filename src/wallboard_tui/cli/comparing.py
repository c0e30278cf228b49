"""Room ``cli``: two roles side by side: ``wallboard roles compare``."""

from typing import Annotated, Any

import typer

from wallboard_tui.cli.desk import AsAdmin, run, sitting
from wallboard_tui.cli.options import Json


def compare(
    one: Annotated[str, typer.Argument(metavar="ROLE")],
    other: Annotated[str, typer.Argument(metavar="ROLE")],
    as_person: AsAdmin = None,
    as_json: Json = False,
) -> None:
    """Two roles side by side: permissions in which they differ."""
    from wallboard_tui.cli.output import print_json, print_table

    found = run(_compare(one, other, as_person))
    if as_json:
        print_json(found)
        return
    if not found["differ"]:
        print(f"{found['roles'][0]} and {found['roles'][1]} allow the same.")
        return
    print_table(["permission", *found["roles"]], [[row["title"], *row["allows"]] for row in found["differ"]])


async def _compare(one: str, other: str, as_person: str | None) -> dict[str, Any]:
    async with sitting(as_person) as desk:
        keys = [await desk.key("role", word) for word in (one, other)]
        rows = {row.key: row for row in await desk.admin.roles()}
        held = [{each.name: each for each in rows[key].permissions} for key in keys]
        names = dict.fromkeys([*held[0], *held[1]])
        differ = []
        for name in names:
            a, b = held[0].get(name), held[1].get(name)
            said = [f"{each.level} {each.words}".strip() if each else "–" for each in (a, b)]
            if said[0] != said[1]:
                title = (a or b).title  # type: ignore[union-attr]
                differ.append({"permission": name, "title": title, "allows": said})
        return {"roles": keys, "differ": differ}
