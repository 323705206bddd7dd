"""COPY's options: what they mean, and that what PostgreSQL refuses is refused in its words."""

from __future__ import annotations

import pytest

from pgiris.copy import CopyFormat, CopyOptions, Header, read_options, reader, writer
from pgiris.errors import PgError
from pgiris.sql.copy_command import parse_copy
from tests.copy.streams import COLUMNS, Oracle

CSV = CopyOptions(CopyFormat.CSV, delimiter=",", null="")

MEANINGS = {
    "FROM STDIN": CopyOptions(),
    "FROM STDIN WITH": CopyOptions(),
    "FROM STDIN (FORMAT text)": CopyOptions(),
    "FROM STDIN (FORMAT binary, FREEZE)": CopyOptions(CopyFormat.BINARY, freeze=True),
    "FROM STDIN BINARY FREEZE": CopyOptions(CopyFormat.BINARY, freeze=True),
    "FROM STDIN (FORMAT csv)": CSV,
    "FROM STDIN CSV": CSV,
    "FROM STDIN (FORMAT csv, QUOTE '''')": CopyOptions(CopyFormat.CSV, ",", "", quote="'", escape="'"),
    "FROM STDIN CSV QUOTE '''' ESCAPE AS '|'": CopyOptions(CopyFormat.CSV, ",", "", quote="'", escape="|"),
    "FROM STDIN (HEADER)": CopyOptions(header=Header.LINE),
    "FROM STDIN (HEADER on)": CopyOptions(header=Header.LINE),
    "FROM STDIN (HEADER 1)": CopyOptions(header=Header.LINE),
    "FROM STDIN (HEADER 'False')": CopyOptions(),
    "FROM STDIN (HEADER 0)": CopyOptions(),
    "FROM STDIN (HEADER Match)": CopyOptions(header=Header.MATCH),
    "FROM STDIN (NULL 1.50, DELIMITER ';')": CopyOptions(delimiter=";", null="1.50"),
    "FROM STDIN (NULL -5)": CopyOptions(null="-5"),
    "FROM STDIN (NULL +5)": CopyOptions(null="5"),
    "FROM STDIN (NULL true)": CopyOptions(null="true"),
    "FROM STDIN DELIMITERS E'\\x01' WITH NULL AS E'\\\\n'": CopyOptions(delimiter="\x01", null="\\n"),
    "FROM STDIN (ENCODING 'utf-8')": CopyOptions(encoding="UTF8"),
    "FROM STDIN (DEFAULT '\\D')": CopyOptions(default="\\D"),
    "FROM STDIN (ON_ERROR stop)": CopyOptions(),
    'FROM STDIN (FORMAT csv, FORCE_NULL (a, b), FORCE_NOT_NULL ("B"))': CopyOptions(
        CopyFormat.CSV, ",", "", force_null=("a", "b"), force_not_null=("B",)
    ),
    "FROM STDIN CSV FORCE NULL a, b FORCE NOT NULL c": CopyOptions(
        CopyFormat.CSV, ",", "", force_null=("a", "b"), force_not_null=("c",)
    ),
    "TO STDOUT (FORMAT csv, FORCE_QUOTE *)": CopyOptions(CopyFormat.CSV, ",", "", force_quote=None),
    "TO STDOUT CSV FORCE QUOTE *": CopyOptions(CopyFormat.CSV, ",", "", force_quote=None),
    "TO STDOUT CSV HEADER FORCE QUOTE a, b": CopyOptions(CopyFormat.CSV, ",", "", header=Header.LINE, force_quote=("a", "b")),
}

