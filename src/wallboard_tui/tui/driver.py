"""Room ``tui``: the terminal as a device, also for a process that is stopped and goes on. Knows Textual."""

import asyncio
import signal

from textual.drivers.linux_driver import LinuxDriver

ENDING = (signal.SIGTERM, signal.SIGHUP)
"""What asks the program to end: it leaves the terminal as it found it, with exit status 128 and the signal's number."""


class TerminalDriver(LinuxDriver):
    """Textual's driver, for a program that runs for weeks and may be stopped: ``kill -STOP``, a debugger, a shell.

    Textual takes every ``SIGCONT`` for the end of a ``SIGTSTP``, which had let the terminal go. After a ``SIGSTOP`` it
    still holds it: a second thread would read keys beside the first, and what the terminal was before would be
    forgotten, so that leaving the program would leave it without echo.
    """

    _released = False
    _beginning_anew = False

    def start_application_mode(self) -> None:
        super().start_application_mode()  # type: ignore[no-untyped-call]
        self._released = False
        # On the event loop, not between two steps of whatever runs: threads are ended and begun here.
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGCONT, self._go_on)
        for number in ENDING:
            loop.add_signal_handler(number, self._app.exit, None, 128 + number)

    def suspend_application_mode(self) -> None:
        self._released = True
        super().suspend_application_mode()

    def disable_input(self) -> None:
        if not self._beginning_anew:
            super().disable_input()
        elif self._key_thread is not None:
            # What is typed meanwhile is left for the next thread that reads; Textual would throw it away.
            self.exit_event.set()
            self._key_thread.join()
            self.exit_event.clear()

    def _go_on(self) -> None:
        """The process runs again. Whoever stopped it may have written to the terminal: all of it is drawn anew."""
        if not self._auto_restart or not self._app.is_running:
            return
        if not self._released:
            self._beginning_anew = True
            try:
                self.suspend_application_mode()
            finally:
                self._beginning_anew = False
        self.resume_application_mode()
        self._app.refresh(layout=True)
