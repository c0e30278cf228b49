"""Room ``model``: what goes on now, as the hub tells it for a lens whose rows the terminal does not get. It stands on
no journal."""

from pydantic import Field

from wallboard_tui.model.base import Document, Epoch


class LiveQueue(Document):
    """What goes on in a queue now. Key: ``<lens>/<queue>``."""

    kind = "live_queue"

    lens: int
    queue: str
    waiting_since: tuple[Epoch, ...] = ()
    """When each waiting caller entered, oldest first."""
    talking: int = 0
    lasting: dict[str, tuple[Epoch, ...]] = Field(default_factory=dict)
    """For who may see states: since when agents are ``available`` and ``paused`` in the queue, whoever they are: their
    time is in no cell yet."""


class LiveAgent(Document):
    """What an agent does now. Key: ``<lens>/<agent>``. States: talking, ringing, wrap, available, paused, out.

    ``reason`` is of the state: of a pause, of being out, or what a talk is like (``on hold``, ``on another call``).
    """

    kind = "live_agent"

    lens: int
    agent: str
    state: str
    since: Epoch | None = None
    reason: str = ""
    queue: str | None = None
    queues: tuple[str, ...] = ()
    lasting: dict[str, Epoch] = Field(default_factory=dict)
    """Presence states of the agent as a whole that last (``signed_in``, ``available``, ``paused``), and since when:
    their time is in no cell yet."""
