"""Room ``sources``: the table of ``docs/metrics.md`` of what each witness of an Asterisk cannot tell, made from code.

``python -m wallboard_tui.sources.asterisk.page docs/metrics.md`` writes it anew into the page.
"""

import sys
from pathlib import Path

from wallboard_tui.metrics.measures import MEANINGS
from wallboard_tui.metrics.page import refresh, row
from wallboard_tui.sources.asterisk import queue_log
from wallboard_tui.sources.asterisk.ami import report


def lacks_table() -> str:
    """Every measure that the manager interface or queue_log cannot supply, and whether both together can."""
    alone, logged = frozenset(report.LACKS), frozenset(queue_log.LACKS)
    rows = [row("measure", "manager interface alone", "queue_log alone", "both"), row(*["---"] * 4)]
    rows += [
        row(f"`{name}`", *("n/a" if name in lacks else "told" for lacks in (alone, logged, alone & logged)))
        for name in MEANINGS
        if name in alone | logged
    ]
    return "\n".join(rows)


TABLES = {"lacks": lacks_table}


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.write_text(refresh(target.read_text(encoding="utf-8"), TABLES), encoding="utf-8")
