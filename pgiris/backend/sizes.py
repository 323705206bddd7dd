"""Sizes: how many bytes relations take where they are stored, as a backend tells it. None: it does not tell.

They are measured only when somebody asks for them, since that may take long (session/sizes.py).
"""

from __future__ import annotations

import msgspec


class IndexSize(msgspec.Struct, frozen=True, array_like=True):
    name: str
    bytes: int | None


class TableSize(msgspec.Struct, frozen=True, array_like=True):
    """schema: IRIS's. data: rows. streams: values that are stored apart from them. indexes: all of them together, which may be
    told where one of them is not, and count what is no index to clients. each: those that have a name."""

    schema: str
    name: str
    data: int | None
    streams: int | None
    indexes: int | None
    each: tuple[IndexSize, ...] = ()


class Sizes(msgspec.Struct, frozen=True, array_like=True):
    """tables: those that are told; of others nothing is known. database: all of the namespace."""

    tables: tuple[TableSize, ...]
    database: int | None
