"""Room ``sources``: rows of an Asterisk CDR about one call, and the call they tell of. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from wallboard_tui.model.base import Doc
from wallboard_tui.sources.asterisk.keys import WITHHELD, caller, key


class Row(NamedTuple):
    """What is kept of one CDR row, in stored order. Times are epoch seconds; ``answer`` is 0 when there was none."""

    start: float
    answer: float
    end: float
    src: str
    name: str
    dst: str
    context: str
    channel: str
    other_channel: str
    app: str
    data: str
    disposition: str
    userfield: str

    def reached(self) -> bool:
        """Whether somebody answered, not only the dialplan: the row says ANSWERED and shows another channel."""
        return self.disposition == "ANSWERED" and bool(self.other_channel) and self.answer > 0


def load(row: Sequence[Any]) -> Row:
    """A stored row."""
    return Row(*row)


def order(row: Sequence[Any]) -> tuple[Any, ...]:
    """Canonical order: by start, then end, then everything else."""
    return (row[0], row[2], row[1], *row[3:])


_INSIDE = re.compile(r"\d{2,5}", re.ASCII)
_DID = re.compile(r"did[-_:= ]*(\+?\d{2,})", re.ASCII | re.IGNORECASE)
_DIALLED = re.compile(r"[^/,]+/(?:[^/,]+/)?(\+?[\d*#]{2,})(?:[@,].*)?", re.ASCII)
_NUMBER = re.compile(r"\+?\d{2,}", re.ASCII)


def direction(row: Row) -> str:
    """From the first row: from inside (a short number) outwards, between two insides, or inbound."""
    if not _INSIDE.fullmatch(row.src):
        return "inbound"
    return "internal" if _INSIDE.fullmatch(row.dst) else "outbound"


def called(rows: Sequence[Row]) -> str | None:
    """The number that was dialled: as the dialplan noted it in userfield (``did-5001``), else the first destination."""
    for row in rows:
        noted = _DID.fullmatch(row.userfield)
        if noted:
            return noted.group(1)
    return next((row.dst for row in rows if _NUMBER.fullmatch(row.dst)), rows[0].dst or None)


def picked_up(rows: Sequence[Row]) -> float | None:
    """When somebody who was dialled past the queues first answered."""
    return min((row.answer for row in rows if row.app == "Dial" and row.reached()), default=None)


def call(source: str, rows: Sequence[Row]) -> Doc:
    """The call that CDR rows alone tell of: past the queues, over, with one leg for each phone that was dialled."""
    first = rows[0]
    way = direction(first)
    doc: Doc = {"source": source, "direction": way, "state": "ended", "started": first.start}
    doc["ended"] = max(row.end for row in rows)
    if way == "inbound":
        doc |= {"caller": caller(first.src), "caller_name": first.name or None, "called": called(rows)}
        doc["legs"] = _legs(source, rows)
    else:
        dialled = _DIALLED.fullmatch(first.data) if first.app == "Dial" and way == "outbound" else None
        number = dialled.group(1) if dialled and first.dst.endswith(dialled.group(1).lstrip("+")) else first.dst
        doc |= {"caller": caller(number), "called": first.dst, "extension": first.src}
    answered = min((row.answer for row in rows if row.reached()), default=None)
    if answered is not None:
        doc["answered"] = answered
        doc["talk_s"] = round(sum(row.end - row.answer for row in rows if row.reached()), 3)
    return {name: value for name, value in doc.items() if value not in (None, [])}


def _legs(source: str, rows: Sequence[Row]) -> list[Doc]:
    """The phones that a call past the queues was put through to. The agent is known by its interface."""
    legs: list[Doc] = []
    for row in rows:
        interface = row.other_channel.rpartition("-")[0]
        if row.app != "Dial" or not interface:
            continue
        leg: Doc = {"agent": key(source, interface), "rang": row.start, "ended": row.end}
        if row.reached():
            leg |= {"outcome": "answered", "answered": row.answer, "talk_s": row.end - row.answer}
        else:
            leg["outcome"] = {"BUSY": "rejected", "NO ANSWER": "no_answer"}.get(row.disposition, "canceled")
        legs.append(leg)
    return legs


def name_of(clid: str, number: str) -> str:
    """The caller's name in ``"John Carter" <+14155550197>``; empty when there is none or it only repeats the number."""
    text = clid.rpartition("<")[0] if clid.endswith(">") else clid
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = text[1:-1].replace('\\"', '"')
    elif text.startswith('"'):
        text = text[1:].replace('\\"', '"')
    text = text.strip()
    return "" if text == number or text.lower() in WITHHELD else text
