"""Room ``tui``, screens: a scope as people choose it: for whom, and in which directions. Pure.

What a form offers are the presets of the catalogue; a scope that no form can make (other directions for different
things) is ``None`` here and stays as it is until somebody chooses another.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from wallboard_tui.access.scope import DIRECTIONS, SYMBOLS, Scope

NUMBERS = "number:…"
"""Stands in a preset for the things that are chosen."""
EXPLAINED: Mapping[str, str] = {
    "All": "everything in the organisation",
    "Specific Business Numbers": "chosen, own teams, own",
    "Workgroup": "own teams, and own",
    "Personal": "own calls and figures only",
    "Managed teams": "those the person manages",
    "Entities": "what the Manage lists name",
}


@dataclass(frozen=True)
class Wish:
    """For whom, by symbols and chosen things (``queue:…``), and in which directions."""

    symbols: frozenset[str] = frozenset()
    things: frozenset[str] = frozenset()
    directions: frozenset[str] = frozenset(DIRECTIONS)

    @classmethod
    def of(cls, scope: Sequence[str]) -> "Wish | None":
        """A stored scope as a wish; ``None`` when different things hold in different directions."""
        ways: dict[str, set[str]] = {}
        for atom, direction in Scope.readable(scope).pairs:
            ways.setdefault(atom, set()).add(direction.value)
        if len({frozenset(each) for each in ways.values()}) > 1:
            return None
        symbols = frozenset(atom for atom in ways if atom in SYMBOLS or atom == "ALL")
        directions = frozenset(next(iter(ways.values()), set())) or frozenset(DIRECTIONS)
        return cls(symbols, frozenset(ways) - symbols, directions)

    @property
    def scope(self) -> list[str]:
        """The wish as it is stored."""
        wanted = {way for way in DIRECTIONS if way.value in self.directions}
        pairs = frozenset((atom, way) for atom in self.symbols | self.things for way in wanted)
        return list(Scope(pairs).normalised().atoms())

    def preset(self, presets: Mapping[str, Collection[str]]) -> str | None:
        """The name of the preset it is; ``None`` for another mixture."""
        for name, atoms in presets.items():
            if frozenset(atoms) - {NUMBERS} == self.symbols and (NUMBERS in atoms) == bool(self.things):
                return name
        return None


def with_preset(wish: Wish, atoms: Collection[str]) -> Wish:
    """The wish after a preset was chosen; directions stay, and chosen things where the preset takes any."""
    things = wish.things if NUMBERS in atoms else frozenset()
    return Wish(frozenset(atoms) - {NUMBERS}, things, wish.directions)
