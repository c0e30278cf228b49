"""What the documentation says of Asterisk's witnesses is what the code says."""

from pathlib import Path

from wallboard_tui.metrics.page import refresh
from wallboard_tui.sources.asterisk.page import TABLES

PAGE = Path(__file__).parents[2] / "docs" / "metrics.md"


def test_what_each_witness_cannot_tell_is_listed_as_the_code_has_it() -> None:
    text = PAGE.read_text("utf-8")
    assert refresh(text, TABLES) == text, "run: python -m wallboard_tui.sources.asterisk.page docs/metrics.md"
    assert "| `abandoned` | n/a | told | told |" in text
    assert "| `wrap_s` | n/a | n/a | n/a |" in text
    assert "| `hold_s` | told | n/a | told |" in text
