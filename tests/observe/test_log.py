from __future__ import annotations

import io
import json
from collections.abc import Iterator

import pytest
import structlog

from pgiris.observe import log


@pytest.fixture(autouse=True)
def _restore() -> Iterator[None]:
    before = structlog.get_config()
    yield
    structlog.configure(**before)


def written(format: str, level: str = "info", **fields: object) -> str:
    stream = io.StringIO()
    log.setup(level, format, stream)
    log.get_logger("test").info("client connected", **fields)
    return stream.getvalue()


def test_text_is_one_line_of_time_level_event_and_fields() -> None:
    line = written("text", user="alice", database="a b", address=None, empty="", rows=3)
    time, rest = line.split(" ", 1)
    assert time.endswith("Z") and "T" in time
    assert rest == 'INFO    client connected part=test user=alice database="a b" address=None empty="" rows=3\n'


def test_json_is_one_object_a_line() -> None:
    line = written("json", user="älice", rows=3, other={1})
    assert line.count("\n") == 1
    event = json.loads(line)
    assert (event["event"], event["level"], event["user"], event["rows"]) == ("client connected", "info", "älice", 3)
    assert event["other"] == "{1}"


@pytest.mark.parametrize("format", ["text", "json"])
@pytest.mark.parametrize("value", ["a\nFORGED", "a\r\nFORGED", "a\x1b[2J", 'a" FORGED="', "a\u2028FORGED"])
def test_a_value_cannot_forge_lines_or_fields(format: str, value: str) -> None:
    line = written(format, user=value)
    assert len(line.splitlines()) == 1
    assert "\x1b" not in line
    if format == "json":
        assert json.loads(line)["user"] == value
    else:
        assert ' FORGED="' not in line.replace('\\"', "'")


@pytest.mark.parametrize("format", ["text", "json"])
@pytest.mark.parametrize("name", ["password", "new_password", "client_secret", "verifier", "credentials", "cancel_key", "TOKEN"])
def test_what_is_named_like_a_secret_is_masked(format: str, name: str) -> None:
    line = written(format, **{name: "hunter2"})
    assert "hunter2" not in line and log.MASK in line


@pytest.mark.parametrize("format", ["text", "json"])
def test_a_traceback_is_written_without_local_variables(format: str) -> None:
    stream = io.StringIO()
    log.setup("info", format, stream)
    try:
        password = "hunter2"
        raise ValueError(len(password))
    except ValueError:
        log.get_logger("test").exception("failed")
    text = stream.getvalue()
    assert "ValueError" in text and "hunter2" not in text.replace('password = "hunter2"', "")
    assert "locals" not in text
    lines = text.splitlines()
    assert len(lines) == 1 if format == "json" else all(line.startswith("    ") for line in lines[1:])


def test_levels_below_the_configured_one_are_not_written() -> None:
    stream = io.StringIO()
    logger = log.get_logger("test")  # made before setup, as at the top of modules
    log.setup("warning", "text", stream)
    logger.info("hidden")
    logger.warning("seen")
    log.setup("debug", "text", stream)
    logger.debug("seen too")
    assert [line.split(" ", 1)[1].split(" part")[0] for line in stream.getvalue().splitlines()] == [
        "WARNING seen",
        "DEBUG   seen too",
    ]


def test_fields_of_a_logger_are_on_all_its_lines() -> None:
    stream = io.StringIO()
    log.setup("info", "text", stream)
    log.get_logger("test", front=2).info("started")
    assert stream.getvalue().endswith(" started part=test front=2\n")
