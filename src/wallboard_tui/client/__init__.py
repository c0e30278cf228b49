"""Room ``client``: how a terminal talks to a hub and keeps its own view fresh. Knows ``view`` and ``model``."""

import sys

# httpx brings a command line of its own, and with it click and pygments: sixty modules and 3 MiB that no terminal uses.
# None is Python's word for a module that is not to be had; httpx then does without it.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
