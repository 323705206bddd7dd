"""Verifiers: the file of users and their SCRAM verifiers.

One line per user, ``name:SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey``; lines that begin with ``#`` are comments, of
which one keeps the secret that verifiers of unknown users are made from. A verifier lets its thief try passwords and pose
as the server, so the file is written with mode 0600 and one that others can read is refused.
"""

from __future__ import annotations

import fcntl
import os
import re
import secrets
import stat
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

from pgiris.auth.scram import DEFAULT_ITERATIONS, SCRAM_SHA_256, Verifier, mock_verifier, parse_verifier

_SECRET = re.compile(r"^# mock authentication secret: ([A-Za-z0-9+/]{43}=)$", re.MULTILINE)
_READABLE_BY_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_MAX_NAME_BYTES = 63  # PostgreSQL's NAMEDATALEN - 1


class VerifiersError(Exception):
    """The file cannot be used; the text says why and what mends it."""


@dataclass(frozen=True)
class Contents:
    """What the file holds. secret makes mock verifiers."""

    verifiers: Mapping[str, Verifier] = field(default_factory=dict)
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)


def read(path: Path) -> Contents:
    """Raises FileNotFoundError, and VerifiersError for a file that others can read or that is malformed."""
    try:
        with path.open(encoding="utf-8") as file:
            mode = os.fstat(file.fileno()).st_mode
            if not stat.S_ISREG(mode):
                raise VerifiersError(f"{path} is not a regular file")
            if mode & _READABLE_BY_OTHERS:
                raise VerifiersError(f"{path} is open to others (mode {stat.S_IMODE(mode):04o}); run: chmod 0600 {path}")
            text = file.read()
    except FileNotFoundError:
        raise
    except (OSError, UnicodeDecodeError) as error:
        raise VerifiersError(f"{path} cannot be read: {error}") from error
    return _parse(path, text)


def _parse(path: Path, text: str) -> Contents:
    verifiers: dict[str, Verifier] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, colon, rest = line.rpartition(f":{SCRAM_SHA_256}$")  # names may have colons
        try:
            check_name(name)
            if name in verifiers:
                raise ValueError(f'user "{name}" has a line already')
            verifiers[name] = parse_verifier(colon[1:] + rest)
        except ValueError as error:
            raise VerifiersError(f"{path}, line {number}: {error}; write it with: pgiris user add NAME") from None
    match = _SECRET.search(text)
    # A file without the line was written by hand; its own contents are as secret, and stable until it changes.
    return Contents(verifiers, b64decode(match[1]) if match else sha256(text.encode()).digest())


def write(path: Path, contents: Contents) -> None:
    """Replace the file in one step, so that a reader sees the old one or the new one, both with mode 0600.

    Raises VerifiersError.
    """
    lines = [
        "# Users of pgiris and their SCRAM verifiers. Change it with: pgiris user",
        f"# mock authentication secret: {b64encode(contents.secret).decode()}",
        *(f"{name}:{verifier}" for name, verifier in sorted(contents.verifiers.items())),
    ]
    try:
        _replace(path, "\n".join(lines) + "\n")
    except OSError as error:
        raise VerifiersError(f"{path} cannot be written: {error.strerror}") from error


def _replace(path: Path, text: str) -> None:
    with NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        try:
            os.fchmod(file.fileno(), 0o600)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
            os.replace(file.name, path)
        except BaseException:
            os.unlink(file.name)
            raise


@contextmanager
def change(path: Path) -> Iterator[dict[str, Verifier]]:
    """The verifiers to edit, written when the block ends well. Nobody else changes the file in between.

    Raises VerifiersError when it cannot be read or written.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        directory = os.open(path.parent, os.O_RDONLY)
    except OSError as error:
        raise VerifiersError(f"{path} cannot be written: {error.strerror}") from error
    try:
        fcntl.flock(directory, fcntl.LOCK_EX)
        try:
            contents = read(path)
        except FileNotFoundError:
            contents = Contents()
        verifiers = dict(contents.verifiers)
        yield verifiers
        write(path, Contents(verifiers, contents.secret))
    finally:
        os.close(directory)


def check_name(name: str) -> None:
    """Raises ValueError for what no line of the file or start-up packet can hold."""
    if not name or len(name.encode()) > _MAX_NAME_BYTES:
        raise ValueError(f"a user name has 1 to {_MAX_NAME_BYTES} bytes")
    if not name.isprintable() or name != name.strip() or name.startswith("#"):
        raise ValueError(f"{name!r} is no user name: it has control characters, begins with # or has spaces around it")


class Verifiers:
    """The file as authentication uses it: read when first needed and again whenever it has changed."""

    def __init__(self, path: Path, iterations: int = DEFAULT_ITERATIONS) -> None:
        """iterations: of mock verifiers; the same as ``pgiris user add`` takes, or unknown users can be told apart."""
        self._path = path
        self._iterations = iterations
        self._stamp: tuple[int, ...] | None = None
        self._contents = Contents()

    def find(self, user: str) -> tuple[Verifier, bool]:
        """The user's verifier and True, or a mock and False. Raises VerifiersError when the file cannot be used."""
        contents = self._current()
        known = contents.verifiers.get(user)
        mock = mock_verifier(user, contents.secret, self._iterations)  # made for known users too: it takes time
        return (mock, False) if known is None else (known, True)

    def _current(self) -> Contents:
        try:
            status = os.stat(self._path)
            stamp = (status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino)
            if stamp != self._stamp:
                self._contents = read(self._path)
                self._stamp = stamp
        except FileNotFoundError:
            if self._stamp is not None:  # it was there: its users are gone, its secret still serves
                self._contents = Contents(secret=self._contents.secret)
                self._stamp = None
        except OSError as error:
            raise VerifiersError(f"{self._path} cannot be read: {error}") from error
        return self._contents
