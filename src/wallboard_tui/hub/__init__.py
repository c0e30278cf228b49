"""Room ``hub``: the server. It signs people in, runs sources, keeps the journal and its view, and serves feeds.

May know every room below it but ``client`` and ``reports``' siblings' insides; never ``tui``.
"""
