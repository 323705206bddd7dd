"""Where a Config comes from: defaults < file < environment < flags.

In: a TOML file, PGIRIS_* variables, flags of ``pgiris serve``. Out: a frozen Config, or a ConfigError with every problem found.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pgiris.auth.rules import Method, Rule, validate
from pgiris.config.kinds import RULES, meant
from pgiris.config.options import OPTIONS, SECTIONS, Config, Option

DEFAULT_FILE = Path("pgiris.toml")
FILE_VARIABLE = "PGIRIS_CONFIG"

_BY_NAME: Mapping[str, Option] = {option.name: option for option in OPTIONS}


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong. where: file and key, variable or flag. text: what is wrong and what would be right."""

    where: str
    text: str

    def __str__(self) -> str:
        return f"{self.where}: {self.text}"


class ConfigError(Exception):
    """The configuration cannot be used. problems: everything that was found, in order."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Sources:
    """Where a Config comes from. flags: option name -> texts as given. file: of --config."""

    flags: Mapping[str, Sequence[str]] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    file: Path | None = None

    def load(self) -> Config:
        """Raises ConfigError."""
        problems: list[Problem] = []
        values: dict[str, Any] = {}
        origins: dict[str, str] = {}
        for origin, name, read in (*self._from_file(problems), *self._from_environment(), *self._from_flags()):
            origins[name] = origin
            try:
                values[name] = read()
            except ValueError as error:
                problems.append(Problem(origin, str(error)))
                values.pop(name, None)
        config = Config(**values, source=self)
        problems += _conflicts(config, origins)
        if problems:
            raise ConfigError(problems)
        return config

    def path(self) -> Path | None:
        """The file that is read, if any."""
        named = self.file or (Path(self.environment[FILE_VARIABLE]) if self.environment.get(FILE_VARIABLE) else None)
        return named or (DEFAULT_FILE if DEFAULT_FILE.is_file() else None)

    def _from_file(self, problems: list[Problem]) -> Iterator[_Given]:
        path = self.path()
        if path is None:
            return
        try:
            document = tomllib.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            problems.append(Problem(str(path), f"cannot be read: {error.strerror}"))
            return
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            problems.append(Problem(str(path), f"is not TOML: {error}"))
            return
        for key, table in document.items():
            own = _BY_NAME.get(key)
            if own is not None and own.kind.table:
                yield f"{path}: [{key}]", key, _later(own.kind.from_toml, table)
            elif key not in SECTIONS or not isinstance(table, dict):
                problems.append(Problem(f"{path}: {key}", _unknown_key(key)))
            else:
                yield from _from_section(path, key, table, problems)

    def _from_environment(self) -> Iterator[_Given]:
        for option in OPTIONS:
            if option.variable in self.environment:
                yield option.variable, option.name, _later(option.kind.from_text, self.environment[option.variable])

    def _from_flags(self) -> Iterator[_Given]:
        for name, texts in self.flags.items():
            option = _BY_NAME[name]
            yield option.flag, name, _later(option.kind.from_text, option.kind.separator.join(texts))


_Given = tuple[str, str, Callable[[], Any]]  # origin, name of the option, reader of the value


def _later(read: Callable[[Any], Any], value: Any) -> Callable[[], Any]:
    return lambda: read(value)


def _from_section(path: Path, section: str, table: Mapping[str, Any], problems: list[Problem]) -> Iterator[_Given]:
    for key, value in table.items():
        option = _BY_NAME.get(key)
        if option is None or option.section != section or option.kind.table:
            problems.append(Problem(f"{path}: [{section}] {key}", _unknown_key(key, section)))
        else:
            yield f"{path}: [{section}] {key}", key, _later(option.kind.from_toml, value)


def _unknown_key(key: str, section: str | None = None) -> str:
    option = _BY_NAME.get(key)
    if option is not None:
        place = f"[[{key}]]" if option.kind is RULES else f"[{key}]" if option.kind.table else f"[{option.section}]"
        return f"stands in the wrong place; it belongs {'into a table of its own,' if option.kind.table else 'into'} {place}"
    tables = [option.name for option in OPTIONS if option.kind.table]
    known = [*SECTIONS, *tables] if section is None else [o.name for o in OPTIONS if o.section == section and not o.kind.table]
    return "there is no such option" + (meant(key, known) or meant(key, list(_BY_NAME)) or f"; there are {', '.join(known)}")


def _all_delegated(rules: Sequence[Rule]) -> bool:
    return all(rule.method in (Method.PASSWORD, Method.REJECT) for rule in rules)


def _conflicts(config: Config, origins: Mapping[str, str]) -> Iterator[Problem]:
    """What is wrong between options that are each right."""

    def where(name: str) -> str:
        return origins.get(name, f"{name} (default)")

    for name, option in _BY_NAME.items():
        if option.kind.table and option.kind is not RULES:
            for key in getattr(config, name):
                if key in _BY_NAME:  # a TOML table goes on until the next one begins
                    yield Problem(where(name), f'"{key}" is an option; move it to [{_BY_NAME[key].section}]')
    if config.backend == "dbapi" and config.iris_password_file is None and not _all_delegated(config.auth):
        yield Problem(where("backend"), f"needs the password of IRIS user {config.iris_user}; set iris_password_file")
    if config.sample and config.backend != "sandbox":
        yield Problem(where("sample"), "fills a sandbox only; leave it out")
    if not config.host and config.unix_socket_dir is None:
        yield Problem(where("host"), "there is nothing to listen on; name an address, or set unix_socket_dir")
    if not config.host and config.port == 0:
        yield Problem(where("port"), "a Unix socket alone has no port that the system could choose; give a number")
    if config.tls_cert and not config.tls_key:
        yield Problem(where("tls_cert"), "a certificate needs its private key; set tls_key")
    for name in ("tls_key", "tls_client_ca"):
        if getattr(config, name) and not config.tls_cert:
            yield Problem(where(name), "has no effect without a certificate; set tls_cert")
    if not config.auth:
        yield Problem(where("auth"), "without rules nobody can connect; leave auth out for the default, or write a rule")
    for text in validate(
        config.auth,
        tls=config.tls_cert is not None,
        client_ca=config.tls_client_ca is not None,
        trust_from_anywhere=config.allow_trust_from_anywhere,
    ):
        yield Problem(where("auth"), text)


def reload(config: Config) -> Config:
    """Read the file and everything else again. Raises ConfigError."""
    return (config.source or Sources()).load()
