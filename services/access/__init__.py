"""Know who may write what and where, and keep a log of it that cannot be rewritten unseen."""

from services.access.accounts import create_account, list_accounts, set_active
from services.access.grants import create_first_admin, grant_role, revoke_role
from services.access.keys import authenticate_key, issue_key, list_keys, revoke_key
from services.access.log import list_entries, record_write, verify_log
from services.access.passwords import authenticate_password, set_password
from services.access.roles import ANONYMOUS, Action, Caller, check_permitted, make_operator

__all__ = [
    "ANONYMOUS",
    "Action",
    "Caller",
    "authenticate_key",
    "authenticate_password",
    "check_permitted",
    "create_account",
    "create_first_admin",
    "grant_role",
    "issue_key",
    "list_accounts",
    "list_entries",
    "list_keys",
    "make_operator",
    "record_write",
    "revoke_key",
    "revoke_role",
    "set_active",
    "set_password",
    "verify_log",
]
