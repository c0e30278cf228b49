"""Room ``tui``, widgets: a field that acts on its own keys itself, in the order in which they came."""

from textual import events
from textual.widget import Widget
from textual.widgets import Input


class OwnKeys(Widget):
    """For fields of forms. Textual does what a key is bound to only once the key has gone up to the program; by then a
    letter behind it has been acted on here, or a Tab behind it has moved the focus, and the key would act elsewhere.
    """

    def is_own(self, action: str) -> bool:
        """Whether it is for this field to do, of all that it inherits."""
        return True

    async def on_key(self, event: events.Key) -> None:
        """Does at once what the key is bound to here."""
        for binding in self._bindings.key_to_bindings.get(event.key, ()):
            if not self.is_own(binding.action):
                continue
            event.stop()
            event.prevent_default()
            await self.run_action(binding.action)
            return


class TextLine(Input, OwnKeys):
    """A line of text in which what is typed behind a key that moves or deletes comes behind it."""

    def is_own(self, action: str) -> bool:
        # It could scroll, too, but is one line: up and down are for whoever has it.
        return not action.startswith("scroll_")
