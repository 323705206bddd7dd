"""Bare texts: statements without what is quoted, for those who look for words in them."""

from __future__ import annotations

import re


def bare(text: str) -> str:
    """The text with strings, quoted names and comments blanked out."""
    return _QUOTED.sub(" ' ", text)


def has_iris_body(text: str) -> bool:
    """Whether a routine is made with a body as IRIS's are, not PostgreSQL's."""
    return _BODY.search(bare(_DOLLARS.sub(" ' ", text))) is not None


_QUOTED = re.compile(r"'[^']*(?:''[^']*)*'|\"[^\"]*(?:\"\"[^\"]*)*\"|--[^\n]*|/\*.*?\*/", re.DOTALL)
_DOLLARS = re.compile(r"\$(\w*)\$.*?\$\1\$", re.DOTALL)
_BODY = re.compile(r"\bBEGIN\b(?!\s+ATOMIC\b)|\{", re.IGNORECASE)
