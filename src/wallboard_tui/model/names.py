"""Room ``model``: what a person's short name, extension and mail address look like. Pure."""

import re
from collections.abc import Mapping

SHORT_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
EXTENSION = re.compile(r"[0-9]{1,20}")
MAIL = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"/]{1,189}")
LONGEST_NAME = 120

_RULES: Mapping[str, tuple[re.Pattern[str], str, str]] = {
    "key": (SHORT_NAME, "short name", "Use small letters, digits, . _ -, such as ann.kelly."),
    "extension": (EXTENSION, "extension", "Give its digits, such as 120."),
    "email": (MAIL, "mail address", "Give one like ann@example.org."),
}


def mistake(field: str, value: str) -> tuple[str, str] | None:
    """Why a person's ``key``, ``name``, ``extension`` or ``email`` cannot be this, and what can; ``None``: it can."""
    if field == "name":
        if not value.strip() or len(value) > LONGEST_NAME or not value.isprintable():
            return f"“{value[:LONGEST_NAME]}” is no name.", f"Give one of at most {LONGEST_NAME} characters."
        return None
    pattern, thing, next_step = _RULES[field]
    return None if pattern.fullmatch(value) else (f"“{value}” is no {thing}.", next_step)
