"""Room ``tui``, screens: *Team → Roles*: every role with the people who have it and what it allows."""

from typing import ClassVar

from wallboard_tui.model.administration import RoleRow
from wallboard_tui.tui.look import Line, Span
from wallboard_tui.tui.screens.admin.base import Section


class Roles(Section):
    """All roles; the selected one with its people and exact permissions."""

    name_of = "roles"
    depends: ClassVar[frozenset[str]] = frozenset({"role", "person"})

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[str, RoleRow] = {}

    async def load(self) -> None:
        self.rows = {row.key: row for row in await self.ask(lambda admin: admin.roles())}

    def loaded(self) -> None:
        columns = [("Role", None), ("People", 6)]
        self.fill(columns, [(row.key, (str(row.doc["name"]), len(row.people))) for row in self.rows.values()])

    def chosen(self, key: str | None) -> None:
        row = self.rows.get(key or "")
        lines: list[Line] = []
        if row is not None:
            lines = [(Span(one.title, "text"), Span(f"  {one.level}  {one.words}", "dim")) for one in row.permissions]
        self.show_detail(lines)
