"""Commands: the statements that the session itself carries out, as values.

In: the text of one statement. Out: a Command, or None when it is for the backend. parse_command() raises what PostgreSQL's
grammar raises: 42601 with a position from 1 in the given text; all other errors belong to the one who carries the command out.
PostgreSQL: sql-commands
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from pgiris.sql import (
    blocks,
    comment_command,
    cursor_commands,
    extension_commands,
    function_commands,
    prepare_commands,
    sequence_commands,
    setting_commands,
    transaction_commands,
    type_commands,
)
from pgiris.sql.blocks import Block
from pgiris.sql.comment_command import Comment
from pgiris.sql.copy_command import CopyCommand, read_copy
from pgiris.sql.cursor_commands import CursorCommand
from pgiris.sql.extension_commands import AlterExtension, CreateExtension, DropExtensions
from pgiris.sql.function_commands import AlterFunction, CreateFunction, DropFunctions
from pgiris.sql.made_rows import InsertMadeRows
from pgiris.sql.prepare_commands import PreparedCommand
from pgiris.sql.reader import Reader
from pgiris.sql.scanner import skip_blank
from pgiris.sql.sequence_commands import AlterSequence, CreateSequence, DropSequence
from pgiris.sql.setting_commands import SettingCommand
from pgiris.sql.transaction_commands import TransactionCommand
from pgiris.sql.type_commands import AlterEnum, CreateEnum, DropTypes


@dataclass(frozen=True)
class Listen:
    channel: str


@dataclass(frozen=True)
class Notify:
    channel: str
    payload: str


@dataclass(frozen=True)
class Unlisten:
    """UNLISTEN channel; None is *."""

    channel: str | None


Command = (
    TransactionCommand
    | SettingCommand
    | CursorCommand
    | PreparedCommand
    | Listen
    | Notify
    | Unlisten
    | CopyCommand
    | InsertMadeRows
    | CreateSequence
    | AlterSequence
    | DropSequence
    | CreateEnum
    | AlterEnum
    | DropTypes
    | CreateExtension
    | AlterExtension
    | DropExtensions
    | CreateFunction
    | AlterFunction
    | DropFunctions
    | Block
    | Comment
)


def parse_command(text: str) -> Command | None:
    """The command that a statement is, or None quickly when the session has no part in it.

    A trailing semicolon is allowed. Raises 42601, and 0A000 for what PostgreSQL has and pgiris has not.
    """
    match = _FIRST_WORD.match(text)
    if match is None:
        match = _FIRST_WORD.match(text, skip_blank(text))
        if match is None:
            return None
    parse = _PARSERS.get(match[1].lower())
    if parse is None:
        return None
    reader = Reader(text, match.end())
    command = parse(reader)
    if command is not None:
        reader.finish()
    return command


def _listen(reader: Reader) -> Command:
    return Listen(reader.name())


def _notify(reader: Reader) -> Command:
    channel = reader.name()
    return Notify(channel, reader.string() if reader.accept_symbol(",") else "")


def _unlisten(reader: Reader) -> Command:
    return Unlisten(None if reader.accept_symbol("*") else reader.name())


def _first_of(*parsers: Callable[[Reader], Command | None]) -> Callable[[Reader], Command | None]:
    """Of statements that begin with the same word: one that is not its own leaves a parser without a word read."""
    return lambda reader: next((command for parse in parsers if (command := parse(reader)) is not None), None)


_FIRST_WORD = re.compile(r"[ \t\n\r\f\v]*([A-Za-z_]+)(?![A-Za-z0-9_$\x80-\U0010ffff])")
_PARSERS: dict[str, Callable[[Reader], Command | None]] = {
    "alter": _first_of(sequence_commands.alter, type_commands.alter, extension_commands.alter, function_commands.alter),
    "comment": comment_command.read,
    "copy": read_copy,
    "create": _first_of(sequence_commands.create, type_commands.create, extension_commands.create, function_commands.create),
    "do": blocks.read,
    "drop": _first_of(sequence_commands.drop, type_commands.drop, extension_commands.drop, function_commands.drop),
    "listen": _listen,
    "notify": _notify,
    "unlisten": _unlisten,
    **transaction_commands.PARSERS,
    **setting_commands.PARSERS,
    **cursor_commands.PARSERS,
    **prepare_commands.PARSERS,
}
