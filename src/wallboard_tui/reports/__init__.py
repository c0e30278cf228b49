"""Room ``reports``: what leaves the program as a file, or comes from one. May know ``view``, ``metrics``, ``model``."""
