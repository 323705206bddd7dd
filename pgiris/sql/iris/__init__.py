# ruff: noqa: RUF012  (a dialect is made of class attributes)
"""IRIS as a sqlglot dialect, usable alone: ``sqlglot.parse_one(sql, read="iris")``.

words.py has the vocabulary, nodes.py what IRIS says and sqlglot has no node for, parser.py the grammar, generator.py the text.
The parser takes what IRIS documents and nothing else; its errors carry IRIS's SQLCODE.
"""

from __future__ import annotations

from sqlglot import tokens
from sqlglot.dialects.dialect import Dialect, NormalizationStrategy
from sqlglot.tokenizer_core import TokenType

from pgiris.sql.iris.cursor import IrisSyntaxError
from pgiris.sql.iris.generator import Generator as IrisGenerator
from pgiris.sql.iris.parser import Parser as IrisParser

__all__ = ["IRIS", "IrisSyntaxError"]


class IRIS(Dialect):
    NULL_ORDERING = "nulls_are_small"
    NORMALIZATION_STRATEGY = NormalizationStrategy.CASE_INSENSITIVE
    TYPED_DIVISION = False
    SAFE_DIVISION = False

    class Tokenizer(tokens.Tokenizer):
        """Words are not told apart here: the parser knows where which one is a keyword."""

        KEYWORDS = {
            "||": TokenType.DPIPE,
            "<>": TokenType.NEQ,
            "!=": TokenType.NEQ,
            "<=": TokenType.LTE,
            ">=": TokenType.GTE,
            "->": TokenType.ARROW,
        }
        SINGLE_TOKENS = {sign: kind for sign, kind in tokens.Tokenizer.SINGLE_TOKENS.items() if sign not in "%`"}
        VAR_SINGLE_TOKENS = {"@", "#", "$"}
        COMMANDS = set()
        NESTED_COMMENTS = False

    Parser = IrisParser
    Generator = IrisGenerator