# Those that PostgreSQL 15 has. What it says of them is asked.
REFUSED = """
    FROM STDIN (FORMAT csv, FORMAT text)
    FROM STDIN (FORMAT foo)
    FROM STDIN (FORMAT 'CSV')
    FROM STDIN (FORMAT)
    FROM STDIN (FORMAT 1)
    FROM STDIN (FORMAT *)
    FROM STDIN (foo)
    FROM STDIN (select 'x')
    FROM STDIN ("FORMAT" csv)
    FROM STDIN (HEADER 2)
    FROM STDIN (HEADER maybe)
    FROM STDIN (HEADER '1')
    FROM STDIN (HEADER 1.0)
    TO STDOUT (HEADER Match)
    TO STDOUT (HEADER 0, HEADER)
    TO STDOUT (FREEZE foo)
    TO STDOUT (FREEZE 2)
    FROM STDIN (DELIMITER 'ab')
    FROM STDIN (DELIMITER '')
    FROM STDIN (DELIMITER 'ä')
    FROM STDIN (DELIMITER E'\\n')
    FROM STDIN (DELIMITER E'\\r')
    FROM STDIN (DELIMITER 'a')
    FROM STDIN (DELIMITER '.')
    FROM STDIN (DELIMITER '\\')
    FROM STDIN (DELIMITER 1)
    FROM STDIN (DELIMITER)
    FROM STDIN (NULL E'a\\nb')
    FROM STDIN (NULL E'a\\tb')
    FROM STDIN (FORMAT binary, NULL 'x')
    FROM STDIN (FORMAT binary, DELIMITER 'x')
    FROM STDIN BINARY DELIMITER ','
    FROM STDIN (FORMAT binary, HEADER)
    FROM STDIN (FORMAT binary, QUOTE 'x')
    FROM STDIN (QUOTE '"')
    FROM STDIN (ESCAPE '"')
    FROM STDIN (FORMAT csv, QUOTE 'ab')
    FROM STDIN (FORMAT csv, QUOTE '')
    FROM STDIN (FORMAT csv, ESCAPE 'ab')
    FROM STDIN (FORMAT csv, QUOTE ',')
    FROM STDIN (FORMAT csv, DELIMITER '"')
    FROM STDIN (FORMAT csv, NULL 'a"b')
    FROM STDIN (FORMAT csv, NULL 'a,b')
    FROM STDIN (FORCE_QUOTE (a))
    FROM STDIN (FORMAT csv, FORCE_QUOTE (a))
    TO STDOUT (FORMAT csv, FORCE_QUOTE a)
    TO STDOUT (FORMAT csv, FORCE_QUOTE '*')
    TO STDOUT (FORMAT csv, FORCE_QUOTE)
    TO STDOUT (FORMAT csv, FORCE_NOT_NULL (a))
    TO STDOUT (FORMAT csv, FORCE_NULL (a))
    FROM STDIN (FORMAT csv, FORCE_NOT_NULL *)
    FROM STDIN (FORMAT csv, FORCE_NULL a)
    FROM STDIN (FORCE_NOT_NULL (a))
    FROM STDIN (FORCE_NULL (a))
    FROM STDIN WITH FORCE QUOTE *
    FROM STDIN (ENCODING 'foo')
    FROM STDIN (ENCODING 1)
    FROM STDIN (ENCODING utf8, ENCODING 'latin1')
    FROM STDIN DELIMITERS '|' DELIMITER ','
    FROM STDIN CSV HEADER HEADER
    FROM STDIN CSV BINARY
    FROM STDIN (FORMAT csv, FORCE_NULL (a), FORCE_NULL (b))
"""

NEWER = {  # options of PostgreSQL 16 and 17
    "FROM STDIN (FORMAT binary, DEFAULT 'x')": ("42601", "cannot specify DEFAULT in BINARY mode"),
    "FROM STDIN (DEFAULT E'a\\nb')": ("22023", "COPY default representation cannot use newline or carriage return"),
    "FROM STDIN (DEFAULT '\\N')": ("0A000", "NULL specification and DEFAULT specification cannot be the same"),
    "FROM STDIN (DEFAULT E'\\t')": ("0A000", "COPY delimiter must not appear in the DEFAULT specification"),
    "FROM STDIN (FORMAT csv, DEFAULT '\"')": ("0A000", "CSV quote character must not appear in the DEFAULT specification"),
    "TO STDOUT (DEFAULT 'x')": ("0A000", "COPY DEFAULT only available using COPY FROM"),
    "FROM STDIN (ON_ERROR ignore)": ("0A000", 'COPY ON_ERROR "ignore" is not supported'),
    "FROM STDIN (ON_ERROR maybe)": ("22023", 'COPY ON_ERROR "maybe" not recognized'),
    "TO STDOUT (ON_ERROR stop)": ("22023", "COPY ON_ERROR cannot be used with COPY TO"),
    "FROM STDIN (FORMAT csv, QUOTE E'\\n')": ("0A000", "COPY quote cannot be newline or carriage return"),
}


def options_of(text: str) -> CopyOptions:
    command = parse_copy(text)
    return read_options(command.options, from_client=command.direction == "from")


def error_of(text: str) -> PgError:
    with pytest.raises(PgError) as raised:
        options_of(text)
    return raised.value


@pytest.mark.parametrize("text", MEANINGS)
def test_options_are_read_in_both_syntaxes(text: str) -> None:
    assert options_of(f"COPY x {text}") == MEANINGS[text]


def test_the_oldest_syntax_puts_binary_first() -> None:
    assert options_of("COPY BINARY x FROM STDIN").format is CopyFormat.BINARY


@pytest.mark.parametrize("text", [line.strip() for line in REFUSED.strip().splitlines()])
def test_what_postgresql_refuses_is_refused_in_its_words(oracle: Oracle, text: str) -> None:
    error = error_of(f"COPY x {text}")
    assert (error.code, error.message, error.position) == oracle.error(f"COPY x {text}")


@pytest.mark.parametrize("text", NEWER)
def test_options_of_later_versions_have_their_rules(text: str) -> None:
    error = error_of(f"COPY x {text}")
    assert (error.code, error.message) == NEWER[text]


@pytest.mark.parametrize("option", ["FORCE_NULL", "FORCE_NOT_NULL", "FORCE_QUOTE"])
def test_options_about_columns_that_are_not_copied_are_refused(oracle: Oracle, option: str) -> None:
    direction = "TO STDOUT" if option == "FORCE_QUOTE" else "FROM STDIN"
    text = f"COPY x (b) {direction} (FORMAT csv, {option} (b, a))"
    options = options_of(text)
    with pytest.raises(PgError) as raised:
        writer(options, COLUMNS[1:]) if option == "FORCE_QUOTE" else reader(options, COLUMNS[1:], "x")
    assert (raised.value.code, raised.value.message, None) == oracle.error(text)
