"""Room ``hub``: the version of the words between a hub and a terminal. Knows nothing else."""

from wallboard_tui import PROTOCOL, __version__

HEADER = "Wallboard-Protocol"
OPERATOR = "Wallboard-Operator"
AS = "Wallboard-As"
VIEW_AS = "Wallboard-View-As"
HEADERS = {HEADER: str(PROTOCOL), "Wallboard-Version": __version__}
"""Stand on every answer."""


def mismatch(said: str | None) -> tuple[str, str] | None:
    """Reason and next step when a terminal speaks another version than this hub; ``None`` when it is the same.

    A caller that says nothing is an integrator's script: it is let in.
    """
    if said is None or said == str(PROTOCOL):
        return None
    if not said.isdigit():
        return f"The header {HEADER} says “{said[:20]}”, which is no version.", f"Send {HEADER}: {PROTOCOL}."
    if int(said) < PROTOCOL:
        return (
            f"This terminal is older than its hub: it speaks version {said}, the hub {__version__} speaks {PROTOCOL}.",
            f"Update wallboard-tui here to {__version__}.",
        )
    return (
        f"This terminal is newer than its hub: it speaks version {said[:9]}, the hub {__version__} speaks {PROTOCOL}.",
        "Ask an admin to update the hub, or use the terminal's earlier version.",
    )
