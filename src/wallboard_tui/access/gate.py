"""Room ``access``: the one gate."""
from wallboard_tui.access.derive import Effective
from wallboard_tui.access.directory import Directory
from wallboard_tui.access.scope import Scope
from wallboard_tui.model.base import Doc
from wallboard_tui.model.me import Me


class LensGate:
    """What goes through one lens alone, for figures the hub computes."""

    scope: Scope

    def call(self, doc: Doc) -> Doc | None:
        """A call as seen through this lens alone (journey redacted), ``None`` when it is not in scope."""
        raise NotImplementedError

    def where(self, call: str = "call") -> tuple[str, list[str]]:
        raise NotImplementedError

    def presence(self, doc: Doc) -> bool:
        raise NotImplementedError

    def shows_agent(self, agent: str) -> bool:
        raise NotImplementedError

    def shows_queue(self, queue: str) -> bool:
        raise NotImplementedError


class Gate:
    fingerprint: str

    def __init__(self, effective: Effective, me: Me, directory: Directory, *, secret: bytes = b"") -> None:
        raise NotImplementedError

    def admit(self, kind: str, doc: Doc) -> int:
        raise NotImplementedError

    def redact(self, kind: str, doc: Doc, bits: int) -> Doc:
        raise NotImplementedError

    def key(self, kind: str, key: str) -> str:
        """The key under which this person knows a document (a masked caller's followup has an opaque one)."""
        raise NotImplementedError

    def wanted_sql(self, call: str = "call") -> tuple[str, list[str]]:
        raise NotImplementedError

    def lens_gate(self, lens: int) -> LensGate:
        raise NotImplementedError
