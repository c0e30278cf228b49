"""Room ``model``: what exists. Pydantic models and plain values, no input or output, nothing from any other room."""
