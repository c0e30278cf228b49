"""Room ``tui``, screens: *Team → Audit*: every change and every refused attempt, newest first. Knows ``client``."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from wallboard_tui.model.security import Audit as Entry
from wallboard_tui.tui.actions import Action
from wallboard_tui.tui.drawing.units import local, moment
from wallboard_tui.tui.look import Line, Look
from wallboard_tui.tui.panes.seen import zone_name
from wallboard_tui.tui.screens.admin.base import Section
from wallboard_tui.tui.screens.admin.columns import Column, left_for
from wallboard_tui.tui.screens.admin.office import Office, look_round
from wallboard_tui.tui.screens.admin.trail import act_words, entry_lines, target_words, who_words
from wallboard_tui.tui.terminal import TerminalError
from wallboard_tui.tui.widgets.bindings import bindings_of

PAGE = 200
"""Entries that are asked for at once."""
TARGET_FROM = 40
"""To what something was done stands in the list where so many cells are left for who, what and that."""
NEAR = 20
"""More are asked for when the cursor is so near to the end."""
TYPED_S = 0.3
"""The hub is asked once nobody has typed for so long."""
NOTHING = "Nothing has been written down yet."
NOT_FOUND = "Nothing was written down that fits. Press c to see everything."


@dataclass(frozen=True)
class Wanted:
    """What of the trail is shown; empty texts: everything."""

    by: str = ""
    act: str = ""
    refused: bool = False
    text: str = ""


class Audit(Section):
    """The trail: more of it comes as one goes down."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_of("admin", only="admin."),
        *bindings_of("admin", only="audit."),
    ]
    name_of = "audit"
    depends: ClassVar[frozenset[str]] = frozenset({"person", "role", "team", "board"})
    search = "name, key, act or value"

    def __init__(self) -> None:
        super().__init__()
        self.entries: list[Entry] = []
        self.office: Office | None = None
        self.wanted = Wanted()
        self._complete = False
        self._asked = False
        """The hub has answered: an empty trail is one."""

    def compose_above(self) -> ComposeResult:
        yield Static("", id="wanted-words", classes="hint", markup=False)

    # What is shown

    async def load(self) -> None:
        self.office = self.office or await look_round(self.wallboard)
        wanted = self.wanted
        size = max(PAGE, len(self.entries))
        found = await self._ask(wanted, "", size)
        if wanted == self.wanted:
            self.entries, self._complete, self._asked = found, len(found) < size, True

    async def _ask(self, wanted: Wanted, older_than: str, limit: int) -> list[Entry]:
        return await self.ask(
            lambda admin: admin.audit(
                limit=limit,
                older_than=older_than,
                by=wanted.by,
                act=wanted.act,
                text=wanted.text,
                allowed=False if wanted.refused else None,
            )
        )

    def loaded(self) -> None:
        self._fill()

    def _fill(self) -> None:
        look, office = self.wallboard.look, self.office
        if office is None or not self._asked:
            return
        columns, now = columns_for(self.list_width), self.wallboard.terminal.now()
        self.fill(columns, [(entry.key, [cell(entry, one.what, office, now, self._zone, look) for one in columns])
                            for entry in self.entries])  # fmt: skip
        plain = self.wanted == Wanted()
        self.show_empty("" if self.entries else NOTHING if plain else NOT_FOUND)
        self.query_one("#wanted-words", Static).update(words_of(self.wanted, office))
        self.query_one("#wanted-words").display = not plain

    def relist(self) -> None:
        self._fill()

    def chosen(self, key: str | None) -> None:
        place = next((n for n, one in enumerate(self.entries) if one.key == key), None)
        if place is None or self.office is None:
            self.show_detail([])
            return
        entry, office = self.entries[place], self.office

        def lines(width: int) -> Sequence[Line]:
            return entry_lines(entry, office, self._zone, width, self.wallboard.look)

        self.show_detail(lines)
        if not self._complete and place >= len(self.entries) - NEAR:
            self.run_worker(self._more(), name="more", group="more", exit_on_error=False)

    @property
    def _zone(self) -> str:
        return zone_name(self.wallboard.me) if self.wallboard.me else "UTC"

    async def _more(self) -> None:
        """A worker: asks for what is older than the last entry that is shown."""
        wanted, known = self.wanted, self.entries
        if self._complete or not known:
            return
        try:
            found = await self._ask(wanted, known[-1].key, PAGE)
        except TerminalError as error:
            self.say(str(error))
            return
        if wanted == self.wanted and known is self.entries:
            self.entries, self._complete = [*known, *found], len(found) < PAGE
            self._fill()

    # What is chosen

    def searched(self, text: str) -> None:
        wanted = self.wanted = replace(self.wanted, text=text.strip())

        def settled() -> None:
            if self.wanted is wanted:
                self._again()

        self.set_timer(TYPED_S, settled)

    def _again(self) -> None:
        self.entries, self._complete = [], False
        self.reload()

    def _want(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self._again()

    @property
    def _entry(self) -> Entry | None:
        return next((one for one in self.entries if one.key == self.selected), None)

    def acts(self, action: Action) -> bool:
        if action.id == "audit.all":
            return self.wanted != Wanted()
        return action.id == "audit.refused" or self._entry is not None

    def action_audit_refused(self) -> None:
        self._want(replace(self.wanted, refused=not self.wanted.refused))

    def action_audit_by(self) -> None:
        if self._entry is not None:
            self._want(replace(self.wanted, by="" if self.wanted.by else self._entry.by))

    def action_audit_kind(self) -> None:
        if self._entry is not None:
            kind = self._entry.act.partition(".")[0]
            self._want(replace(self.wanted, act="" if self.wanted.act else kind))

    def action_audit_all(self) -> None:
        from textual.widgets import Input

        with self.prevent(Input.Changed):
            self.query_one("#search", Input).value = ""
        self._want(Wanted())


def columns_for(width: int) -> list[Column]:
    """The columns that have room in ``width`` cells."""
    columns = [Column("", 1, what="mark"), Column("When", 8, what="at"), Column("Who", share=2, what="who"),
               Column("What", share=3, what="what")]  # fmt: skip
    wide = [*columns, Column("To", share=3, what="target")]
    return wide if left_for(wide, width) >= TARGET_FROM else columns


def cell(entry: Entry, what: str, office: Office, now: float, zone: str, look: Look) -> str:
    """One cell of the list."""
    match what:
        case "mark":
            return "" if entry.allowed else look.glyphs.level["alert"]
        case "at":
            return when(entry.at, now, zone)
        case "who":
            return who_words(entry.by, office)
        case "what":
            return act_words(entry.act, entry.allowed)
        case _:
            return target_words(entry, office)


def when(at: float, now: float, zone: str) -> str:
    """A moment in eight cells: the time of today, the day of this year, the month of any other."""
    if local(at, zone).year == local(now, zone).year:
        return moment(at, now, zone)
    return local(at, zone).strftime("%m/%Y").rjust(8)


def words_of(wanted: Wanted, office: Office) -> str:
    """What of the trail is shown, in words."""
    said = ["refused attempts"] if wanted.refused else []
    said += [f"by {who_words(wanted.by, office)}"] if wanted.by else []
    said += [f"kind {wanted.act}"] if wanted.act else []
    said += [f"“{wanted.text}”"] if wanted.text else []
    return f"Only: {', '.join(said)}   (c for everything)" if said else ""
