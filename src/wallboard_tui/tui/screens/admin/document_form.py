"""Room ``tui``, screens: a form of one document of *Team*: a role, a person or a team, new or there already, that
somebody else may change meanwhile.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from wallboard_tui.model.administration import Edit, EditedKind, Saved
from wallboard_tui.model.base import Doc
from wallboard_tui.tui.screens.admin.editing import Meanwhiles
from wallboard_tui.tui.screens.admin.merging import Place, differing, meanwhile, merged
from wallboard_tui.tui.screens.admin.office import Office
from wallboard_tui.tui.screens.admin.paged import PagedForm
from wallboard_tui.tui.terminal import TerminalError

MOST_KEYS = 20
"""So many keys are tried for something new whose name was given before."""


@dataclass(frozen=True)
class Standing:
    """A document as it stands on the hub, with all that a form begins with. ``called``: what people call it."""

    doc: Doc
    revision: int | None
    called: str


class DocumentForm(PagedForm):
    """``base`` is the document as one began with it, ``draft`` as one wants it; without a ``key`` it is a new one."""

    kind: ClassVar[EditedKind]

    def __init__(self, office: Office, key: str | None, revision: int | None, base: Doc, draft: Doc) -> None:
        super().__init__(office)
        self.key = key
        self.revision = revision
        self.base = base
        self.draft = draft
        self._number = 1

    # What a kind of document says

    async def standing(self) -> Standing | None:
        """The document as it stands now; ``None`` when it is gone. Raises ``TerminalError``."""
        raise NotImplementedError

    def put(self) -> None:
        """Shows the draft in all fields."""
        raise NotImplementedError

    def named_key(self, number: int) -> str:
        """A key for a new one, made of its name; the next ``number`` where others have it. The same for every number
        where people choose keys themselves.
        """
        raise NotImplementedError

    def gone(self) -> None:
        """Somebody removed it meanwhile."""
        self.say(f"Somebody removed this {self.kind} meanwhile; there is nothing to save any more.")

    # What is saved

    @property
    def new_key(self) -> str:
        """The key of a new one."""
        return self.named_key(self._number)

    @property
    def changed(self) -> bool:
        return bool(differing(self.base, self.draft))

    def edits(self) -> list[Edit]:
        if self.key is None:
            named = bool(self.draft.get("name"))
            return [Edit(kind=self.kind, key=self.new_key, create=self.draft)] if named else []
        fields = differing(self.base, self.draft)
        return [Edit(kind=self.kind, key=self.key, set=fields, revision=self.revision)] if fields else []

    async def commit(self) -> Saved:
        while True:
            try:
                return await super().commit()
            except TerminalError as error:
                # The key of what is gone is never given again; people choose names, so another key is taken.
                if self.key is not None or error.name not in ("in-use", "exists") or not self._takes_another_key():
                    raise

    def _takes_another_key(self) -> bool:
        """Goes on to the next number that makes another key than the one that was refused."""
        refused = self.new_key
        numbers = range(self._number + 1, MOST_KEYS + 2)
        self._number = next((one for one in numbers if self.named_key(one) != refused), self._number)
        return self.new_key != refused

    # Somebody else

    async def meanwhile(self, error: TerminalError) -> None:
        """Somebody else changed it first: their changes come in, one's own stay."""
        now = await self.standing()
        if now is None:
            self.gone()
            return
        found = meanwhile(self.base, now.doc, self.draft)
        fields: list[Mapping[str, Any]] = error.details.get("fields") or []
        by = {str(one["field"]): str(one.get("by") or "") for one in fields}

        def done(give_way: frozenset[Place] | None) -> None:
            self.rebase(now, give_way or frozenset())

        self.app.push_screen(Meanwhiles(found, by, now.called, self.office), done)

    def rebase(self, now: Standing, give_way: frozenset[Place] = frozenset()) -> None:
        """Goes on from the document as it stands, with one's own changes in it but where one gives way."""
        self.draft = merged(self.base, now.doc, self.draft, give_way)
        self.base, self.revision = now.doc, now.revision
        self.put()
