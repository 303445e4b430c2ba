"""Command accounts, roles, keys and the audit log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.language import LANGUAGE, tell
from services.cli.store import DEFECTS, cli_caller, open_cli_session, show

if TYPE_CHECKING:
    from services.access.accounts import AccountRecord, GrantRecord
    from services.access.keys import IssuedKey, KeyRecord
    from services.access.log import LogCheck, LogEntry

ROLES = "public, clerk, province_officer, national_officer, election_officer, planner, admin"

app = typer.Typer(help=tell("accounts.help"), no_args_is_help=True)
log = typer.Typer(help=tell("accounts.log_help"), invoke_without_command=True)
app.add_typer(log, name="log")

Name = Annotated[str, typer.Argument(help=tell("accounts.name_help"))]
Role = Annotated[str, typer.Argument(help=tell("accounts.role_help", roles=ROLES))]
Register = Annotated[str | None, typer.Option("--register", "-r", help=tell("accounts.register_help"))]
Within = Annotated[str | None, typer.Option("--within", help=tell("accounts.within_help"))]
Label = Annotated[str, typer.Option("--label", help=tell("accounts.label_help"))]
Days = Annotated[int | None, typer.Option("--days", help=tell("accounts.days_help"))]
Json = Annotated[bool, typer.Option("--json", help=tell("accounts.json_help"))]


@app.command("first-admin", help=tell("accounts.first_admin_help"))
def create_first_admin(name: Name, label: Label = "first", days: Days = None, as_json: Json = False) -> None:
    """Create the account that manages the others, and print its first key."""
    from services.access import grants, keys

    with open_cli_session() as session:
        grants.create_first_admin(session, name, caller=cli_caller())
        issued = keys.issue_key(session, name, caller=cli_caller(), label=label, days=days)
    show(issued, as_json, lambda: print_key(issued))


@app.command("create", help=tell("accounts.create_help"))
def create_account(name: Name, as_json: Json = False) -> None:
    """Create an account that may do nothing yet."""
    from services.access import accounts

    with open_cli_session() as session:
        account = accounts.create_account(session, name, caller=cli_caller())
    show(account, as_json, lambda: print(tell("accounts.created", name=name)))


@app.command("list", help=tell("accounts.list_help"))
def list_accounts(as_json: Json = False) -> None:
    """List the accounts with their roles."""
    from services.access import accounts

    with open_cli_session() as session:
        found = accounts.list_accounts(session)
    show(found, as_json, lambda: print_accounts(found))


@app.command("grant", help=tell("accounts.grant_help"))
def grant_role(name: Name, role: Role, register: Register = None, within: Within = None, as_json: Json = False) -> None:
    """Give an account a role."""
    from services.access import grants

    scope = grants.Scope(register, within)
    with open_cli_session() as session:
        grant = grants.grant_role(session, name, role, caller=cli_caller(), scope=scope)
    show(grant, as_json, lambda: print(tell("accounts.granted", name=name, grant=write_grant(grant))))


@app.command("revoke", help=tell("accounts.revoke_help"))
def revoke_role(name: Name, role: Role, register: Register = None, within: Within = None) -> None:
    """Take back a role that was given with exactly this scope."""
    from services.access import grants

    scope = grants.Scope(register, within)
    with open_cli_session() as session:
        grant = grants.revoke_role(session, name, role, caller=cli_caller(), scope=scope)
    print(tell("accounts.revoked", name=name, grant=write_grant(grant)))


@app.command("activate", help=tell("accounts.activate_help"))
def activate(name: Name) -> None:
    """Let an account's keys count again."""
    _set_active(name, active=True)


@app.command("deactivate", help=tell("accounts.deactivate_help"))
def deactivate(name: Name) -> None:
    """Let an account's keys count no more."""
    _set_active(name, active=False)


def _set_active(name: str, *, active: bool) -> None:
    from services.access import accounts

    with open_cli_session() as session:
        accounts.set_active(session, name, caller=cli_caller(), active=active)
    print(tell("accounts.activated" if active else "accounts.deactivated", name=name))


@app.command("password", help=tell("accounts.password_help"))
def set_password(name: Name) -> None:
    """Ask for a password twice, unseen, and give it to an account."""
    from services.access import passwords

    password = typer.prompt(tell("accounts.password_prompt"), hide_input=True, confirmation_prompt=True)
    with open_cli_session() as session:
        passwords.set_password(session, name, password, caller=cli_caller())
    print(tell("accounts.password_set", name=name))


@app.command("key", help=tell("accounts.key_help"))
def issue_key(name: Name, label: Label, days: Days = None, as_json: Json = False) -> None:
    """Issue a key and print it, once."""
    from services.access import keys

    with open_cli_session() as session:
        issued = keys.issue_key(session, name, caller=cli_caller(), label=label, days=days)
    show(issued, as_json, lambda: print_key(issued))


