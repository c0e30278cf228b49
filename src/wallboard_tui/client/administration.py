"""Room ``client``: administering access over a terminal's line to its hub. Knows ``HubClient`` and the model."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from wallboard_tui.client.hub import HubClient
from wallboard_tui.client.wire import not_a_hub, quoted
from wallboard_tui.model.administration import (
    Adopted,
    Assignable,
    Catalogue,
    Decision,
    Edit,
    EffectiveAccess,
    ExplanationOf,
    PersonRow,
    Review,
    ReviewRow,
    RoleRow,
    Row,
    Saved,
)
from wallboard_tui.model.base import Doc
from wallboard_tui.model.security import Audit

M = TypeVar("M", bound=BaseModel)


class Administration:
    """Everything that admins ask and change. Every method raises ``HubError``; what a rule forbids has its name."""

    def __init__(self, hub: HubClient) -> None:
        self._hub = hub

    # -- to choose from and to edit

    async def catalogue(self) -> Catalogue:
        """Permissions, levels, presets of scopes, toggles and rules."""
        return self._one(Catalogue, await self._hub.request("GET", "/catalogue"))

    async def people(self) -> list[PersonRow]:
        """Everybody, with role, teams, and whether one may edit them."""
        return self._each(PersonRow, await self._hub.request("GET", "/people"))

    async def person_access(self, person: str) -> EffectiveAccess:
        """What somebody may do, and where each part of it comes from."""
        return self._one(EffectiveAccess, await self._hub.request("GET", f"/people/{quoted(person)}/access"))

    async def roles(self) -> list[RoleRow]:
        """Every role with what it allows and who has it."""
        return self._each(RoleRow, await self._hub.request("GET", "/roles"))

    async def assignable(self) -> list[Assignable]:
        """Roles by name, and which of them one may hand out."""
        return self._each(Assignable, await self._hub.request("GET", "/assignable"))

    async def teams(self) -> list[Row]:
        """Teams with their members, managers, queues and numbers."""
        return self._each(Row, await self._hub.request("GET", "/teams"))

    async def numbers(self) -> list[Row]:
        """Business numbers."""
        return self._each(Row, await self._hub.request("GET", "/numbers"))

    async def queues(self) -> list[Row]:
        """Queues with their titles and members."""
        return self._each(Row, await self._hub.request("GET", "/queues"))

    async def organisation(self, kinds: Sequence[str] = ()) -> list[tuple[str, Doc]]:
        """Every document of the organisation, or those of some kinds."""
        found = await self._hub.request("GET", f"/organisation?{'&'.join(f'kinds={quoted(kind)}' for kind in kinds)}")
        try:
            return [(str(kind), dict(doc)) for kind, doc in found["documents"]]
        except (KeyError, TypeError, ValueError) as error:
            raise not_a_hub(self._hub.address) from error

    # -- changing

    async def change(self, edits: Sequence[Edit], *, dry_run: bool = False, note: str = "") -> Saved:
        """Save edits, all or none; ``dry_run``: only ask what they would mean.

        Raises with the name of the rule that forbids it (``details["findings"]``), or ``changed-meanwhile``
        (``details["fields"]``).
        """
        changes = [edit.model_dump(mode="json", exclude_defaults=True) for edit in edits]
        body = {"changes": changes, "dry_run": dry_run, "note": note}
        return self._one(Saved, await self._hub.request("POST", "/changes", body))

    async def past(
        self, team: str, *, since: str = "", dry_run: bool = False, told: Callable[[Doc], None] | None = None
    ) -> Adopted:
        """Give a team the known calls, log-ins and pauses of what is its own; ``dry_run``: only count them.

        ``since``: a day in the organisation's zone; empty: all. ``told`` hears how far it is: ``{what, done, total}``.
        """
        last: Doc = {}
        async for last in self._hub.progress(f"/teams/{quoted(team)}/past", {"since": since, "dry_run": dry_run}):
            if told is not None and "total" in last:
                told(last)
        return self._one(Adopted, last)

    async def code(self, person: str) -> Doc:
        """A one-time code with which somebody chooses a password: ``{code, until}``."""
        return await self._hub.code(person)

    async def pin(self, person: str) -> str | None:
        """Somebody's PIN for outbound calls."""
        found = await self._hub.request("GET", f"/people/{quoted(person)}/pin")
        return None if found.get("pin") is None else str(found["pin"])

    async def set_pin(self, person: str, pin: str | None) -> None:
        """Give somebody a PIN, or take it away."""
        await self._hub.request("PUT", f"/people/{quoted(person)}/pin", {"pin": pin})

    # -- who sees what, and who did what

    async def why(self, person: str, key: str, kind: str = "call") -> ExplanationOf:
        """Why a person gets a document, an agent's ``state`` or a row of ``figures`` (``queue:KEY``, ``all``), or does
        not."""
        path = f"/why/{quoted(person)}/{quoted(key)}"
        return self._one(ExplanationOf, await self._hub.request("GET", path, params={"kind": kind}))

    async def who_can_see(self, key: str, kind: str = "call") -> list[ExplanationOf]:
        """Everybody who gets a document, a ``state`` or ``figures``, with the clauses by which they do."""
        path = f"/who-can-see/{quoted(key)}"
        return self._each(ExplanationOf, await self._hub.request("GET", path, params={"kind": kind}))

    async def review(self, *, overdue: bool = False) -> Review:
        """The access review; ``overdue``: only what is to be looked at again."""
        return self._one(Review, await self._hub.request("GET", "/access-review", params={"overdue": overdue}))

    async def decide(self, person: str, permission: str, decision: Decision, note: str = "") -> ReviewRow:
        """Record that somebody keeps a sensitive permission, or is to lose it."""
        body = {"person": person, "permission": permission, "decision": decision, "note": note}
        return self._one(ReviewRow, await self._hub.request("POST", "/access-review", body))

    async def audit(
        self,
        *,
        limit: int = 100,
        before: float | None = None,
        older_than: str = "",
        by: str = "",
        target: str = "",
        act: str = "",
        text: str = "",
        allowed: bool | None = None,
    ) -> list[Audit]:
        """Who did what, newest first. ``before``: only what is older (epoch seconds); ``older_than``: the key of the
        last entry one has, for the next page.
        """
        params = {"limit": limit, "before": before, "by": by, "target": target, "act": act, "text": text}
        params |= {"allowed": allowed, "older_than": older_than}
        return self._each(Audit, await self._hub.request("GET", "/audit", params=params))

    # -- answers

    def _one(self, model: type[M], answer: Any) -> M:
        try:
            return model.model_validate(answer)
        except ValidationError as error:
            raise not_a_hub(self._hub.address) from error

    def _each(self, model: type[M], answer: Any) -> list[M]:
        try:
            return TypeAdapter(list[model]).validate_python(answer)  # type: ignore[valid-type]
        except ValidationError as error:
            raise not_a_hub(self._hub.address) from error
