"""Run the service until it is told to stop."""

from __future__ import annotations

import errno
import socket

import uvicorn

import services.job_kinds  # noqa: F401 - every subject brings in its kinds of jobs
from geo.errors import InvalidSetting, PortInUse, because
from services.database.engine import open_store
from services.jobs import Worker
from services.settings import Settings
from services.web.app import create_app
from services.web.quick_find import QuickFind


def serve_until_stopped(settings: Settings) -> None:
    """Serve on the address of the settings until interrupted, and do the jobs that are ordered meanwhile.

    The address is taken before the store is opened. Raises PortInUse, and InvalidSetting for an address this machine
    does not have.
    """
    with _listen(settings) as listener, open_store(settings, upgrade=True) as engine:
        app = create_app(settings, engine)
        # the access log of uvicorn would keep addresses and queries
        config = uvicorn.Config(QuickFind(app), log_level=settings.log_level, access_log=False, server_header=False)
        with Worker(engine), app.state.keeper:
            uvicorn.Server(config).run(sockets=[listener])


def _listen(settings: Settings) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((settings.host, settings.port))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortInUse(port=settings.port) from error
        reason = because("address_unusable", detail=error.strerror or str(error))
        raise InvalidSetting(name="TAQSIMAT_HOST", reason=reason) from error
    return listener
