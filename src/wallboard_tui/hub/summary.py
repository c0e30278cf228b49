"""Room ``hub``: what became of an import, as its answer says it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from wallboard_tui.model.base import Doc
from wallboard_tui.sources.base import Batch, Refused

REFUSALS_SHOWN = 1000
"""Refusals in a summary. All of them are told while files are taken in."""


@dataclass(slots=True)
class Summary:
    """What became of one import: lines or rows ``read``; documents ``new``, changed, ``unchanged``; lines
    ``refused``.
    """

    read: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    refusals: list[Refused] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    files: dict[str, bool] = field(default_factory=dict)
    """Whether anything in a file could be read: files of which nothing was said are not in it."""

    def count(self, batch: Batch) -> None:
        """Count what a batch read and refused, and keep the first refusals."""
        self.read += batch.read
        self.refused += len(batch.refused)
        self.refusals += batch.refused[: REFUSALS_SHOWN - len(self.refusals)]
        if batch.file and batch.read:
            self.files[batch.file] = self.files.get(batch.file, False) or batch.read > len(batch.refused)

    def all_refused(self) -> list[str]:
        """Files of which every line was refused."""
        return [file for file, good in self.files.items() if not good]

    def answer(self, seconds: float) -> Doc:
        """The last line of an import's answer."""
        return {
            "read": self.read,
            "new": self.new,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "refused": self.refused,
            "refusals": told(self.refusals),
            "refused_files": self.all_refused(),
            "notes": list(dict.fromkeys(self.notes)),
            "seconds": round(seconds, 3),
        }


def told(refusals: Iterable[Refused]) -> list[Doc]:
    """Refusals as an answer has them."""
    return [{"file": r.file, "line": r.line, "text": r.text, "reason": r.reason} for r in refusals]
