"""Room ``tui``, screens: sign-in, board, call, help and the small questions. Handlers own the state."""
