"""What frames of the feed mean for a view."""

from wallboard_tui.client.frames import gather
from wallboard_tui.client.hub import Frame


def test_frames_add_up_to_one_batch_with_the_last_durable_cursor() -> None:
    row = ["contact", "+1", 7, 3, {"key": "+1", "name": "n"}]
    gone = ["contact", "+2", 8, 0, None]
    cell = ["cell", {"key": "0/queue/q/inbound/900", "lens": 0}, "0/queue/q/inbound/900"]
    batch = gather(
        [
            Frame("changes", {"changes": [row], "t": 5.0}, "e:7:f:0"),
            Frame("backfill", {"changes": [gone], "done": 3, "total": 9, "t": 6.0}, "e:8:f:100.5"),
            Frame("ready", {"from": 50.0}, None),
            Frame("figures", {"documents": [cell]}, None),
        ]
    )
    assert [(e.seq, e.bits, e.change.key, e.change.doc is None) for e in batch.entries] == [
        (7, 3, "+1", False),
        (8, 0, "+2", True),
    ]
    assert (batch.cursor, batch.seq, batch.done, batch.total, batch.complete_since) == ("e:8:f:100.5", 8, 3, 9, 50.0)
    assert batch.received == [("cell", cell[1], cell[2])]
