"""One of every message, with its bytes as PostgreSQL's page has them and its line in a trace.

PostgreSQL: protocol-message-formats
"""

from __future__ import annotations

from dataclasses import dataclass

from pgiris.wire.messages import (
    AuthenticationCleartextPassword,
    AuthenticationGSS,
    AuthenticationGSSContinue,
    AuthenticationKerberosV5,
    AuthenticationMD5Password,
    AuthenticationOk,
    AuthenticationSASL,
    AuthenticationSASLContinue,
    AuthenticationSASLFinal,
    AuthenticationSSPI,
    BackendKeyData,
    Bind,
    BindComplete,
    CancelRequest,
    Close,
    CloseComplete,
    CommandComplete,
    CopyBothResponse,
    CopyData,
    CopyDone,
    CopyFail,
    CopyInResponse,
    CopyOutResponse,
    DataRow,
    Describe,
    EmptyQueryResponse,
    ErrorResponse,
    Execute,
    Flush,
    FunctionCall,
    FunctionCallResponse,
    GSSENCRequest,
    GSSResponse,
    Message,
    NegotiateProtocolVersion,
    NoData,
    NoticeResponse,
    NotificationResponse,
    ParameterDescription,
    ParameterStatus,
    Parse,
    ParseComplete,
    PasswordMessage,
    PortalSuspended,
    Query,
    ReadyForQuery,
    RowDescription,
    SASLInitialResponse,
    SASLResponse,
    SSLRequest,
    StartupMessage,
    Sync,
    Terminate,
)


@dataclass(frozen=True)
class Sample:
    message: Message
    wire: bytes
    trace: str


