"""Put the layers under `/ogc` of the application, without loading or reaching anything before they are asked for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI
from starlette.routing import Mount
from starlette.types import Receive, Scope, Send

PATH = "/ogc"


class OgcMount:
    """Pass requests to the application of the layers, which it builds with the first."""

    def __init__(self, parent: FastAPI) -> None:
        self.parent = parent
        self.layers: FastAPI | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request as if the layers were an application of their own at this address."""
        # links are written from these two, and would otherwise be those of the application around
        inner = {name: value for name, value in scope.items() if name != "router"}
        await self._find()({**inner, "app_root_path": scope["root_path"]}, receive, send)

    async def close(self) -> None:
        """Give the connections back."""
        if self.layers is not None:
            await self.layers.state.pool.close()

    def _find(self) -> FastAPI:
        if self.layers is None:
            # imported here, for the libraries behind it would double the time that the program takes to start
            from services.web.ogc.layers import create_layers

            self.layers = create_layers(self.parent)
        return self.layers


def create_ogc_router(parent: FastAPI) -> APIRouter:
    """Create the router that holds the layers, and closes their connections when the application ends."""
    mounted = OgcMount(parent)

    @asynccontextmanager
    async def live(_app: object) -> AsyncIterator[None]:
        yield
        await mounted.close()

    router = APIRouter(lifespan=live)
    router.routes.append(Mount(PATH, app=mounted, name="ogc"))
    return router
