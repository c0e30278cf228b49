"""Room ``hub``: what becomes of a source that is followed no more: what was learned stays, nothing of it is live."""

from collections.abc import Collection

from wallboard_tui.hub.hub import Hub
from wallboard_tui.model.base import Doc
from wallboard_tui.model.change import Change

BY = "hub"


def release(hub: Hub, followed: Collection[str]) -> None:
    """Say of each source that was followed and is not any more that it has no present. On the hub's thread."""
    sources = hub.view.documents("source")
    changes = [
        Change("source", name, {**_over(doc), "released": hub.clock()}, hub.clock(), BY)
        for name, doc in sources.items()
        if doc.get("mode") == "followed" and name not in followed
    ]
    if changes:
        hub.commit(changes)


def _over(doc: Doc) -> Doc:
    """A source of which nothing more comes: what is known of it ends with the last thing it said."""
    gone = ("links", "errors", "connected_since", "lag_s", "events_per_s")
    return {**{name: value for name, value in doc.items() if name not in gone}, "mode": "imported", "error": ""}
