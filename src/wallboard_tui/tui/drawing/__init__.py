"""Room ``tui``, its pure half: how text, figures and curves become cells of a terminal. Knows ``look`` and widths
only."""
