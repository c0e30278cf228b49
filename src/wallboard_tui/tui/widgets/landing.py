"""Room ``tui``, widgets: what somebody sees who may open nothing: a sentence that says what is missing and whom to
ask.
"""

from textual.widgets import Static


class Landing(Static):
    """One sentence in the middle of an otherwise empty board."""

    DEFAULT_CSS = """
    Landing { width: 1fr; height: 1fr; content-align: center middle; text-align: center; padding: 2 8; }
    """
