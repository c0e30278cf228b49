"""Room ``metrics``: the tables of ``docs/metrics.md``, made from the catalogue so that they cannot grow old.

``python -m wallboard_tui.metrics.page docs/metrics.md`` writes them anew into the page.
"""

import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from wallboard_tui.metrics.catalogue import KPIS
from wallboard_tui.metrics.measures import MAXIMA, MEANINGS, UNITS

_GOOD = {"up": "higher", "down": "lower", None: "–"}
_UNITS = {"%": "percent", "s": "seconds", "count": "number", "ratio": "number"}


def row(*columns: str) -> str:
    """A row of a table."""
    return "| " + " | ".join(column.replace("|", "\\|") for column in columns) + " |"


def kpi_table() -> str:
    """Every KPI: name, title, unit, good direction, formula, definition."""
    rows = [row("KPI", "title", "unit", "better", "formula", "definition"), row(*["---"] * 6)]
    rows += [
        row(f"`{kpi.name}`", kpi.title, _UNITS[kpi.unit], _GOOD[kpi.good], kpi.words, kpi.definition)
        for kpi in KPIS.values()
    ]
    return "\n".join(rows)


def measure_table() -> str:
    """Every measure: name, unit, how parts are combined, meaning."""
    rows = [row("measure", "unit", "parts are", "counts"), row(*["---"] * 4)]
    rows += [
        row(f"`{name}`", unit, "the largest" if name in MAXIMA else "summed", MEANINGS[name])
        for name, unit in UNITS.items()
    ]
    return "\n".join(rows)


TABLES: dict[str, Callable[[], str]] = {"kpis": kpi_table, "measures": measure_table}


def refresh(page: str, tables: Mapping[str, Callable[[], str]] = TABLES) -> str:
    """The page with each table between ``<!-- made: NAME -->`` and ``<!-- end -->`` made anew."""
    for name, table in tables.items():
        pattern = re.compile(rf"(<!-- made: {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        if not pattern.search(page):
            raise ValueError(
                f"the page has no place for the table {name!r}; put <!-- made: {name} --> and <!-- end -->"
            )
        made = table()
        page = pattern.sub(lambda found, made=made: f"{found[1]}{made}\n{found[2]}", page)  # type: ignore[misc]
    return page


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.write_text(refresh(target.read_text(encoding="utf-8")), encoding="utf-8")
