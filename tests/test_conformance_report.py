"""``pgiris conformance``: every check and question once, in a file that a user can send."""

from __future__ import annotations

from pathlib import Path

import pytest

from pgiris.cli import run
from pgiris.conformance import probe
from pgiris.conformance.check import Check, Disagreement, Ground, carry_out
from pgiris.conformance.report import markdown
from tests.support import fake_iris
from tests.support.iris import dbapi_backend, driver_package


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(fake_iris.VARIABLE, str(tmp_path))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "password").write_text("SYS\n")
    return tmp_path


def test_a_run_writes_what_it_found(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe, "_GROUPS", probe._GROUPS[:1])
    from pgiris.conformance import check
    from pgiris.conformance import run as run_module

    run_module.load_checks()
    monkeypatch.setattr(run_module, "CHECKS", check.CHECKS[:3])
    with driver_package():
        status = run(["conformance", "--iris", "localhost:1972/USER", "--iris-password-file", "password", "--output", "r.md"])
    assert status == 0
    text = (folder / "r.md").read_text()
    assert "3 agree, 0 do not" in text
    assert "$ZVERSION" in text and "IRIS for UNIX" in text
    assert "3 checks agree, 0 do not" in capsys.readouterr().out


@pytest.mark.parametrize("where", ["localhost:1972", "localhost:1972/", "localhost/USER"])
def test_an_address_without_port_or_namespace_is_refused(folder: Path, where: str) -> None:
    assert run(["conformance", "--iris", where, "--iris-password-file", "password"]) == 1


def test_every_question_gets_an_answer(folder: Path) -> None:
    with driver_package():
        backend = dbapi_backend(folder)
        answers = list(probe.probe(lambda: backend.connect("USER", "_SYSTEM", None)))
    assert {answer.number for answer in answers} >= {1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}
    broken = [answer for answer in answers if answer.answer.startswith(("TypeError", "AttributeError", "KeyError", "NameError"))]
    assert broken == []


def test_a_check_that_fails_is_told_with_its_reason(folder: Path) -> None:
    def disagree(ground: Ground) -> None:
        raise Disagreement("1 instead of 2")

    def go_wrong(ground: Ground) -> None:
        raise ValueError("oops")

    with driver_package():
        backend = dbapi_backend(folder)
        outcomes = [
            carry_out(Check(name, work), lambda: backend.connect("USER", "_SYSTEM", None))
            for name, work in (("it adds up", disagree), ("it works", go_wrong))
        ]
    text = markdown("IRIS 2026.1", outcomes, [])
    assert "0 agree, 2 do not" in text
    assert "Disagreement: 1 instead of 2" in text and "ValueError: oops" in text
