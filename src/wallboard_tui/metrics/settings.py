"""Room ``metrics``: the settings that a figure depends on, for the organisation and for one queue."""

from dataclasses import dataclass

from wallboard_tui.model.base import Doc

VARIANTS = ("A", "B", "C", "D")


@dataclass(frozen=True, slots=True)
class Settings:
    """What a queue's figures are computed and judged with. Changing one applies to the past as well.

    ``threshold_s``: the wait, in seconds, within which a call is answered in time; ``target``: percent of calls that
    should be. ``variant``: one of ``VARIANTS``, see ``kpis``. Under ``min_sample`` calls a ratio is shown dimmed and
    raises no alert. ``callback_window_s``: within which a missed caller is to be reached.
    """

    threshold_s: float = 20.0
    target: float = 80.0
    variant: str = "B"
    short_abandon_s: float = 5.0
    min_sample: int = 5
    callback_window_s: float = 86400.0


def settings_of(organisation: Doc, queue: Doc | None = None) -> Settings:
    """The settings of a queue, or of the organisation where ``queue`` is ``None``. A queue's own ``service_level_s``
    wins."""
    own = (queue or {}).get("service_level_s")
    variant = str(organisation.get("service_level_variant", "B"))
    if variant not in VARIANTS:
        raise ValueError(f"service level variant {variant!r} is unknown; choose one of {', '.join(VARIANTS)}")
    return Settings(
        threshold_s=float(own if own is not None else organisation.get("service_level_s", 20)),
        target=float(organisation.get("service_level_target", 80.0)),
        variant=variant,
        short_abandon_s=float(organisation.get("short_abandon_s", 5)),
        min_sample=int(organisation.get("min_sample", 5)),
        callback_window_s=float(organisation.get("callback_window_s", 86400)),
    )