@app.command("keys", help=tell("accounts.keys_help"))
def list_keys(name: Name, as_json: Json = False) -> None:
    """List the keys of an account, without their secrets."""
    from services.access import keys

    with open_cli_session() as session:
        found = keys.list_keys(session, name)
    show(found, as_json, lambda: print_keys(name, found))


@app.command("revoke-key", help=tell("accounts.revoke_key_help"))
def revoke_key(name: Name, prefix: Annotated[str, typer.Argument(help=tell("accounts.prefix_help"))]) -> None:
    """Take a key back for good."""
    from services.access import keys

    with open_cli_session() as session:
        keys.revoke_key(session, name, prefix, caller=cli_caller())
    print(tell("accounts.key_revoked", prefix=prefix))


@log.callback()
def list_entries(
    context: typer.Context,
    after: Annotated[int, typer.Option("--after", min=0, help=tell("accounts.after_help"))] = 0,
    limit: Annotated[int, typer.Option("--limit", min=1, help=tell("accounts.limit_help"))] = 100,
    as_json: Json = False,
) -> None:
    """Show the entries of the audit log, unless another command follows."""
    if context.invoked_subcommand is not None:
        return
    from services.access.log import list_entries as list_log

    with open_cli_session() as session:
        entries = list_log(session, after=after, limit=limit)
    show(entries, as_json, lambda: print_entries(entries))


@log.command("verify", help=tell("accounts.log_verify_help"))
def verify_log(
    head: Annotated[str | None, typer.Option("--head", help=tell("accounts.kept_help"))] = None, as_json: Json = False
) -> None:
    """Compute the chain of the audit log anew; end with 1 when it does not hold."""
    from services.access.log import read_head
    from services.access.log import verify_log as verify

    kept = read_head(head) if head else None
    with open_cli_session() as session:
        check = verify(session, kept=kept)
    show(check, as_json, lambda: print_check(check))
    if not check.is_whole:
        raise typer.Exit(DEFECTS)


def write_grant(grant: GrantRecord) -> str:
    """Write a role and where it counts."""
    kind = "everywhere" if grant.register is None else "register" if grant.division_id is None else "division"
    return tell(f"accounts.grant_{kind}", role=grant.role, register=grant.register, division=grant.division_id)


def print_key(issued: IssuedKey) -> None:
    """Print a new key with a warning that it will not be shown again."""
    print(tell("accounts.key_issued", secret=issued.secret, prefix=issued.record.prefix))


def print_accounts(found: tuple[AccountRecord, ...]) -> None:
    """Print accounts as a table."""
    rows = [
        (
            account.name,
            tell("accounts.yes" if account.active else "accounts.no"),
            "\n".join(map(write_grant, account.grants)) or tell("accounts.no_grants"),
        )
        for account in found
    ]
    _print_table(tell("accounts.title_accounts"), ("name", "active", "roles"), rows)


def print_keys(name: str, found: tuple[KeyRecord, ...]) -> None:
    """Print keys as a table."""
    rows = [(key.prefix, key.label, _write_state(key)) for key in found]
    _print_table(tell("accounts.title_keys", name=name), ("prefix", "label", "state"), rows)


def _write_state(key: KeyRecord) -> str:
    if key.revoked_at:
        return tell("accounts.state_revoked", day=_write_day(key.revoked_at))
    if key.expires_at:
        return tell("accounts.state_expires", day=_write_day(key.expires_at))
    return tell("accounts.state_endless")


def _write_day(moment: datetime) -> str:
    from geo.register.calendars import format_date

    return format_date(moment.astimezone(UTC).date(), LANGUAGE)


def _write_time(moment: datetime) -> str:
    from geo.register.digits import to_digits

    return f"{_write_day(moment)} {to_digits(f'{moment.astimezone(UTC):%H:%M:%S}', LANGUAGE)} UTC"


def print_entries(entries: tuple[LogEntry, ...]) -> None:
    """Print entries of the log as a table."""
    rows = [(str(entry.id), _write_time(entry.at), entry.actor, entry.action, entry.subject) for entry in entries]
    _print_table(tell("accounts.title_log"), ("place", "at", "actor", "action", "subject"), rows)


def print_check(check: LogCheck) -> None:
    """Print whether the log is whole, and its head."""
    from geo.register.digits import format_number

    key = "accounts.log_whole" if check.is_whole else "accounts.log_broken"
    print(tell(key, entries=format_number(check.entries, LANGUAGE), head=check.head, place=check.broken_at))


def _print_table(title: str, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    from services.cli.tables import print_table

    if not rows:
        print(tell("accounts.nothing"))
        return
    print_table(title, tuple(tell(f"accounts.column_{column}") for column in columns), rows)
