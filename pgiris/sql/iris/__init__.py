"""IRIS as a sqlglot dialect, usable alone: ``sqlglot.parse_one(sql, read="iris")``.

words.py has the vocabulary, lexer.py the tokens, nodes.py what IRIS says and sqlglot has no node for, parser.py the grammar
(utilities.py that of statements about the system), generator.py the text.
The parser takes what IRIS documents and nothing else; its errors carry IRIS's SQLCODE. ``"iris, version=2024.1"`` is the dialect
of a release: what came later is refused, and not written.
"""

from __future__ import annotations

from sqlglot.dialects.dialect import Dialect, NormalizationStrategy

from pgiris.sql.iris.cursor import IrisSyntaxError
from pgiris.sql.iris.generator import Generator as IrisGenerator
from pgiris.sql.iris.lexer import Tokenizer as IrisTokenizer
from pgiris.sql.iris.parser import Parser as IrisParser

__all__ = ["IRIS", "IrisSyntaxError"]


class IRIS(Dialect):
    NULL_ORDERING = "nulls_are_small"
    NORMALIZATION_STRATEGY = NormalizationStrategy.CASE_INSENSITIVE
    TYPED_DIVISION = False
    SAFE_DIVISION = False

    Tokenizer = IrisTokenizer
    Parser = IrisParser
    Generator = IrisGenerator
