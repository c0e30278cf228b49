"""Room ``sources``: how Asterisk's things are named in documents, and what its words for "nothing" are."""

from __future__ import annotations

NAME = "asterisk"

NO_CALL = frozenset({"", "NONE", "REALTIME", "MANAGER"})
"""What stands in queue_log where a call's id would: the line is about no call."""

NOBODY = frozenset({"", "NONE"})
"""What stands in queue_log where a queue or an agent would."""

WITHHELD = frozenset(
    {"", "anonymous", "unknown", "restricted", "private", "unavailable", "asterisk", "withheld", "s", "<unknown>"}
)
"""Caller ids that name no number, in lower case."""


def key(source: str, name: str) -> str:
    """The key of a call (by its uniqueid), a queue or an agent (by its name): they are apart by kind."""
    return f"{NAME}:{source}:{name}"


def source_of(document_key: str) -> str:
    """The source in a key: ``asterisk:pbx1:…`` is ``pbx1``."""
    return document_key.split(":", 2)[1]


def caller(number: str) -> str | None:
    """A caller's number as sent, without the punctuation people write; ``None`` when it was withheld."""
    text = number.strip()
    if text.lower() in WITHHELD:
        return None
    digits = text.translate(_PUNCTUATION)
    return digits if digits.removeprefix("+").isdigit() else text


_PUNCTUATION = str.maketrans("", "", " -./()")
