"""Serve an application to a real browser."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser
from sqlalchemy import Engine

from fixtures.browser import DESKTOP, Visit, find_chromium, open_browser, open_visit
from services.settings import Settings
from services.web.app import create_app

Visitor = Callable[..., Visit]
"""Called with a path and, if need be, a size of the window."""


@pytest.fixture(scope="module")
def app(demo_engine: Engine) -> FastAPI:
    """Make the application over the demonstration; a module with pages of its own makes another."""
    return create_app(Settings(), demo_engine)


@pytest.fixture(scope="module")
def address(app: FastAPI) -> Iterator[str]:
    """Serve the application of the module."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", ws="none"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Open Chromium."""
    executable = find_chromium()
    if executable is None:
        pytest.skip("Chromium is not installed")
    with open_browser(executable) as browser:
        yield browser


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visitor]:
    """Open pages in windows of their own, which ask nobody else."""
    opened = []

    def go(path: str, size: tuple[int, int] = DESKTOP) -> Visit:
        opened.append(open_visit(browser, size))
        visit = opened[-1].__enter__()
        visit.page.goto(address + path, wait_until="networkidle")
        return visit

    yield go
    for one in opened:
        one.__exit__(None, None, None)
