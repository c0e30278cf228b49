"""Room ``tui``, widgets: a field that acts on its own keys itself, in the order in which they came."""

from textual import events
from textual.widget import Widget


class OwnKeys(Widget):
    """For fields of forms. Textual does what a key is bound to only once the key has gone up to the program; by then a
    letter behind it has been acted on here, or a Tab behind it has moved the focus, and the key would act elsewhere.
    """

    async def on_key(self, event: events.Key) -> None:
        """Does at once what the key is bound to here."""
        for binding in self._bindings.key_to_bindings.get(event.key, ()):
            event.stop()
            event.prevent_default()
            await self.run_action(binding.action)
            return
