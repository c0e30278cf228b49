"""Room ``tui``, screens: several of many things, found by typing. Knows nothing of what they are."""

from collections.abc import Sequence

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, SelectionList
from textual.widgets.selection_list import Selection

from wallboard_tui.tui.widgets.own_keys import TextLine
from wallboard_tui.tui.widgets.ticks import Ticks


class Search(TextLine):
    """Finds in the list below it; Enter takes the first that is found, and is ready for the next name.

    What is typed right behind Enter belongs to the next name: so the field empties itself at once, and says what stood
    in it.
    """

    class Entered(Message):
        """Enter was pressed on a text."""

        def __init__(self, search: "Search", text: str) -> None:
            super().__init__()
            self.search = search
            self.text = text

        def give_back(self) -> None:
            """Nothing was found: what was typed stands there again."""
            if not self.search.value:
                self.search.value = self.text

    async def on_key(self, event: events.Key) -> None:
        # Not as a binding: that is done when the program comes to it, and the next letters are in the field by then.
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            text, self.value = self.value, ""
            self.post_message(self.Entered(self, text))


class Chooser(Vertical):
    """A search over a list of boxes. What is chosen stands first, and keeps the order it had.

    ``choices``: names and keys, by name.
    """

    class Changed(Message):
        """Another choice."""

        def __init__(self, chooser: "Chooser") -> None:
            super().__init__()
            self.chooser = chooser

        @property
        def control(self) -> "Chooser":
            return self.chooser

    def __init__(
        self, choices: Sequence[tuple[str, str]], chosen: Sequence[str], placeholder: str, *, id: str, locked: bool
    ) -> None:
        super().__init__(id=id, classes="chooser", disabled=locked)
        self._placeholder = placeholder
        self.put(choices, chosen)

    def put(self, choices: Sequence[tuple[str, str]], chosen: Sequence[str]) -> None:
        """Other things to choose from, another choice."""
        self.chosen = list(chosen)
        self._choices = sorted(choices, key=lambda choice: choice[1] not in self.chosen)
        if self.is_mounted:
            self._list()

    def compose(self) -> ComposeResult:
        yield Search(placeholder=self._placeholder, compact=True)
        yield Ticks(*self._found(""), compact=True)

    def _found(self, text: str) -> list[Selection[str]]:
        words = text.casefold().split()
        return [
            Selection(Content(name), key, key in self.chosen)
            for name, key in self._choices
            if all(word in f"{name} {key}".casefold() for word in words)
        ]

    def _list(self) -> None:
        listed = self.query_one(SelectionList)
        with self.prevent(SelectionList.SelectedChanged):
            listed.clear_options()
            listed.add_options(self._found(self.query_one(Search).value))
        listed.highlighted = 0 if listed.option_count else None

    @on(Input.Changed)
    def _searched(self, event: Input.Changed) -> None:
        event.stop()
        self._list()

    @on(Search.Entered)
    def _first(self, event: Search.Entered) -> None:
        """Enter takes the first that was found, so that names can be typed one after the other."""
        event.stop()
        found = self._found(event.text)
        if not event.text:
            self.query_one(SelectionList).focus()
        elif found:
            self._toggle(found[0].value)
        else:
            event.give_back()

    def _toggle(self, key: str) -> None:
        self.chosen = [one for one in self.chosen if one != key] + ([] if key in self.chosen else [key])
        self._list()
        self.post_message(self.Changed(self))

    @on(SelectionList.SelectedChanged)
    def _ticked(self, event: SelectionList.SelectedChanged[str]) -> None:
        event.stop()
        listed = event.selection_list
        shown = {listed.get_option_at_index(index).value for index in range(listed.option_count)}
        ticked = set(listed.selected)
        kept = [key for key in self.chosen if key not in shown or key in ticked]
        self.chosen = kept + [key for _, key in self._choices if key in ticked and key not in kept]
        self.post_message(self.Changed(self))
