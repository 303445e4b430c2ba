"""List the layers with names for people, which the library would call by their ids."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from fastapi.responses import Response
from tipg import model
from tipg.collections import CollectionList
from tipg.dependencies import OutputType
from tipg.factory import Endpoints, create_html_response
from tipg.resources.enums import MediaType
from tipg.resources.response import ORJSONResponse

from services.web.ogc.collections import DivisionCollection, find_collection, page_collections
from services.web.ogc.pages import OgcTemplates

Form = Annotated[MediaType | None, Depends(OutputType)]


def add_listing(layers: FastAPI, endpoints: Endpoints) -> None:
    """Add the list of layers and the description of one, before the library's own."""
    answers: dict[int | str, dict[str, Any]] = {200: {"content": {"application/json": {}, "text/html": {}}}}

    @layers.get(
        "/collections",
        name="collections",
        operation_id="listLayers",
        response_model=model.Collections,
        responses=answers,
        tags=["OGC Features API"],
    )
    def list_all(
        request: Request, found: Annotated[CollectionList, Depends(page_collections)], form: Form = None
    ) -> Response:
        """List the layers."""
        links = [_link(endpoints, request, "collections", "self")]
        for rel in ("next", "prev"):
            if found[rel] is not None:
                href = f"{links[0].href}?offset={found[rel]}"
                links.append(model.Link(href=href, rel=rel, type=MediaType.json))
        data = model.Collections(
            links=links,
            numberMatched=found["matched"],
            numberReturned=len(found["collections"]),
            collections=[_describe(endpoints, request, one) for one in found["collections"]],
        )
        return _answer(request, data, "collections", form)

    @layers.get(
        "/collections/{collectionId}",
        name="collection",
        operation_id="describeLayer",
        response_model=model.Collection,
        responses=answers,
        tags=["OGC Features API"],
    )
    def show(
        request: Request, collection: Annotated[DivisionCollection, Depends(find_collection)], form: Form = None
    ) -> Response:
        """Describe one layer."""
        return _answer(request, _describe(endpoints, request, collection), "collection", form)


def _describe(endpoints: Endpoints, request: Request, collection: Any) -> model.Collection:  # noqa: ANN401
    own = {"collectionId": collection.id}
    links = [
        _link(endpoints, request, "collection", "self", **own),
        _link(endpoints, request, "items", "items", MediaType.geojson, **own),
        _link(endpoints, request, "queryables", "queryables", MediaType.schemajson, **own),
        _link(
            endpoints,
            request,
            "collection_tileset_list",
            "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector",
            **own,
        ),
    ]
    return model.Collection(
        id=collection.id,
        title=collection.title,
        description=collection.description,
        extent=collection.extent,
        links=links,
    )


def _link(
    endpoints: Endpoints, request: Request, name: str, rel: str, form: MediaType = MediaType.json, **parts: str
) -> model.Link:
    return model.Link(href=endpoints.url_for(request, name, **parts), rel=rel, type=form)


def _answer(request: Request, data: Any, name: str, form: MediaType | None) -> Response:  # noqa: ANN401 - a model
    told = data.model_dump(exclude_none=True, mode="json")
    if form == MediaType.html:
        return create_html_response(request, told, templates=OgcTemplates(), template_name=name)  # type: ignore[arg-type]
    return ORJSONResponse(told)
