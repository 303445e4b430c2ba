"""Answer the voter's commonest question from memory, before anything else of the application is at work.

Only a point of today is answered here, in the very words of the endpoint; whatever else is asked, or is wrong with the
question, passes on to it. The question is neither logged nor kept, and no answer may be.
"""

from __future__ import annotations

from functools import lru_cache

from fastapi import FastAPI
from pydantic import ValidationError
from starlette.types import Message, Receive, Scope, Send

from geo.elections.stations import Sex
from services.elections.answers import StationLine
from services.elections.snapshot import Candidates, Found, Snapshot
from services.elections.snapshot_keeper import Keeper
from services.messages import choose_language
from services.traces import note_mistake
from services.web.headers import DATA_POLICY, EVERYWHERE
from services.web.recorded import PRIVATE
from services.web.routes.elections import FindIn, StationOut, to_find_out

FRONT, END = "/api/v1/registers/", "/find"
MOST_BYTES = 4096
"""The longest question that is read here."""

PLAIN = {"content-type": "application/json", "cache-control": PRIVATE, "vary": "Accept-Encoding", **EVERYWHERE}
HEADERS = [
    (name.lower().encode(), value.encode()) for name, value in {**PLAIN, "content-security-policy": DATA_POLICY}.items()
]
"""The headers of every answer."""

STATIONS, DISTANCE = b'"stations":[', b'"distance_m":'


class QuickFind:
    """Stand before the application and answer what its snapshots can."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a point of today; pass on everything else as it came."""
        snapshot = self._find_snapshot(scope)
        if snapshot is None:
            await self.app(scope, receive, send)
            return
        taken: list[Message] = []
        body = await _read_body(receive, taken)
        answer = self._answer(scope, snapshot, body) if body is not None else None
        if answer is None:
            await self.app(scope, _give_again(taken, receive), send)
            return
        told = [(b"content-length", b"%d" % len(answer)), (b"as-of", snapshot.day.isoformat().encode())]
        await send({"type": "http.response.start", "status": 200, "headers": [*HEADERS, *told]})
        await send({"type": "http.response.body", "body": answer})

    def _find_snapshot(self, scope: Scope) -> Snapshot | None:
        """Find what a request may be answered from; one with parameters in its address may be about any day."""
        if scope["type"] != "http" or scope["method"] != "POST" or scope["query_string"]:
            return None
        path: str = scope["path"]
        if not (path.startswith(FRONT) and path.endswith(END)):
            return None
        keeper: Keeper = self.app.state.keeper
        return keeper.find(path[len(FRONT) : -len(END)])

    def _answer(self, scope: Scope, snapshot: Snapshot, body: bytes) -> bytes | None:
        headers: dict[bytes, bytes] = dict(scope["headers"])
        if not headers.get(b"content-type", b"").startswith(b"application/json"):
            return None
        default: str = self.app.state.language
        try:
            return _find(snapshot, body, _choose(headers.get(b"accept-language"), default))
        except Exception as error:
            # the server would print the message, and what was asked may stand in it
            note_mistake(error, where="find")
            return None


async def _read_body(receive: Receive, taken: list[Message]) -> bytes | None:
    """Read a short body; None for a long one, which is left where it stands."""
    body = b""
    while True:
        message = await receive()
        taken.append(message)
        body += bytes(message.get("body", b""))
        if message["type"] != "http.request" or len(body) > MOST_BYTES:
            return None
        if not message.get("more_body", False):
            return body


def _give_again(taken: list[Message], receive: Receive) -> Receive:
    """Let the application read what was read already."""

    async def give() -> Message:
        return taken.pop(0) if taken else await receive()

    return give


def _find(snapshot: Snapshot, body: bytes, language: str) -> bytes | None:
    """Answer a question; None where it is no point, or the answer is not in memory."""
    try:
        asked = FindIn.model_validate_json(body)
    except ValidationError:
        return None
    if asked.lon is None or asked.lat is None or snapshot.register.pack.bounds.looks_swapped(asked.lon, asked.lat):
        return None
    sex = asked.sex or Sex.ANY
    found = snapshot.find(asked.lon, asked.lat, count=asked.count, sex=sex)
    return _write(snapshot, found, sex, language) if found is not None else None


@lru_cache(maxsize=256)
def _choose(accepted: bytes | None, default: str) -> str:
    return choose_language(accepted.decode("latin-1")) if accepted else default


def _write(snapshot: Snapshot, found: Found, sex: Sex, language: str) -> bytes:
    """Write an answer from parts that are written once for each place and station."""
    spot, candidates = found.spot, found.spot.candidates[sex]
    key = f"{language} {sex}"
    if key not in spot.texts:
        whole = to_find_out(snapshot.describe(spot, withheld=found.withheld), snapshot.register, language)
        before, mark, after = whole.model_dump_json(by_alias=True).encode().partition(STATIONS)
        spot.texts[key] = (before + mark, after)
    head, tail = spot.texts[key]
    stations = [_write_station(candidates, line, metres) for line, metres in found.near]
    stations += [_write_station(candidates, line, None) for line in found.named]
    written: bytes = head + b",".join(stations) + tail
    return written


def _write_station(candidates: Candidates, line: StationLine, metres: float | None) -> bytes:
    if line.code not in candidates.texts:
        before, mark, after = StationOut.model_validate(line).model_dump_json().encode().partition(DISTANCE)
        candidates.texts[line.code] = (before + mark, after.removeprefix(b"null"))
    head, tail = candidates.texts[line.code]
    return head + (b"null" if metres is None else repr(metres).encode()) + tail
