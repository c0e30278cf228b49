"""Room ``sources``: a live line to an Asterisk, over its manager interface (AMI)."""

from wallboard_tui.sources.asterisk.ami.errors import AmiError, AmiRefused
from wallboard_tui.sources.asterisk.ami.settings import AmiSettings, secret_of

__all__ = ["AmiError", "AmiRefused", "AmiSettings", "secret_of"]
