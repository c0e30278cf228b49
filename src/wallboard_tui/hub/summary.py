"""Room ``hub``: what became of an import, as its answer says it."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from wallboard_tui.model.base import Doc
from wallboard_tui.sources.base import UTF8, Batch, Refused, not_in

REFUSALS_SHOWN = 1000
"""Refusals in a summary. More of them are told while files are taken in."""
LISTED = 10_000
"""Refusals of one file that are told one by one; a file that is no such file at all has millions."""
REASONS = 50
"""Reasons by which the others are counted."""


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

    listed: list[Refused] = field(default_factory=list)
    """What the last batch refused, as far as it is told one by one."""
    not_utf8: int = 0
    _told: Counter[str] = field(default_factory=Counter)
    _more: dict[str, Counter[str]] = field(default_factory=dict)

    def count(self, batch: Batch) -> None:
        """Count what a batch read and refused, and keep the first refusals."""
        self.read += batch.read
        self.refused += len(batch.refused)
        self.refusals += batch.refused[: REFUSALS_SHOWN - len(self.refusals)]
        self.listed = [refused for refused in batch.refused if self._is_listed(refused)]
        self.not_utf8 += sum(refused.reason.startswith(not_in(UTF8)) for refused in batch.refused)
        if batch.file and batch.read:
            self.files[batch.file] = self.files.get(batch.file, False) or batch.read > len(batch.refused)

    def _is_listed(self, refused: Refused) -> bool:
        """Whether a refusal is told by itself; if not it is counted by its reason."""
        if self._told[refused.file] < LISTED:
            self._told[refused.file] += 1
            return True
        reasons = self._more.setdefault(refused.file, Counter())
        reason = re.sub(r"\d+", "…", refused.reason)
        reasons[reason if reason in reasons or len(reasons) < REASONS else "other reasons"] += 1
        return False

    def _notes(self) -> list[str]:
        lines = "1 line is" if self.not_utf8 == 1 else f"{self.not_utf8:,} lines are"
        note = (
            f"{lines} not UTF-8 and missing. Import again with --encoding and the name of what the file is in, such as "
            "--encoding latin1: what is there already stays."
        )
        return list(dict.fromkeys([*self.notes, *([note] if self.not_utf8 else [])]))

    def all_refused(self) -> list[str]:
        """Files of which every line was refused."""
        return [file for file, good in self.files.items() if not good]

    def answer(self, seconds: float) -> Doc:
        """The last line of an import's answer. Lines: ``read`` is ``accepted`` and ``refused`` together; documents that
        they speak of: ``documents`` is ``new``, ``changed`` and ``unchanged`` together.
        """
        return {
            "read": self.read,
            "accepted": self.read - self.refused,
            "refused": self.refused,
            "documents": self.new + self.changed + self.unchanged,
            "new": self.new,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "refusals": told(self.refusals),
            "refused_files": self.all_refused(),
            "refused_more": {file: dict(reasons.most_common()) for file, reasons in self._more.items()},
            "notes": self._notes(),
            "seconds": round(seconds, 3),
        }


def told(refusals: Iterable[Refused]) -> list[Doc]:
    """Refusals as an answer has them."""
    return [{"file": r.file, "line": r.line, "text": r.text, "reason": r.reason} for r in refusals]
