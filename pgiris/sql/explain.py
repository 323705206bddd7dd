"""Explain: EXPLAIN of PostgreSQL -> EXPLAIN of IRIS, whose answer is one XML text. iris-reference 4.23"""

from __future__ import annotations

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.sql import scanner
from pgiris.sql.plan import Effect, Plan, Step, Target
from pgiris.sql.scanner import Kind
from pgiris.types.oids import TEXT
from pgiris.types.rows import Column

_FALSE = frozenset(("off", "false", "0"))
_OPTIONS = frozenset(("analyze", "verbose", "costs", "settings", "generic_plan", "buffers", "wal", "timing", "summary", "format"))


def read(text: str) -> tuple[str, bool]:
    """The statement that is to be explained, and whether it is to be run."""
    token = scanner.next_token(text, 0)
    token = scanner.next_token(text, token.end)
    if token.text == "(" and token.kind is Kind.OPERATOR and not _begins_query(text, token.end):
        options, end = _options(text, token.end)
        return text[end:], options.get("analyze", "off") not in _FALSE
    analyze = False
    while token.kind is Kind.WORD and token.text in ("analyze", "analyse", "verbose"):
        analyze = analyze or token.text != "verbose"
        token = scanner.next_token(text, token.end)
    return text[token.start :], analyze


def _begins_query(text: str, at: int) -> bool:
    return scanner.next_token(text, at).text in ("select", "with", "values", "table", "(")


def _options(text: str, at: int) -> tuple[dict[str, str], int]:
    options: dict[str, str] = {}
    name = ""
    while True:
        token = scanner.next_token(text, at)
        at = token.end
        if token.kind is Kind.END:
            raise scanner.syntax_error(text, token)
        if token.text in (",", ")"):
            name = ""
            if token.text == ")":
                return options, at
        elif not name:
            name = token.text
            if name not in _OPTIONS:
                message = f'unrecognized EXPLAIN option "{name}"'
                raise PgError(sqlstate.SYNTAX_ERROR, message, position=token.start + 1)
            options[name] = "on"
        else:
            options[name] = token.text.lower()
            if name == "format" and options[name] not in ("text", "xml"):
                raise not_supported(f"EXPLAIN with FORMAT {options[name].upper()} is not supported", "IRIS answers with XML.")


def plan(inner: Plan, analyze: bool) -> Plan:
    if inner.target is not Target.BACKEND or inner.tag != "SELECT" or len(inner.steps) != 1:
        raise not_supported("EXPLAIN of this statement is not supported", "IRIS explains queries only.")
    if inner.parameters or inner.steps[0].sources:
        raise not_supported("EXPLAIN of a statement with parameters is not supported")
    words = "EXPLAIN STAT" if analyze else "EXPLAIN"
    step = Step(f"{words} {inner.steps[0].sql}")
    return Plan(Target.BACKEND, "EXPLAIN", Effect.READ, (step,), columns=(Column("QUERY PLAN", TEXT),))
