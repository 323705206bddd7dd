"""Verbatim: IRIS SQL that a client sends as such, and what neither grammar knows, goes to IRIS as it is.

Only ``$n`` becomes ``?``; IRIS answers with its own result columns or error.
"""

from __future__ import annotations

import re
from collections.abc import Container

from pgiris.errors import PgError, not_supported
from pgiris.sql import scanner, verbatimparameters
from pgiris.sql.bare import bare
from pgiris.sql.plan import Effect, Plan, Role, Source, Step, Target
from pgiris.sql.scanner import Kind
from pgiris.sql.split import LONG_TEXT
from pgiris.types import oids
from pgiris.types.codec import Oid
from pgiris.types.relation import Snapshot

# Words that tell IRIS SQL from PostgreSQL's.
_FUNCTIONS = (
    "VECTOR_COSINE VECTOR_DOT_PRODUCT TO_VECTOR DATEADD DATEDIFF DATEPART DATENAME TO_POSIXTIME GETDATE GETUTCDATE"
    " SYSDATE LAST_IDENTITY JSON_ARRAYAGG JSON_TABLE CHARINDEX STUFF ISNULL NVL IFNULL"
)
_TYPES = (
    "LONGVARCHAR LONGVARBINARY VARBINARY NVARCHAR VARCHAR2 TINYINT MEDIUMINT DATETIME DATETIME2 SMALLDATETIME TIMESTAMP2"
    " POSIXTIME ROWVERSION UNIQUEIDENTIFIER CLOB NTEXT IMAGE AUTO_INCREMENT COMPUTECODE"
)
_CONVERTED = (
    "CHAR VARCHAR NVARCHAR INTEGER INT BIGINT SMALLINT TINYINT DEC DECIMAL NUMERIC DOUBLE MONEY DATE TIME TIMESTAMP DATETIME"
    " POSIXTIME BIT BINARY VARBINARY"
)
_VARIABLES = "JOB NAMESPACE USERNAME TLEVEL ZVERSION HOROLOG ZTIMESTAMP PIECE EXTRACT LENGTH FIND TRANSLATE"
# In capitals. What a hint cannot do without, which is looked for first -> what it is.
_HINTS = tuple(
    (tuple(marks.split()), re.compile(pattern, re.VERBOSE | re.DOTALL))
    for marks, pattern in (
        ("TOP", r"TOP(?<!\wTOP)\s+(?:[0-9(?$]|ALL\b)"),
        ("%", r"%(?:STARTSWITH|INLIST|MATCHES|PATTERN|CONTAINS)\b"),
        ("%", r"%(?<![^\s(,.=]%)[A-Z]"),  # %ID, %EXACT: no operand stands before, else % would be modulo
        ("{", r"\{\s*(?:FN|D|T|TS|OJ)\s"),
        ("CALL", r"^\s*CALL\b"),
        ("$LIST " + " ".join(f"${word}" for word in _VARIABLES.split()), rf"\$(?:{_VARIABLES.replace(' ', '|')}|LIST[A-Z]*)\b"),
        (_FUNCTIONS, rf"\b(?:{_FUNCTIONS.replace(' ', '|')})\s*\("),
        (
            "TABLE",
            rf"""^\s*(?:CREATE|ALTER)\s+TABLE\b.*
            (?:[A-Z0-9_"](?<!COLUMN)\s+(?:{_TYPES.replace(" ", "|")})\b|[A-Z0-9_"]\s+EMBEDDING\s*\()""",
        ),
        ("CONVERT", rf"\bCONVERT\s*\(\s*(?:{_CONVERTED.replace(' ', '|')})\b\s*[,(]"),  # PostgreSQL's takes bytea
        ("INSERT", r"INSERT(?<!\wINSERT)\s+OR\s+UPDATE\b"),
        ("DISTINCT", r"DISTINCT(?<!\wDISTINCT)\s+BY\s*\("),
    )
)


def is_iris(text: str, functions: Container[str] = ()) -> bool:
    """Whether a text holds, outside strings and comments, what only IRIS knows. functions: of pgiris, perhaps named as IRIS's."""
    upper = (text if len(text) < LONG_TEXT else bare(text)).upper()
    hints = [hint for marks, hint in _HINTS if any(mark in upper for mark in marks) and hint.search(upper) is not None]
    if not hints:
        return False
    found = bare(upper)
    return any(match[0].rstrip("( \t\n").lower() not in functions for hint in hints for match in hint.finditer(found))


UNREAD = "taken_for_iris_sql"  # the rule of statements that the parser does not know

