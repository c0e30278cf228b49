"""A live wallboard of a call centre for the terminal.

The rooms, from the bottom up: ``model``, then ``access`` and ``metrics``, then ``view``, then ``client``, ``reports``,
``sources`` and ``journal``, then ``tui`` and ``hub``, and on top ``cli``. Each imports only rooms below it.
"""

__version__ = "0.1.0"

PROTOCOL = 1
"""Version of what a hub and a terminal say to each other. It changes only when one could misread the other."""
