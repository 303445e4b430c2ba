"""Give each request one session, committed once before its answer is sent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from services.database.engine import open_session
from services.web.recorded import read_moment


def open_request_session(request: Request) -> Iterator[Session]:
    """Open the session of a request over the engine of its application.

    The scope `function` ends the dependency, and so commits, when the endpoint has returned and before the answer
    leaves: a commit that fails becomes the answer, and nobody is told of a write that did not happen. With
    `?recorded=`, which only officers may say, it reads what was recorded at that moment and cannot write.
    """
    with open_session(request.app.state.engine, read_moment(request)) as session:
        yield session


RequestSession = Annotated[Session, Depends(open_request_session, scope="function")]
"""The session of the request; endpoints never commit it themselves."""
