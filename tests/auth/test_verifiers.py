from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from pgiris.auth.scram import make_verifier
from pgiris.auth.verifiers import Contents, Verifiers, VerifiersError, change, check_name, read, write

ALICE = make_verifier("pencil")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "users"


def add(path: Path, *names: str) -> None:
    with change(path) as users:
        users.update(dict.fromkeys(names, ALICE))


def test_what_is_written_is_read(path: Path) -> None:
    add(path, "alice", "böb", "with:colon", "with$dollar")
    assert read(path).verifiers == dict.fromkeys(["alice", "böb", "with:colon", "with$dollar"], ALICE)


def test_the_file_and_its_folder_belong_to_their_owner_alone(path: Path) -> None:
    old = os.umask(0)
    try:
        add(path, "alice")
        add(path, "bob")
    finally:
        os.umask(old)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert os.listdir(path.parent) == ["users"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o601])
def test_a_file_that_is_open_to_others_is_refused(path: Path, mode: int) -> None:
    add(path, "alice")
    path.chmod(mode)
    with pytest.raises(VerifiersError, match="chmod 0600"):
        read(path)
    with pytest.raises(VerifiersError):
        Verifiers(path).find("alice")
    with pytest.raises(VerifiersError):
        add(path, "bob")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("alice:md5a6343a68d964ca596d9752250d54bb8a", "line 2"),
        ("alice", "line 2"),
        (f":{ALICE}", "line 2: a user name has 1 to 63 bytes"),
        (f"{'x' * 64}:{ALICE}", "1 to 63 bytes"),
        (f" alice:{ALICE}", "no user name"),
        (f"bob:{ALICE}", "has a line already"),
        (f"alice:{ALICE}x", "line 2"),
    ],
)
def test_a_malformed_line_is_refused_by_its_number_and_without_its_secret(path: Path, line: str, words: str) -> None:
    path.parent.mkdir()
    path.touch(mode=0o600)
    path.write_text(f"bob:{ALICE}\n{line}\n")
    with pytest.raises(VerifiersError) as caught:
        read(path)
    assert words in str(caught.value)
    assert "$" not in str(caught.value)


@pytest.mark.parametrize("name", ["", "#x", "a\nb", "a\tb", " a", "a ", "x" * 64, "ä" * 32])
def test_names_that_no_line_can_hold_are_refused(name: str) -> None:
    with pytest.raises(ValueError):
        check_name(name)


def test_a_folder_in_its_place_is_refused(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(VerifiersError):
        read(path)


def test_a_change_that_fails_leaves_the_file_as_it_was(path: Path) -> None:
    add(path, "alice")
    before = path.read_bytes()
    with pytest.raises(ZeroDivisionError), change(path) as users:
        users.clear()
        raise ZeroDivisionError
    assert path.read_bytes() == before


def test_changes_at_the_same_time_do_not_lose_each_other(path: Path) -> None:
    threads = [threading.Thread(target=add, args=(path, f"user{number}")) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(read(path).verifiers) == 8


def test_a_change_of_the_file_is_seen_at_the_next_look_up(path: Path) -> None:
    verifiers = Verifiers(path)
    assert verifiers.find("alice")[1] is False
    add(path, "alice")
    assert verifiers.find("alice") == (ALICE, True)
    other = make_verifier("other")
    with change(path) as users:
        users["alice"] = other
    assert verifiers.find("alice") == (other, True)
    path.unlink()
    assert verifiers.find("alice")[1] is False


def test_unknown_users_look_the_same_across_restarts_and_when_others_are_added(path: Path) -> None:
    add(path, "alice")
    salt = Verifiers(path).find("nobody")[0].salt
    running = Verifiers(path)
    assert running.find("nobody")[0].salt == salt
    add(path, "bob")
    assert running.find("nobody")[0].salt == salt
    assert Verifiers(path).find("nobody")[0].salt == salt
    assert running.find("noone")[0].salt != salt


def test_a_file_written_by_hand_makes_stable_mock_salts_too(path: Path) -> None:
    path.parent.mkdir()
    path.touch(mode=0o600)
    path.write_text(f"# by hand\n\nalice:{ALICE}\n")
    assert read(path).verifiers == {"alice": ALICE}
    assert Verifiers(path).find("nobody")[0].salt == Verifiers(path).find("nobody")[0].salt


def test_mock_verifiers_have_the_iterations_of_real_ones(path: Path) -> None:
    assert Verifiers(path, iterations=9000).find("nobody")[0].iterations == 9000


def test_a_file_is_replaced_not_rewritten(path: Path) -> None:
    """A reader that has opened the old one reads it to its end."""
    add(path, "alice")
    with path.open() as old:
        write(path, Contents())
        assert "alice" in old.read()
    assert read(path).verifiers == {}
