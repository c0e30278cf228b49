"""Room ``reports``: what is wrong with a text that is no TOML, said to whoever wrote it. Knows no other room. Pure."""

import re
import tomllib

_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_TWICE = re.compile(
    r"Cannot overwrite a value|Cannot declare .* twice|Duplicate inline table key|Cannot mutate immutable"
)


def not_toml(error: tomllib.TOMLDecodeError, text: str) -> tuple[int, str]:
    """The line, counted from 1, and the reason, without a full stop: ``(3, "“kpi” stands there twice")``."""
    lines = text.split("\n")
    place = _PLACE.search(str(error))
    line = int(place[1]) if place and place[1] else len(lines)
    reason = _PLACE.sub("", str(error)).rstrip(".")
    if not _TWICE.match(reason):
        return line, reason[:1].lower() + reason[1:]
    inline = re.match(r"Duplicate inline table key '(.*)'", reason)
    name = inline[1] if inline else lines[line - 1].split("=")[0].strip()
    return line, f"“{name}” stands there twice"
