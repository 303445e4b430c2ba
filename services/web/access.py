"""Let a request write only with a key, a role that covers the place, and the version it is based on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Depends, Request, params
from fastapi.routing import iter_route_contexts
from fastapi.security import APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.routing import BaseRoute

from geo.errors import DivisionNotFound, MissingVersion, NotAuthenticated, RegisterNotFound, StaleVersion
from services.access.keys import authenticate_key
from services.access.log import count_recorded, record_write
from services.access.roles import ANONYMOUS, Action, Caller, check_permitted
from services.queries import RegisterState, get_register
from services.tables.register import Register
from services.web.sessions import RequestSession

BEARER = HTTPBearer(auto_error=False, description="An API key, as `Authorization: Bearer tq_…`.")
API_KEY = APIKeyHeader(name="X-API-Key", auto_error=False, description="The same key for clients without `Bearer`.")

WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
"""The methods of requests that may change something."""

ETAG = re.compile(r'(?:W/)?"[^"]*"')


def authenticate(
    session: RequestSession,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)],
    api_key: Annotated[str | None, Depends(API_KEY)],
) -> Caller:
    """Give the caller behind the key of the request, or raise NotAuthenticated."""
    key = bearer.credentials if bearer else api_key
    if not key:
        raise NotAuthenticated()
    return authenticate_key(session, key)


Authenticated = Annotated[Caller, Depends(authenticate, scope="function")]
"""The caller of a request that carries a key."""


def find_reader(
    session: RequestSession,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)],
    api_key: Annotated[str | None, Depends(API_KEY)],
) -> Caller:
    """Give the caller behind the key of the request, or the public when it carries none."""
    return authenticate(session, bearer, api_key) if bearer or api_key else ANONYMOUS


Reader = Annotated[Caller, Depends(find_reader, scope="function")]
"""Who reads what is not shown to everybody alike."""


@dataclass
class WriteScope:
    """Be what an endpoint writes through: who writes, what, where, and in which transaction."""

    session: Session
    """The session of the request, which commits when the endpoint has returned."""
    caller: Caller
    """Who writes."""
    action: Action
    """What kind of write it is."""
    if_match: str | None = None
    """The version that the request says it is based on."""
    register: RegisterState | None = None
    """The register that is written to, locked until the commit; None for what belongs to no register."""

    def enter(self, register: str, *, division_id: int | None = None) -> RegisterState:
        """Lock the register, and check role, scope and version for a write to it."""
        state = self._find(register)
        check_permitted(self.session, self.caller, self.action, state, division_id)
        return self._hold(state)

    def lock(self, register: str) -> RegisterState:
        """Lock the register and check the version, where the use case checks role and scope division by division."""
        return self._hold(self._find(register))

    def _find(self, register: str) -> RegisterState:
        if "\0" in register:  # which PostgreSQL cannot even be asked about
            raise RegisterNotFound(register=register)
        return get_register(self.session, register)

    def _hold(self, state: RegisterState) -> RegisterState:
        self.register = check_version(_lock(self.session, state), self.if_match)
        return self.register

    def record(self, subject: str, **detail: Any) -> None:  # noqa: ANN401 - whatever JSON can hold
        """Append to the audit log what was written; call it after the write."""
        version = {"based_on": self.register.version} if self.register else {}
        record_write(
            self.session, caller=self.caller, action=self.action, subject=subject, detail={**version, **detail}
        )


@dataclass(frozen=True)
class Gate:
    """Stand before a write endpoint; `allow` and `allow_named` make one."""

    action: Action
    """What the endpoint does."""
    named_in_body: bool = False
    """Whether the endpoint learns register and division from the body, and so calls `WriteScope.enter` itself."""

    def open(self, request: Request, session: RequestSession, caller: Authenticated) -> Iterator[WriteScope]:
        """Check the request, hand out the scope, and see to it that the write is in the log."""
        scope = WriteScope(session, caller, self.action, request.headers.get("if-match"))
        register = request.path_params.get("register")
        if register is not None and not self.named_in_body:
            scope.enter(register, division_id=_read_division(request.path_params.get("division_id")))
        elif not self.named_in_body:
            check_permitted(session, caller, self.action, None)
        before = count_recorded(session)
        yield scope
        self._leave(scope, request.url.path, is_recorded=count_recorded(session) > before)

    def _leave(self, scope: WriteScope, path: str, *, is_recorded: bool) -> None:
        if self.named_in_body and scope.register is None:
            raise RuntimeError(f"{path} wrote without asking where it may: call enter() first")
        if not is_recorded:
            scope.record(scope.register.name if scope.register else path)


def allow(action: Action, *, named_in_body: bool = False) -> params.Depends:
    """Make the dependency of a write endpoint: `writer: Annotated[WriteScope, allow(Action.RUN_AUDIT)]`.

    The path parameters `register` and, where there is one, `division_id` say where. A path without a register needs
    a role that counts everywhere, unless `named_in_body` promises that the endpoint calls `WriteScope.enter`.
    """
    depends: params.Depends = Depends(Gate(action, named_in_body).open, scope="function")
    return depends


def allow_reading(action: Action) -> params.Depends:
    """Make the dependency of an endpoint that reads what is confidential, which leaves no entry in the log."""

    def check(session: RequestSession, caller: Authenticated) -> Caller:
        check_permitted(session, caller, action, None)
        return caller

    depends: params.Depends = Depends(check, scope="function")
    return depends


def find_gate(route: object) -> Gate | None:
    """Find the gate before an endpoint."""
    dependant = getattr(route, "dependant", None)
    owners = (getattr(one.call, "__self__", None) for one in (dependant.dependencies if dependant else ()))
    return next((owner for owner in owners if isinstance(owner, Gate)), None)


def list_unguarded(routes: Sequence[BaseRoute]) -> tuple[str, ...]:
    """List the endpoints that change something by their method and have no gate, as `POST /path`, sorted."""
    # routers included in an application hide their routes from a plain walk over `app.routes`
    found = [
        f"{method} {route.path}"
        for route in iter_route_contexts(routes)
        for method in WRITES & (route.methods or set())
        if find_gate(route) is None
    ]
    return tuple(sorted(found))


def to_etag(register: RegisterState) -> str:
    """Write the version of a register as a strong entity tag, which a header can hold whatever the register's name."""
    return f'"{quote(register.name)}-{register.version}"'


def check_version(register: RegisterState, if_match: str | None) -> RegisterState:
    """Give the register when `If-Match` names its version; else raise MissingVersion or StaleVersion.

    `*` names no version and so is no answer. Weak tags never match, as HTTP wants it for writes.
    """
    tags = ETAG.findall(if_match or "")
    if not tags:
        raise MissingVersion(register=register.name)
    if to_etag(register) not in tags:
        raise StaleVersion(based_on=", ".join(tags), current=register.version)
    return register


def _read_division(text: str | None) -> int | None:
    if text is not None and not re.fullmatch("[0-9]{1,18}", text):
        raise DivisionNotFound(asked=text)
    return None if text is None else int(text)


def _lock(session: Session, register: RegisterState) -> RegisterState:
    # NO KEY UPDATE: writers of the register wait for each other, rows that merely refer to it do not
    query = select(Register.version).where(Register.id == register.id).with_for_update(key_share=True)
    return RegisterState(register.id, register.name, register.country, session.scalars(query).one())
