"""What is to be known of an account before its line is followed: its settings, and a look."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from wallboard_tui.hub.settings import read_settings
from wallboard_tui.sources.asterisk.ami import AmiSettings, probe

from .following import ANN, QUEUE, Block, empty_lists, settings


async def test_a_probe_says_what_the_account_may_see_and_what_is_there(
    new_pbx: Callable[..., Any], ami_block: Block
) -> None:
    pbx = new_pbx(lists=empty_lists(ami_block), refused={"coreshowchannels"}, uptime=100)
    await pbx.start()
    pbx.lists["queuestatus"].insert(0, ami_block(Event="QueueParams", Queue="Support"))
    found = await probe(settings(pbx), "sesame", listen_s=0.1)
    assert (found.version, found.system_name) == ("Asterisk 22.10.1", "pbx1")
    assert [(queue.name, queue.service_level_s) for queue in found.queues] == [("sales", 30), ("Support", None)], (
        "by name"
    )
    assert [one.name for one in found.queues[0].members] == ["Ann"]
    assert (found.reads["system"], found.reads["agent"]) == (True, None)
    assert found.actions["QueueStatus"] is True
    assert [(advice.what, advice.line) for advice in found.advice] == [("write=system", "write = system,reporting")]
    kinds = [(kind, doc["key"]) for kind, doc in found.documents("pbx1")]
    assert kinds == [("queue", "asterisk:pbx1:Support"), ("queue", QUEUE), ("agent", ANN)]
    assert "Login" in pbx.asked
    assert set(pbx.asked) <= {
        "Challenge", "Login", "CoreSettings", "CoreStatus", "ListCommands", "Ping", "QueueStatus", "CoreShowChannels",
        "Logoff",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('host = "h"\nsecret_env = "S"', "has no usable login"),
        ('login = "w"\nqueue_log = "/q"', "but no host"),
        ('host = "h"\nlogin = "w"', "in no one place where its secret lies"),
        ('host = "h"\nlogin = "w"\nsecret_env = "S"\nport = 70000', "which is no port"),
        ('host = "h"\nlogin = "w"\nsecret_env = "S"\ntls = "yes"', "neither true nor false"),
        ('name2 = "x"', "which is no setting"),
    ],
)
def test_wrong_settings_of_a_line_are_named(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "hub.toml").write_text(f'[[source]]\nname = "pbx1"\n{text}\n')
    with pytest.raises(Exception, match=words):
        read_settings(tmp_path)


def test_the_settings_of_a_line_are_read(tmp_path: Path) -> None:
    (tmp_path / "hub.toml").write_text(
        '[[source]]\nname = "pbx1"\nhost = "10.0.0.20"\nlogin = "w"\nsecret_file = "/s"\ntls = true\nqueues = ["a"]\n'
    )
    (source,) = read_settings(tmp_path).sources
    assert source.ami == AmiSettings("10.0.0.20", "w", 5039, True, secret_file=Path("/s"), queues=("a",))
