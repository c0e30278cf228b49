"""Reading queues.conf."""

from pathlib import Path

from wallboard_tui.model.base import Doc
from wallboard_tui.sources.asterisk.queues_conf import read_queues_conf
from wallboard_tui.sources.base import Batch

TEXT = """\
; FreePBX wrote this
stray=1
[general]
persistentmembers = yes
[office](!)
servicelevel=25
wrapuptime=5
;--
[not-a-queue]
--;
[sales](office)
servicelevel = 20 ; seconds
member => SIP/102,0,Bob Tanaka
member=Local/103@from-queue/n,0,Chloé,hint:103@ext-local
member => PJSIP/desk-7,1
[pool](office)
member => Local/301@agent-request/n,0,Quinn,Agent:301
nonsense
#include queues_custom.conf
[sales](+)
member => SIP/104
"""


def read(tmp_path: Path) -> tuple[Batch, dict[str, Doc]]:
    path = tmp_path / "queues.conf"
    path.write_text(TEXT, encoding="utf-8")
    (batch,) = read_queues_conf([path], "pbx1")
    return batch, {f"{kind} {doc['name']}": doc for kind, doc in batch.documents}


def test_queues_have_their_own_and_their_templates_settings(tmp_path: Path) -> None:
    _, found = read(tmp_path)
    assert {name for name in found if name.startswith("queue")} == {"queue sales", "queue pool"}
    assert (found["queue sales"]["service_level_s"], found["queue sales"]["wrap_up_s"]) == (20, 5)
    assert found["queue pool"]["service_level_s"] == 25
    assert found["queue sales"]["members"] == [
        "asterisk:pbx1:Bob Tanaka",
        "asterisk:pbx1:Chloé",
        "asterisk:pbx1:PJSIP/desk-7",
        "asterisk:pbx1:SIP/104",
    ]


def test_members_are_agents_with_an_extension_only_where_it_is_plain(tmp_path: Path) -> None:
    _, found = read(tmp_path)
    assert found["agent Bob Tanaka"] == {
        "key": "asterisk:pbx1:Bob Tanaka",
        "source": "pbx1",
        "name": "Bob Tanaka",
        "queues": ["asterisk:pbx1:sales"],
        "interfaces": ["SIP/102"],
        "extension": "102",
    }
    assert found["agent Chloé"]["extension"] == "103"
    assert "extension" not in found["agent PJSIP/desk-7"]
    assert "interfaces" not in found["agent PJSIP/desk-7"]
    assert {"301", "Agent/301"} <= set(found["agent Quinn"]["interfaces"])


def test_what_is_not_understood_is_reported_with_its_line(tmp_path: Path) -> None:
    batch, _ = read(tmp_path)
    assert [(refused.line, refused.reason) for refused in batch.refused] == [
        (2, "a setting before any section"),
        (18, "neither a section nor a setting"),
    ]
    assert "#include queues_custom.conf was not followed" in batch.notes[0]
