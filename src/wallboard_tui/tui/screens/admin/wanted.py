"""Room ``tui``, screens: which people *Members* shows. Pure."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from wallboard_tui.model.administration import PersonRow


@dataclass(frozen=True)
class WantedPeople:
    """What is looked for: words typed, a role and a team by their keys; all of them must fit."""

    text: str = ""
    role: str | None = None
    team: str | None = None

    def fits(self, row: PersonRow) -> bool:
        """Whether somebody is looked for: the words are found in name, short name, role, extension or mail."""
        doc = row.doc
        if self.role not in (None, doc.get("role")) or self.team not in (None, *row.teams, *row.manages):
            return False
        known = (doc["name"], row.key, row.role_name, doc.get("extension") or "", doc.get("email") or "")
        text = " ".join(map(str, known)).casefold()
        return all(word in text for word in self.text.casefold().split())

    def among(self, roles: Collection[str], teams: Collection[str]) -> "WantedPeople":
        """The same without a role or team that nobody has any more: it is no choice of the filter, and could not be
        taken back there.
        """
        role, team = self.role if self.role in roles else None, self.team if self.team in teams else None
        return replace(self, role=role, team=team)

    @property
    def empty_words(self) -> str:
        """What is said where nobody fits."""
        back = "Esc in the search" if self.text.strip() else "Any role, and any team, in the filter (f)"
        return f"Nobody is found like that. {back} shows all again."
