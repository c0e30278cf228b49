"""Room ``tui``, widgets: what Textual shows. They draw what they are given and never fetch."""
