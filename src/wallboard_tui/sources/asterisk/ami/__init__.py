"""Room ``sources``: a live line to an Asterisk, over its manager interface (AMI)."""

from wallboard_tui.sources.asterisk.ami.answers import Answer, Arrived
from wallboard_tui.sources.asterisk.ami.connecting import connect
from wallboard_tui.sources.asterisk.ami.connection import Connection
from wallboard_tui.sources.asterisk.ami.errors import AmiError, AmiRefused
from wallboard_tui.sources.asterisk.ami.line import connect_for
from wallboard_tui.sources.asterisk.ami.probe import Probe, ProbedMember, ProbedQueue, probe, probe_on
from wallboard_tui.sources.asterisk.ami.rights import Advice
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
    "connect_for",
    "probe",
    "probe_on",
    "secret_of",
]
