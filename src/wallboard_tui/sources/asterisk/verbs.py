"""Room ``sources``: the verbs of queue_log and the parameters each must have. Pure.

As written by app_queue.c, app_agent_pool.c and logger.c of Asterisk 1.8 to 22. Times in CONNECT, COMPLETE*, EXIT*,
ABANDON and transfers are whole seconds, in RINGNOANSWER and RINGCANCELED milliseconds. A verb that is not listed may
come from the dialplan (``QueueLog()``): it is let through and says nothing about calls.
"""

from __future__ import annotations

import re
from typing import Final

_N = r"-?\d{1,9}"
_X = r"[^|]*"

CALL_RULES: Final[dict[str, re.Pattern[str]]] = {
    verb: re.compile(pattern, re.ASCII)
    for verb, pattern in {
        "ENTERQUEUE": rf"{_X}\|{_X}\|{_N}(?:\|.*)?",  # url | caller | position [| caller's name]
        "DID": rf"{_X}",
        "CONNECT": rf"{_N}\|{_X}(?:\|{_N})?",  # wait | agent's channel | ring seconds
        "RINGNOANSWER": rf"{_N}",
        "RINGCANCELED": rf"{_N}",
        "AGENTDUMP": rf"{_X}",
        "SYSCOMPAT": rf"{_X}",
        "ABANDON": rf"{_N}\|{_N}\|{_N}",  # position | first position | wait
        "EXITWITHTIMEOUT": rf"{_N}(?:\|{_N}\|{_N})?",
        "EXITWITHKEY": rf"{_X}\|{_N}(?:\|{_N}\|{_N})?",  # key | position | first position | wait
        "EXITEMPTY": rf"{_N}\|{_N}\|{_N}",
        "WITHDRAW": rf"{_N}\|{_N}\|{_N}(?:\|.*)?",  # … | wait | what the withdrawer said
        "COMPLETEAGENT": rf"{_N}\|{_N}\|{_N}",  # wait | talk | first position
        "COMPLETECALLER": rf"{_N}\|{_N}\|{_N}",
        "BLINDTRANSFER": rf"{_X}\|{_X}\|{_N}\|{_N}\|{_N}",  # extension | context | wait | talk | first position
        "ATTENDEDTRANSFER": rf"{_X}\|.*\|{_N}\|{_N}\|{_N}",  # BRIDGE, APP or LINK | which | wait | talk | position
        "TRANSFER": rf"{_X}\|{_X}\|{_N}\|{_N}(?:\|{_N})?",
    }.items()
}
"""Verbs about one caller."""

PRESENCE_RULES: Final[dict[str, re.Pattern[str]]] = {
    verb: re.compile(pattern, re.ASCII)
    for verb, pattern in {
        "ADDMEMBER": r"(?:PAUSED)?",
        "REMOVEMEMBER": rf"{_X}",
        "PAUSE": r".*",
        "UNPAUSE": r".*",
        "PAUSEALL": r".*",
        "UNPAUSEALL": r".*",
        "AGENTLOGIN": rf"{_X}(?:\|.*)?",
        "AGENTLOGOFF": rf"{_X}\|{_N}(?:\|.*)?",
        "AGENTCALLBACKLOGIN": rf"{_X}(?:\|.*)?",
        "AGENTCALLBACKLOGOFF": rf"{_X}\|{_N}(?:\|.*)?",
    }.items()
}
"""Verbs about an agent's availability."""

OTHER_RULES: Final[dict[str, re.Pattern[str]]] = {
    verb: re.compile(pattern, re.ASCII)
    for verb, pattern in {"QUEUESTART": r"", "CONFIGRELOAD": r".*", "PENALTY": rf"{_N}", "RINGINUSE": rf"{_N}"}.items()
}

RULES: Final = CALL_RULES | PRESENCE_RULES | OTHER_RULES

RING_VERBS: Final = frozenset({"RINGNOANSWER", "RINGCANCELED", "AGENTDUMP", "SYSCOMPAT"})
"""One agent's phone stopped ringing; the caller stays where they are."""

COMPLETE_VERBS: Final = frozenset({"COMPLETEAGENT", "COMPLETECALLER", "BLINDTRANSFER", "ATTENDEDTRANSFER", "TRANSFER"})

_CUSTOM = re.compile(r"[A-Za-z][A-Za-z_.-]{1,38}\d{0,2}")


def wrong_verb(verb: str, params: str | None) -> str:
    """Why a verb with its parameters (``None``: the line ends after the verb) cannot stand; empty when it can."""
    rule = RULES.get(verb)
    if rule is not None:
        if rule.fullmatch(params or "") is None:
            return f"the parameters of {verb} are not what Asterisk writes (torn line?)"
        return ""
    if not _CUSTOM.fullmatch(verb):
        return f"{verb[:40]!r} is no event"
    if params is None and any(known.startswith(verb) for known in RULES):
        return f"{verb} is the beginning of an event only (torn line?)"
    return ""
