"""Room ``tui``, screens: *Team → Access review*: who holds what is sensitive, how, since when; keep it or take it away.

Knows ``client``, ``reports`` and the view.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual.binding import BindingType

from wallboard_tui.model.administration import Decision, ReviewRow
from wallboard_tui.model.administration import Review as TheReview
from wallboard_tui.reports.access_review import day, write
from wallboard_tui.tui.actions import Action
from wallboard_tui.tui.look import Line
from wallboard_tui.tui.panes.seen import Names, zone_name
from wallboard_tui.tui.screens.admin.base import Section
from wallboard_tui.tui.screens.admin.review_lines import (
    About,
    cell,
    columns_for,
    decided_sentence,
    row_lines,
    summary_line,
)
from wallboard_tui.tui.terminal import TerminalError
from wallboard_tui.tui.widgets.bindings import bindings_of

NOBODY = "Nobody holds a sensitive permission."
NOTHING_DUE = "Nothing is overdue. Press o to see everything."
NOT_FOUND = "Nothing here is called that."


class Review(Section):
    """Every sensitive permission that somebody holds; overdue ones first."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_of("admin", only="admin."),
        *bindings_of("admin", only="review."),
    ]
    name_of = "review"
    depends: ClassVar[frozenset[str]] = frozenset({"role", "person", "team"})
    search = "person, permission or role"

    def __init__(self) -> None:
        super().__init__()
        self.review: TheReview | None = None
        self.names = Names()
        self._overdue = False
        self._wanted = ""

    # What is shown

    async def load(self) -> None:
        self.review = await self.ask(lambda admin: admin.review())
        if self.wallboard.terminal.view is not None:
            self.names = await self.wallboard.terminal.ask(Names.of)

    def loaded(self) -> None:
        self._fill()

    def searched(self, text: str) -> None:
        self._wanted = text
        self._fill()

    def relist(self) -> None:
        self._fill()

    @property
    def shown(self) -> dict[str, ReviewRow]:
        """The rows that are asked for, by key."""
        words = self._wanted.casefold().split()
        rows = (row for row in self.rows if row.overdue or not self._overdue)
        return {_key(row): row for row in rows if all(word in _searched(row) for word in words)}

    @property
    def rows(self) -> tuple[ReviewRow, ...]:
        """All rows there are; none before the hub has answered."""
        return self.review.rows if self.review is not None else ()

    def _fill(self) -> None:
        if self.review is None:
            return
        shown, look = self.shown, self.wallboard.look
        columns = columns_for(self.list_width)
        rows = [(key, [cell(row, one.what, self._zone, look) for one in columns]) for key, row in shown.items()]
        self.fill(columns, rows)
        empty = NOT_FOUND if self._wanted else NOTHING_DUE if self._overdue else NOBODY
        self.show_empty("" if shown else empty)

    def chosen(self, key: str | None) -> None:
        row = self.shown.get(key or "")
        standing = summary_line(self.rows, self.wallboard.look)
        if row is None:
            self.show_detail([standing])
            return
        about = About(row, self.names, self._zone, self._member(row), self.decides)

        def lines(width: int) -> Sequence[Line]:
            return [standing, (), *row_lines(about, width, self.wallboard.look)]

        self.show_detail(lines)

    @property
    def _zone(self) -> str:
        return zone_name(self.wallboard.me) if self.wallboard.me else "UTC"

    @property
    def decides(self) -> bool:
        """Whether the person may decide, and not only look."""
        return self.wallboard.me is not None and self.wallboard.me.may("access_review", "manage")

    def _member(self, row: ReviewRow) -> bool:
        return self.wallboard.me is not None and self.wallboard.me.may("users")

    # What is done

    def acts(self, action: Action) -> bool:
        if action.id == "review.export":
            return bool(self.rows)
        return action.id == "review.overdue" or self.selected is not None

    def action_review_overdue(self) -> None:
        self._overdue = not self._overdue
        self._fill()

    def action_review_keep(self) -> None:
        row = self.shown.get(self.selected or "")
        if row is not None:
            self._decide(row, "keep")

    def action_review_remove(self) -> None:
        row = self.shown.get(self.selected or "")
        if row is None:
            return

        def given(note: str | None) -> None:
            if note is not None:
                self._decide(row, "remove", note)

        from wallboard_tui.tui.screens.question import Question

        self.app.push_screen(Question(f"{row.name} is to lose {row.title}. Why?", "may stay empty"), given)

    def _decide(self, row: ReviewRow, decision: Decision, note: str = "") -> None:
        self.run_worker(self._decided(row, decision, note), group="decide", exit_on_error=False)

    async def _decided(self, row: ReviewRow, decision: Decision, note: str) -> None:
        """A worker: tells the hub, and shows what it made of it."""
        try:
            new = await self.ask(lambda admin: admin.decide(row.person, row.permission, decision, note))
        except TerminalError as error:
            self.say(str(error))
            return
        if self.review is not None:
            rows = tuple(new if _key(one) == _key(new) else one for one in self.review.rows)
            self.review = self.review.model_copy(update={"rows": rows})
            self._fill()
        self.say(decided_sentence(new, self._zone), wrong=False)

    def action_review_member(self) -> None:
        row = self.shown.get(self.selected or "")
        if row is not None:
            # On the program's own pump: it ends this screen, which would wait for itself here.
            self.app.call_later(self.wallboard.open_member, row.person)

    def opened(self, key: str) -> None:
        if self._member(self.shown[key]):
            self.action_review_member()

    def action_review_export(self) -> None:
        now = self.wallboard.terminal.now()
        proposed = f"access-review-{day(now, self._zone)}.csv"

        def given(name: str | None) -> None:
            if name:
                self._export(Path(name).expanduser())

        from wallboard_tui.tui.screens.question import Question

        question = Question("Write the whole review to", "a file that ends with .csv or .json", proposed)
        self.app.push_screen(question, given)

    def _export(self, file: Path) -> None:
        if self.review is None:
            return
        if file.exists():
            self.say(f"{file} is there already: nothing was written. Choose another name.")
            return
        try:
            rows = write(self.review, file, self._zone)
        except OSError as error:
            self.say(f"The review could not be written to {file}: {error.strerror}. Choose another place.")
        else:
            self.say(f"The review stands in {file.resolve()}: {rows} rows.", wrong=False)


def _key(row: ReviewRow) -> str:
    return f"{row.person}/{row.permission}"


def _searched(row: ReviewRow) -> str:
    return " ".join((row.name, row.person, row.title, row.permission, *row.through)).casefold()
