"""Room ``view``: a SQLite database with the documents as typed tables, and cells. A cache: deleting it loses
nothing."""

from wallboard_tui.view.view import Received, Touched, View, ViewCorrupt

__all__ = ["Received", "Touched", "View", "ViewCorrupt"]
