"""Room ``access``: panes."""
from wallboard_tui.access.derive import Effective


def panes(effective: Effective) -> tuple[str, ...]:
    raise NotImplementedError


def landing(effective: Effective) -> str | None:
    raise NotImplementedError
