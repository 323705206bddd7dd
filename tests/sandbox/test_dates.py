"""Dates and times in all the forms that IRIS documents for its functions, one line each."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.sandbox.conftest import sqlcode

YEAR, MONTH = datetime.now(UTC).year, datetime.now(UTC).month
CALLS: list[tuple[str, Any]] = [
    # What functions take for a date: $HOROLOG, ODBC's forms, those of SQL Server
    ("DATEADD('yy', 1, '66716')", "2024-08-30 00:00:00"),
    ("DATEADD('yy', 1, 66716)", "2024-08-30 00:00:00"),
    ("DATEADD('yy', 1, '66716,256')", "2024-08-30 00:04:16"),
    ("DATEADD('yy', 1, '66716,256.467')", "2024-08-30 00:04:16.467"),
    ("DATEADD('year', 1, '8/24/2022')", "2023-08-24 00:00:00"),
    ("DATEADD('year', 1, '12-31-99')", "2000-12-31 00:00:00"),
    ("DATEADD('year', 1, '8.24.2022')", "2023-08-24 00:00:00"),
    ("DATEADD('year', 1, 'Dec 30 92')", "1993-12-30 00:00:00"),
    ("DATEADD('year', 1, 'January 23, 2021')", "2022-01-23 00:00:00"),
    ("DATEADD('hh', 1, '12/22/2021 8:15:23')", "2021-12-22 09:15:23"),
    ("DATEADD('mi', 1, '10:30PM')", "1900-01-01 22:31:00"),
    ("DATEADD('dd', 1, '3 Mar 2020 7:05')", "2020-03-04 07:05:00"),
    ("DATEADD('dd', 1, '2020 March 3')", "2020-03-04 00:00:00"),
    ("DATEADD('dd', 1, '10:30 2020-03-03')", "2020-03-04 10:30:00"),
    ("DATEDIFF('ms', '64701,56670.10', '64701,56670.27')", 170),
    ("DATEDIFF('ms', '64701,56670.1111', '64701,56670.27222')", 161),
    ("DATEDIFF('mi', '2:15', '10:30')", 495),
    ("DATEDIFF('hh', '2:', '10:')", 8),
    ("DATEDIFF('ms', '2:15:23:335', '10:30:59:245')", 29735910),
    ("DATEDIFF('year', '10/11/14', '04/22/2022')", 108),
    ("DATEDIFF('year', '12:00:00', '2022-04-22 12:00:00')", 122),
    ("DATEDIFF('dd', 'nonsense', '2022-04-22')", None),
    ("DATEDIFF('dd', '2021-02-29', '2022-04-22')", None),
    ("{fn TIMESTAMPDIFF(SQL_TSI_MINUTE, '02:34:12', '12:00:00')}", 566),
    ("{fn TIMESTAMPDIFF(SQL_TSI_FRAC_SECOND, '2020-01-01 00:00:00', '2020-01-01 00:00:00.5')}", 500),
    ("DATENAME('dw', '2018-02-21')", "Wednesday"),
    ("DATENAME(dw, '02/21/2018')", "Wednesday"),
    ("DATENAME('DW', 64700)", "Wednesday"),
    ("DATENAME('yy', 'nonsense')", None),
    ("DATEPART(YYYY, '02/22/2018')", 2018),
    ("DATEPART('Year', '64701,23456')", 2018),
    ("DATEPART('n', '2018-02-20 10:20:')", 20),
    ("DATEPART('ss', '2018-02-20 03:20:')", "0"),
    ("DATEPART('ss', '2018-02-20 03:20:07.25')", "7.25"),
    ("DATEPART(sqltimestamp, '2/25/2018')", "2018-02-25 00:00:00"),
    ("DATEPART(sqltimestamp, '64701,23456')", "2018-02-22 06:30:56"),
    ("DATE_TRUNC('ss', '66716,256.467')", "2023-08-30 00:04:16"),
    ("DATE_TRUNC('yy', '11.25.80')", "1980-01-01 00:00:00"),
    ("DATE_TRUNC(month, {d '2022-05-17'})", "2022-05-01 00:00:00"),
    ("DATE_TRUNC('qq', '2022-05-17 10:20:30')", "2022-04-01 00:00:00"),
    ("DATE_TRUNC('hh', '12/22/2021 8:15:23')", "2021-12-22 08:00:00"),
    ("DATE_TRUNC('mi', '10:30PM')", "1900-01-01 22:30:00"),
    ("DATE_TRUNC('ms', {ts '2022-05-17 10:20:30.123456'})", "2022-05-17 10:20:30.123"),
    ("YEAR(64701)", 2018),
    ("{fn MONTH(64701)}", 2),
    ("{fn MONTHNAME(64701)}", "February"),
    ("{fn QUARTER(64701)}", 1),
    ("{fn DAYNAME(64700)}", "Wednesday"),
    ("{fn DAYOFWEEK(64701)}", 5),
    ("{fn DAYOFWEEK('2017-02-29')}", None),
    ("{fn DAYOFYEAR(63981)}", 64),
    ("{fn DAYOFYEAR(-306)}", 60),
    ("{fn DAYOFMONTH(-306)}", 29),
    ("{fn DAYOFMONTH(-127410)}", 29),
    ("{fn DAYOFMONTH(64704)}", 25),
    ("{fn DAYOFMONTH('-02-25 11:45:32')}", 25),
    ("{fn DAYOFMONTH('2018-02-00 11:45:32')}", None),
    ("{fn DAYOFMONTH('2018-02 11:45:32')}", None),
    ("{fn DAYOFMONTH('11:45:32')}", None),
    ("{fn WEEK('2004-02-25 08:35:22')}", 9),
    ("{fn WEEK(59590)}", 9),
    ("{fn WEEK('2000-12-31')}", 54),
    ("{fn HOUR(67538)}", 18),
    ("{fn MINUTE(67538)}", 45),
    ("{fn SECOND(67538)}", "38"),
    ("{fn HOUR('2017-02-16')}", 0),
    ("{fn SECOND('2018-02-16 18:45:00.9000')}", "0.9"),
    ("{fn SECOND('18:45:38')}", "0"),
    ("LAST_DAY(59590)", "2004-02-29"),
    ("LAST_DAY('2004-02-30')", "1840-12-31"),
    ("UNIX_TIMESTAMP('2/22/2018')", "1519257600"),
    # TO_CHAR
    ("TO_CHAR(66256, 'YYYY-MM-DD HH24:MI:SS')", "2022-05-27 00:00:00"),
    ("TO_CHAR('66256,50278', 'YYYY-MM-DD HH24:MI:SS')", "2022-05-27 13:57:58"),
    ("TO_CHAR(66256, 'DAY MONTH DD, YYYY')", "Friday May 27, 2022"),
    ("TO_CHAR(66256, 'The date MM/DD/YYYY should be noted')", "The date 05/27/2022 should be noted"),
    ("TO_CHAR(2022-05-02, 'YYYY-MM-DD')", "1846-07-08"),
    ("TO_CHAR('66256', 'HH12:MI:SS PM')", "06:24:16 PM"),
    ("TO_CHAR({ts '2020-02-09 14:05:06.5'}, 'YYY Y RR RRRR')", "020 0 20 2020"),
    ("TO_CHAR({ts '2020-02-09 14:05:06'})", "2020-02-09 14:05:06"),
    ("TO_CHAR('1776-07-04', 'J')", "2369916"),
    ("TO_CHAR(123.9)", "123"),
    ("TO_CHAR(1000, '999')", "####"),
    ("TO_CHAR(1000, '9999')", " 1000"),
    ("TO_CHAR(1000, '99999')", "  1000"),
    ("TO_CHAR(1000, '9G999D99')", " 1,000.00"),
    ("TO_CHAR(10, '99.99')", " 10.00"),
    ("TO_CHAR(-10, '99.99')", "-10.00"),
    ("TO_CHAR(10, 'S99.99')", "+10.00"),
    ("TO_CHAR(-10, 'S99.99')", "-10.00"),
    ("TO_CHAR(10, '99.99S')", "10.00+"),
    ("TO_CHAR(-10, '99.99S')", "10.00-"),
    ("TO_CHAR(12345678.90, 'FM99,999,999.99')", "12,345,678.90"),
    ("TO_CHAR(1234567890, '$9G999G999G999')", " $1,234,567,890"),
    ("TO_CHAR(1234567890, 'S$9G999G999G999')", "+$1,234,567,890"),
    ("TO_CHAR(1234567.4999, '9999999.9')", " 1234567.5"),
    ("TO_CHAR(1234567.91, '9999999')", " 1234568"),
    ("TO_CHAR('12abc', '999')", "  12"),
    # TO_DATE, TO_TIMESTAMP
    ("TO_DATE('29 September 06')", "1906-09-29"),
    ("TODATE('FEBRUARY 22, 2018', 'month dd, YYYY')", "2018-02-22"),
    ("TO_DATE('2018***02***22', 'YYYY***MM***DD')", "2018-02-22"),
    ("TO_DATE('02/20/2023', 'mm/dd/yyyy')", "2023-02-20"),
    ("TO_DATE('20182202', 'YYYYDDMM')", "2018-02-22"),
    ("TO_DATE('201806', 'YYYYMM')", "2018-06-01"),
    ("TO_DATE('2018-02-22 10:30', 'YYYY-MM-DD')", "2018-02-22"),
    ("TO_DATE('24', 'DD')", f"{YEAR}-{MONTH:02}-24"),
    ("TO_DATE('8', 'MM')", f"{YEAR}-08-01"),
    ("TO_DATE('2022', 'YYYY')", f"2022-{MONTH:02}-01"),
    ("TO_DATE('29 September 49', 'DD MONTH RR')", "2049-09-29"),
    ("TO_DATE('29 September 50', 'DD MONTH RRRR')", "1950-09-29"),
    ("TO_DATE('29 September 1949', 'DD MONTH RRRR')", "1949-09-29"),
    ("TO_DATE('2022:60', 'YYYY:DDD')", "2022-03-01"),
    ("TO_DATE('2020-12-31-60', 'YYYY-MM-DD-DDD')", "2020-02-29"),
    ("TO_DATE(2369916, 'J')", "1776-07-04"),
    ("TO_DATE(2300000, 'J')", "1585-01-31"),
    ("TO_TIMESTAMP('29 JUN 2022')", "2022-06-29 00:00:00"),
    ("TO_TIMESTAMP('29 Jun 2022 12:34')", "2022-06-29 12:34:00"),
    ("TO_TIMESTAMP('June 29, 2022 12:34 PM', 'MONTH DD, YYYY')", "2022-06-29 00:00:00"),
    ("TO_TIMESTAMP('11:34', 'HH:MI:SS.FF')", f"{YEAR}-01-01 11:34:00"),
    ("TO_TIMESTAMP('113422.9678', 'HHMISS.FF')", f"{YEAR}-01-01 11:34:22.9678"),
    ("TO_TIMESTAMP('9678.20220629113422', 'FF.YYYYMMDDHHMISS')", "2022-06-29 11:34:22.9678"),
    ("TO_TIMESTAMP('1 JAN 2022 2:23:54 pm', 'DD MON YYYY HH:MI:SS P.M.')", "2022-01-01 14:23:54"),
    ("TO_TIMESTAMP(365, 'DDD')", f"{YEAR}-12-{30 if YEAR % 4 == 0 else 31} 00:00:00"),
    # CAST and CONVERT
    ("CAST('1 MAR 2022 1:33pm' AS TIMESTAMP)", "2022-03-01 13:33:00"),
    ("CAST('3/1/2022 13:33:00' AS TIMESTAMP)", "2022-03-01 13:33:00"),
    ("CAST('November 26, 1936 14:33:45.78' AS TIMESTAMP)", "1936-11-26 14:33:45.78"),
    ("CAST('14:33' AS TIMESTAMP)", "1841-01-01 14:33:00"),
    ("CAST('66256' AS TIMESTAMP)", "1840-12-31 00:00:00"),
    ("CAST('2:45' AS TIME)", "02:45:00"),
    ("CAST('11:52:60' AS TIME)", "00:00:00"),
    ("CONVERT(TIMESTAMP, {t '10:20:30'})", "1900-01-01 10:20:30"),
    ("{fn CONVERT({t '10:20:30'}, SQL_TIMESTAMP)}", "1841-01-01 10:20:30"),
    ("CONVERT(TIMESTAMP, '1/1/99', 103)", "1999-01-01 00:00:00"),
    ("CONVERT(VARCHAR, TO_DATE('22 FEB 2022'), 1)", "02/22/22"),
    ("CONVERT(DATE, '22 FEB 2022', 106)", "2022-02-22"),
    ("CONVERT(VARCHAR(20), {d '1983-03-20'}, 100)", "Mar 20 1983 12:00AM"),
    ("CONVERT(VARCHAR(20), {d '1983-03-05'}, 107)", "Mar 5, 1983"),
    ("CONVERT(VARCHAR(20), {d '1983-03-20'}, 114)", "00:00:00.000"),
    ("CONVERT(VARCHAR(40), {ts '1983-03-20 15:04:05.678'}, 126)", "1983-03-20T15:04:05.678"),
    ("CONVERT(VARCHAR(40), {ts '1983-03-20 15:04:05.678'}, 109)", "Mar 20 1983 03:04:05:678PM"),
    ("CONVERT(VARCHAR(40), {ts '1983-03-20 15:04:05.678'}, 13)", "20 Mar 1983 15:04:05:678"),
    ("CONVERT(VARCHAR(40), {ts '1983-03-20 15:04:05.678'}, 120)", "1983-03-20 15:04:05"),
    ("CONVERT(VARCHAR(40), {ts '1983-03-20 15:04:05.678'}, 112)", "19830320"),
    ("CONVERT(VARCHAR(40), {ts '1983-03-20 15:04:05.678'}, 12)", "830320"),
    ("CONVERT(VARCHAR(40), {d '1983-03-20'}, 999)", "1900-01-01 00:00:00"),
    ("CONVERT(DATE, '19830320', 112)", "1983-03-20"),
    ("CONVERT(DATE, '49.03.20', 2)", "2049-03-20"),
    ("CONVERT(DATE, '50.03.20', 102)", "1950-03-20"),
    ("CONVERT(TIMESTAMP, '20 Mar 1983 15:04:05:4', 113)", "1983-03-20 15:04:05.004"),
    ("CONVERT(TIMESTAMP, '1983-03-20 15:04:05.4', 121)", "1983-03-20 15:04:05.4"),
    ("CONVERT(TIME, '15:04:05', 108)", "15:04:05"),
    ("CONVERT(INTEGER, '7', 1)", 7),
    # Neighbours
    ("STR(123)", "       123"),
    ("STR(+00123.45, 3)", "123"),
    ("STR(+00123.45, 3, 1)", "***"),
    ("STR(+00123.45, 5, 1)", "123.4"),
    ("$JUSTIFY(250.5, 10, 2)", "    250.50"),
    ("$JUSTIFY('.245', 2, 2)", "0.25"),
    ("LCASE($CHAR(920, 913))", "θα"),
]


@pytest.mark.parametrize(("sql", "value"), CALLS, ids=[sql for sql, _ in CALLS])
def test_call(run: Any, sql: str, value: Any) -> None:
    ((result,),) = run(f"SELECT {sql}")
    assert result == value and type(result) is type(value)


REFUSALS = [
    ("DATEPART('year', 'badval')", -400),
    ("DATEPART('badopt', '2020-01-01')", -8),
    ("YEAR('2017-02-29')", -400),
    ("{fn DAYNAME('2017-02-29')}", -400),
    ("TO_CHAR('66256,99999', 'YYYY')", -400),
    ("TO_DATE('31 February 2020')", -400),
    ("TO_DATE('2/22/22', 'M-DD-YY')", -400),
    ("CONVERT(DATE, '22 FEB 2022', 101)", -141),
    ("CONVERT(TIMESTAMP, '20 Mar 1983 15:04:05:4321', 113)", -141),
]


@pytest.mark.parametrize(("sql", "code"), REFUSALS, ids=[sql for sql, _ in REFUSALS])
def test_a_refused_call_has_its_sqlcode(failure: Any, sql: str, code: int) -> None:
    assert sqlcode(failure(f"SELECT {sql}")) == code


def test_parameters_are_read_as_literals_are(run: Any) -> None:
    assert run("SELECT DATENAME('dw', ?), DATEADD('dd', 1, ?), TO_CHAR(?, 'YYYY')", "02/21/2018", 64701, "66256") == [
        ("Wednesday", "2018-02-23 00:00:00", "2022")
    ]


def test_what_the_manual_leaves_open_is_refused(failure: Any) -> None:
    assert failure("SELECT TO_CHAR(CURRENT_DATE)").code == "0A000"
