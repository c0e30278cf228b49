"""Room ``hub``: what is believed of a phone system's members now, by all that was said of them. Reads the view."""

from wallboard_tui.metrics.presence import DEVICES, SIGNED_IN
from wallboard_tui.sources.asterisk.ami.corrections import Held
from wallboard_tui.sources.asterisk.ami.statements import Seat
from wallboard_tui.view.view import View


def believed(view: View, source: str) -> tuple[dict[Seat, Held], set[str], dict[str, str]]:
    """What is believed of each agent in each queue, who is signed in, and what was said last of each agent's phone."""
    prefix = f"asterisk:{source}:"
    marks = ", ".join("?" * len(DEVICES))
    with view.reading() as db:
        rows = db.execute(
            'SELECT agent, queue, state, reason FROM agent_interval WHERE "end" IS NULL AND substr(agent, 1, ?) = ?',
            (len(prefix), prefix),
        ).fetchall()
        phones = db.execute(
            f"SELECT agent, what, max(at) FROM presence WHERE what IN ({marks})"  # noqa: S608 - question marks
            " AND substr(agent, 1, ?) = ? GROUP BY agent",
            (*sorted(DEVICES), len(prefix), prefix),
        ).fetchall()
    held = {
        (agent, queue): Held(state == "paused", reason or "")
        for agent, queue, state, reason in rows
        if queue is not None and state in ("paused", "available")
    }
    signed_in = {agent for agent, queue, state, _ in rows if queue is None and state == SIGNED_IN}
    return held, signed_in, {agent: what for agent, what, _ in phones}
