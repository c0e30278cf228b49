"""Room ``hub``: feeds an intake from the event loop. Knows the hub and the intake."""

import logging

from wallboard_tui.hub.hub import Hub
from wallboard_tui.hub.intake import Intake
from wallboard_tui.sources.base import Batch

log = logging.getLogger(__name__)


async def take(hub: Hub, intake: Intake, batch: Batch) -> None:
    """Take a batch in, piece by piece, each handed to the terminals before the next."""
    pieces = intake.pieces(batch)
    while await hub.run(next, pieces, None) is not None:
        pass


async def say_health(hub: Hub, intake: Intake) -> None:
    """Write down how the source is doing. Where that fails, as on a full disk, it is logged and stays ``unsaid``."""
    try:
        await hub.run(intake.health)
    except Exception:
        log.exception("The health of %s could not be written down.", intake.source)
