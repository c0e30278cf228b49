"""Room ``sources``: what a phone system's configuration says of its queues, as ``GetConfig`` tells it. Pure.

No event and no snapshot has a queue's ``wrapuptime``; Asterisk reads it from ``queues.conf`` to an account with
``write = system`` or ``config``, with what templates and included files give.
"""

from __future__ import annotations

import re

from wallboard_tui.sources.asterisk.ami.lines import number
from wallboard_tui.sources.asterisk.ami.wire import Message

FILE = "queues.conf"
_CATEGORY = re.compile(r"category-(\d+)")
_LINE = re.compile(r"line-(\d+)-\d+")


def wrap_ups(answer: Message) -> dict[str, float]:
    """Queue's name → seconds of wrap-up, of queues that have some. Where a setting comes twice the last counts."""
    names = {found.group(1): name for field, name in answer.items() if (found := _CATEGORY.fullmatch(field))}
    told: dict[str, float | None] = {}
    for field, text in answer.items():
        line = _LINE.fullmatch(field)
        setting, _, value = text.partition("=")
        if line and line.group(1) in names and setting.strip().lower() == "wrapuptime":
            told[names[line.group(1)]] = number(value.strip())
    return {name: seconds for name, seconds in told.items() if seconds and name != "general"}
