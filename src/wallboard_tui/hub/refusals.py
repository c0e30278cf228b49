"""Room ``hub``: refused attempts to change something, written into the audit trail before they are answered."""

from typing import NoReturn

from wallboard_tui.hub.errors import HubError
from wallboard_tui.hub.hub import Hub


def write_down(hub: Hub, by: str, act: str, target: str, error: HubError) -> None:
    """Write a refusal down. Belongs on the hub's thread."""
    hub.commit([hub.audit(by, act, target, allowed=False, note=f"{error.name}: {error.reason}")])


async def refuse(hub: Hub, by: str, act: str, target: str, error: HubError) -> NoReturn:
    """Write a refusal down, and raise it."""
    await hub.run(write_down, hub, by, act, target, error)
    raise error
