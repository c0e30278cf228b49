"""Room ``model``: what is said between a hub and those who administer access: edits, findings, effects, and reviews."""

from typing import Any, Literal, Self

from pydantic import Field, model_validator

from wallboard_tui.model.base import Doc, Epoch, Frozen, Seconds

EditedKind = Literal[
    "person", "role", "team", "number", "queue", "agent", "extension", "contact", "organisation"
]  # fmt: skip
Severity = Literal["refused", "warning", "advice"]
Decision = Literal["keep", "remove"]
LONGEST_KEY = 200
"""Letters of the key of whatever is edited."""


class Edit(Frozen):
    """One document made, changed or removed. Exactly one of ``create``, ``set``, ``put`` and ``remove`` is given.

    ``revision``: the seq of the document one began with; ``None``: whatever it is by now.
    """

    kind: EditedKind
    key: str = Field(min_length=1, max_length=LONGEST_KEY)
    create: Doc | None = None
    set: Doc | None = None
    """Fields that replace those of the document; the others stay."""
    put: Doc | None = None
    """The whole document, made or replaced."""
    remove: bool = False
    instead: str | None = None
    """When a role is removed: the role that its people get."""
    confirm: bool = False
    """Go ahead although somebody loses by the removal (rule ``in-use``)."""
    revision: int | None = None

    @model_validator(mode="after")
    def _one_act(self) -> Self:
        given = [name for name in ("create", "set", "put") if getattr(self, name) is not None]
        if len(given) + self.remove != 1:
            raise ValueError("give exactly one of create, set, put and remove")
        return self


class Finding(Frozen):
    """What a rule has to say about a change set. ``missing``: permissions by which it goes too far."""

    rule: str
    about: str
    """What it is about, as ``kind key``."""
    reason: str
    next: str
    severity: Severity = "refused"
    missing: tuple[str, ...] = ()


class Effect(Frozen):
    """What a change set means to one person, in plain words. ``sentence`` is the notice they get, and ``gained`` and
    ``lost`` are as short as it, of long rows the first; ``every_gained`` and ``every_lost`` leave nothing out.
    """

    person: str
    name: str
    gained: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    every_gained: tuple[str, ...] = ()
    every_lost: tuple[str, ...] = ()
    sentence: str


class Applied(Frozen):
    """One document that a change set changed, and its new revision."""

    kind: str
    key: str
    revision: int


class Difference(Frozen):
    """A document by the fields that change; ``before`` is ``None`` for a new one, ``after`` for one that goes."""

    kind: str
    key: str
    before: Doc | None = None
    after: Doc | None = None


class Saved(Frozen):
    """The answer to a change set. With ``dry_run`` nothing was stored: it is what would happen."""

    policy: int
    applied: tuple[Applied, ...] = ()
    unchanged: int = 0
    differences: tuple[Difference, ...] = ()
    refused: tuple[Finding, ...] = ()
    """With ``dry_run``: what would forbid saving. Without, a refusal is an error."""
    warnings: tuple[Finding, ...] = ()
    effects: tuple[Effect, ...] = ()
    suspended: tuple[str, ...] = ()
    """Sentences: what somebody approved beyond their new reach, and what became of it."""
    notices: int = 0
    dry_run: bool = False


class Adopted(Frozen):
    """What came of giving a team its past; with ``dry_run``, what would. ``since``: a day; ``None``: all of it."""

    team: str
    since: str | None = None
    calls: int = 0
    presences: int = 0
    dry_run: bool = False
    seconds: Seconds = 0.0


class Differing(Frozen):
    """A field that somebody else changed since one began."""

    kind: str
    key: str
    field: str
    was: Any = None
    theirs: Any = None
    yours: Any = None
    by: str = ""
    at: Epoch | None = None


class Row(Frozen):
    """A document that can be administered: ``editable`` by whoever asks, or ``why_not``."""

    key: str
    revision: int
    doc: Doc
    editable: bool = True
    why_not: str = ""


class PersonRow(Row):
    """Somebody in the list of members."""

    role_name: str
    teams: tuple[str, ...] = ()
    manages: tuple[str, ...] = ()
    has_pin: bool = False
    can_sign_in: bool = True


