"""Rows: columns once, then rows of values -> DataRow bytes.

PostgreSQL: protocol-message-formats#PROTOCOL-MESSAGE-FORMATS-DATAROW
"""

from __future__ import annotations

from dataclasses import dataclass

from pgiris.types.codec import Oid


@dataclass(frozen=True)
class Column:
    """One column of a result. relation and attribute name the table column it shows, 0 when it is none."""

    name: str
    oid: Oid
    typmod: int = -1
    relation: Oid = Oid(0)
    attribute: int = 0
