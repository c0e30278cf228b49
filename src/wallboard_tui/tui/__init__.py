"""Room ``tui``: what people see. Knows client, view, metrics and model; never the hub, the journal or a source."""
