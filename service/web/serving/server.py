"""The HTTP server: gunicorn with threads for whole requests, drained when it is told to stop."""

from __future__ import annotations

import resource
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from service.bootstrap import memory
from service.bootstrap.ground import now
from service.bootstrap.heavy import beside
from service.bootstrap.serving import Service, bootstrap
from service.bootstrap.watching import expose, watch
from service.settings import Settings
from service.web.app import create_app
from service.web.jobs.following import ALIVE
from service.web.serving.listening import listening
from service.web.serving.receiving import receiving
from service.web.serving.refusing import FIELD, FIELDS, LINE

GRACE = 30  # seconds for the requests being answered
CONNECTIONS = 1000  # of a process, besides those held for who watches
FILES = 3  # of each connection at most: it, a large body, a file that is sent
SILENCE = 120  # seconds after which a process that does not answer is replaced


class Log(Logger):  # type: ignore[misc]
    """What gunicorn says goes where everything goes: `service.bootstrap.logs` writes it."""

    def setup(self, cfg: Any) -> None:
        """Leave the writing to others."""
        self.cfg = cfg
        self._access_log_enabled = False
        self.loglevel = self.LOG_LEVELS["warning"]
        self.error_log.setLevel(self.loglevel)
        self.error_log.propagate = True


class Server(BaseApplication):  # type: ignore[misc]
    """Serves the application on the address of the settings until SIGTERM.

    Raises AddressTaken, AddressWrong when made.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._listens = listening(settings).detach()  # gunicorn closes it
        self._service: Service | None = None
        super().__init__()

    def load_config(self) -> None:
        """Tell gunicorn how to run."""
        wanted: dict[str, Any] = {
            "bind": f"fd://{self._listens}",
            "workers": self.settings.web.processes,
            "worker_class": receiving(self.settings.web.body_limit),
            "threads": self.settings.web.threads,
            "worker_connections": CONNECTIONS + self.settings.web.watchers,
            "graceful_timeout": GRACE,
            "timeout": SILENCE,
            "keepalive": 5,
            "when_ready": _ready,
            "worker_exit": self._end,
            "limit_request_line": LINE,
            "limit_request_fields": FIELDS,
            "limit_request_field_size": FIELD,
            "loglevel": "warning",
            "logger_class": Log,
            "control_socket_disable": True,
            "forwarded_allow_ips": "",  # whom to believe is said in [access.proxy]
            "post_worker_init": self._begin,
        }
        for name, value in wanted.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Return the application of one process; called in that process."""
        settings = self.settings
        _open_files(FILES * (CONNECTIONS + settings.web.watchers))
        service = bootstrap(settings, now, watch(settings, "web"), beside)
        self._service = service
        expose(settings, service.database, now)
        return create_app(service)

    def _begin(self, worker: Any) -> None:
        """Have its answers counted, and its streams end once it is to stop."""
        worker.wsgi.extensions[ALIVE] = lambda: worker.alive
        if self._service is not None:
            worker.watch = self._service.watch

    def _end(self, _arbiter: Any, _worker: Any) -> None:
        """Take what works beside this process along."""
        if self._service is not None:
            self._service.heavy.close()


def _open_files(wanted: int) -> None:
    """Be allowed so many open files, or as many as the system lets a process choose."""
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if now != resource.RLIM_INFINITY and now < wanted:
        chosen = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(now, chosen), most))


def _ready(_arbiter: Any) -> None:
    memory.shared()
