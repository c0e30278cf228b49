"""Room ``cli``: what people type for something, and which key is meant. Pure but for the questions to the hub."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from wallboard_tui.cli.failures import Failure, wrong_call
from wallboard_tui.cli.reach import operator
from wallboard_tui.client.hub import HubClient
from wallboard_tui.model.names import short_name

BEGIN = {
    "person": "Begin with: wallboard init",
    "role": "Begin with: wallboard init",
    "queue": "Queues come with: wallboard import",
    "agent": "Agents come with: wallboard import",
}
"""What to do where there is nothing of a kind yet."""


def meant(word: str, names: Mapping[str, str], thing: str) -> str:
    """The one key that ``word`` means: the key itself, its last part, a name, or the unique beginning of one of these.

    ``names`` maps keys to what people call them. Raises ``Failure`` when nothing fits, or more than one thing.
    """
    if word in names:
        return word
    lower = word.casefold()
    spoken = {key: {name.casefold(), key.casefold(), key.rsplit(":", 1)[-1].casefold()} for key, name in names.items()}
    for fits in (
        [key for key, name in names.items() if word in (name, key.rsplit(":", 1)[-1])],
        [key for key, words in spoken.items() if lower in words],
        [key for key, words in spoken.items() if any(each.startswith(lower) for each in words)],
    ):
        if len(fits) == 1:
            return fits[0]
        if fits:
            raise Failure("ambiguous", f"“{word}” is more than one {thing}: {listed(fits)}.", "Give the whole key.")
    known = f"There are: {listed(names)}." if names else f"There is none yet. {BEGIN.get(thing, '')}".strip()
    raise Failure("not-found", f"There is no {thing} “{word}”.", known)


def listed(keys: Iterable[str], most: int = 12) -> str:
    """Keys in a sentence; a long list is cut and says by how many."""
    every = sorted(keys)
    return ", ".join(every[:most]) + (f" and {len(every) - most} more" if len(every) > most else "")


def made_key(name: str, option: str = "--key") -> str:
    """The key of something new, made of what it is called. Raises ``Failure``, a wrong call, which says the ``option``
    to give one with.
    """
    made = short_name(name)
    if made is None:
        raise wrong_call(f"No key can be made from “{name}”.", f"Give one with {option}.")
    return made


async def documents(hub: HubClient, kind: str) -> dict[str, dict[str, Any]]:
    """Every document of a small kind by key. For the operator."""
    return {doc["key"]: doc for doc in await hub.request("GET", f"/documents/{kind}")}


def called(found: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Keys of documents and what people call them."""
    return {key: str(doc.get("title") or doc.get("name") or key) for key, doc in found.items()}


async def names(hub: HubClient, kind: str) -> dict[str, str]:
    """Keys of a kind and what people call them."""
    return called(await documents(hub, kind))


async def key_of(hub: HubClient, kind: str, word: str) -> str:
    """The key of a person, queue, role … that somebody typed. Raises ``Failure``."""
    return meant(word, await names(hub, kind), kind)


@asynccontextmanager
async def as_somebody(word: str | None) -> AsyncIterator[HubClient]:
    """The hub as the person behind ``--as`` (a key or a name) would reach it; ``None``: as operator."""
    async with operator() as hub:
        if word is None:
            yield hub
            return
        key = await key_of(hub, "person", word)
    async with operator(key) as hub:
        yield hub


async def call_keys(hub: HubClient, word: str) -> list[str]:
    """Keys that may be meant by a call's key or by the id that its phone system gave it: one for each source."""
    if word.count(":") >= 2:
        return [word]
    found = await documents(hub, "source")
    return [f"{doc['system']}:{key}:{word}" for key, doc in found.items()] or [word]
