"""Lifting literals out of a statement's text."""

from __future__ import annotations

import pytest

from pgiris.sql.lift import ESCAPED, INT4, INT8, NUMERIC, STRING, lift, places

TEXTS = {
    "SELECT a FROM t WHERE id = 5": (f"SELECT a FROM t WHERE id = {INT4}", ("5",)),
    "SELECT 'it''s', 1.5, 10000000000, 1e5, .5": (
        f"SELECT {STRING}, \x013.1\x02, {INT8}, {NUMERIC}, .5",
        ("it's", "1.5", "10000000000", "1e5"),
    ),
    "SELECT 99999999999999999999, 2147483647, 2147483648": (
        f"SELECT {NUMERIC}, {INT4}, {INT8}",
        ("99999999999999999999", "2147483647", "2147483648"),
    ),
    "SELECT 'a\\b'": (f"SELECT {ESCAPED}", ("a\\b",)),
    "SELECT a1, t2.b3, $1, \"x'5\" FROM t WHERE a = 7 -- 'x' 8\n": (
        f'SELECT a1, t2.b3, $1, "x\'5" FROM t WHERE a = {INT4}  \n',
        ("7",),
    ),
    "SELECT /* it's 5 */ 6 FROM t": (f"SELECT   {INT4} FROM t", ("6",)),
    "SELECT a /* trace 1 */ FROM t": ("SELECT a   FROM t", ()),
    'SELECT /*#OPTIONS {"a": 5} */ 6': (f'SELECT /*#OPTIONS {{"a": 5}} */ {INT4}', ("6",)),
    "-- hint\nUPDATE t SET a = a + -3": (f" \nUPDATE t SET a = a + -{INT4}", ("3",)),
}


@pytest.mark.parametrize(("text", "expected"), TEXTS.items())
def test_literals_become_markers_of_their_kind(text: str, expected: tuple[str, tuple[str, ...]]) -> None:
    lifted = lift(text)
    assert lifted is not None
    assert (lifted.template, lifted.literals) == expected


@pytest.mark.parametrize("text", TEXTS)
def test_places_tell_where_the_literals_begin(text: str) -> None:
    lifted = lift(text)
    assert lifted is not None
    assert len(places(text)) == len(lifted.literals)
    for place, literal in zip(places(text), lifted.literals, strict=True):
        assert text[place:].replace("''", "'").lstrip("'").startswith(literal)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT a FROM t",  # nothing to lift
        "CREATE TABLE t (a varchar(10) DEFAULT 'x')",
        r"SELECT E'a\'b', 5",
        "SELECT B'101', 5",
        "SELECT U&'\\0041', 5",
        "SELECT $$a$$, 5",
        "SELECT '\x01', 5",
    ],
)
def test_other_texts_are_left_to_the_parser(text: str) -> None:
    assert lift(text) is None
