"""Names of schemas: what IRIS's schemas are called for clients. PostgreSQL's clients expect ``public``, IRIS has SQLUser.

A process sets them once, before its first plan; that is what configuration says (option schema_names). iris-reference 4.3
"""

from __future__ import annotations

from collections.abc import Mapping

USUAL = {"SQLUser": "public"}
TEMPORARY_PREFIX = "pgtemp_"  # of the schemas of temporary objects; the session's own number follows
_SHOWN_TEMPORARY = "pg_temp_"


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
    folded = schema.lower()
    if folded.startswith(_SHOWN_TEMPORARY):
        return TEMPORARY_PREFIX + folded.removeprefix(_SHOWN_TEMPORARY)
    return _names.iris.get(folded, schema)


def shown_schema(schema: str) -> str:
    """IRIS's schema as clients know it."""
    folded = schema.lower()
    if is_temporary(folded):
        return _SHOWN_TEMPORARY + folded.removeprefix(TEMPORARY_PREFIX)
    return _names.shown.get(folded, schema)


def is_temporary(schema: str) -> bool:
    """Whether a schema of IRIS holds the temporary objects of a session."""
    return schema.lower().startswith(TEMPORARY_PREFIX)


def renamed() -> Mapping[str, str]:
    """IRIS's names in lower case of the schemas that are called otherwise -> the client's."""
    return _names.shown