_READS = frozenset(("select", "with", "values", "explain", "table"))
_CHANGES = frozenset(("insert", "update", "delete", "call", "merge"))
_TAGS = {"with": "SELECT", "values": "SELECT", "table": "SELECT", "call": "CALL", "explain": "EXPLAIN"}


# First words of IRIS statements. iris-reference 4
_FIRST_WORDS = """
    select with values table insert update delete call merge explain create alter drop truncate grant revoke set start lock unlock
    tune build purge freeze unfreeze load use collect cancel validate through open close fetch declare journal
"""
_STATEMENTS = frozenset(_FIRST_WORDS.split())
# What would change the IRIS process, which others use next, or reach into theirs. Pattern -> what is said, and the way to go.
_REFUSED: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (re.compile(r"^\s*SET\s+OPTION\b", re.IGNORECASE), "SET OPTION is not supported", "For locks there is lock_timeout."),
    (re.compile(r"^\s*CANCEL\s+QUERY\b", re.IGNORECASE), "CANCEL QUERY is not supported", "There is pg_cancel_backend(pid)."),
    (re.compile(r"^\s*UNLOCK\b", re.IGNORECASE), "UNLOCK is not supported", "What LOCK TABLE locks ends with its transaction."),
    (
        re.compile(r"^\s*(?:CREATE|ALTER)\s+TABLE\b.*\bCHECK\s*\(", re.IGNORECASE | re.DOTALL),
        "CHECK in a definition that only IRIS knows is not supported",
        "Add the constraint by ALTER TABLE ... ADD CHECK.",
    ),
    (
        re.compile(r"\bUtil_SetOption\s*\(", re.IGNORECASE),
        "%SYSTEM_SQL.Util_SetOption is not supported",
        "Set it for all of IRIS.",
    ),
)


def plan(text: str, declared: tuple[Oid, ...], snapshot: Snapshot) -> Plan:
    """Parameters without a declared type have that of their place. Raises 42601 for what neither server begins so."""
    sql, numbers = _positional(text)
    shown = bare(sql)
    for pattern, complaint, hint in _REFUSED:
        if pattern.search(shown):
            raise not_supported(complaint, hint)
    word = _first_word(sql)
    if word not in _STATEMENTS and not sql.startswith("%"):
        raise scanner.syntax_error(text, scanner.next_token(text, 0))
    parameters = _parameters(sql, numbers, declared, snapshot)
    sources = tuple(Source(number - 1) for number in numbers)
    if word in _READS or word == "call":
        effect = Effect.READ if word in _READS else Effect.WRITE
        step = Step(sql, sources, Role.RESULT)
        return Plan(Target.BACKEND, _TAGS.get(word, "SELECT"), effect, (step,), tuple(parameters), columns=None)
    if word in _CHANGES:
        return Plan(Target.BACKEND, word.upper(), Effect.WRITE, (Step(sql, sources, Role.COUNT),), tuple(parameters))
    tag = " ".join(sql.split()[:2]).upper() if word in ("create", "alter", "drop") else word.upper()
    return Plan(Target.BACKEND, tag, Effect.DDL, (Step(sql, sources, Role.RUN),), tuple(parameters))


def _parameters(sql: str, numbers: list[int], declared: tuple[Oid, ...], snapshot: Snapshot) -> list[Oid]:
    """One type for each number. One that is mentioned several times has the type of its first mention."""
    found = list(declared) + [Oid(0)] * (max(numbers, default=0) - len(declared))
    if not all(found):
        for number, oid in zip(numbers, verbatimparameters.types(sql, len(numbers), snapshot), strict=True):
            found[number - 1] = found[number - 1] or oid
    return [oid or oids.TEXT for oid in found]


def _first_word(sql: str) -> str:
    match = re.match(r"[\s(]*([A-Za-z]+)", sql)
    return match[1].lower() if match else ""


def _positional(text: str) -> tuple[str, list[int]]:
    """$n -> ?, comments in front and a semicolon at the end removed."""
    at = scanner.skip_blank(text)
    pieces: list[str] = []
    numbers: list[int] = []
    last = at
    while True:
        try:
            token = scanner.next_token(text, at)
        except PgError as error:
            if error.message.startswith("unterminated"):
                raise
            at += 1  # a character that PostgreSQL's lexer does not know; IRIS may
            continue
        if token.kind is Kind.END:
            break
        if token.kind is Kind.PARAMETER:
            pieces += (text[last : token.start], "?")
            numbers.append(int(token.text[1:]))
            last = token.end
        at = token.end
    pieces.append(text[last:])
    sql = "".join(pieces).rstrip().rstrip(";").rstrip()
    if sql.startswith("/*#"):
        raise not_supported("optimizer directives are not supported")
    return sql, numbers
