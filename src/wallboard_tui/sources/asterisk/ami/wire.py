"""Room ``sources``: bytes of a manager interface as messages, and messages as bytes. Pure; knows no meaning.

A message is a block of ``Key: value`` lines that an empty line ends. Keys differ in case between Asterisk versions
(``Holdtime``, ``HoldTime``): here they are lower case. Where a key comes twice the first value counts.
"""

from __future__ import annotations

import re
from collections.abc import Collection

Message = dict[str, str]
"""Lower-case keys. An answer has ``response``, an event has ``event``; ``output`` holds a command's output."""

END = b"\r\n\r\n"
LONGEST = 1 << 20
"""Bytes of the longest block that is kept; a longer one is passed over, however long, and counted."""
NAME = b"Asterisk Call Manager"
_GREETING = re.compile(NAME + rb"(?:/| v?)([\w.]+)", re.IGNORECASE)
ODD = 80
"""Bytes that are kept of what was no message."""
_UNSAFE = re.compile(r"[\r\n]+")


def greeting(line: bytes) -> str | None:
    """The interface's version in the line with which it greets; ``None`` when this is no Asterisk."""
    found = _GREETING.match(line)
    return found.group(1).decode() if found else None


def may_greet(begun: bytes) -> bool:
    """Whether what came so far can be the beginning of that line."""
    said = begun.lstrip()[: len(NAME)].lower()
    return NAME.lower().startswith(said)


def action(name: str, ident: str, fields: dict[str, str]) -> bytes:
    """An action as it is sent. Line ends in values would be further fields: they are taken out."""
    lines = [f"Action: {name}", f"ActionID: {ident}"]
    lines += [f"{key}: {_UNSAFE.sub(' ', value)}" for key, value in fields.items()]
    return "\r\n".join((*lines, "", "")).encode()


class Blocks:
    """Takes bytes in whatever pieces they come, and gives messages.

    ``wanted``: names of events to give; others are passed over unread, and counted in ``passed``. Events that answer
    an action are always given.
    """

    def __init__(self, wanted: Collection[str] | None = None) -> None:
        self._wanted = None if wanted is None else frozenset(name.encode() for name in wanted)
        self._rest = b""
        self._skipping = False
        self.skipped = 0
        """Bytes of a block that is being passed over since it is too long, and has not ended yet."""
        self.odd = b""
        """How the newest block begins that was no message."""
        self.malformed = 0
        """Blocks that were no messages, or too long."""
        self.in_a_row = 0
        """How many of the newest blocks were malformed, without a good one between."""
        self.passed = 0

    def feed(self, data: bytes) -> list[Message]:
        """The messages that these bytes complete."""
        data = self._rest + data
        if self._skipping:
            cut = data.find(END)
            if cut < 0:
                self.skipped += len(data) - len(self._rest)
                self._rest = data[-3:]
                return []
            data = data[cut + len(END) :]
            self._skipping, self.skipped = False, 0
        *blocks, self._rest = data.split(END)
        if len(self._rest) > LONGEST:
            self._count_malformed(self._rest)
            self._skipping, self.skipped = True, len(self._rest)
            self._rest = self._rest[-3:]
        found: list[Message] = []
        for block in blocks:
            message = self._message(block)
            if message is not None:
                found.append(message)
        return found

    def _message(self, block: bytes) -> Message | None:
        block = block.lstrip(b"\r\n")
        kind, _, rest = block.partition(b": ")
        if kind != b"Event" and kind != b"Response" and kind.lower() not in (b"event", b"response"):
            if block:
                self._count_malformed(block)
            return None
        if len(block) > LONGEST:
            self._count_malformed(block)
            return None
        self.in_a_row = 0
        if self._wanted is not None and kind[:1] in b"Ee":
            name = rest[: rest.find(b"\r\n")] if b"\r\n" in rest else rest
            if name not in self._wanted and b"\r\nActionID: " not in block:
                self.passed += 1
                return None
        return message(block)

    @property
    def unfinished(self) -> int:
        """Bytes of a block that has not ended yet."""
        return max(len(self._rest), self.skipped)

    def _count_malformed(self, block: bytes) -> None:
        self.odd = block[:ODD]
        self.malformed += 1
        self.in_a_row += 1


def message(block: bytes) -> Message:
    """The message of one block. Bytes that are not UTF-8 show as such; lines without a colon are a command's output."""
    found: Message = {}
    output: list[str] = []
    for line in block.decode("utf-8", "replace").split("\r\n"):
        key, colon, value = line.partition(":")
        if not colon:
            output.append(line)
            continue
        key = key.lower()
        if key == "output":
            output.append(value[1:] if value[:1] == " " else value)
        elif key not in found:
            found[key] = value[1:] if value[:1] == " " else value
    if output:
        found["output"] = "\n".join(output)
    return found
