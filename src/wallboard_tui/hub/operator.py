"""Room ``hub``: the operator: whoever may open the hub's own socket, and so could read its files anyway.

The operator is no person of the organisation and stands in no document; as far as ``access`` is concerned they are
somebody with a role that grants everything, so that even their answers go through the one gate.
"""

from wallboard_tui.access.permissions import ADMIN, DATA
from wallboard_tui.model.base import Doc

KEY = "hub:operator"
ROLE = "hub:operator"


def documents() -> list[tuple[str, Doc]]:
    """The role and the person that stand for the operator. They are never journaled."""
    grants = {name: {"level": "manage", "scope": ["ALL"]} for name in DATA}
    grants |= {name: {"level": "manage"} for name in ADMIN}
    return [
        ("role", {"key": ROLE, "name": "Operator", "description": "Sits at the hub's machine.", "grants": grants}),
        ("person", {"key": KEY, "name": "Operator", "role": ROLE}),
    ]
