"""Room ``cli``: ``python -m wallboard_tui.cli``, the same program where no script was installed."""

from wallboard_tui.cli.main import run

if __name__ == "__main__":
    run()
