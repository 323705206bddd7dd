"""Privileges: has_table_privilege and its kin, and access control lists.

IRIS checks privileges when a statement runs. Here is what it has told of them. Where the backend tells of its roles, access
control lists say what they may, and others may do everything. Where it does not, a relation that has a list is known; of one
without, whoever sees it may do all. PostgreSQL: functions-info#FUNCTIONS-INFO-ACCESS, ddl-priv
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from pgiris import sqlstate
from pgiris.catalog.facts import Facts
from pgiris.catalog.objectnames import quote_ident
from pgiris.catalog.registry import add, lookup
from pgiris.errors import PgError
from pgiris.types.objects import FIRST_USER_OID

PUBLIC = "public"
_LETTERS = {
    "SELECT": "r", "INSERT": "a", "UPDATE": "w", "DELETE": "d", "TRUNCATE": "D", "REFERENCES": "x", "TRIGGER": "t", "RULE": "",
}  # fmt: skip
# Kind of object -> the privileges that there are. RULE is known for old times' sake, and nobody has it.
_WORDS = {
    "table": "SELECT INSERT UPDATE DELETE TRUNCATE REFERENCES TRIGGER RULE",
    "column": "SELECT INSERT UPDATE REFERENCES",
    "sequence": "USAGE SELECT UPDATE",
    "schema": "CREATE USAGE",
    "database": "CREATE CONNECT TEMPORARY TEMP",
    "function": "EXECUTE",
    "type": "USAGE",
    "foreign": "USAGE",
    "language": "USAGE",
    "tablespace": "CREATE",
    "role": "MEMBER USAGE SET",
    "parameter": "SET ALTER_SYSTEM",
}
_OPTION = re.compile(r" WITH (?:GRANT|ADMIN) OPTION$")
_SYSTEM_SCHEMAS = frozenset(("pg_catalog", "information_schema", "pg_toast"))


def _words(kind: str, text: str) -> list[tuple[str, bool]]:
    """(privilege, with grant option) of a list of them, of which one is enough. Raises 22023."""
    found = []
    for part in text.split(","):
        name, grantable = _OPTION.subn("", part.strip().upper())
        if name.replace(" ", "_") not in _WORDS[kind].split():
            raise PgError(sqlstate.INVALID_PARAMETER_VALUE, f'unrecognized privilege type: "{part.strip()}"')
        found.append((name, bool(grantable)))
    return found


def _check_user(facts: Facts, user: str) -> None:
    """ "" is a role whose OID nobody has. Raises 42704."""
    if user not in ("", PUBLIC) and user not in facts.roles.values():
        raise PgError(sqlstate.UNDEFINED_OBJECT, f'role "{user}" does not exist')


def _privilege(
    kind: str, has: Callable[[Facts, str, Any, str, bool], bool | None]
) -> Callable[[Facts, str, Any, str], bool | None]:
    """has: facts, user, object, privilege, with grant option; None for an object that is not there."""

    def any_of(facts: Facts, user: str, what: Any, text: str) -> bool | None:
        _check_user(facts, user)
        found = [has(facts, user, what, word, grantable) for word, grantable in _words(kind, text)]
        return None if None in found else any(found) and user != ""

    return any_of


def _on_relation(facts: Facts, user: str, oid: int, word: str, grantable: bool) -> bool | None:
    if oid not in facts.classes:
        return None
    letter = _LETTERS.get(word, word)
    if oid < FIRST_USER_OID:
        return word == "SELECT" and not grantable  # which everybody may read and nobody may change
    if facts.told:
        return letter != "" and _told_letter(facts, user, oid, letter + ("*" if grantable else ""))
    acl = facts.grants.get(oid)
    if acl is None:
        return user != PUBLIC and letter != ""
    owner = facts.roles.get(facts.classes[oid][1], "")
    if user == owner:
        return letter != ""
    given = (item.partition("=") for item in acl)
    letters = "".join(rest.partition("/")[0] for grantee, _, rest in given if grantee not in (owner, quote_ident(owner)))
    return letter != "" and letter + ("*" if grantable else "") in letters and user != PUBLIC


def _told_letter(facts: Facts, user: str, oid: int, letter: str) -> bool:
    """letter: a star behind it asks for the grant option."""
    if user != PUBLIC and not facts.is_held_back(user):
        return True
    acl, names = facts.grants.get(oid), _names(facts, user)
    owner = facts.roles.get(facts.classes[oid][1], "")
    owns_all = owner in names and not any(grantee == owner for grantee, _ in map(_parted, acl or ()))
    return owns_all or any(letter in letters for grantee, letters in map(_parted, acl or ()) if grantee in names)


def _names(facts: Facts, user: str) -> set[str]:
    """Whose privileges a user has; everybody's name is empty."""
    return {""} if user == PUBLIC else {"", *facts.memberships(user)}


