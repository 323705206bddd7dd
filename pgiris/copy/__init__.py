"""COPY's three formats, pure: rows of cells <-> CopyData.

A cell is one column's value as types/ encodes it, None for NULL. Text cells are UTF-8 on this side whatever the client's
encoding is: the formats convert, as PostgreSQL does, so that delimiters are never mistaken for halves of characters.
"""

from pgiris.copy.cells import DEFAULT, Cell, Default, Row, in_column, in_line
from pgiris.copy.formats import Reader, Writer, reader, writer
from pgiris.copy.options import CopyFormat, CopyOptions, Header, OptionValue, RawOption, read_options

__all__ = [
    "DEFAULT",
    "Cell",
    "CopyFormat",
    "CopyOptions",
    "Default",
    "Header",
    "OptionValue",
    "RawOption",
    "Reader",
    "Row",
    "Writer",
    "in_column",
    "in_line",
    "read_options",
    "reader",
    "writer",
]
