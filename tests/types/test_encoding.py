from __future__ import annotations

import codecs

import pytest

from pgiris.errors import PgError
from pgiris.types.encoding import ENCODINGS, find_encoding, text_decoder, text_encoder
from tests.types.oracle import Oracle

SPELLINGS = (
    *(
        "utf8",
        "UTF-8",
        "unicode",
        "latin1",
        "LATIN-1",
        "iso88591",
        "ISO_8859_1",
        "latin9",
        "iso885915",
        "iso-8859-5",
        "sql_ascii",
    ),
    *("sql_ascii", "win1252", "windows-1252", "WINDOWS1251", "koi8", "KOI8-R", "abc", "tcvn", "'utf-8'", "nonsense"),
    *("euc_jp", "sjis", "mskanji", "Shift_JIS", "big5", "gbk", "win936", "gb18030", "uhc", "johab"),
)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_encodings_are_found_under_postgresqls_names(oracle: Oracle, spelling: str) -> None:
    quoted = spelling.replace("'", "''")
    theirs = oracle.column(f"SELECT pg_encoding_to_char(pg_char_to_encoding('{quoted}'))")[0]
    assert (find_encoding(spelling) or "").encode() == theirs


def test_every_encoding_has_a_codec_and_postgresqls_spelling(oracle: Oracle) -> None:
    theirs = set(oracle.column("SELECT pg_encoding_to_char(n) FROM generate_series(0, 50) n"))
    for name, codec in ENCODINGS.items():
        assert codecs.lookup(codec)
        assert find_encoding(name) == name
        assert name.encode() in theirs


@pytest.mark.parametrize("name", ENCODINGS)
def test_ascii_is_the_same_in_all_encodings(name: str) -> None:
    text = "".join(map(chr, range(1, 127))).replace("\\", "").replace("~", "")
    assert text_encoder(name)(text) == text.encode()
    assert text_decoder(name)(text.encode()) == text


BROKEN = [
    ("UTF8", b"\xff", "22021", 'invalid byte sequence for encoding "UTF8": 0xff'),
    ("UTF8", b"a\xc3(", "22021", 'invalid byte sequence for encoding "UTF8": 0xc3 0x28'),
    ("UTF8", b"\xe2\x82", "22021", 'invalid byte sequence for encoding "UTF8": 0xe2 0x82'),
    ("UTF8", b"a\0b", "22021", 'invalid byte sequence for encoding "UTF8": 0x00'),
    ("LATIN1", b"a\0b", "22021", 'invalid byte sequence for encoding "LATIN1": 0x00'),
    (
        "WIN1252",
        b"\x81",
        "22P05",
        'character with byte sequence 0x81 in encoding "WIN1252" has no equivalent in encoding "UTF8"',
    ),
]


@pytest.mark.parametrize(("name", "raw", "code", "message"), BROKEN)
def test_broken_bytes_are_refused_in_postgresqls_words(name: str, raw: bytes, code: str, message: str) -> None:
    with pytest.raises(PgError) as caught:
        text_decoder(name)(raw)
    assert (caught.value.code, caught.value.message) == (code, message)


def test_surrogates_of_iris_become_characters_when_they_are_pairs() -> None:
    encode = text_encoder("UTF8")
    assert encode("a\ud83d\ude00") == "a\U0001f600".encode()
    with pytest.raises(PgError) as caught:
        encode("a\ud83d")
    assert (caught.value.code, caught.value.message) == ("22021", 'invalid byte sequence for encoding "UTF8": 0xed 0xa0 0xbd')
