"""Room ``view``: figures broken down by a dimension as one person may have them: the one way for panes and commands.

May know what a person is told of their own lenses (``model.me``), and nothing of how that follows from roles.
"""

from wallboard_tui.metrics.measures import without_states
from wallboard_tui.model.me import Me
from wallboard_tui.view.figures import By, measures
from wallboard_tui.view.going_on import Found, Told
from wallboard_tui.view.view import View


def breakdown(
    view: View,
    me: Me,
    by: By,
    start: float,
    end: float,
    now: float,
    *,
    under: int | None = None,
    finished_only: bool = False,
    told: Told | None = None,
) -> Found | None:
    """Subject → measures of a period in the lens of a dimension; ``None`` when the person may not break down by it.

    Time in a state is left out where the person may not see these states: it is not known, which is not 0. ``under``:
    the lens under which the view holds the rows, where it is not the person's own; the rest as for ``measures``.
    """
    lens = me.lens_by(by)
    if lens is None:
        return None
    found = measures(
        view,
        lens if under is None else under,
        by=by,
        start=start,
        end=end,
        now=now,
        finished_only=finished_only,
        told=told,
    )
    if me.lenses[lens].states:
        return found
    own = me.own_states() if by == "agent" else frozenset()
    return {key: sums if key in own else without_states(sums) for key, sums in found.items()}
