"""Room ``cli``: the commands. It wires the other rooms together and holds no logic of its own."""
