from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgiris.auth.rules import (
    DEFAULT_RULES,
    Connection,
    Method,
    Request,
    Rule,
    Tls,
    choose,
    parse_line,
    parse_rule,
    plain_address,
    validate,
)
from pgiris.errors import FatalError


def request(
    address: str | None, user: str = "alice", database: str = "sales", tls: bool = False, server: str = "10.1.1.1"
) -> Request:
    if address is None:
        return Request(user, database)
    return Request(user, database, plain_address(address), plain_address("10.1.1.1"), Tls() if tls else None)


RULES = [
    parse_line(line)
    for line in (
        "local      sameuser  all        trust",
        "hostssl    all       carol      10.0.0.0/8          cert",
        "host       all       mallory    all                 reject",
        "hostnossl  public    all        192.168.0.0/16      trust",
        "host       sales     alice,bob  10.0.0.0/8,fd00::/8 scram-sha-256",
        "host       all       admin      samehost            trust",
    )
]


@pytest.mark.parametrize(
    ("asked", "line"),
    [
        (request(None, user="sales"), 1),
        (request("10.2.2.2", user="carol", tls=True), 2),
        (request("192.168.1.1", database="public"), 4),
        (request("10.2.2.2"), 5),
        (request("10.2.2.2", tls=True), 5),
        (request("fd00::7", user="bob"), 5),
        (request("::ffff:10.2.2.2"), 5),
        (request("10.1.1.1", user="admin"), 6),
        (request("127.0.0.1", user="admin"), 6),
        (request("::1", user="admin"), 6),
    ],
)
def test_the_first_rule_that_fits_applies(asked: Request, line: int) -> None:
    assert choose(RULES, asked) is RULES[line - 1]


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (
            request("1.2.3.4", "u", "d"),
            'no pg_hba.conf entry for host "1.2.3.4", user "u", database "d", no encryption',
        ),
        (
            request("fe80::1%eth0", "u", "d", tls=True),
            'no pg_hba.conf entry for host "fe80::1", user "u", database "d", SSL encryption',
        ),
        (request(None), 'no pg_hba.conf entry for host "[local]", user "alice", database "sales", no encryption'),
        (
            request("10.2.2.2", "carol"),
            'no pg_hba.conf entry for host "10.2.2.2", user "carol", database "sales", no encryption',
        ),
        (
            request("10.2.2.2", "admin"),
            'no pg_hba.conf entry for host "10.2.2.2", user "admin", database "sales", no encryption',
        ),
        (
            request("192.168.1.1", database="public", tls=True),
            'no pg_hba.conf entry for host "192.168.1.1", user "alice", database "public", SSL encryption',
        ),
        (
            request("9.9.9.9", "mallory"),
            'pg_hba.conf rejects connection for host "9.9.9.9", user "mallory", database "sales", no encryption',
        ),
    ],
)
def test_no_rule_or_reject_is_refused_in_the_words_of_postgresql(asked: Request, message: str) -> None:
    with pytest.raises(FatalError) as caught:
        choose(RULES, asked)
    assert (caught.value.code, caught.value.severity, caught.value.message) == ("28000", "FATAL", message)


@pytest.mark.parametrize(
    ("address", "method"),
    [
        (None, Method.TRUST),
        ("127.0.0.1", Method.TRUST),
        ("127.9.9.9", Method.TRUST),
        ("::1", Method.TRUST),
        ("::ffff:127.0.0.1", Method.TRUST),
        ("10.1.1.1", Method.SCRAM_SHA_256),
        ("::2", Method.SCRAM_SHA_256),
    ],
)
@pytest.mark.parametrize("tls", [False, True])
def test_by_default_everybody_beyond_this_machine_needs_a_password(address: str | None, tls: bool, method: Method) -> None:
    assert choose(DEFAULT_RULES, request(address, tls=tls)).method is method


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("local all all trust", None),
        ("host all all 127.0.0.1 trust", None),
        ("host all all ::1/128,127.0.0.0/8 trust", None),
        ("host all all samehost trust", None),
        ("host all all all trust", "beyond loopback"),
        ("host all all 126.0.0.0/7 trust", "beyond loopback"),
        ("host all all ::/0 trust", "beyond loopback"),
        ("hostnossl all all 127.0.0.1,10.0.0.1 trust", "beyond loopback"),
        ("hostssl all all 10.0.0.1 trust", "beyond loopback"),
        ("host all all all scram-sha-256", None),
        ("host all all all reject", None),
    ],
)
def test_trust_beyond_loopback_is_a_problem_unless_it_is_wanted(line: str, problem: str | None) -> None:
    rules = [parse_line(line)]
    problems = validate(rules, tls=True, client_ca=True, trust_from_anywhere=False)
    assert [problem in text for text in problems if problem] == [True] * bool(problem)
    assert bool(problems) == bool(problem)
    assert validate(rules, tls=True, client_ca=True, trust_from_anywhere=True) == []