def _parted(item: str) -> tuple[str, str]:
    """(grantee, letters) of an entry of a list"""
    grantee, _, rest = item.rpartition("/")[0].rpartition("=")
    return (grantee[1:-1].replace('""', '"') if grantee.startswith('"') else grantee), rest


def _on_some_column(facts: Facts, user: str, oid: int, word: str, grantable: bool) -> bool | None:
    """On the relation, or a column of it."""
    found = _on_relation(facts, user, oid, word, grantable)
    return found or (found is not None and any(_on_one(facts, user, oid, n, word, grantable) for n in facts.attributes(oid)))


def _on_one(facts: Facts, user: str, oid: int, number: int, word: str, grantable: bool) -> bool:
    acl = facts.column_grants.get((oid, number), ())
    letter = _LETTERS.get(word, word) + ("*" if grantable else "")
    names = _names(facts, user)
    return any(letter in letters for grantee, letters in map(_parted, acl) if grantee in names)


def _on_sequence(facts: Facts, user: str, oid: int, word: str, grantable: bool) -> bool | None:
    if oid not in facts.classes:
        return None
    if facts.classes[oid][0] != "S":
        name = facts.objects("class").by_oid[oid].name
        raise PgError(sqlstate.WRONG_OBJECT_TYPE, f'"{name}" is not a sequence')
    return user != PUBLIC


def _on_schema(facts: Facts, user: str, oid: int, word: str, grantable: bool) -> bool | None:
    name = facts.namespaces.get(oid)
    if name is None:
        return None
    if name in _SYSTEM_SCHEMAS:
        return word == "USAGE" and not grantable
    if facts.is_held_back(user):
        return not grantable and (word == "USAGE" or facts.told[user][1])
    return user != PUBLIC


def _if_there(exists: Callable[[Facts, Any], bool]) -> Callable[[Facts, str, Any, str, bool], bool | None]:
    return lambda facts, user, what, word, grantable: True if exists(facts, what) else None


add("has_table_privilege(text, oid, text) bool", _privilege("table", _on_relation))
add("has_any_column_privilege(text, oid, text) bool", _privilege("column", _on_some_column))
add("has_sequence_privilege(text, oid, text) bool", _privilege("sequence", _on_sequence))
add("has_schema_privilege(text, oid, text) bool", _privilege("schema", _on_schema))
add("has_database_privilege(text, oid, text) bool", _privilege("database", _if_there(lambda f, oid: oid in f.databases)))
add("has_foreign_privilege(text, oid, text) bool", _privilege("foreign", _if_there(lambda f, oid: False)))
add(
    "has_function_privilege(text, oid, text) bool",
    _privilege("function", _if_there(lambda f, oid: oid in f.objects("function").by_oid)),
)
add("has_type_privilege(text, oid, text) bool", _privilege("type", _if_there(lambda f, oid: oid in f.types)))
add("has_language_privilege(text, oid, text) bool", _privilege("language", _if_there(lambda f, oid: True)))
add("has_tablespace_privilege(text, oid, text) bool", _privilege("tablespace", _if_there(lambda f, oid: True)))
add(
    "has_parameter_privilege(text, text, text) bool",
    _privilege("parameter", lambda f, user, name, word, grantable: word == "SET"),  # there is no ALTER SYSTEM
)


@lookup("has_column_privilege(text, oid, text, text) bool")
def _on_column(facts: Facts, user: str, oid: int, column: str, text: str) -> bool | None:
    """Raises 42703."""
    numbers = {name: number for number, name in facts.attributes(oid).items()} if oid in facts.classes else {}
    if oid in facts.classes and column not in numbers:
        name = facts.objects("class").by_oid[oid].name
        raise PgError(sqlstate.UNDEFINED_COLUMN, f'column "{column}" of relation "{name}" does not exist')
    return _privilege("column", _on_column_or_relation)(facts, user, (oid, numbers.get(column, 0)), text)


def _on_column_or_relation(facts: Facts, user: str, what: tuple[int, int], word: str, grantable: bool) -> bool | None:
    oid, number = what
    found = _on_relation(facts, user, oid, word, grantable)
    return found or (found is not None and _on_one(facts, user, oid, number, word, grantable))


@lookup("has_numbered_column_privilege(text, oid, int, text) bool")
def _on_numbered_column(facts: Facts, user: str, oid: int, number: int, text: str) -> bool | None:
    found = _privilege("column", _on_column_or_relation)(facts, user, (oid, number), text)
    return found if number in facts.attributes(oid) else None


# Roles


