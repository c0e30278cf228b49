"""Room ``hub``: the stretches in which nothing was heard of a phone system, as a source's document tells them."""

from collections.abc import Iterable, Iterator

from wallboard_tui.model.base import Doc

KEPT = 20


class Gaps:
    """Gaps of one source, oldest first: ``start``, ``end`` unless it is open, and the files that ``closed_by`` telling
    what happened in it. Times are the phone system's, in seconds since the epoch.
    """

    def __init__(self, known: Iterable[Doc] = ()) -> None:
        self._gaps = [dict(gap) for gap in known]

    def __iter__(self) -> Iterator[Doc]:
        return iter(self._gaps)

    def open(self, start: float) -> None:
        """Nothing is heard from ``start`` on. One that is open already goes on."""
        if not self._gaps or self._gaps[-1].get("end") is not None:
            self._gaps = [*self._gaps, {"start": start}][-KEPT:]

    def close(self, end: float) -> None:
        """It is heard again. What lasted no time at all was none."""
        if self._gaps and self._gaps[-1].get("end") is None:
            start = self._gaps[-1]["start"]
            self._gaps[-1:] = [{"start": start, "end": end}] if end > start else []

    def told_by(self, files: Iterable[str]) -> None:
        """These files are read to their ends: what happened in the gaps, they have told."""
        telling = set(files)
        for index, gap in enumerate(self._gaps):
            closed_by = sorted({*gap.get("closed_by", ()), *telling})
            if gap.get("end") is not None and closed_by:
                self._gaps[index] = {**gap, "closed_by": closed_by}
