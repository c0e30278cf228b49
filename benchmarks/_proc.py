"""What a process costs, measured from outside: processor time and memory. Linux."""

import os
from pathlib import Path
from typing import NamedTuple

TICK = os.sysconf("SC_CLK_TCK")


class Memory(NamedTuple):
    """Megabytes that a process holds now, and the most it ever held."""

    now: float
    most: float


def cpu_s(pid: int) -> float:
    """Seconds of processor time of a process and all its threads so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def memory(pid: int) -> Memory:
    """What a process holds in memory."""
    lines = (line.split() for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    said = {line[0]: int(line[1]) / 1024 for line in lines if line and line[0] in ("VmRSS:", "VmHWM:")}
    return Memory(said["VmRSS:"], said["VmHWM:"])


def private_mib(pid: int) -> float:
    """Mebibytes that are a process's alone: what one more of its kind costs a machine that runs many."""
    lines = (line.split() for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines())
    return sum(int(line[1]) for line in lines if line[0].startswith("Private_")) / 1024
