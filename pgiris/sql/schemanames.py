"""Names of schemas: what IRIS's schemas are called for clients. PostgreSQL's clients expect ``public``, IRIS has SQLUser.

A process sets them once, before its first plan; that is what configuration says (option schema_names). iris-reference 4.3
"""

from __future__ import annotations

from collections.abc import Mapping

USUAL = {"SQLUser": "public"}


class _Names:
    """Both directions, by names in lower case."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.shown = {iris.lower(): client for iris, client in names.items()}
        self.iris = {client.lower(): iris for iris, client in names.items()}


_names = _Names(USUAL)


def use(names: Mapping[str, str]) -> None:
    """names: IRIS's -> the client's."""
    global _names
    _names = _Names(names)


def iris_schema(schema: str) -> str:
    """A schema that a client names, as IRIS calls it."""
    return _names.iris.get(schema.lower(), schema)


def shown_schema(schema: str) -> str:
    """IRIS's schema as clients know it."""
    return _names.shown.get(schema.lower(), schema)


def renamed() -> Mapping[str, str]:
    """IRIS's names in lower case of the schemas that are called otherwise -> the client's."""
    return _names.shown
