"""The end of gunicorn's threads: who had knocked before the door was shut is still answered."""

from __future__ import annotations

from gunicorn.workers.gthread import ThreadWorker


class Leaving(ThreadWorker):  # type: ignore[misc]
    """Takes every connection that stands when it is told to stop, then listens no more.

    gunicorn leaves them to the system, which hangs up on them when the process ends; whoever comes
    later would wait until then for the same. So they are refused at once, and go elsewhere.
    """

    def set_accept_enabled(self, enabled: bool) -> None:
        """See gunicorn; at the end its listeners are emptied and closed."""
        super().set_accept_enabled(enabled)
        if enabled or self.alive:
            return
        for listener in self.sockets:
            known = -1
            while known != self.nr_conns:
                known = self.nr_conns
                self.accept(listener)
            listener.close()
