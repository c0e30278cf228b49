"""Room ``sources``: adapters that turn one phone system's data into documents. Knows ``model`` and nothing else."""
