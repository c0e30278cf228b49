"""Room ``metrics``: the catalogue of KPIs.

Ratios are computed last, from sums (``measures``), and never averaged. Percentages are 0..100, durations are seconds.
"""

from wallboard_tui.metrics.count_kpis import COUNT_KPIS
from wallboard_tui.metrics.kpi import Kpi
from wallboard_tui.metrics.measures import CALLBACKS, STATE_MEASURES
from wallboard_tui.metrics.visit_kpis import VISIT_KPIS
from wallboard_tui.metrics.work_kpis import WORK_KPIS

KPIS: dict[str, Kpi] = {kpi.name: kpi for kpi in (*VISIT_KPIS, *WORK_KPIS, *COUNT_KPIS)}
"""The catalogue, by name, in the order in which it is documented."""
CALLBACK_KPIS = tuple(name for name, kpi in KPIS.items() if not CALLBACKS.keys().isdisjoint(kpi.needs))
"""KPIs of missed callers."""
SHARES_OF_TIME = tuple(name for name, kpi in KPIS.items() if kpi.parts and not STATE_MEASURES.isdisjoint(kpi.needs))
"""Occupancy and its like, which set handling against the time of those who handled: known where both are about the same
agents."""
