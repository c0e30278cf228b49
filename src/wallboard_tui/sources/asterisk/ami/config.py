"""Room ``sources``: what a phone system's configuration says of its queues, as ``GetConfig`` tells it. Pure.

No event and no snapshot has a queue's ``wrapuptime``; Asterisk reads it from ``queues.conf`` to an account with
``write = system`` or ``config``, with what templates and included files give.
"""

from __future__ import annotations

import re

from wallboard_tui.sources.asterisk.ami.lines import number
from wallboard_tui.sources.asterisk.ami.wire import Message

FILE = "queues.conf"
GENERAL = "general"
"""The section of the file that is no queue's."""
_CATEGORY = re.compile(r"category-(\d+)")
_LINE = re.compile(r"line-(\d+)-\d+")


def wrap_ups(answer: Message) -> dict[str, float | None]:
    """Queue's name → seconds of wrap-up, ``None`` where it has none. Where a setting comes twice the last counts."""
    names = {found.group(1): name for field, name in answer.items() if (found := _CATEGORY.fullmatch(field))}
    told: dict[str, float | None] = {name: None for name in names.values() if name != GENERAL}
    for field, text in answer.items():
        line = _LINE.fullmatch(field)
        setting, _, value = text.partition("=")
        queue = names.get(line.group(1)) if line else None
        if queue in told and setting.strip().lower() == "wrapuptime":
            told[queue] = number(value.strip()) or None
    return told
