"""Room ``tui``, screens: two roles side by side, with what differs marked."""

from collections.abc import Sequence

from wallboard_tui.model.administration import Granted, RoleRow
from wallboard_tui.tui.drawing.text import name as fitted
from wallboard_tui.tui.drawing.text import wrap
from wallboard_tui.tui.look import Line, Look, Span
from wallboard_tui.tui.screens.admin.office import Office
from wallboard_tui.tui.screens.admin.wording import FIELDS, place_value, role_origin
from wallboard_tui.tui.screens.pages import Page

TITLE_W = 22
MARK = "≠"


class Compare(Page):
    """Two roles in two columns. What they allow alike is dim; what differs is marked."""

    def __init__(self, one: RoleRow, other: RoleRow, office: Office) -> None:
        super().__init__()
        self._office = office
        self._rows = (one, other)
        self.title_text = f"{one.doc['name']}  and  {other.doc['name']}"

    def picture(self, width: int, height: int) -> Sequence[Line]:
        return compared(*self._rows, self._office, width, self.wallboard.look)


def compared(one: RoleRow, other: RoleRow, office: Office, width: int, look: Look) -> list[Line]:
    """Everything that either allows, in two columns; what differs first."""
    mark = "*" if look.glyphs.ascii else MARK
    half = max(10, (width - TITLE_W - 5) // 2)
    held = [{each.name: each for each in (*row.permissions, *_floor(row))} for row in (one, other)]
    titles = {each.name: each.title for each in (*held[0].values(), *held[1].values())}
    said = {name: (_said(held[0].get(name)), _said(held[1].get(name))) for name in titles}
    for field in _BESIDE:
        titles[field] = FIELDS[field]
        said[field] = (_beside(one, field, office), _beside(other, field, office))
    differ = [name for name, (a, b) in said.items() if a != b]
    heads = [str(row.doc["name"]) for row in (one, other)]
    origins = [role_origin(row) for row in (one, other)]
    counts = [f"{len(row.people)} people" if len(row.people) != 1 else "1 person" for row in (one, other)]
    lines: list[Line] = [
        _row(" ", "", heads, half, look, "title"),
        _row(" ", "", origins, half, look, "dim"),
        _row(" ", "", counts, half, look, "dim"),
        (),
        (Span(f"They differ in {len(differ)}" if differ else "They allow exactly the same.", "title"),),
    ]
    for name in differ:
        lines += _rows(mark, titles[name], said[name], half, look, "text")
    same = [name for name in said if name not in differ]
    if same and differ:
        lines += [(), (Span(f"Alike in {len(same)}", "title"),)]
    for name in same:
        lines += _rows(" ", titles[name], said[name], half, look, "dim")
    return lines


_BESIDE = ("login", "needs_extension", "toggles")
"""What a role says beside its permissions."""


def _beside(row: RoleRow, field: str, office: Office) -> str:
    return place_value((field, ""), row.doc.get(field, True if field == "login" else None), office)


def _floor(row: RoleRow) -> list[Granted]:
    return [
        one.model_copy(update={"name": f"floor {one.name}", "title": f"{one.title} (kept)"}) for one in row.floor
    ]  # fmt: skip


def _said(one: Granted | None) -> str:
    return f"{one.level} {one.words}".strip() if one else "–"


def _rows(mark: str, title: str, said: tuple[str, str], half: int, look: Look, style: str) -> list[Line]:
    parts = [wrap(text, half, look.glyphs) or [""] for text in said]
    lines = []
    for number in range(max(len(part) for part in parts)):
        texts = [part[number] if number < len(part) else "" for part in parts]
        first = number == 0
        lines.append(_row(mark if first else " ", title if first else "", texts, half, look, style))
    return lines


def _row(mark: str, title: str, texts: Sequence[str], half: int, look: Look, style: str) -> Line:
    left, right = (fitted(text, half, look.glyphs) for text in texts)
    return (
        Span(f"{mark} ", "warn"),
        Span(f"{fitted(title, TITLE_W, look.glyphs)} ", style),
        Span(f"{left}  ", style),
        Span(right, style),
    )
