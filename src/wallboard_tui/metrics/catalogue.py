"""Room ``metrics``: the catalogue of KPIs.

Ratios are computed last, from sums (``measures``), and never averaged. Percentages are 0..100, durations are seconds.
"""

from wallboard_tui.metrics.count_kpis import COUNT_KPIS
from wallboard_tui.metrics.kpi import Kpi
from wallboard_tui.metrics.visit_kpis import VISIT_KPIS
from wallboard_tui.metrics.work_kpis import WORK_KPIS

KPIS: dict[str, Kpi] = {kpi.name: kpi for kpi in (*VISIT_KPIS, *WORK_KPIS, *COUNT_KPIS)}
"""The catalogue, by name, in the order in which it is documented."""
