"""Room ``hub``: the HTTP calls, one module per group.

Thin: they read the request, ask the hub, and shape the answer.
"""
