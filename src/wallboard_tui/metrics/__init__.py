"""Room ``metrics``: what the numbers mean. Pure: imports only ``model``; no input, no output, no clock."""
