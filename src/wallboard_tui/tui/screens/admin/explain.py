"""Room ``tui``, screens: why somebody sees a row, and who else does. The hub's word: the clauses that admit it.

Knows ``client`` and ``access``' catalogue of permissions.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from textual.binding import BindingType

from wallboard_tui.access.permissions import PERMISSIONS
from wallboard_tui.access.words import listed
from wallboard_tui.model.administration import ClauseOf, ExplanationOf
from wallboard_tui.tui.drawing.text import clean, wrap
from wallboard_tui.tui.look import Line, Look, Span
from wallboard_tui.tui.screens.admin.base import ASKING
from wallboard_tui.tui.screens.admin.working import work
from wallboard_tui.tui.screens.pages import Page
from wallboard_tui.tui.terminal import TerminalError
from wallboard_tui.tui.widgets.bindings import bindings_of

NOBODY_ELSE = "Nobody else sees it."


@dataclass(frozen=True)
class Told:
    """What the hub said about a row. ``others``: ``None`` where the reader may not ask about others."""

    own: ExplanationOf
    others: tuple[ExplanationOf, ...] | None = None
    asked: ExplanationOf | None = None
    """Somebody whom the reader asked about by name."""
    viewing: bool = False
    """The reader looks through somebody else's eyes: ``own`` is about them."""


class Explain(Page):
    """Why the reader sees a row; who else does, for those who may see people."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_of("dialog", only="why.")

    families: ClassVar[tuple[str, ...]] = ("why", "page")
    title_text = "Who sees this, and why"
    shows_rows = True

    def __init__(self, kind: str, key: str, what: str) -> None:
        super().__init__()
        self._kind = kind
        self._key = key
        self._what = what
        self._told: Told | None = None
        self._failure = ""

    @property
    def _asks(self) -> bool:
        """Whether the reader may ask about others."""
        me = self.wallboard.me
        return me is not None and me.may("users")

    def on_mount(self) -> None:
        work(self, "explain", self._ask)

    async def _ask(self) -> None:
        """A worker: asks the hub, and draws what it says."""
        me, terminal = self.wallboard.me, self.wallboard.terminal
        if me is None:
            return
        try:
            own = await terminal.administer(lambda admin: admin.why(me.person, self._key, self._kind))
            others = None
            if self._asks:
                found = await terminal.administer(lambda admin: admin.who_can_see(self._key, self._kind))
                others = tuple(one for one in found if one.person != me.person)
        except TerminalError as error:
            self._failure = str(error)
        else:
            self._told, self._failure = Told(own, others, viewing=bool(self.wallboard.viewing)), ""
        self.redraw()

    def action_why_about(self) -> None:
        if not self._asks:
            return

        def named(text: str | None) -> None:
            if text:
                work(self, "about", self._about, text)

        from wallboard_tui.tui.screens.question import Question

        self.app.push_screen(Question("Why does somebody see it, or not?", "name or key"), named)

    async def _about(self, text: str) -> None:
        """A worker: asks about somebody by name."""
        terminal, wanted = self.wallboard.terminal, text.casefold()
        try:
            people = await terminal.administer(lambda admin: admin.people())
            found = [one for one in people if wanted in (one.key.casefold(), str(one.doc["name"]).casefold())]
            found = found or [one for one in people if wanted in str(one.doc["name"]).casefold()]
            if len(found) != 1:
                names = listed(str(one.doc["name"]) for one in found)
                self.notify(f"{text} may be {names}: type more." if found else f"Nobody is called {text}.")
                return
            asked = await terminal.administer(lambda admin: admin.why(found[0].key, self._key, self._kind))
        except TerminalError as error:
            self.notify(str(error), severity="error")
            return
        if self._told is not None:
            self._told = replace(self._told, asked=asked)
            self.redraw()

    def picture(self, width: int, height: int) -> Sequence[Line]:
        look = self.wallboard.look
        head: list[Line] = [(Span(clean(self._what, look.glyphs.ascii), "value"),), ()]
        if self._failure:
            return [*head, *_rows(self._failure, "alert", width, look)]
        return [*head, *(told_lines(self._told, width, look) if self._told else [(Span(ASKING, "dim"),)])]


def told_lines(told: Told, width: int, look: Look) -> list[Line]:
    """The reader's clauses, those of whoever was asked about, and everybody else with theirs."""
    lines: list[Line] = []
    if told.asked is not None:
        lines += [*_about_lines(told.asked, _verdict(told.asked), width, look), ()]
    yours = "You see it" if told.own.permitted else "You do not see it"
    lines += _about_lines(told.own, _verdict(told.own) if told.viewing else yours, width, look)
    if told.others is not None:
        lines += [(), (Span("Who else sees it", "title"), Span(f"   {len(told.others)}" if told.others else "", "dim"))]
        by_name = sorted(told.others, key=lambda one: (one.name or one.person).casefold())
        lines += [line for one in by_name for line in _other_lines(one, width, look)]
        lines += [] if told.others else [(Span(NOBODY_ELSE, "dim"),)]
    return lines


