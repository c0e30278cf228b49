"""``wallboard source add asterisk`` at a real terminal: it asks, tries, shows what it found, and waits for a yes."""

import asyncio
import stat
import time
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = [pytest.mark.tmux, pytest.mark.xdist_group("tmux"), pytest.mark.timeout(240)]

SECRET = "sesame-4711-open"


def answered(terminal: Any, *answers: tuple[str, str]) -> None:
    """Answer questions: each a piece of the question, and what to type (nothing: take what is offered)."""
    for question, answer in answers:
        terminal.wait(lambda screen, question=question: question in screen.rstrip().splitlines()[-1])
        if answer:
            terminal.type(answer)
        terminal.press("Enter")


async def test_a_phone_system_is_set_up_by_answering_questions(
    start: Any, hub: Any, new_pbx: Callable[..., Any], ami_block: Callable[..., bytes]
) -> None:
    members = [
        ami_block(Event="QueueMember", Queue="sales", Name=f"Member {chr(65 + n)}", Location=f"PJSIP/{200 + n}",
                  Membership="static", Paused="0")
        for n in range(14)
    ]  # fmt: skip
    queue = ami_block(Event="QueueParams", Queue="sales", Strategy="ringall", Calls="0", ServiceLevel="30")
    others = [ami_block(Event="QueueParams", Queue=f"q{n}", ServiceLevel="30") for n in range(1_000)]
    lists = {"queuestatus": [queue, *others, *members], "coreshowchannels": [], "agents": []}
    pbx = new_pbx(lists=lists, secret=SECRET)
    await pbx.start()

    def talk() -> str:
        terminal = start("source add asterisk", size=(100, 58), WALLBOARD_HOME=str(hub.home))
        terminal.wait("manager.conf", "Nothing is kept before you agree.")
        questions = (("call it", "pbx2"), ("Host", ""), ("TLS", ""), ("Port", str(pbx.port)), ("Login", ""))
        files = (("queue_log", "-"), ("Master.csv", "-"))
        answered(terminal, *questions, ("Secret", "wrong"), *files)
        refused = terminal.wait("Answer again?")
        assert "wallboard" in refused
        assert not (hub.home / "secrets").exists(), "nothing is kept of what did not work"
        assert "wrong" not in refused

        terminal.press("Enter")
        again = (("call it", ""), ("Host", ""), ("TLS", ""), (f"Port [{pbx.port}]", ""), ("Login", ""))
        answered(terminal, *again, ("Secret", SECRET), *files)
        answered(terminal, ("Queues to follow", "sales"))
        shown: str = terminal.wait(
            "Set it up like this?", "Asterisk 22.10.1", "1 queue:", "14 new people", "and 2 more"
        )
        assert not (hub.home / "hub.toml").exists(), "nothing is kept before somebody agrees"
        terminal.press("Enter")
        return shown + str(terminal.wait("pbx2 is followed: 1 queue."))

    began = time.monotonic()
    said = await asyncio.to_thread(talk)
    assert time.monotonic() - began < 60, "with a mistake on the way"
    assert SECRET not in said
    assert "read = system,call,agent,cdr" in said
    secret = hub.home / "secrets" / "pbx2"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert secret.read_text("utf-8") == SECRET + "\n"
    sources = {one["key"]: one for one in await asyncio.to_thread(hub.wallboard, "sources")}
    assert sources["pbx2"]["links"] == {"ami": "up"}
