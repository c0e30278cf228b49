"""Room ``sources``: what comes back over a manager interface: answers to actions, and events nobody asked for."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from wallboard_tui.sources.asterisk.ami.errors import AmiRefused
from wallboard_tui.sources.asterisk.ami.wire import Message


@dataclass(frozen=True, slots=True)
class Answer:
    """What an action was answered: the response, and the events that belong to it."""

    response: Message
    events: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class Arrived:
    """An event nobody asked for, and when it came: epoch seconds of this machine."""

    at: float
    event: Message


class Asked:
    """An action that was sent and is not answered in full yet."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.response: Message | None = None
        self.events: list[Message] = []
        self.done: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()

    def take(self, message: Message) -> bool:
        """Take in what carries its id; whether it was the last of it."""
        if self.done.done():
            return True
        if "response" in message:
            self.response = message
            word = message["response"].lower()
            if word not in ("success", "follows", "goodbye", "pong"):
                said = message.get("message", message["response"]).rstrip(".")
                self.done.set_exception(AmiRefused(self.name, said))
                return True
            if message.get("eventlist", "").lower() != "start" and not _old_list(message):
                self.done.set_result(Answer(message))
                return True
            return False
        if message.get("eventlist", "").lower() in ("complete", "cancelled"):
            self.done.set_result(Answer(self.response or {}, tuple(self.events)))
            return True
        if message["event"].lower() == f"{self.name}complete".lower():
            self.done.set_result(Answer(self.response or {}, tuple(self.events)))
            return True
        self.events.append(message)
        return False


def _old_list(message: Message) -> bool:
    """Whether events follow although the answer does not say so by a field: some lists before Asterisk 13."""
    return message.get("message", "").lower().endswith("will follow")
