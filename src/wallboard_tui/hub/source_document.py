"""Room ``hub``: what a batch adds to the document of its source. Knows documents and batches, keeps nothing."""

from collections.abc import Iterable

from wallboard_tui.model.base import Doc
from wallboard_tui.sources.base import Batch


def note_lacks(doc: Doc, batch: Batch, lacks: Iterable[str] | None = None) -> None:
    """What the source lacks: what none of the witnesses supplies that were heard so far; ``lacks`` where that is known
    already.
    """
    if lacks is not None:
        doc["lacks"] = list(lacks)
        return
    known = doc.get("lacks_by") or ({"": doc["lacks"]} if doc.get("lacks") else {})
    # Of two files of one witness the one that tells less counts: in any order the source lacks the same.
    doc["lacks_by"] = {**known, batch.witness: sorted({*known.get(batch.witness, ()), *batch.lacks})}
    doc["lacks"] = sorted(set.intersection(*map(set, doc["lacks_by"].values())))


def count_refused(doc: Doc, batch: Batch, counted: dict[str, int], *, again: bool) -> None:
    """How many lines of each file are refused. ``counted`` is what was counted so far and is counted on; ``again``: a
    file that was read before is read from its beginning, and not counted twice.
    """
    if batch.file and batch.file not in counted:
        counted[batch.file] = 0 if again else (doc.get("refused_in") or {}).get(batch.file, 0)
    for refused in batch.refused:
        counted[refused.file] = counted.get(refused.file, 0) + 1
    refused_in = {file: count for file, count in ((doc.get("refused_in") or {}) | counted).items() if count}
    doc.pop("refused_in", None)
    if refused_in:
        doc["refused_in"] = dict(sorted(refused_in.items()))
    doc["refused"] = sum(refused_in.values())


def further_back(known: float | None, told: float) -> float | None:
    """How far back a past is known when it is told again from its newest end: never less far than before."""
    return min(known, told) or None if known is not None else None
