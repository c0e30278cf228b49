"""Room ``client``: how a terminal talks to a hub and keeps its own view fresh. Knows ``view`` and ``model``."""
