"""Room ``journal``: the durable, ordered truth. Knows ``model`` and nothing else of the product."""

from wallboard_tui.journal.base import Conflict, Journal, JournalError, JournalHeld

__all__ = ["Conflict", "Journal", "JournalError", "JournalHeld"]
