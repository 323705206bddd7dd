"""Tokens of plain texts beside sqlglot's own."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlglot.errors import TokenError
from sqlglot.tokens import Token

from pgiris.sql.postgres import PgDialect
from pgiris.sql.tokens import PlainTokens

PLAIN = PlainTokens(PgDialect.Tokenizer)
CORPUS = sorted(Path(__file__).parents[1].glob("oracle/corpus/*.sql"))
PIECES = (
    "select", "SELECT", "a", "_b1", "t.c", '"Q q"', '"a""b"', "'x'", "'it''s'", "'a\\b'", "E'a'", "$1", "$12::int4", "$$", "1",
    "1.5", "1.", ".5", "1e5", "0x1f", "1a", "::", "<=>", "<->", "<#>", "||", "->>", "@>", "?", "*", "(", ")", ",", ";", "=",
    "<", "!=", "-", "--", "/*", "group by", "GROUP\n BY", "order  by", "primary key", "double precision", "is", "not", "null",
    "fetch", "show", "é", "date '2024-01-01'", "[", "]", ":", "{", "}", "%", "~*", "@", "&&", "|", "\\", "u&'x'", "\u00a0",
)  # fmt: skip


def seen(tokens: list[Token]) -> list[tuple[object, ...]]:
    return [(token.token_type, token.text, token.start, token.end, token.comments) for token in tokens]


@given(st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(("", " ", "\n", "\t "))), max_size=12))
@example([("fetch", " "), ("1", "")])
def test_they_are_sqlglots(pieces: list[tuple[str, str]]) -> None:
    text = "".join(piece + space for piece, space in pieces)
    found = PLAIN.read(text)
    if found is None:
        return
    try:
        expected = PgDialect().tokenize(text)
    except TokenError:
        pytest.fail(f"{text!r} has no tokens to sqlglot")
    assert seen(found) == seen(expected)


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_they_are_sqlglots_in_the_corpus(path: Path) -> None:
    statements = [text for text in path.read_text().split(";\n") if text.strip()]
    plain = [(text, found) for text in statements if (found := PLAIN.read(text)) is not None]
    for text, found in plain:
        assert seen(found) == seen(PgDialect().tokenize(text)), text


@pytest.mark.parametrize(
    "text", ["SELECT 1 -- one", "SELECT /* one */ 1", r"SELECT E'\x41'", "SELECT $$a$$", "SELECT é", "SELECT 1e5", "SHOW x", "'a"]
)
def test_other_texts_are_left_to_sqlglot(text: str) -> None:
    assert PLAIN.read(text) is None