@lookup("role_of(oid) text")
def _role_of(facts: Facts, oid: int) -> str:
    """PUBLIC has OID 0."""
    return PUBLIC if oid == 0 else facts.roles.get(oid, "")


@lookup("pg_has_role(text, text, text) bool")
def _has_role(facts: Facts, user: str, role: str, text: str) -> bool:
    """Whether the one is the other, or a member of it. Raises 42704."""
    for name in (user, role):
        if name == PUBLIC:
            raise PgError(sqlstate.UNDEFINED_OBJECT, f'role "{name}" does not exist')
        _check_user(facts, name)
    words = _words("role", text)
    return role in facts.memberships(user) and not all(grantable for _, grantable in words) if role and user else False


# Objects by name, which say that they are not there

_BY_NAME = {
    "database": (sqlstate.INVALID_CATALOG_NAME, "database"),
    "language": (sqlstate.UNDEFINED_OBJECT, "language"),
    "tablespace": (sqlstate.UNDEFINED_OBJECT, "tablespace"),
    "foreign_data_wrapper": (sqlstate.UNDEFINED_OBJECT, "foreign-data wrapper"),
    "server": (sqlstate.UNDEFINED_OBJECT, "server"),
}
_LISTS = {
    "database": "SELECT datname, oid FROM pgc.pg_database",
    "language": "SELECT lanname, oid FROM pgc.pg_language",
    "tablespace": "SELECT spcname, oid FROM pgc.pg_tablespace",
    "foreign_data_wrapper": "SELECT fdwname, oid FROM pgc.pg_foreign_data_wrapper",
    "server": "SELECT srvname, oid FROM pgc.pg_foreign_server",
}


@lookup("object_named(text, text) oid")
def _object_named(facts: Facts, kind: str, name: str) -> int:
    known: dict[str, int] = {row[0]: row[1] for row in facts.rows(_LISTS[kind])}
    if name not in known:
        code, word = _BY_NAME[kind]
        raise PgError(code, f'{word} "{name}" does not exist')
    return known[name]


# What an object of a kind lets its owner and everybody do. PostgreSQL: ddl-priv#PRIVILEGES-SUMMARY-TABLE
_DEFAULTS = {
    "c": ("", ""), "r": ("arwdDxt", ""), "s": ("rwU", ""), "d": ("CTc", "Tc"), "f": ("X", "X"), "l": ("U", "U"), "L": ("rw", ""),
    "n": ("UC", ""), "p": ("sA", ""), "t": ("C", ""), "F": ("U", ""), "S": ("U", ""), "T": ("U", "U"),
}  # fmt: skip


@lookup("acldefault_2(text, oid) texts")
def _default_acl(facts: Facts, kind: str, owner: int) -> list[str]:
    if kind not in _DEFAULTS:
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, f'unrecognized object type abbreviation: "{kind}"')
    own, everybody = _DEFAULTS[kind]
    name = facts.roles.get(owner, str(owner))
    items = [f"={everybody}/{name}"] if everybody else []
    return items + ([f"{name}={own}/{name}"] if own else [])


_ACL_WORDS = {
    "a": "INSERT", "r": "SELECT", "w": "UPDATE", "d": "DELETE", "D": "TRUNCATE", "x": "REFERENCES", "t": "TRIGGER",
    "X": "EXECUTE", "U": "USAGE", "C": "CREATE", "T": "TEMPORARY", "c": "CONNECT", "s": "SET", "A": "ALTER SYSTEM",
}  # fmt: skip


@lookup("aclexplode(texts) texts")
def _exploded(facts: Facts, items: Sequence[str]) -> list[str]:
    """grantor|grantee|privilege|grantable for each privilege."""
    oids = {name: oid for oid, name in facts.roles.items()}
    made = []
    for item in items:
        grantee, _, rest = item.partition("=")
        letters, _, grantor = rest.partition("/")
        for letter, starred in re.findall(r"([A-Za-z])(\*?)", letters):
            word = _ACL_WORDS[letter]
            made.append(f"{oids.get(grantor, 0)}|{oids.get(grantee, 0)}|{word}|{'t' if starred else 'f'}")
    return made


@lookup("makeaclitem(oid, oid, text, bool) text")
def _made_acl(facts: Facts, grantee: int, grantor: int, privileges: str, grantable: bool) -> str:
    letters = {word: letter for letter, word in _ACL_WORDS.items()}
    try:
        found = "".join(letters[word.strip().upper()] + ("*" if grantable else "") for word in privileges.split(","))
    except KeyError:
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, f'unrecognized privilege type: "{privileges}"') from None
    return f"{facts.roles.get(grantee, '')}={found}/{facts.roles.get(grantor, grantor)}"
