"""Roles: CREATE, ALTER and DROP of roles and users. PostgreSQL: sql-createrole, sql-alterrole, sql-droprole

A role of PostgreSQL that may log in is a user of IRIS, whom others cannot be members of; any other is a role. %All is what makes
a superuser. IRIS's own forms (IDENTIFY BY) are left to IRIS. iris-reference 4.23
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.sql.ddl import ddl, name
from pgiris.sql.notices import notice
from pgiris.sql.plan import NoteAction, Plan
from pgiris.sql.reader import Reader
from pgiris.types.relation import Snapshot

CREATES = frozenset(("CREATE ROLE", "CREATE USER"))  # tags
_BEGINS = re.compile(r"\s*(?:CREATE|ALTER|DROP)\s+(?:ROLE|USER)\b(?!\s+MAPPING\b)", re.IGNORECASE)
# What a role of IRIS's is anyway, and what it cannot be.
_NEEDLESS = frozenset(("inherit", "nocreatedb", "nocreaterole", "noreplication", "nobypassrls"))
_ABSENT = frozenset(("noinherit", "createdb", "createrole", "replication", "bypassrls"))
_ENCRYPTED = re.compile(r"md5[0-9a-f]{32}$|SCRAM-SHA-256\$")


def plan(text: str, snapshot: Snapshot) -> Plan | None:
    """None: it is no statement of PostgreSQL about roles. Raises 0A000, and 42704 for a role that is not there."""
    if _BEGINS.match(text) is None:
        return None
    reader = Reader(text, 0)
    try:
        verb = reader.expect("create", "alter", "drop")
        kind = reader.expect("role", "user")
        return _dropped(reader, kind, snapshot) if verb == "drop" else _defined(reader, verb, kind, snapshot)
    except PgError as error:
        if error.code != sqlstate.SYNTAX_ERROR:
            raise
        return None


def check_name(text: str, user: str) -> None:
    """text: of CREATE ROLE or USER, in either server's form. Raises 42710 for the session's own user.

    Clients see that role already; made in the sandbox, it would be held back from then on.
    """
    reader = Reader(text, 0)
    if reader.accept("create") and reader.accept("role", "user") and reader.token.text == user:
        raise PgError(sqlstate.DUPLICATE_OBJECT, f'role "{user}" already exists')


def check(snapshot: Snapshot, role: str) -> None:
    """Raises 42704, where the backend tells of its roles, and 0A000 for a user in the place of a role."""
    if snapshot.roles is None:
        return
    kind = snapshot.roles.get(role.lower())
    if kind is None:
        raise _undefined(role)
    if kind == "user":
        raise not_supported(f'membership in "{role}" is not supported', "It is a user of IRIS; roles have members.")


def _undefined(role: str) -> PgError:
    return PgError(sqlstate.UNDEFINED_OBJECT, f'role "{role}" does not exist')


@dataclass
class _Options:
    login: bool | None = None
    superuser: bool | None = None
    password: str | None = None
    memberships: list[str] = field(default_factory=list)  # statements


def _defined(reader: Reader, verb: str, kind: str, snapshot: Snapshot) -> Plan:
    if verb == "alter" and reader.at("all", "current_user", "session_user", "current_role"):
        raise not_supported(f"ALTER ROLE {reader.take().text.upper()} is not supported", "Name a user or a role.")
    role = reader.name()
    if verb == "alter" and reader.at("set", "reset", "in", "rename"):
        raise not_supported(f"ALTER ROLE ... {reader.take().text.upper()} is not supported")
    if reader.at("identify", "identified"):
        raise reader.error()  # IRIS's form
    reader.accept("with")
    options = _Options()
    while not reader.at_end():
        _option(reader, role, options, verb)
    reader.finish()
    return _created(role, kind, options) if verb == "create" else _altered(role, options, snapshot)


def _option(reader: Reader, role: str, options: _Options, verb: str) -> None:
    word = reader.accept(*_NEEDLESS, *_ABSENT, "login", "nologin", "superuser", "nosuperuser")
    if word in ("login", "nologin"):
        options.login = word == "login"
    elif word in ("superuser", "nosuperuser"):
        options.superuser = word == "superuser"
    elif word in _ABSENT:
        raise not_supported(f"{word.upper()} is not supported", "There are SUPERUSER and IRIS's administrative privileges.")
    elif word is None:
        _valued_option(reader, role, options, verb)


def _valued_option(reader: Reader, role: str, options: _Options, verb: str) -> None:
    reader.accept("encrypted")
    word = reader.expect(
        "password", "connection", "valid", *(("in", "role", "admin", "user", "sysid") if verb == "create" else ())
    )
    if word == "password":
        options.password = None if reader.accept("null") else _password(reader)
    elif word == "connection":
        reader.expect("limit")
        if reader.signed_integer() != -1:
            raise not_supported("CONNECTION LIMIT is not supported", "There is the option max_connections_per_user.")
    elif word == "valid":
        reader.expect("until")
        if reader.string() != "infinity":
            raise not_supported("VALID UNTIL is not supported")
    elif word == "sysid":
        reader.signed_integer()  # which PostgreSQL ignores
    elif word == "in":
        reader.expect("role", "group")
        options.memberships += [f"GRANT {name(other)} TO {name(role)}" for other in _names(reader)]
    else:
        behind = " WITH ADMIN OPTION" if word == "admin" else ""
        options.memberships.append(f"GRANT {name(role)} TO {', '.join(map(name, _names(reader)))}{behind}")


def _password(reader: Reader) -> str:
    """A literal. Raises 0A000 for what IRIS cannot take."""
    text = reader.string()
    if _ENCRYPTED.match(text):
        raise not_supported("an encrypted password is not supported", "IRIS makes its own digests; give the password itself.")
    if "'" in text:
        raise not_supported("a password with a quote is not supported", "IRIS does not take it.")
    return f"'{text}'"


def _names(reader: Reader) -> list[str]:
    found = [reader.name()]
    while reader.accept_symbol(","):
        found.append(reader.name())
    return found


def _created(role: str, kind: str, options: _Options) -> Plan:
    is_user = options.login if options.login is not None else kind == "user"
    notices: tuple[PgError, ...] = ()
    if is_user and options.password is None:
        raise not_supported("a role with LOGIN and without a password is not supported", "IRIS's users have passwords.")
    if not is_user and options.password is not None:
        notices = (notice("PASSWORD is ignored: a role of IRIS's has none"),)
    step = f"CREATE USER {name(role)} IDENTIFY BY {options.password}" if is_user else f"CREATE ROLE {name(role)}"
    steps = [step, *([f"GRANT %All TO {name(role)}"] if options.superuser else []), *options.memberships]
    return replace(ddl("CREATE ROLE", steps), notices=notices)


def _altered(role: str, options: _Options, snapshot: Snapshot) -> Plan:
    if snapshot.roles is not None and role.lower() not in snapshot.roles:
        raise _undefined(role)
    kind = None if snapshot.roles is None else snapshot.roles[role.lower()]
    if options.login is not None and kind != ("user" if options.login else "role"):
        raise not_supported(f"ALTER ROLE ... {'LOGIN' if options.login else 'NOLOGIN'} is not supported", "Create it anew.")
    if options.password is not None and kind == "role":
        raise not_supported(f'"{role}" has no password', "It is a role of IRIS's; users have passwords.")
    steps = [] if options.password is None else [f"ALTER USER {name(role)} IDENTIFY BY {options.password}"]
    if options.superuser is not None:
        steps.append(f"GRANT %All TO {name(role)}" if options.superuser else f"REVOKE %All FROM {name(role)}")
    return ddl("ALTER ROLE", steps)


def _dropped(reader: Reader, kind: str, snapshot: Snapshot) -> Plan:
    tolerant = reader.accept_if("exists")
    names = _names(reader)
    reader.finish()
    condition = "IF EXISTS " if tolerant else ""
    steps, notices = [], []
    for role in names:
        known = kind if snapshot.roles is None else snapshot.roles.get(role.lower())
        if known is not None:
            steps.append(f"DROP {known.upper()} {condition}{name(role)}")
        elif tolerant:
            notices.append(notice(f'role "{role}" does not exist, skipping'))
        else:
            raise _undefined(role)
    forgotten = tuple(NoteAction("forget_role", (role.lower(),)) for role in names) if steps and snapshot.noted else ()
    return replace(ddl("DROP ROLE", steps), notices=tuple(notices), notes=forgotten)
