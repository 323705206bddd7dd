"""TYPES: the types that pgiris speaks, and their look-ups by OID and by name.

Type names in: as clients write them. Out: as format_type prints them. How IRIS stores each type is iristypes.py's.
PostgreSQL: datatype, catalog-pg-type, functions-info#FUNCTIONS-INFO-CATALOG (format_type)
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.types import oids
from pgiris.types.array import array_of, vector_of
from pgiris.types.codec import Codec, Oid
from pgiris.types.datetime import DATE, TIME, TIMESTAMP, TIMESTAMPTZ, TIMETZ
from pgiris.types.interval import FIELDS, FULL_PRECISION, FULL_RANGE, INTERVAL, NAMES_OF_FIELDS
from pgiris.types.jsonpath import JSONPATH
from pgiris.types.jsontext import JSON, JSONB
from pgiris.types.network import CIDR, INET, MACADDR, MACADDR8
from pgiris.types.numeric import FLOAT4, FLOAT8, NUMERIC, scale_of
from pgiris.types.scalar import (
    BOOL,
    BPCHAR,
    BYTEA,
    CHAR,
    INT2,
    INT4,
    INT8,
    NAME,
    PG_LSN,
    TEXT,
    TID,
    UUID,
    VOID,
    registered,
    text_only,
    unsigned,
)
from pgiris.types.sparsevec import FORM as SPARSE_FORM
from pgiris.types.sparsevec import SPARSEVEC
from pgiris.types.vector import FORMS, HALFVEC, VECTOR, VECTORS

NO = Oid(0)


def _type_number(name: str) -> Oid | None:
    try:
        return parse_type(name)[0]
    except PgError:
        return None


@dataclass(frozen=True)
class TypeRow:
    """One type.

    name, array, element, length, category: as in pg_type; array and element are 0 when there is none.
    names: how SQL spells it, the first as format_type prints it. iris: the IRIS DDL type that stores it, "" when none can.
    """

    oid: Oid
    name: str
    array: Oid
    length: int
    category: str
    iris: str
    codec: Codec = field(repr=False)
    names: tuple[str, ...] = ()
    element: Oid = NO

    @property
    def is_array(self) -> bool:
        """int2vector and its like are not: they have their own text form."""
        return self.name.startswith("_")


# Documents and texts without a declared length become VARCHAR and not streams: streams cannot be compared, sorted, grouped
# or indexed (iris-reference 5.1, 5.4). Longer values are refused by IRIS, never cut (5.2).
LONG_TEXT = "VARCHAR(3641144)"  # the longest string there is, iris-reference 5.2
LONG_BINARY = "VARBINARY(3641144)"

# fmt: off
_SCALARS = (
    TypeRow(oids.BOOL, "bool", oids.BOOL_ARRAY, 1, "B", "BIT", BOOL, ("boolean",)),
    TypeRow(oids.BYTEA, "bytea", oids.BYTEA_ARRAY, -1, "U", LONG_BINARY, BYTEA),
    TypeRow(oids.CHAR, "char", oids.CHAR_ARRAY, 1, "Z", "VARCHAR(1)", CHAR, ('"char"',)),
    TypeRow(oids.NAME, "name", oids.NAME_ARRAY, 64, "S", "VARCHAR(63)", NAME, element=oids.CHAR),
    TypeRow(oids.INT8, "int8", oids.INT8_ARRAY, 8, "N", "BIGINT", INT8, ("bigint",)),
    TypeRow(oids.INT2, "int2", oids.INT2_ARRAY, 2, "N", "SMALLINT", INT2, ("smallint",)),
    TypeRow(oids.INT4, "int4", oids.INT4_ARRAY, 4, "N", "INTEGER", INT4, ("integer", "int")),
    TypeRow(oids.TEXT, "text", oids.TEXT_ARRAY, -1, "S", LONG_TEXT, TEXT),
    TypeRow(oids.OID, "oid", oids.OID_ARRAY, 4, "N", "BIGINT", unsigned("oid")),
    TypeRow(oids.TID, "tid", oids.TID_ARRAY, 6, "U", "", TID),
    TypeRow(oids.XID, "xid", oids.XID_ARRAY, 4, "U", "", unsigned("xid")),
    TypeRow(oids.CID, "cid", oids.CID_ARRAY, 4, "U", "", unsigned("cid")),
    TypeRow(oids.XID8, "xid8", oids.XID8_ARRAY, 8, "U", "", unsigned("xid8", "!Q")),
    TypeRow(oids.PG_LSN, "pg_lsn", oids.PG_LSN_ARRAY, 8, "U", "", PG_LSN),
    TypeRow(oids.JSON, "json", oids.JSON_ARRAY, -1, "U", LONG_TEXT, JSON),
    TypeRow(oids.JSONB, "jsonb", oids.JSONB_ARRAY, -1, "U", LONG_TEXT, JSONB),
    TypeRow(oids.JSONPATH, "jsonpath", oids.JSONPATH_ARRAY, -1, "U", LONG_TEXT, JSONPATH),
    TypeRow(oids.XML, "xml", oids.XML_ARRAY, -1, "U", LONG_TEXT, TEXT),
    TypeRow(oids.FLOAT4, "float4", oids.FLOAT4_ARRAY, 4, "N", "DOUBLE", FLOAT4, ("real",)),
    TypeRow(oids.FLOAT8, "float8", oids.FLOAT8_ARRAY, 8, "N", "DOUBLE", FLOAT8, ("double precision",)),
    TypeRow(oids.NUMERIC, "numeric", oids.NUMERIC_ARRAY, -1, "N", "NUMERIC(36,18)", NUMERIC, ("numeric", "decimal", "dec")),
    TypeRow(oids.BPCHAR, "bpchar", oids.BPCHAR_ARRAY, -1, "S", LONG_TEXT, BPCHAR),
    TypeRow(oids.VARCHAR, "varchar", oids.VARCHAR_ARRAY, -1, "S", LONG_TEXT, TEXT, ("character varying", "char varying",
            "national character varying", "national char varying", "nchar varying")),
    TypeRow(oids.DATE, "date", oids.DATE_ARRAY, 4, "D", "DATE", DATE),
    TypeRow(oids.TIME, "time", oids.TIME_ARRAY, 8, "D", "TIME(6)", TIME, ("time without time zone",)),
    TypeRow(oids.TIMETZ, "timetz", oids.TIMETZ_ARRAY, 12, "D", "VARCHAR(24)", TIMETZ, ("time with time zone",)),
    TypeRow(oids.TIMESTAMP, "timestamp", oids.TIMESTAMP_ARRAY, 8, "D", "TIMESTAMP", TIMESTAMP, ("timestamp without time zone",)),
    TypeRow(oids.TIMESTAMPTZ, "timestamptz", oids.TIMESTAMPTZ_ARRAY, 8, "D", "TIMESTAMP", TIMESTAMPTZ,
            ("timestamp with time zone",)),
    TypeRow(oids.INTERVAL, "interval", oids.INTERVAL_ARRAY, 16, "T", "VARCHAR(128)", INTERVAL),
    TypeRow(oids.UUID, "uuid", oids.UUID_ARRAY, 16, "U", "UNIQUEIDENTIFIER", UUID),
    TypeRow(oids.INET, "inet", oids.INET_ARRAY, -1, "I", "VARCHAR(43)", INET),
    TypeRow(oids.CIDR, "cidr", oids.CIDR_ARRAY, -1, "I", "VARCHAR(43)", CIDR),
    TypeRow(oids.MACADDR, "macaddr", oids.MACADDR_ARRAY, 6, "U", "VARCHAR(17)", MACADDR),
    TypeRow(oids.MACADDR8, "macaddr8", oids.MACADDR8_ARRAY, 8, "U", "VARCHAR(23)", MACADDR8),
    TypeRow(oids.VECTOR, "vector", oids.VECTOR_ARRAY, -1, "U", "VECTOR(FLOAT)", VECTOR),
    TypeRow(oids.HALFVEC, "halfvec", oids.HALFVEC_ARRAY, -1, "U", "VECTOR(FLOAT)", HALFVEC),
    TypeRow(oids.SPARSEVEC, "sparsevec", oids.SPARSEVEC_ARRAY, -1, "U", LONG_TEXT, SPARSEVEC),
    TypeRow(oids.REFCURSOR, "refcursor", oids.REFCURSOR_ARRAY, -1, "U", "", TEXT),
    TypeRow(oids.UNKNOWN, "unknown", NO, -2, "X", "", TEXT),
    TypeRow(oids.CSTRING, "cstring", oids.CSTRING_ARRAY, -2, "P", "", TEXT),
    TypeRow(oids.VOID, "void", NO, 4, "P", "", VOID),
    # What only the catalog shows.
    TypeRow(oids.INT2VECTOR, "int2vector", oids.INT2VECTOR_ARRAY, -1, "A", "",
            vector_of(oids.INT2, INT2), element=oids.INT2),
    TypeRow(oids.OIDVECTOR, "oidvector", oids.OIDVECTOR_ARRAY, -1, "A", "",
            vector_of(oids.OID, unsigned("oid")), element=oids.OID),
    TypeRow(oids.RECORD, "record", oids.RECORD_ARRAY, -1, "P", "", text_only("record")),
    TypeRow(oids.ACLITEM, "aclitem", oids.ACLITEM_ARRAY, 12, "U", "", text_only("aclitem")),
    TypeRow(oids.ANYARRAY, "anyarray", NO, -1, "P", "", text_only("anyarray")),
    TypeRow(oids.PG_NODE_TREE, "pg_node_tree", NO, -1, "Z", "", TEXT),
    TypeRow(oids.PG_NDISTINCT, "pg_ndistinct", NO, -1, "Z", "", TEXT),
    TypeRow(oids.PG_DEPENDENCIES, "pg_dependencies", NO, -1, "Z", "", TEXT),
    TypeRow(oids.PG_MCV_LIST, "pg_mcv_list", NO, -1, "Z", "", TEXT),
    *(
        TypeRow(oid, name, array, 4, "N", "", registered(name, _type_number if oid == oids.REGTYPE else None))
        for oid, name, array in (
            (oids.REGPROC, "regproc", oids.REGPROC_ARRAY), (oids.REGPROCEDURE, "regprocedure", oids.REGPROCEDURE_ARRAY),
            (oids.REGOPER, "regoper", oids.REGOPER_ARRAY), (oids.REGOPERATOR, "regoperator", oids.REGOPERATOR_ARRAY),
            (oids.REGCLASS, "regclass", oids.REGCLASS_ARRAY), (oids.REGTYPE, "regtype", oids.REGTYPE_ARRAY),
            (oids.REGROLE, "regrole", oids.REGROLE_ARRAY), (oids.REGNAMESPACE, "regnamespace", oids.REGNAMESPACE_ARRAY),
            (oids.REGCONFIG, "regconfig", oids.REGCONFIG_ARRAY), (oids.REGDICTIONARY, "regdictionary", oids.REGDICTIONARY_ARRAY),
            (oids.REGCOLLATION, "regcollation", oids.REGCOLLATION_ARRAY),
        )
    ),
)
# fmt: on


def _array_row(row: TypeRow) -> TypeRow:
    iris = LONG_TEXT if row.iris else ""
    category = "P" if row.oid == oids.RECORD else "A"
    return TypeRow(row.array, f"_{row.name}", NO, -1, category, iris, array_of(row.oid, row.codec), element=row.oid)


TYPES: dict[Oid, TypeRow] = {row.oid: row for row in (*_SCALARS, *(_array_row(row) for row in _SCALARS if row.array))}

# Every spelling of a type without arguments and brackets -> its row. Quoted names are looked up among pg_type's names alone.
BY_PG_NAME: dict[str, TypeRow] = {row.name: row for row in TYPES.values()}
BY_NAME: dict[str, TypeRow] = {
    **{row.name: row for row in TYPES.values() if row.oid != oids.CHAR},
    **{name: row for row in TYPES.values() for name in row.names},
    **dict.fromkeys(("character", "char", "nchar", "national character", "national char"), TYPES[oids.BPCHAR]),
}
_KNOWN_ELSEWHERE = frozenset(name.lower() for name, value in vars(oids).items() if isinstance(value, int))
_MULTIWORD_CHARACTER = frozenset(("character", "char", "nchar", "national character", "national char"))


def codec_of(oid: Oid) -> Codec:
    """Raises PgError 0A000 for a type that pgiris does not speak."""
    try:
        return TYPES[oid].codec
    except KeyError:
        raise not_supported(f"values of type {type_name(oid)} are not supported") from None


def type_length(oid: Oid) -> int:
    """pg_type.typlen: bytes, -1 when it varies, -2 for C strings. What RowDescription tells."""
    row = TYPES.get(oid)
    return row.length if row else -1


# Names in.

_NAME = re.compile(
    r"""\s* (?: (?:"?(?:pg_catalog|public)"? \s*\.\s*)?
              (?: "(?P<quoted>(?:[^"]|"")+)" | (?P<word>[a-z_][a-z0-9_$]*(?:\s+[a-z]+)*?) ) )
        \s* (?: \( (?P<arguments>[^()]*) \) )?
        (?P<tail>(?:\s*(?!array\b)[a-z]+)*)
        (?: \s* \( (?P<late>[^()]*) \) )?
        (?P<brackets>(?:\s*\[\s*[0-9]*\s*\])*|\s+array(?:\s*\[\s*[0-9]+\s*\])?) \s*""",
    re.VERBOSE | re.IGNORECASE,
)
_QUALIFIED = re.compile(r'\s*(?:\w+|"[^"]+")\.(?:\w+|"[^"]+")(?:\[\])*\s*')  # with a schema that has no types of ours


@lru_cache(maxsize=1024)
def parse_type(text: str) -> tuple[Oid, int]:
    """``numeric(10,2)`` -> (oid, typmod), ``int[]``, ``timestamp(3) with time zone``, ``"char"``, ``_int4`` likewise.

    Raises PgError 42704 for an unknown name, 0A000 for a type of PostgreSQL's that pgiris has not, 22023 for bad arguments.
    """
    match = _NAME.fullmatch(text)
    if match is None and _QUALIFIED.fullmatch(text):
        raise PgError(sqlstate.UNDEFINED_OBJECT, f'type "{text.strip()}" does not exist')
    if match is None:
        raise PgError(sqlstate.SYNTAX_ERROR, f'invalid type name "{text.strip()}"')
    arguments = match["arguments"] if match["arguments"] is not None else match["late"]
    words = " ".join(f"{match['word'] or ''} {match['tail']}".split()).lower()
    if match["quoted"]:
        if words:
            raise PgError(sqlstate.SYNTAX_ERROR, f'invalid type name "{text.strip()}"')
        row = _found(BY_PG_NAME, match["quoted"].replace('""', '"'))
        typmod = _typmod(row, arguments)
    else:
        row, typmod = _named(words, arguments)
    if not match["brackets"].strip():
        return row.oid, typmod
    if not row.array:
        message = f"could not find array type for data type {type_name(row.oid)}"
        raise PgError(sqlstate.UNDEFINED_OBJECT, message)
    return row.array, typmod


def _named(words: str, arguments: str | None) -> tuple[TypeRow, int]:
    if words == "float":
        return _float(arguments), -1
    if words.startswith("interval "):
        return TYPES[oids.INTERVAL], _interval_typmod(words.removeprefix("interval "), arguments)
    row = _found(BY_NAME, words)
    if words in _MULTIWORD_CHARACTER and arguments is None:
        arguments = "1"
    return row, _typmod(row, arguments)


def _found(names: dict[str, TypeRow], name: str) -> TypeRow:
    row = names.get(name)
    if row is not None:
        return row
    if name in _KNOWN_ELSEWHERE or name.removeprefix("_") in _KNOWN_ELSEWHERE:
        raise not_supported(f"type {name} is not supported")
    raise PgError(sqlstate.UNDEFINED_OBJECT, f'type "{name}" does not exist')


def _float(arguments: str | None) -> TypeRow:
    """float(n) counts binary digits."""
    digits = _integers(arguments, 1)[0] if arguments is not None else 53
    if digits < 1:
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, "precision for type float must be at least 1 bit")
    if digits > 53:
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, "precision for type float must be less than 54 bits")
    return TYPES[oids.FLOAT4] if digits <= 24 else TYPES[oids.FLOAT8]


def _integers(arguments: str, most: int) -> list[int]:
    try:
        numbers = [int(part) for part in arguments.split(",")]
    except ValueError:
        raise PgError(sqlstate.SYNTAX_ERROR, f'invalid type modifier "{arguments.strip()}"') from None
    if len(numbers) > most:
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, "invalid NUMERIC type modifier" if most > 1 else "invalid type modifier")
    return numbers


def _typmod(row: TypeRow, arguments: str | None) -> int:
    if arguments is None:
        return -1
    reader = _TYPMOD_IN.get(row.element if row.is_array else row.oid)
    if reader is None:
        raise PgError(sqlstate.SYNTAX_ERROR, f'type modifier is not allowed for type "{row.name}"')
    return reader(row.name, arguments)


def _length_typmod(name: str, arguments: str) -> int:
    (length,) = _integers(arguments, 1)
    shown = "char" if name.endswith("bpchar") else "varchar"
    if length < 1:
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, f"length for type {shown} must be at least 1")
    if length > MAX_CHARACTERS:
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, f"length for type {shown} cannot exceed {MAX_CHARACTERS}")
    return length + 4


MAX_CHARACTERS = 10485760  # PostgreSQL: MaxAttrSize


def _numeric_typmod(name: str, arguments: str) -> int:
    precision, scale = (*_integers(arguments, 2), 0)[:2]
    if not 1 <= precision <= 1000:
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, f"NUMERIC precision {precision} must be between 1 and 1000")
    if not -1000 <= scale <= 1000:
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, f"NUMERIC scale {scale} must be between -1000 and 1000")
    return numeric_typmod(precision, scale)


def numeric_typmod(precision: int, scale: int) -> int:
    return (precision << 16 | scale & 0x7FF) + 4


def _precision_typmod(name: str, arguments: str) -> int:
    """PostgreSQL reduces what is above 6, with a warning."""
    (precision,) = _integers(arguments, 1)
    if precision < 0:
        shown = name.lstrip("_").replace("tz", "").upper() + f"({precision})" + (" WITH TIME ZONE" if name.endswith("tz") else "")
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, f"{shown} precision must not be negative")
    return min(precision, 6)


def _interval_precision(name: str, arguments: str) -> int:
    (precision,) = _integers(arguments, 1)
    if precision < 0:
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, f"INTERVAL({precision}) precision must not be negative")
    return FULL_RANGE << 16 | min(precision, 6)


def _dimensions_typmod(name: str, arguments: str) -> int:
    (dimensions,) = _integers(arguments, 1)
    name = name.removeprefix("_")
    if dimensions < 1:
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, f"dimensions for type {name} must be at least 1")
    if dimensions > _MOST_DIMENSIONS[name]:
        message = f"dimensions for type {name} cannot exceed {_MOST_DIMENSIONS[name]}"
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, message)
    return dimensions


_MOST_DIMENSIONS = {form.name: form.most for form in (*FORMS.values(), SPARSE_FORM)}
_TYPMOD_IN: dict[Oid, Callable[[str, str], int]] = {
    oids.VARCHAR: _length_typmod,
    oids.BPCHAR: _length_typmod,
    oids.NUMERIC: _numeric_typmod,
    oids.TIME: _precision_typmod,
    oids.TIMETZ: _precision_typmod,
    oids.TIMESTAMP: _precision_typmod,
    oids.TIMESTAMPTZ: _precision_typmod,
    oids.INTERVAL: _interval_precision,
    **dict.fromkeys(VECTORS, _dimensions_typmod),
}

# interval's typmod: fields that count in its high half, decimals of the second in its low half.


def _interval_typmod(fields: str, arguments: str | None) -> int:
    mask = FIELDS.get(fields)
    if mask is None or (arguments is not None and not fields.endswith("second")):
        raise PgError(sqlstate.SYNTAX_ERROR, f'invalid type name "interval {fields}"')
    precision = FULL_PRECISION if arguments is None else _interval_precision("interval", arguments) & 0xFFFF
    return mask << 16 | precision


# Names out.


def type_name(oid: Oid, typmod: int = -1) -> str:
    """What format_type(oid, typmod) prints; parse_type gives the same oid and typmod back."""
    if oid == 0:
        return "-"
    row = TYPES.get(oid)
    if row is None:
        return _NAMES_ELSEWHERE.get(oid, "???")
    if row.is_array:
        return type_name(row.element, typmod) + "[]"
    name = row.names[0] if row.names else row.name
    if typmod < 0:
        return name
    writer = _TYPMOD_OUT.get(oid)
    return writer(name, typmod) if writer else name


def registered_name(oid: Oid) -> str:
    """The name of a type without a modifier, as regtype shows it."""
    return type_name(oid).replace("bpchar", "character")


_NAMES_ELSEWHERE = {
    value: f"{name.lower().removesuffix('_array')}{'[]' if name.endswith('_ARRAY') else ''}"
    for name, value in vars(oids).items()
    if isinstance(value, int)
}


def _precision_name(name: str, typmod: int) -> str:
    word, _, rest = name.partition(" ")
    return f"{word}({typmod}) {rest}"


def _interval_name(name: str, typmod: int) -> str:
    mask, precision = typmod >> 16 & FULL_RANGE, typmod & FULL_PRECISION
    fields = "" if mask == FULL_RANGE else f" {NAMES_OF_FIELDS[mask]}"
    return f"{name}{fields}{'' if precision == FULL_PRECISION else f'({precision})'}"


_TYPMOD_OUT: dict[Oid, Callable[[str, int], str]] = {
    oids.VARCHAR: lambda name, typmod: f"{name}({typmod - 4})",
    oids.BPCHAR: lambda name, typmod: f"character({typmod - 4})",
    oids.NUMERIC: lambda name, typmod: f"{name}({(typmod - 4) >> 16},{scale_of(typmod)})",
    oids.TIME: _precision_name,
    oids.TIMETZ: _precision_name,
    oids.TIMESTAMP: _precision_name,
    oids.TIMESTAMPTZ: _precision_name,
    oids.INTERVAL: _interval_name,
    **dict.fromkeys(VECTORS, lambda name, typmod: f"{name}({typmod})"),
}
