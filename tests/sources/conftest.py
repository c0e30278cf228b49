"""What tests of sources share: the recording, and a store that takes batches in as ``sources.base`` says."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from wallboard_tui.model.base import Doc
from wallboard_tui.sources.asterisk.cdr import read_cdr
from wallboard_tui.sources.asterisk.merge import Asterisk
from wallboard_tui.sources.asterisk.queue_log import read_queue_log
from wallboard_tui.sources.asterisk.queues_conf import read_queues_conf
from wallboard_tui.sources.asterisk.restarts import Implied
from wallboard_tui.sources.base import Batch, Refused

ROOT = Path(__file__).parents[2]


@dataclass
class Store:
    """Documents by kind and key."""

    documents: dict[str, dict[str, Doc]] = field(default_factory=dict)
    restarts: set[float] = field(default_factory=set)
    refused: list[Refused] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    read: int = 0
    implied: Implied = field(default_factory=Implied)

    @property
    def calls(self) -> dict[str, Doc]:
        return self.documents.setdefault("call", {})

    def take(self, batches: Iterable[Batch]) -> "Store":
        """Take batches in."""
        system = Asterisk()
        for batch in batches:
            self.read += batch.read
            self.refused += batch.refused
            self.notes += batch.notes
            self.restarts |= set(batch.restarts)
            restarts = sorted(self.restarts)
            for part in batch.parts:
                self.calls[part.key] = system.merge(part.key, self.calls.get(part.key), [part], restarts)
                for kind, doc in system.learn(self.calls[part.key]):
                    self._combine(system, kind, doc)
            for kind, doc in batch.documents:
                self._combine(system, kind, doc)
            self.implied.started(batch.restarts)
            for kind, doc in batch.documents:
                self.implied.note(kind, doc)
            for part in batch.parts:
                self.implied.note("call", self.calls[part.key])
            for kind, doc in self.implied.news():
                self._combine(system, kind, doc)
            if batch.restarts:
                for key, call in list(self.calls.items()):
                    if call["state"] != "ended":
                        self.calls[key] = system.merge(key, call, [], restarts)
        return self

    def _combine(self, system: Asterisk, kind: str, doc: Doc) -> None:
        of_kind = self.documents.setdefault(kind, {})
        of_kind[doc["key"]] = system.combine(kind, of_kind.get(doc["key"]), doc)


@pytest.fixture(scope="session")
def recorded() -> Path:
    """The recording that comes with the product."""
    return ROOT / "sample_data" / "recorded"


@pytest.fixture(scope="session")
def captures() -> Path:
    """Short recordings of a restart and of a crash."""
    return ROOT / "tests" / "data" / "asterisk"


@pytest.fixture(scope="session")
def sample_data() -> Path:
    """The demo's data."""
    return ROOT / "sample_data"


@pytest.fixture(scope="session")
def truth(captures: Path) -> dict[str, Any]:
    """Figures of the recording, computed by other code and cross-checked with Asterisk's own counts."""
    found: dict[str, Any] = json.loads((captures / "truth.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="session")
def new_store() -> Callable[[], Store]:
    """Empty stores."""
    return Store


@pytest.fixture(scope="session")
def whole(recorded: Path) -> Store:
    """The recording, all of it taken in. Not to be changed."""
    store = Store()
    store.take(read_queues_conf([recorded / "queues.conf"], "pbx1"))
    store.take(read_queue_log([recorded / "queue_log.xz"], "pbx1"))
    return store.take(read_cdr([recorded / "Master.csv.xz"], "pbx1"))


@pytest.fixture(scope="session")
def organisation(sample_data: Path) -> dict[str, dict[str, Doc]]:
    """The demo's organisation: documents by kind and key."""
    found: dict[str, dict[str, Doc]] = {}
    for kind, doc in json.loads((sample_data / "organisation.json").read_text(encoding="utf-8"))["documents"]:
        assert doc["key"] not in found.setdefault(kind, {})
        found[kind][doc["key"]] = doc
    return found
