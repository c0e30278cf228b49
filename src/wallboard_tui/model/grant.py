"""Room ``model``: a permission as roles and people hold it."""

from wallboard_tui.model.base import Frozen


class Grant(Frozen):
    """A permission as stored: a level and, for a data permission, a scope.

    ``scope`` holds atoms with an optional direction: ``ALL``, ``SELF``, ``queue:asterisk:pbx1:sales``, ``ALL/inbound``.
    """

    level: str = "view"
    scope: tuple[str, ...] = ()
