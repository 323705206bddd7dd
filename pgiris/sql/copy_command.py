"""COPY: the statement as a value, its options not yet judged.

In: the text of one statement. Out: CopyCommand. Raises 42601 with a position from 1, as PostgreSQL's grammar does; what the
options mean is read by copy/options.py, which takes them as they stand here.
PostgreSQL: sql-copy
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pgiris import sqlstate
from pgiris.errors import PgError
from pgiris.sql.reader import Reader
from pgiris.sql.scanner import Kind

# (name, value, position from 1). A number that fits int4 is an int and any other a str, () stands for ``*``, a list of names is
# never empty, None: the option was given without a value.
OptionValue = str | int | tuple[str, ...] | None
RawOption = tuple[str, OptionValue, int]

_PREPARABLE = frozenset({"select", "values", "with", "table", "(", "insert", "update", "delete", "merge"})
_MOST_NAMES = 3  # database, schema, table


@dataclass(frozen=True)
class CopyCommand:
    """table: up to three parts, or query: the text of a query that starts at query_start (from 0) of the statement.

    direction: ``from`` the client or ``to`` it. columns None: all. file: the name of a file of the server's, or with program set
    the command line of a program; None is STDIN or STDOUT, which PostgreSQL takes for each other.
    where: the text of the condition, which starts at where_start (from 0).
    """

    direction: str
    table: tuple[str, ...] | None = None
    columns: tuple[str, ...] | None = None
    query: str | None = None
    query_start: int = 0
    file: str | None = None
    program: bool = False
    options: tuple[RawOption, ...] = ()
    where: str | None = None
    where_start: int = 0


def parse_copy(text: str) -> CopyCommand:
    """A whole statement; a semicolon may end it."""
    reader = Reader(text, 0)
    reader.expect("copy")
    command = read_copy(reader)
    reader.finish()
    return command


def read_copy(reader: Reader) -> CopyCommand:
    """What follows the word COPY."""
    if reader.at_symbol("("):
        return _copy_query(reader)
    options: list[RawOption] = []
    if reader.at("binary"):
        options.append(("format", "binary", reader.take().start + 1))
    table = qualified_name(reader)
    columns = names_in_parentheses(reader) if reader.at_symbol("(") else None
    direction = reader.expect("from", "to")
    program = reader.accept("program") is not None
    file = _file_name(reader)
    if program and file is None:
        raise _program_without_name(None)
    options += _old_delimiters(reader)
    options += _options(reader)
    where, where_start = None, 0
    if reader.at("where"):
        where_word = reader.take()
        if direction == "to":
            raise PgError(sqlstate.SYNTAX_ERROR, "WHERE clause not allowed with COPY TO", position=where_word.start + 1)
        if reader.at_end():
            raise reader.error()
        where_start = reader.token.start
        where = reader.rest()
    return CopyCommand(
        direction,
        table=table,
        columns=columns,
        file=file,
        program=program,
        options=tuple(options),
        where=where,
        where_start=where_start,
    )


def refuse_server_side(command: CopyCommand) -> PgError:
    """The refusal of a command with a file or a program, in the words that PostgreSQL has for those without the privilege."""
    hint = "Anyone can COPY to stdout or from stdin. psql's \\copy command also works for anyone."
    if command.program:
        role, what = "pg_execute_server_program", "to or from an external program"
    elif command.direction == "to":
        role, what = "pg_write_server_files", "to a file"
    else:
        role, what = "pg_read_server_files", "from a file"
    message = f"must be superuser or have privileges of the {role} role to COPY {what}"
    return PgError(sqlstate.INSUFFICIENT_PRIVILEGE, message, hint=hint)


def _copy_query(reader: Reader) -> CopyCommand:
    reader.expect_symbol("(")
    start = reader.token.start
    if reader.token.kind not in (Kind.WORD, Kind.OPERATOR) or reader.token.text not in _PREPARABLE:
        raise reader.error()
    query = reader.text[start : _end_of_query(reader)]
    reader.expect_symbol(")")
    to = reader.token
    reader.expect("to")
    program = reader.accept("program") is not None
    file = _file_name(reader)
    if program and file is None:
        raise _program_without_name(to.start + 1)
    return CopyCommand("to", query=query, query_start=start, file=file, program=program, options=_options(reader))


def _end_of_query(reader: Reader) -> int:
    """Walk to the parenthesis that closes the query; the place where its last token ends."""
    depth, end = 0, reader.token.start
    while depth or not reader.at_symbol(")"):
        if reader.at_end():
            raise reader.error()
        token = reader.take()
        end = token.end
        if token.kind is Kind.OPERATOR:
            depth += (token.text == "(") - (token.text == ")")
    return end


def _program_without_name(position: int | None) -> PgError:
    return PgError(sqlstate.SYNTAX_ERROR, "STDIN/STDOUT not allowed with PROGRAM", position=position)


def qualified_name(reader: Reader) -> tuple[str, ...]:
    start = reader.token.start
    parts = [reader.name()]
    while reader.accept_symbol("."):
        if reader.token.kind not in (Kind.WORD, Kind.NAME):
            raise reader.error()
        parts.append(reader.take().text)
    dotted = ".".join(parts)
    if len(parts) > _MOST_NAMES:
        message = f"improper qualified name (too many dotted names): {dotted}"
        raise PgError(sqlstate.SYNTAX_ERROR, message, position=start + 1)
    return tuple(parts)


def names_in_parentheses(reader: Reader) -> tuple[str, ...]:
    reader.expect_symbol("(")
    names = _names(reader)
    reader.expect_symbol(")")
    return names


def _names(reader: Reader) -> tuple[str, ...]:
    return _comma_separated(reader, reader.name)


def _comma_separated(reader: Reader, read: Callable[[], str]) -> tuple[str, ...]:
    items = [read()]
    while reader.accept_symbol(","):
        items.append(read())
    return tuple(items)


def _file_name(reader: Reader) -> str | None:
    return None if reader.accept("stdin", "stdout") else reader.string()


def _old_delimiters(reader: Reader) -> list[RawOption]:
    """[USING] DELIMITERS 'x', older than all other options."""
    using = reader.accept("using")
    if not using and not reader.at("delimiters"):
        return []
    position = reader.token.start + 1
    reader.expect("delimiters")
    return [("delimiter", reader.string(), position)]


def _options(reader: Reader) -> tuple[RawOption, ...]:
    reader.accept("with")
    if not reader.accept_symbol("("):
        return _old_options(reader)
    options = [_option(reader)]
    while reader.accept_symbol(","):
        options.append(_option(reader))
    reader.expect_symbol(")")
    return tuple(options)


def _option(reader: Reader) -> RawOption:
    name = reader.token
    if name.kind not in (Kind.WORD, Kind.NAME):
        raise reader.error()
    reader.take()
    return name.text, _option_value(reader), name.start + 1


def _option_value(reader: Reader) -> OptionValue:
    if reader.at_symbol(",", ")"):
        return None
    if reader.accept_symbol("*"):
        return ()
    if reader.accept_symbol("("):
        items = _comma_separated(reader, lambda: _word_or_string(reader))
        reader.expect_symbol(")")
        return items
    if reader.at_symbol("+", "-") or reader.token.kind in (Kind.INTEGER, Kind.FLOAT):
        whole = (reader.peek() if reader.at_symbol("+", "-") else reader.token).kind is Kind.INTEGER
        number = reader.number()
        return int(number) if whole else number
    return _word_or_string(reader)


def _word_or_string(reader: Reader) -> str:
    """PostgreSQL's opt_boolean_or_string."""
    return reader.accept("true", "false", "on") or reader.word_or_string()