STARTUP = [
    Sample(SSLRequest(), b"\0\0\0\x08\x04\xd2\x16\x2f", "8\tSSLRequest\t 1234 5679"),
    Sample(GSSENCRequest(), b"\0\0\0\x08\x04\xd2\x16\x30", "8\tGSSENCRequest\t 1234 5680"),
    Sample(CancelRequest(7, b"abcd"), b"\0\0\0\x10\x04\xd2\x16\x2e\0\0\0\x07abcd", "16\tCancelRequest\t 1234 5678 7 ***"),
    Sample(
        CancelRequest(2**32 - 1, b"k" * 256),
        b"\0\0\x01\x0c\x04\xd2\x16\x2e\xff\xff\xff\xff" + b"k" * 256,
        "268\tCancelRequest\t 1234 5678 4294967295 ***",
    ),
    Sample(
        StartupMessage((3, 2), {"user": "é", "database": ""}),
        b"\0\0\0\x1b\0\x03\0\x02user\0\xc3\xa9\0database\0\0\0",
        '27\tStartupMessage\t 3 2 "user" "é" "database" "" ""',
    ),
    Sample(StartupMessage((3, 0), {}), b"\0\0\0\x09\0\x03\0\0\0", '9\tStartupMessage\t 3 0 ""'),
]
RESPONSES = [
    Sample(PasswordMessage(b"secret\xff"), b"p\0\0\0\x0csecret\xff\0", "12\tPasswordMessage\t ***"),
    Sample(SASLInitialResponse("SCRAM", b"n,,"), b"p\0\0\0\x11SCRAM\0\0\0\0\x03n,,", '17\tSASLInitialResponse\t "SCRAM" ***'),
    Sample(SASLInitialResponse("X", None), b"p\0\0\0\x0aX\0\xff\xff\xff\xff", '10\tSASLInitialResponse\t "X" ***'),
    Sample(SASLResponse(b"c=biws"), b"p\0\0\0\x0ac=biws", "10\tSASLResponse\t ***"),
    Sample(GSSResponse(b"\0\1"), b"p\0\0\0\x06\0\1", "6\tGSSResponse\t ***"),
]
FRONTEND = [
    Sample(Query(b"SELECT '\xff'"), b"Q\0\0\0\x0fSELECT '\xff'\0", "15\tQuery\t \"SELECT '\\xff'\""),
    Sample(Query(b""), b"Q\0\0\0\x05\0", '5\tQuery\t ""'),
    Sample(
        Parse("s", b"SELECT $1", (23, 4294967295)),
        b"P\0\0\0\x1as\0SELECT $1\0\0\2\0\0\0\x17\xff\xff\xff\xff",
        '26\tParse\t "s" "SELECT $1" 2 23 4294967295',
    ),
    Sample(Parse("", b"", ()), b"P\0\0\0\x08\0\0\0\0", '8\tParse\t "" "" 0'),
    Sample(
        Bind("p", "ß", (1, -1), (b"\0\0", None, b""), (0,)),
        b"B\0\0\0\x23p\0\xc3\x9f\0\0\2\0\1\xff\xff\0\3\0\0\0\2\0\0\xff\xff\xff\xff\0\0\0\0\0\1\0\0",
        "35\tBind\t \"p\" \"ß\" 2 1 65535 3 2 '\\x00\\x00' -1 0 '' 1 0",
    ),
    Sample(Bind("", "", (), (), ()), b"B\0\0\0\x0c\0\0\0\0\0\0\0\0", '12\tBind\t "" "" 0 0 0'),
    Sample(Describe(b"S", "s"), b"D\0\0\0\x07Ss\0", '7\tDescribe\t S "s"'),
    Sample(Describe(b"P", ""), b"D\0\0\0\x06P\0", '6\tDescribe\t P ""'),
    Sample(Execute("p", 258), b"E\0\0\0\x0ap\0\0\0\1\2", '10\tExecute\t "p" 258'),
    Sample(Execute("", -1), b"E\0\0\0\x09\0\xff\xff\xff\xff", '9\tExecute\t "" -1'),
    Sample(Close(b"P", "p"), b"C\0\0\0\x07Pp\0", '7\tClose\t P "p"'),
    Sample(Flush(), b"H\0\0\0\4", "4\tFlush"),
    Sample(Sync(), b"S\0\0\0\4", "4\tSync"),
    Sample(Terminate(), b"X\0\0\0\4", "4\tTerminate"),
    Sample(
        FunctionCall(89, (0,), (b"ab", None), 1),
        b"F\0\0\0\x1a\0\0\0\x59\0\1\0\0\0\2\0\0\0\2ab\xff\xff\xff\xff\0\1",
        "26\tFunctionCall\t 89 1 0 2 2 'ab' -1 1",
    ),
    Sample(CopyFail("why"), b"f\0\0\0\x08why\0", '8\tCopyFail\t "why"'),
    Sample(CopyData(b"1\n"), b"d\0\0\0\x061\n", "6\tCopyData\t '1\\x0a'"),
    Sample(CopyData(b""), b"d\0\0\0\4", "4\tCopyData\t ''"),
    Sample(CopyDone(), b"c\0\0\0\4", "4\tCopyDone"),
]
BACKEND = [
    Sample(AuthenticationOk(), b"R\0\0\0\x08\0\0\0\0", "8\tAuthenticationOk\t 0"),
    Sample(AuthenticationKerberosV5(), b"R\0\0\0\x08\0\0\0\2", "8\tAuthenticationKerberosV5\t 2"),
    Sample(AuthenticationCleartextPassword(), b"R\0\0\0\x08\0\0\0\3", "8\tAuthenticationCleartextPassword\t 3"),
    Sample(AuthenticationMD5Password(b"salt"), b"R\0\0\0\x0c\0\0\0\5salt", "12\tAuthenticationMD5Password\t 5 'salt'"),
    Sample(AuthenticationGSS(), b"R\0\0\0\x08\0\0\0\7", "8\tAuthenticationGSS\t 7"),
    Sample(AuthenticationGSSContinue(b"ab"), b"R\0\0\0\x0a\0\0\0\x08ab", "10\tAuthenticationGSSContinue\t 8 ***"),
    Sample(AuthenticationSSPI(), b"R\0\0\0\x08\0\0\0\x09", "8\tAuthenticationSSPI\t 9"),
    Sample(
        AuthenticationSASL(("A", "B-PLUS")),
        b"R\0\0\0\x12\0\0\0\x0aA\0B-PLUS\0\0",
        '18\tAuthenticationSASL\t 10 "A" "B-PLUS" \\x00',
    ),
    Sample(AuthenticationSASLContinue(b"r=x"), b"R\0\0\0\x0b\0\0\0\x0br=x", "11\tAuthenticationSASLContinue\t 11 ***"),
    Sample(AuthenticationSASLFinal(b"v=x"), b"R\0\0\0\x0b\0\0\0\x0cv=x", "11\tAuthenticationSASLFinal\t 12 ***"),
    Sample(BackendKeyData(7, b"abcd"), b"K\0\0\0\x0c\0\0\0\7abcd", "12\tBackendKeyData\t 7 ***"),
    Sample(
        NegotiateProtocolVersion(0x30002, ("_pq_.x",)),
        b"v\0\0\0\x13\0\3\0\2\0\0\0\1_pq_.x\0",
        '19\tNegotiateProtocolVersion\t 196610 1 "_pq_.x"',
    ),
    Sample(ParameterStatus("TimeZone", "UTC"), b"S\0\0\0\x11TimeZone\0UTC\0", '17\tParameterStatus\t "TimeZone" "UTC"'),
    Sample(ReadyForQuery(b"T"), b"Z\0\0\0\5T", "5\tReadyForQuery\t T"),
    Sample(
        RowDescription((("id", 16384, 1, 23, 4, -1, 0), ("v", 0, 0, 1043, -1, 14, 1))),
        b"T\0\0\0\x2f\0\2id\0\0\0\x40\0\0\1\0\0\0\x17\0\4\xff\xff\xff\xff\0\0v\0\0\0\0\0\0\0\0\0\4\x13\xff\xff\0\0\0\x0e\0\1",
        '47\tRowDescription\t 2 "id" 16384 1 23 4 -1 0 "v" 0 0 1043 65535 14 1',
    ),
    Sample(DataRow((b"1", None, b"")), b"D\0\0\0\x13\0\3\0\0\0\x011\xff\xff\xff\xff\0\0\0\0", "19\tDataRow\t 3 1 '1' -1 0 ''"),
    Sample(CommandComplete("SELECT 1"), b"C\0\0\0\x0dSELECT 1\0", '13\tCommandComplete\t "SELECT 1"'),
    Sample(EmptyQueryResponse(), b"I\0\0\0\4", "4\tEmptyQueryResponse"),
    Sample(NoData(), b"n\0\0\0\4", "4\tNoData"),
    Sample(PortalSuspended(), b"s\0\0\0\4", "4\tPortalSuspended"),
    Sample(ParseComplete(), b"1\0\0\0\4", "4\tParseComplete"),
    Sample(BindComplete(), b"2\0\0\0\4", "4\tBindComplete"),
    Sample(CloseComplete(), b"3\0\0\0\4", "4\tCloseComplete"),
    Sample(ParameterDescription((23, 0)), b"t\0\0\0\x0e\0\2\0\0\0\x17\0\0\0\0", "14\tParameterDescription\t 2 23 0"),
    Sample(
        ErrorResponse(((b"S", "ERROR"), (b"C", "42601"))),
        b"E\0\0\0\x13SERROR\0C42601\0\0",
        '19\tErrorResponse\t S "ERROR" C "42601" \\x00',
    ),
    Sample(NoticeResponse(()), b"N\0\0\0\5\0", "5\tNoticeResponse\t \\x00"),
    Sample(NotificationResponse(7, "x", "p"), b"A\0\0\0\x0c\0\0\0\7x\0p\0", '12\tNotificationResponse\t 7 "x" "p"'),
    Sample(FunctionCallResponse(b"ab"), b"V\0\0\0\x0a\0\0\0\2ab", "10\tFunctionCallResponse\t 2 'ab'"),
    Sample(FunctionCallResponse(None), b"V\0\0\0\x08\xff\xff\xff\xff", "8\tFunctionCallResponse\t -1"),
    Sample(CopyInResponse(0, (0, 0)), b"G\0\0\0\x0b\0\0\2\0\0\0\0", "11\tCopyInResponse\t \\x00 2 0 0"),
    Sample(CopyOutResponse(1, (1,)), b"H\0\0\0\x09\1\0\1\0\1", "9\tCopyOutResponse\t \\x01 1 1"),
    Sample(CopyBothResponse(0, ()), b"W\0\0\0\7\0\0\0", "7\tCopyBothResponse\t \\x00 0"),
    Sample(CopyData(b"1\n"), b"d\0\0\0\x061\n", "6\tCopyData\t '1\\x0a'"),
    Sample(CopyDone(), b"c\0\0\0\4", "4\tCopyDone"),
]
