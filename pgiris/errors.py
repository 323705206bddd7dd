"""What goes wrong, in PostgreSQL's terms: PgError in, ErrorResponse fields out.

PostgreSQL: protocol-error-fields
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pgiris import sqlstate


@dataclass(eq=False)
class PgError(Exception):
    """An error or notice as a PostgreSQL client sees it.

    code: SQLSTATE. message: PostgreSQL's wording where PostgreSQL has one. position: 1-based character in the
    client's statement. severity ``ERROR`` ends the statement, ``FATAL`` the connection; notices carry ``WARNING``,
    ``NOTICE``, ``DEBUG``, ``INFO`` or ``LOG``.
    """

    code: str
    message: str
    severity: str = "ERROR"
    detail: str | None = None
    hint: str | None = None
    position: int | None = None
    schema: str | None = None
    table: str | None = None
    column: str | None = None
    constraint: str | None = None
    data_type: str | None = None
    where: str | None = field(default=None, kw_only=True)
    routine: str | None = field(default=None, kw_only=True)  # PostgreSQL's, for the errors that drivers know by it

    def __str__(self) -> str:
        return self.message


class FatalError(PgError):
    """Ends the connection after its ErrorResponse."""

    def __init__(self, code: str, message: str, **fields: str | int | None) -> None:
        super().__init__(code, message, "FATAL", **fields)  # type: ignore[arg-type]


class ProtocolError(FatalError):
    """The client broke the protocol: 08P01 unless said otherwise."""

    def __init__(self, message: str, code: str = sqlstate.PROTOCOL_VIOLATION) -> None:
        super().__init__(code, message)


def not_supported(what: str, hint: str | None = None) -> PgError:
    """The refusal of what pgiris or IRIS cannot do: 0A000."""
    return PgError(sqlstate.FEATURE_NOT_SUPPORTED, what, hint=hint)


class UnansweredError(ProtocolError):
    """Told to the log alone, where an answer would help nobody but an attacker. PostgreSQL: COMMERROR in elog.h"""


# PostgreSQL: protocol-error-fields. S and V both carry the severity: S may be localized, V never is.
_FIELDS = (
    (b"S", "severity"),
    (b"V", "severity"),
    (b"C", "code"),
    (b"M", "message"),
    (b"D", "detail"),
    (b"H", "hint"),
    (b"P", "position"),
    (b"W", "where"),
    (b"s", "schema"),
    (b"t", "table"),
    (b"c", "column"),
    (b"d", "data_type"),
    (b"n", "constraint"),
    (b"R", "routine"),
)


def error_fields(error: PgError) -> list[tuple[bytes, str]]:
    """(field code, text) pairs of an ErrorResponse or NoticeResponse, in PostgreSQL's order."""
    values = ((code, getattr(error, name)) for code, name in _FIELDS)
    return [(code, str(value)) for code, value in values if value is not None]


def as_pg_error(error: BaseException) -> PgError:
    """Any exception as what the client may see; an unknown one is XX000 and tells nothing of its inside."""
    if isinstance(error, PgError):
        return error
    return PgError(sqlstate.INTERNAL_ERROR, "internal error", hint="The server log has the details.")