def _old_options(reader: Reader) -> tuple[RawOption, ...]:
    options: list[RawOption] = []
    while reader.token.kind is Kind.WORD and reader.token.text in _OLD_OPTIONS:
        word = reader.take()
        name, value = _OLD_OPTIONS[word.text](reader)
        options.append((name, value, word.start + 1))
    return tuple(options)


def _fixed(name: str, value: str) -> Callable[[Reader], tuple[str, OptionValue]]:
    return lambda reader: (name, value)


def _string(name: str) -> Callable[[Reader], tuple[str, OptionValue]]:
    def read(reader: Reader) -> tuple[str, OptionValue]:
        reader.accept("as")
        return name, reader.string()

    return read


def _encoding(reader: Reader) -> tuple[str, OptionValue]:
    return "encoding", reader.string()


def _force(reader: Reader) -> tuple[str, OptionValue]:
    if reader.accept("not"):
        reader.expect("null")
        return "force_not_null", _names(reader)
    if reader.expect("quote", "null") == "null":
        return "force_null", _names(reader)
    return "force_quote", () if reader.accept_symbol("*") else _names(reader)


_OLD_OPTIONS: dict[str, Callable[[Reader], tuple[str, OptionValue]]] = {
    "binary": _fixed("format", "binary"),
    "csv": _fixed("format", "csv"),
    "freeze": _fixed("freeze", "true"),
    "header": _fixed("header", "true"),
    "delimiter": _string("delimiter"),
    "null": _string("null"),
    "quote": _string("quote"),
    "escape": _string("escape"),
    "encoding": _encoding,
    "force": _force,
}
