"""Room ``sources``: a live line to an Asterisk, over its manager interface (AMI)."""

from wallboard_tui.sources.asterisk.ami.connection import Answer, Arrived, Connection, connect
from wallboard_tui.sources.asterisk.ami.errors import AmiError, AmiRefused
from wallboard_tui.sources.asterisk.ami.probe import Advice, Probe, ProbedMember, ProbedQueue, probe
from wallboard_tui.sources.asterisk.ami.settings import AmiSettings, secret_of

__all__ = [
    "Advice",
    "AmiError",
    "AmiRefused",
    "AmiSettings",
    "Answer",
    "Arrived",
    "Connection",
    "Probe",
    "ProbedMember",
    "ProbedQueue",
    "connect",
    "probe",
    "secret_of",
]
