"""Room ``hub``: what becomes of a source of which nothing more comes: what was learned stays, nothing of it is live."""

from collections.abc import Collection

from wallboard_tui.hub.hub import Hub
from wallboard_tui.model.base import Doc
from wallboard_tui.model.change import Change
from wallboard_tui.view.health import RECORDING

BY = "hub"


def release(hub: Hub, followed: Collection[str]) -> None:
    """Say of each source that was followed and is not any more that it has no present, and of each recording that it is
    not played: a hub that starts plays none until it is told to. On the hub's thread.
    """
    now = hub.clock()
    over = {
        name: {**_over(doc), "released": now} if doc["mode"] == "followed" else with_recording(doc, "down")
        for name, doc in hub.view.documents("source").items()
        if doc.get("mode") == "replayed" or (doc.get("mode") == "followed" and name not in followed)
    }
    if changes := [Change("source", name, doc, now, BY) for name, doc in over.items()]:
        hub.commit(changes)


def with_recording(doc: Doc, state: str) -> Doc:
    """A source that is replayed, with how its recording is: ``up`` while it is played, else ``down``."""
    return {**doc, "links": {RECORDING: state}}


def _over(doc: Doc) -> Doc:
    """A source of which nothing more comes: what is known of it ends with the last thing it said."""
    gone = ("links", "errors", "connected_since", "lag_s", "events_per_s")
    return {**{name: value for name, value in doc.items() if name not in gone}, "mode": "imported", "error": ""}
