"""Room ``sources``: Asterisk's queues.conf: queues with their settings, and static members as agents.

Templates (``[office](!)``, ``[sales](office)``), continuation (``[sales](+)``), comments and both spellings of
assignment are understood; ``#include`` is not followed, and the summary says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from wallboard_tui.model.base import Doc
from wallboard_tui.sources.asterisk.keys import NAME, key
from wallboard_tui.sources.asterisk.lines import read_lines, shown
from wallboard_tui.sources.base import UTF8, Batch, Refused

_SECTION = re.compile(r"\[([^\]]+)\](?:\(([^)]*)\))?")
_SETTING = re.compile(r"([\w-]+)\s*=>?\s*(.*)")
_HINT = re.compile(r"hint:(\d+)@", re.IGNORECASE)
_POOL = re.compile(r"agent[:/](\d+)", re.IGNORECASE)
_PLAIN = re.compile(r"\w+/(\d+)(?:@[^/]*)?(?:/n)?")


class Member(NamedTuple):
    """A static member as configured: ``member => interface,penalty,name,state interface``."""

    interface: str
    name: str
    state_interface: str

    def extension(self) -> str | None:
        """The agent's extension where hint or interface is plainly one, never a part of a name like ``agent-101``."""
        state = self.state_interface
        found = _HINT.match(state) or _POOL.fullmatch(state) or _PLAIN.fullmatch(self.interface)
        return found.group(1) if found else None

    def interfaces(self) -> set[str]:
        """All names under which queue_log or a CDR may speak of the member."""
        names = {self.interface}
        if self.interface.startswith("Local/"):
            names.add(self.interface.removesuffix("/n"))
        pool = _POOL.fullmatch(self.state_interface) or _POOL.fullmatch(self.interface)
        if pool:
            names |= {pool.group(1), f"Agent/{pool.group(1)}", f"Agent:{pool.group(1)}"}
        return names - {self.name, ""}


def read_queues_conf(paths: Iterable[Path], source: str, encoding: str = UTF8) -> Iterator[Batch]:
    """One batch per file: queue and agent documents. Raises ``Unreadable`` for a file that cannot be opened."""
    for path in paths:
        batch = Batch(source, NAME, file=str(path))
        sections = _sections(path, batch, encoding)
        queues = {name: s for name, s in sections.items() if name != "general" and not name.startswith("!")}
        agents: dict[str, Doc] = {}
        for name, settings in queues.items():
            batch.documents.append(("queue", _queue(source, name, settings, agents)))
        batch.documents.extend(("agent", doc) for doc in agents.values())
        batch.refused.sort(key=lambda refused: refused.line)
        batch.done = batch.total = path.stat().st_size
        yield batch


def _sections(path: Path, batch: Batch, encoding: str) -> dict[str, list[tuple[str, str]]]:
    """Settings of each section in order; a template's name begins with ``!``."""
    sections: dict[str, list[tuple[str, str]]] = {}
    current: list[tuple[str, str]] | None = None
    commented = False
    for piece in read_lines(path, encoding):
        batch.refused.extend(piece.refused)
        batch.read += len(piece.refused)
        for number, line in enumerate(piece.lines, piece.first):
            text, commented = _uncommented(line, commented)
            batch.read += bool(text)
            section, setting = _SECTION.fullmatch(text), _SETTING.fullmatch(text)
            if section:
                current = _open(sections, section.group(1), section.group(2) or "")
            elif setting and current is not None:
                current.append((setting.group(1).lower(), setting.group(2).strip()))
            elif text.startswith("#"):
                batch.notes.append(f"{path}:{number}: {text} was not followed; import that file too.")
            elif text:
                reason = "neither a section nor a setting" if current is not None else "a setting before any section"
                batch.refused.append(Refused(str(path), number, shown(line), reason))
    return sections


def _uncommented(line: str, commented: bool) -> tuple[str, bool]:
    """A line without comments, and whether a block comment is still open after it."""
    text = line.strip()
    if commented:
        end = text.find("--;")
        return (text[end + 3 :].strip(), False) if end >= 0 else ("", True)
    if text.startswith(";--") and not text.startswith(";---"):
        return ("", "--;" not in text)
    return re.split(r"(?<!\\);", text)[0].strip().replace("\\;", ";"), False


def _open(sections: dict[str, list[tuple[str, str]]], name: str, options: str) -> list[tuple[str, str]]:
    """The section a header opens, with what it takes over from its templates."""
    words = [word.strip() for word in options.split(",") if word.strip()]
    own = f"!{name}" if "!" in words else name
    if "+" in words and own in sections:
        return sections[own]
    settings = sections[own] = []
    for word in words:
        settings.extend(sections.get(f"!{word}", sections.get(word, [])) if word not in ("!", "+") else [])
    return settings


def _queue(source: str, name: str, settings: list[tuple[str, str]], agents: dict[str, Doc]) -> Doc:
    """A queue's document; its members are added to ``agents`` by key."""
    doc: Doc = {"key": key(source, name), "source": source, "name": name}
    members: list[str] = []
    for setting, value in settings:
        if setting == "servicelevel" and value.isdigit():
            doc["service_level_s"] = int(value)
        elif setting == "wrapuptime" and value.isdigit():
            doc["wrap_up_s"] = int(value)
        elif setting == "member":
            member = _member(value)
            agent = _agent(source, member, agents)
            members.append(agent["key"])
            agent["queues"] = sorted({*agent["queues"], doc["key"]})
    doc["members"] = sorted(set(members))
    return doc


def _member(value: str) -> Member:
    fields = [field.strip() for field in value.split(",")] + ["", "", ""]
    return Member(fields[0], fields[2] or fields[0], fields[3])


def _agent(source: str, member: Member, agents: dict[str, Doc]) -> Doc:
    agent = key(source, member.name)
    doc = agents.setdefault(agent, {"key": agent, "source": source, "name": member.name, "queues": []})
    interfaces = member.interfaces() | set(doc.get("interfaces", ()))
    if interfaces:
        doc["interfaces"] = sorted(interfaces)
    extension = member.extension()
    if extension:
        doc["extension"] = extension
    return doc