class Granted(Frozen):
    """A permission of a role or person. ``scope``: atoms; ``words``: the same to be read."""

    name: str
    title: str
    level: str
    scope: tuple[str, ...] = ()
    words: str = ""


class RoleRow(Row):
    """A role with what it allows and who has it."""

    people: tuple[tuple[str, str], ...] = ()
    """Key and name of everybody with the role."""
    permissions: tuple[Granted, ...] = ()
    floor: tuple[Granted, ...] = ()
    custom: bool = False
    changed: bool = False
    """The role is of a pack, and stands otherwise than the pack has it."""
    assignable: bool = True


class Assignable(Frozen):
    """A role by name, and whether one may hand it out."""

    key: str
    name: str
    pack: str | None = None
    description: str = ""
    assignable: bool = True
    why_not: str = ""


class OriginOf(Frozen):
    """Where a part of a permission comes from. ``added``: ``False`` where a toggle took it away."""

    kind: str
    name: str
    level: str
    words: str = ""
    added: bool = True


class EffectiveOne(Granted):
    """One effective permission; ``managed``: the part of its scope that may be managed, too."""

    managed: tuple[str, ...] = ()
    origins: tuple[OriginOf, ...] = ()


class ToggleOf(Frozen):
    """A toggle that may be set for a person. ``value``: ``None`` as the role says."""

    name: str
    title: str
    controls: str
    value: bool | None = None


class EffectiveAccess(Frozen):
    """What a person may do, and where each part of it comes from."""

    person: str
    name: str
    role: str
    role_name: str
    sentence: str = ""
    """Why the person can open nothing, if so."""
    permissions: tuple[EffectiveOne, ...] = ()
    capabilities: tuple[str, ...] = ()
    panes: tuple[str, ...] = ()
    toggles: tuple[ToggleOf, ...] = ()


class ReviewRow(Frozen):
    """A sensitive permission that somebody holds, for the access review."""

    person: str
    name: str
    permission: str
    title: str
    level: str
    words: str = ""
    through: tuple[str, ...] = ()
    since: Epoch | None = None
    given_by: str = ""
    last_used: Epoch | None = None
    decided: Decision | None = None
    decided_at: Epoch | None = None
    decided_by: str = ""
    note: str = ""
    due: Epoch | None = None
    overdue: bool = False


class Review(Frozen):
    """The access review as it stands."""

    every_s: Seconds
    rows: tuple[ReviewRow, ...] = ()


class PermissionOf(Frozen):
    """A permission in the catalogue."""

    name: str
    title: str
    controls: str
    text: str
    scoped: bool
    group: Literal["data", "admin"]
    levels: tuple[str, ...] = ()
    """Levels that differ: of most data there is nothing to manage."""


class Catalogue(Frozen):
    """Everything there is to choose from when access is shaped."""

    permissions: tuple[PermissionOf, ...]
    levels: tuple[str, ...]
    presets: dict[str, tuple[str, ...]]
    toggles: dict[str, tuple[ToggleOf, ...]]
    rules: dict[str, str]
    capabilities: dict[str, str]
    sensitive: tuple[str, ...]


class ClauseOf(Frozen):
    """One way in which a document is admitted, as ``access.explain`` found it."""

    permissions: tuple[str, ...] = ()
    atoms: tuple[str, ...] = ()
    rows: bool = True
    origins: tuple[str, ...] = ()
    words: str = ""
    """The atoms, to be read."""


class ExplanationOf(Frozen):
    """Whether somebody gets a document, by which clauses, and a sentence to read."""

    kind: str
    key: str
    call: str | None = None
    """The key again, when it is a call."""
    person: str
    name: str = ""
    permitted: bool
    sentence: str
    clauses: tuple[ClauseOf, ...] = ()
    reaches: tuple[str, ...] = ()
    """Of a call that they do not see: the atoms for which they see calls."""
    notes: tuple[str, ...] = ()
    """What else is to be known of it, in sentences: of a row of figures, what of it counts."""
