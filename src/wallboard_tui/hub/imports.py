"""Room ``hub``: takes files of a phone system in, once, and says how far it is. Knows ``sources`` and the intake."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from wallboard_tui.hub.errors import HubError
from wallboard_tui.hub.hub import Hub
from wallboard_tui.hub.intake import Intake
from wallboard_tui.hub.settings import check_source_name, check_zone
from wallboard_tui.hub.summary import told
from wallboard_tui.metrics.quarters import zone_of
from wallboard_tui.model.base import Doc
from wallboard_tui.sources.base import UTF8, Batch, Unreadable, readable_as

KINDS = ("queue-log", "cdr", "queues-conf")


def reader_of(
    kind: str, paths: Sequence[Path], source: str, zone: str | None, hub: Hub, encoding: str = UTF8
) -> Iterator[Batch]:
    """The batches of some files. Times of a CDR are of ``zone``; without one, what their uniqueids say, and where there
    are none the organisation's. Raises ``HubError`` for a kind, a source, a zone or an encoding that is none.
    """
    check_source_name(source)
    if zone is not None:
        check_zone(zone)
    _check_encoding(encoding)
    if kind == "queue-log":
        from wallboard_tui.sources.asterisk.queue_log import read_queue_log

        return read_queue_log(paths, source, hub.clock, encoding)
    if kind == "cdr":
        from wallboard_tui.sources.asterisk.cdr import read_cdr

        return read_cdr(paths, source, zone, local=local_zone(hub), clock=hub.clock, encoding=encoding)
    if kind == "queues-conf":
        from wallboard_tui.sources.asterisk.queues_conf import read_queues_conf

        return read_queues_conf(paths, source, encoding)
    raise HubError(422, "wrong-kind", f"“{kind}” is no kind of file.", f"There are: {', '.join(KINDS)}.")


async def take_in(
    hub: Hub, batches: Iterator[Batch], source: str, finish: Callable[[], AsyncIterator[object]]
) -> AsyncIterator[Doc]:
    """Take files in. Yields ``{what, done, total, read, new, changed, unchanged, refused}`` now and then, with every
    refusal since the last time where there are any (in order of file and line; ``LISTED`` of a file at most, the others
    are counted by reason in the summary), and at last the summary.

    ``finish`` is waited for before the summary: what follows from the calls. Raises ``HubError`` for a file that
    cannot be read.
    """
    intake = Intake(hub, source, "imported")
    began = time.monotonic()
    last: Batch | None = None
    while (batch := await asyncio.to_thread(_next, batches)) is not None:
        last = batch
        pieces = intake.pieces(batch)
        while await hub.run(next, pieces, None) is not None:
            pass
        line: Doc = {"what": "reading", "done": batch.done, "total": batch.total, **_counts(intake)}
        yield line | ({"refusals": told(listed)} if (listed := intake.summary.listed) else {})
    if last is not None:
        await hub.run(lambda: intake.health(finished=True))
    async for _ in finish():
        pass
    yield intake.summary.answer(time.monotonic() - began)


def _check_encoding(encoding: str) -> None:
    if not readable_as(encoding):
        raise HubError(
            422,
            "wrong-encoding",
            f"“{encoding}” is no encoding in which a phone system writes.",
            "Give one like latin1, cp1252 or utf-8, or convert the file with iconv.",
        )


def local_zone(hub: Hub) -> ZoneInfo:
    """The organisation's time zone; UTC as long as there is no organisation."""
    return zone_of((hub.document("organisation", "organisation") or {}).get("time_zone", "UTC"))


def _counts(intake: Intake) -> Doc:
    summary = intake.summary
    return {
        "read": summary.read, "new": summary.new, "changed": summary.changed,
        "unchanged": summary.unchanged, "refused": summary.refused,
    }  # fmt: skip


def _next(batches: Iterator[Batch]) -> Batch | None:
    try:
        return next(batches, None)
    except Unreadable as error:
        raise HubError(422, "not-readable", str(error), "Check the path.") from error
