"""Answer what admins ask about accounts, roles, keys and the audit log."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response, status
from pydantic import ConfigDict, Field

from services.access.accounts import AccountRecord, create_account, list_accounts, set_active
from services.access.grants import Scope, grant_role, revoke_role
from services.access.keys import KeyRecord, issue_key, list_keys, revoke_key
from services.access.log import PAGE, list_entries
from services.access.roles import Action, Caller
from services.web.access import WriteScope, allow, allow_reading
from services.web.models import Model
from services.web.sessions import RequestSession

router = APIRouter(prefix="/api/v1", tags=["accounts"])

Writer = Annotated[WriteScope, allow(Action.MANAGE_ACCOUNTS)]
Manager = Annotated[Caller, allow_reading(Action.MANAGE_ACCOUNTS)]
LogReader = Annotated[Caller, allow_reading(Action.READ_LOG)]

STORABLE = r"^[^\x00]*$"
"""Texts that PostgreSQL can be asked about."""


class Request(Model):
    """Stand under what is asked for; fields that nobody knows are refused."""

    model_config = ConfigDict(extra="forbid")


class NewAccount(Request):
    """Ask for an account."""

    name: str = Field(examples=["sara.karimi"])
    """Letters of any script, digits and `_.-@`; at most 64."""


class AccountChange(Request):
    """Put an account aside, or back into use."""

    active: bool = Field(examples=[False])
    """Whether its keys and password count."""


class GrantRequest(Request):
    """Name a role and where it counts."""

    role: str = Field(examples=["province_officer"])
    """One of public, clerk, province_officer, national_officer, election_officer, planner, admin."""
    register_name: str | None = Field(default=None, alias="register", pattern=STORABLE, examples=["dz"])
    """The register in which it counts; without it, every register."""
    within: str | None = Field(default=None, pattern=STORABLE, examples=["16"])
    """The code of the division in which it counts, with all below it; without it, the whole register."""

    def to_scope(self) -> Scope:
        """Give the scope of the role."""
        return Scope(self.register_name, self.within)


class GrantOut(Model):
    """Show a role and where it counts."""

    role: str = Field(examples=["province_officer"])
    """The role."""
    register_name: str | None = Field(validation_alias="register", serialization_alias="register", examples=["dz"])
    """The register in which it counts; null means every register."""
    division_id: int | None = Field(examples=[16])
    """The key of the division in which it counts; null means the whole register."""


class AccountOut(Model):
    """Show an account with its roles."""

    name: str = Field(examples=["sara.karimi"])
    """The name under which its writes are logged."""
    active: bool = Field(examples=[True])
    """Whether its keys and password count."""
    created_at: datetime
    """When it was created."""
    grants: list[GrantOut]
    """Its roles."""


class AccountList(Model):
    """List accounts."""

    items: list[AccountOut]
    """The accounts by name."""


class KeyRequest(Request):
    """Ask for a key."""

    label: str = Field(examples=["import server"])
    """What the key is for."""
    days: int | None = Field(default=None, examples=[365])
    """After how many days it counts no more; without it, it has no end."""


class KeyOut(Model):
    """Show a key without its secret."""

    prefix: str = Field(examples=["3f9a1c20b7de"])
    """The public part, which names the key."""
    label: str = Field(examples=["import server"])
    """What the key is for."""
    created_at: datetime
    """When it was issued."""
    expires_at: datetime | None
    """From when on it counts no more; null means never."""
    revoked_at: datetime | None
    """When it was taken back, if it was."""


class NewKeyOut(KeyOut):
    """Hand over a new key."""

    key: str = Field(examples=["tq_3f9a1c20b7de_…"])
    """The whole key, shown this once."""


class KeyList(Model):
    """List keys."""

    items: list[KeyOut]
    """The keys of an account, oldest first."""


class EntryOut(Model):
    """Show an entry of the audit log."""

    id: int = Field(examples=[7])
    """Its place in the chain."""
    at: datetime
    """When it was written."""
    actor: str = Field(examples=["sara.karimi"])
    """Who wrote."""
    action: str = Field(examples=["run_audit"])
    """What kind of write it was."""
    subject: str = Field(examples=["dz"])
    """What was written."""
    detail: dict[str, Any] = Field(examples=[{"based_on": 3}])
    """What else is worth knowing."""
    previous: str
    """The hash of the entry before."""
    hash: str
    """The hash over all of the above."""


class LogPage(Model):
    """Show a page of the audit log."""

    items: list[EntryOut]
    """The entries, oldest first."""
    next: int | None = Field(examples=[100])
    """What to give as `after` for the next page; null on the last one."""


@router.get("/accounts", response_model=AccountList)
def get_accounts(session: RequestSession, caller: Manager) -> dict[str, tuple[AccountRecord, ...]]:
    """List the accounts with their roles."""
    return {"items": list_accounts(session)}


@router.post("/accounts", response_model=AccountOut, status_code=status.HTTP_201_CREATED)
def post_account(body: NewAccount, writer: Writer) -> AccountRecord:
    """Create an account that may do nothing yet."""
    return create_account(writer.session, body.name, caller=writer.caller)


@router.patch("/accounts/{name}", status_code=status.HTTP_204_NO_CONTENT)
def patch_account(name: str, body: AccountChange, writer: Writer) -> None:
    """Put an account aside, or back into use."""
    set_active(writer.session, name, caller=writer.caller, active=body.active)


@router.post("/accounts/{name}/grants", response_model=GrantOut, status_code=status.HTTP_201_CREATED)
def post_grant(name: str, body: GrantRequest, writer: Writer) -> object:
    """Give an account a role."""
    return grant_role(writer.session, name, body.role, caller=writer.caller, scope=body.to_scope())


@router.delete("/accounts/{name}/grants", status_code=status.HTTP_204_NO_CONTENT)
def delete_grant(name: str, grant: Annotated[GrantRequest, Query()], writer: Writer) -> None:
    """Take back a role that was given with exactly this scope."""
    revoke_role(writer.session, name, grant.role, caller=writer.caller, scope=grant.to_scope())


@router.get("/accounts/{name}/keys", response_model=KeyList)
def get_keys(name: str, session: RequestSession, caller: Manager) -> dict[str, tuple[KeyRecord, ...]]:
    """List the keys of an account, without their secrets."""
    return {"items": list_keys(session, name)}


@router.post("/accounts/{name}/keys", status_code=status.HTTP_201_CREATED)
def post_key(name: str, body: KeyRequest, writer: Writer, response: Response) -> NewKeyOut:
    """Issue a key and show it, this once."""
    issued = issue_key(writer.session, name, caller=writer.caller, label=body.label, days=body.days)
    response.headers["Cache-Control"] = "no-store"
    shown = KeyOut.model_validate(issued.record)
    return NewKeyOut(key=issued.secret, **shown.model_dump())


@router.delete("/accounts/{name}/keys/{prefix}", status_code=status.HTTP_204_NO_CONTENT)
def delete_key(name: str, prefix: str, writer: Writer) -> None:
    """Take a key back for good."""
    revoke_key(writer.session, name, prefix, caller=writer.caller)


@router.get("/log", response_model=LogPage)
def get_log(
    session: RequestSession,
    caller: LogReader,
    after: Annotated[int, Query(ge=0, le=2**63 - 1)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = PAGE,
) -> dict[str, Any]:
    """Show the entries of the audit log that follow the entry `after`."""
    entries = list_entries(session, after=after, limit=limit)
    return {"items": entries, "next": entries[-1].id if len(entries) == limit else None}
