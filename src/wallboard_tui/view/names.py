"""Room ``view``: what things are called, from the documents that say it. Pure.

What has no document is called by the last part of its key; what a reader may not know is in none of the documents that
they have.
"""

from collections.abc import Callable, Collection, Iterable, Mapping

from wallboard_tui.model.base import Doc

A_COLLEAGUE = "a colleague"
ANOTHER_QUEUE = "another queue"
"""What stands where there is somebody, or a queue, that the reader may not know: a blank would say "nobody"."""


def another(word: str, which: int | None) -> str:
    """The same with a number from the second on, by which several in one call are told apart."""
    return f"{word} ({which})" if which is not None and which > 1 else word


def tail(key: str) -> str:
    """The last part of a key, for what has no name of its own: ``asterisk:pbx1:sales`` → ``sales``."""
    return key.rsplit(":", 1)[-1]


def named(key: str | None, documents: Mapping[str, Doc]) -> str:
    """What people call a queue, team, number or agent; empty for ``None``."""
    if key is None:
        return ""
    doc = documents.get(key) or {}
    return str(doc.get("title") or doc.get("name") or tail(key))


def agent_name(key: str | None, agents: Mapping[str, Doc], people: Mapping[str, Doc]) -> str:
    """An agent's name; for one known by an interface alone that of the person, else the extension; empty for ``None``.

    ``agents``, ``people``: those whom the reader may know, with no more of them than that.
    """
    said = named(key, agents)
    agent = agents.get(key or "", {})
    if key is None or "/" not in said or said != str(agent.get("name") or tail(key)):
        return said
    return only_name(doc for doc in people.values() if key in doc.get("agents", ())) or str(
        agent.get("extension") or said
    )


def only_name(documents: Iterable[Doc]) -> str:
    """The name that some documents share; empty where there is none, or more than one."""
    said = {str(doc.get("name") or "") for doc in documents}
    return said.pop() if len(said) == 1 else ""


def told_apart(
    names: Mapping[str, str], source_of: Callable[[str], str], gone: Collection[str] = ()
) -> Mapping[str, str]:
    """Names that things of several phone systems have, each with its own phone system's: ``sales (pbx1)``.

    ``names``: key → name; ``source_of``: the phone system of a key; ``gone``: those that are followed no more, whose
    names take none away from the others. Names that need no more are left out.
    """
    systems: dict[str, set[str]] = {}
    for key, said in names.items():
        systems.setdefault(said.casefold(), set()).add(source_of(key))

    def shared(key: str, said: str) -> bool:
        others = systems[said.casefold()] - {source_of(key)}
        return bool(others if source_of(key) in gone else others.difference(gone))

    return {key: f"{said} ({source_of(key)})" for key, said in names.items() if shared(key, said)}