def _verdict(one: ExplanationOf) -> str:
    return f"{one.name} sees it" if one.permitted else f"{one.name} does not see it"


def _about_lines(one: ExplanationOf, title: str, width: int, look: Look) -> list[Line]:
    lines: list[Line] = [(Span(clean(title, look.glyphs.ascii), "title"),)]
    if not one.permitted:
        lines += _rows(one.sentence, "warn", width, look)
    for clause in one.clauses:
        lines += clause_lines(clause, width, look)
    for note in one.notes:
        lines += _rows(note, "text", width - 2, look, (Span("  "), Span("  ")))
    return lines


def _other_lines(one: ExplanationOf, width: int, look: Look) -> list[Line]:
    """Somebody, with the clauses that let them see it; in one line where there is room."""
    name = clean(one.name or one.person, look.glyphs.ascii)
    said = "; ".join(dict.fromkeys(_short(clause) for clause in one.clauses if clause.rows))
    rows = wrap(said, max(20, width - NAME_W - 1), look.glyphs) or [""]
    first: Line = (Span(f"{name[: NAME_W - 2]:{NAME_W}}", "name"), Span(rows[0], "text"))
    return [first, *((Span(" " * NAME_W), Span(row, "text")) for row in rows[1:])]


NAME_W = 20


def _short(clause: ClauseOf) -> str:
    through = f", by {listed(clause.origins)}" if clause.origins else ""
    return f"{listed(_titles(clause))}: {clause.words}{through}" if clause.permissions else clause.words


def clause_lines(clause: ClauseOf, width: int, look: Look) -> list[Line]:
    """One clause: which permissions admit the row, by what in it, and where they come from."""
    mark = look.glyphs.level["ok"] if clause.rows else look.glyphs.dot
    role = "ok" if clause.rows else "dim"
    titles = ", ".join(_titles(clause)) or "By rule"
    lines = _rows(titles, "name", width - 2, look, (Span(f"{mark} ", role), Span("  ")))
    said = [("for", clause.words), ("through", "; ".join(clause.origins))]
    said += [] if clause.rows else [("", "figures only: the row itself is not shown by it")]
    for title, text in said:
        if text:
            label = f"  {title:<9}"
            lines += _rows(text, "text", width - len(label), look, (Span(label, "dim"), Span(" " * len(label))))
    return lines


def _titles(clause: ClauseOf) -> list[str]:
    return [PERMISSIONS[name].title if name in PERMISSIONS else name for name in clause.permissions]


def _rows(text: str, role: str, width: int, look: Look, heads: tuple[Span, Span] = (Span(""), Span(""))) -> list[Line]:
    rows = wrap(text, max(10, width), look.glyphs)
    return [(heads[0] if not n else heads[1], Span(row, role)) for n, row in enumerate(rows)]
