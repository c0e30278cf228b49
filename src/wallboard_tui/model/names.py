"""Room ``model``: what a person's short name, extension and mail address look like. Pure."""

import re
import unicodedata
from collections.abc import Mapping

SHORT_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
LONGEST_KEY = 40
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


def short_name(name: str) -> str | None:
    """A short name to sign in with, made from a full one: ``Ana María O'Brien`` -> ``ana.maria.obrien``.

    ``None`` where nothing of it can be written in plain letters.
    """
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain.replace("'", ""))
    return ".".join(words)[:LONGEST_KEY].rstrip(".") or None
