"""Room ``model``: a permission as roles and people hold it."""

from wallboard_tui.model.base import Frozen

_DIRECTIONS = ("inbound", "outbound", "internal")


class Grant(Frozen):
    """A permission as stored: a level and, for a data permission, a scope.

    ``scope`` holds atoms with an optional direction: ``ALL``, ``SELF``, ``queue:asterisk:pbx1:sales``, ``ALL/inbound``.
    """

    level: str = "view"
    scope: tuple[str, ...] = ()

    def atoms(self) -> frozenset[str]:
        """The atoms of the scope, in whichever direction: ``ALL``, ``team:north``, ``agent:asterisk:pbx1:Ann`` …"""
        parts = ((atom, atom.rpartition("/")) for atom in self.scope)
        return frozenset(plain if slash and way in _DIRECTIONS else atom for atom, (plain, slash, way) in parts)