def test_rules_that_need_what_is_not_configured_are_a_problem() -> None:
    rules = [parse_line("hostssl all all all scram-sha-256"), parse_line("hostssl all all all cert")]
    assert len(validate(rules, tls=False, client_ca=False, trust_from_anywhere=False)) == 2
    [problem] = validate(rules, tls=True, client_ca=False, trust_from_anywhere=False)
    assert "rule 2" in problem and "tls_client_ca" in problem
    assert validate(rules, tls=True, client_ca=True, trust_from_anywhere=False) == []


def test_a_table_says_the_same_as_a_line() -> None:
    table = {"type": "hostssl", "database": "sales", "user": ["a", "b"], "address": ["10.0.0.0/8"], "method": "cert"}
    assert parse_rule(table) == parse_line("hostssl sales a,b 10.0.0.0/8 cert")
    mapped = parse_rule({**table, "certificate_name": "san", "map": {"*.example": ["a"], "b.example": "b"}})
    assert mapped.certificate_users == {"*.example": ("a",), "b.example": ("b",)}
    assert parse_rule({"method": "reject"}) == Rule(Connection.HOST, Method.REJECT)


@pytest.mark.parametrize("line", ["local all all trust", "hostssl a,b c 10.0.0.0/8,::1/128 cert", "host all x samehost reject"])
def test_a_rule_shows_itself_as_it_was_written(line: str) -> None:
    assert str(parse_line(line)) == line


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({}, "needs a method: trust, reject"),
        ({"method": "md5"}, 'method "md5" is not supported; use scram-sha-256'),
        ({"method": "password"}, "must be hostssl"),
        ({"method": "peer"}, "one of trust, reject, scram-sha-256, password, cert"),
        ({"method": ["trust"]}, "one of trust"),
        ({"method": "trust", "type": "hostgssenc"}, "one of local, host, hostssl, hostnossl"),
        ({"method": "trust", "adress": "all"}, 'no key "adress"'),
        ({"method": "trust", "address": "10.0.0.1/8"}, "host bits set"),
        ({"method": "trust", "address": "db.example.com"}, "10.0.0.0/8, ::1/128, all or samehost"),
        ({"method": "trust", "type": "local", "address": "all"}, "no address"),
        ({"method": "trust", "user": "+admins"}, "not supported"),
        ({"method": "trust", "database": "replication"}, "not supported"),
        ({"method": "trust", "user": []}, "a string or a list of strings"),
        ({"method": "trust", "user": [""]}, "a string or a list of strings"),
        ({"method": "trust", "map": {"a": "b"}}, 'only method cert knows "map"'),
        ({"method": "cert"}, "must be hostssl"),
        ({"method": "cert", "type": "hostssl", "map": {}}, "map of a rule must be a table"),
    ],
)
def test_a_wrong_rule_is_refused_with_what_would_be_right(table: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError) as caught:
        parse_rule(table)
    assert words in str(caught.value)


@pytest.mark.parametrize("line", ["", "host all all trust", "local all all 1.2.3.4 trust", "host all all all trust extra"])
def test_a_line_with_words_missing_or_in_excess_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="is not a rule"):
        parse_line(line)


@given(
    st.lists(
        st.sampled_from(["host", "local", "all", "trust", "cert", "hostssl", "10.0.0.0/8", "::1", ",", "a,,b", "+x"]), max_size=6
    )
)
def test_no_line_causes_anything_but_a_rule_or_what_is_wrong_with_it(words: list[str]) -> None:
    try:
        rule = parse_line(" ".join(words))
    except ValueError as error:
        assert str(error)
    else:
        assert parse_line(str(rule)) == rule


def test_an_address_never_matches_a_rule_of_the_other_family() -> None:
    rule = parse_line("host all all 0.0.0.0/0 trust")
    with pytest.raises(FatalError):
        choose([rule], request("2001:db8::1"))
    assert choose([replace(rule, addresses=rule.addresses)], request("8.8.8.8")).method is Method.TRUST
