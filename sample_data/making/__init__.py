"""How the made part of the sample data is made: an office is simulated, and its phone system's log written down."""
