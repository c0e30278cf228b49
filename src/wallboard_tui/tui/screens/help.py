"""Room ``tui``, screens: ``?``. What the focused pane shows, what each of its figures means, the keys that hold now,
and all that the reader may do. Knows ``access``' words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from wallboard_tui.access.directory import Directory
from wallboard_tui.access.effects import CAPABILITY_WORDS
from wallboard_tui.access.permissions import PERMISSIONS
from wallboard_tui.access.scope import Scope
from wallboard_tui.access.words import scope_words
from wallboard_tui.metrics.settings import settings_of
from wallboard_tui.model.administration import Granted
from wallboard_tui.model.directory import Person
from wallboard_tui.model.grant import Grant
from wallboard_tui.model.me import Me
from wallboard_tui.tui.actions import ACTIONS, Action, applies
from wallboard_tui.tui.drawing.text import wrap
from wallboard_tui.tui.keys import MOUSE, key_name, keys_of
from wallboard_tui.tui.look import Line, Look, Span
from wallboard_tui.tui.panes.help import help_lines
from wallboard_tui.tui.screens.admin.wording import permission_lines, wrapped
from wallboard_tui.tui.screens.admin.working import work
from wallboard_tui.tui.screens.pages import Page
from wallboard_tui.view import queries
from wallboard_tui.view.view import View

KEYS_W = 16
"""Cells of the keys, and the blanks around them."""
NAMED = ("team", "queue", "number", "agent", "extension")
"""Kinds of documents that scopes name."""


class Help(Page):
    """Explains the pane that had the focus."""

    title_text = "Help"

    def __init__(self, pane: str | None) -> None:
        super().__init__()
        self._pane = pane
        self._directory = Directory()

    def picture(self, width: int, height: int) -> Sequence[Line]:
        app = self.wallboard
        about = self.about(width - 1)
        lines: list[Line] = [*about, ()] if about else []
        lines += key_lines(self._actions(), app.keys, width - 1, app.look)
        return [*lines, (), *may_lines(app.me, self._directory, width - 1, app.look)] if app.me is not None else lines

    def about(self, width: int) -> list[Line]:
        """What is said before the keys."""
        app = self.wallboard
        if self._pane is None or app.me is None:
            return []
        return help_lines(self._pane, settings_of(app.me.organisation), width, app.look)

    def applies(self, action: Action) -> bool:
        """Whether an action is one of the keys that are explained."""
        return applies(action, self._pane)

    def on_mount(self) -> None:
        work(self, "names", self._look_up)

    async def _look_up(self) -> None:
        """A worker: what the queues, teams and numbers are called that the reader may see something of."""
        terminal = self.wallboard.terminal
        if terminal.view is not None:
            self._directory = await terminal.ask(_directory)
            self.redraw()

    def access_changed(self, me: Me) -> None:
        work(self, "names", self._look_up)
        self.redraw()

    def _actions(self) -> list[Action]:
        me = self.wallboard.me
        return [action for action in ACTIONS if self.applies(action) and action.permitted(me)]


def _directory(view: View) -> Directory:
    """What the reader knows by name."""
    return Directory.from_documents((kind, doc) for kind in NAMED for doc in queries.documents(view, kind).values())


def may_lines(me: Me, directory: Directory, width: int, look: Look) -> list[Line]:
    """Everything that somebody may do, and for whom or what: nothing is cut short here."""
    own = Person(key=me.person, name=me.name, role=me.role, extension=me.extension, agents=me.agents)
    known = replace(directory, people={me.person: own})
    every = [
        Granted(name=name, title=PERMISSIONS[name].title, level=held.level, words=_for_whom(held, known, me.person))
        for name in PERMISSIONS
        if (held := me.permissions.get(name)) is not None
    ]
    lines: list[Line] = [(Span("What you may do", "title"), Span(f"   as {me.role_name}", "dim"))]
    lines += [(Span("  "), *line) for line in permission_lines(every, width - 2, look)]
    more = [CAPABILITY_WORDS[name] for name in me.capabilities if name in CAPABILITY_WORDS]
    lines += (
        [(Span("  "), *line) for line in wrapped(f"Also: {', '.join(more)}.", width - 2, look, "text")] if more else []
    )
    return lines if every or more else [*lines, (Span(f"  {me.sees or 'Nothing yet.'}", "text"),)]


def _for_whom(held: Grant, directory: Directory, person: str) -> str:
    scope = Scope.readable(held.scope)
    return scope_words(scope, directory, person)


def key_lines(actions: Sequence[Action], remapped: Mapping[str, str], width: int, look: Look) -> list[Line]:
    """The keys of some actions with what they do, those of the pane first, and what a mouse does."""
    lines: list[Line] = []
    for scope, title in (
        ("pane", "Keys of this pane"),
        ("board", "Keys of the board"),
        ("admin", "Keys of this page"),
        ("app", "Keys that always hold"),
    ):
        chosen = [action for action in actions if action.scope == scope and keys_of(action, remapped)]
        if chosen:
            lines += [(Span(title, "title"),)]
        for action in chosen:
            keys = " ".join(key_name(key, look.glyphs.ascii) for key in keys_of(action, remapped))
            mouse = f" Mouse: {action.mouse}." if action.mouse else ""
            rows = wrap(action.description + mouse, max(20, width - KEYS_W), look.glyphs)
            head = f"  {keys}".ljust(KEYS_W - 2) + "  "
            lines += [(Span(" " * KEYS_W if n else head, "key"), Span(row, "text")) for n, row in enumerate(rows)]
        if chosen:
            lines.append(())
    return [*lines, (Span("Mouse", "title"),), *((Span(f"  {sentence}", "text"),) for sentence in MOUSE)]
