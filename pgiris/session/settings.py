"""Settings: PostgreSQL's parameters (GUCs) of one session, as layers over shared defaults.

In: names and texts from SET, RESET, set_config(), the startup packet. Out: typed values (``view``), SHOW's texts, and
what has changed for the client (ParameterStatus). The layers are immutable: a transaction or savepoint keeps a reference to
``layers`` and gives it back to undo. Times here are PostgreSQL's milliseconds; ``View`` has seconds.
PostgreSQL: runtime-config, config-setting, sql-set, protocol-flow#PROTOCOL-ASYNC
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from pgiris import sqlstate
from pgiris.errors import PgError, not_supported
from pgiris.session.kinds import DEFAULT_DATE_STYLE, Enum, Int, Real, String, Value, split_names
from pgiris.session.setting_table import FALLS_BACK, OLD_NAMES, REPORTED_KEYS, TABLE, Setting
from pgiris.sql.planner import Options
from pgiris.types.codec import Context
from pgiris.types.encoding import find_encoding

# Why a setting of this context cannot be set in a session: (SQLSTATE, message). PostgreSQL: set_config_option() in guc.c
_BARRED = {
    "internal": (sqlstate.CANT_CHANGE_RUNTIME_PARAM, 'parameter "{}" cannot be changed'),
    "postmaster": (sqlstate.CANT_CHANGE_RUNTIME_PARAM, 'parameter "{}" cannot be changed without restarting the server'),
    "sighup": (sqlstate.CANT_CHANGE_RUNTIME_PARAM, 'parameter "{}" cannot be changed now'),
}
_BARRED_AFTER_START = (sqlstate.CANT_CHANGE_RUNTIME_PARAM, 'parameter "{}" cannot be set after connection start')
_BARRED_TO_USERS = (sqlstate.INSUFFICIENT_PRIVILEGE, 'permission denied to set parameter "{}"')

_CUSTOM_NAME = re.compile(r"[A-Za-z_\x80-\U0010ffff][\w$]*(?:\.[A-Za-z_\x80-\U0010ffff][\w$]*)+")
_CUSTOM = String()

# From the least to the most serious. PostgreSQL: runtime-config-client#GUC-CLIENT-MIN-MESSAGES
_SEVERITIES = ("debug5", "debug4", "debug3", "debug2", "debug1", "log", "info", "notice", "warning", "error")
_LEVEL = {name: level for level, name in enumerate(_SEVERITIES)} | {"debug": _SEVERITIES.index("debug1")}

_NOTHING: Mapping[str, Value] = MappingProxyType({})


@dataclass(frozen=True, slots=True, eq=False)
class Layers:
    """What a session has set. Never changed, only replaced. Keys are lower-case names."""

    session: Mapping[str, Value] = field(default_factory=lambda: _NOTHING)
    local: Mapping[str, Value] = field(default_factory=lambda: _NOTHING)  # until the end of the transaction


NO_LAYERS = Layers()


@dataclass(frozen=True, slots=True)
class View:
    """The settings that the session itself acts on, typed. Timeouts are in seconds, None where they are off."""

    context: Context
    search_path: tuple[str, ...]  # as set, "$user" replaced; pg_catalog is in it only where it was named
    statement_timeout_s: float | None
    lock_timeout_s: float | None
    idle_in_transaction_timeout_s: float | None
    idle_session_timeout_s: float | None
    transaction_timeout_s: float | None
    least_severity: int  # index into the severities
    isolation: str  # of the present transaction, or of the next
    read_only: bool
    deferrable: bool
    isolation_fallback: bool
    options: Options  # for the planner


class Defaults:
    """The values that sessions start from, shared by all sessions of a front.

    overrides: texts by name from the configuration (max_connections, port, ssl, statement_timeout ...), read as SET reads them,
    but whatever their context. options: what the planner is told where settings do not say otherwise. Raises PgError as SET does.
    """

    def __init__(self, overrides: Mapping[str, str] = MappingProxyType({}), options: Options | None = None) -> None:
        self.options = options or Options()
        given = {OLD_NAMES.get(name.lower(), name.lower()): text for name, text in overrides.items()}
        for name in given.keys() - TABLE.keys():
            raise _unrecognized(name)
        self.values: Mapping[str, Value] = MappingProxyType(
            {key: s.kind.parse(s.name, given.get(key, s.default), DEFAULT_DATE_STYLE) for key, s in TABLE.items()}
        )
        self._startups: dict[tuple[object, ...], _Startup] = {}

    def startup(self, user: str, superuser: bool, parameters: Mapping[str, str], options: str) -> _Startup:
        """The values of one kind of client; clients that start alike share them."""
        key = (user, superuser, tuple(parameters.items()), options)
        known = self._startups.get(key)
        if known is None:
            if len(self._startups) >= _STARTUPS_KEPT:
                self._startups.clear()
            known = self._startups[key] = self._read_startup(user, superuser, parameters, options)
        return known

    def _read_startup(self, user: str, superuser: bool, parameters: Mapping[str, str], options: str) -> _Startup:
        facts: dict[str, Value] = {"session_authorization": user, "is_superuser": superuser}
        settings = Settings.__new__(Settings)
        settings._start(self, _Startup(facts, {}))
        for name, text in [*parse_options(options), *parameters.items()]:
            settings.set(name, text, starting=True)
        return _Startup({**facts, **settings.layers.session}, settings._custom)


_STARTUPS_KEPT = 1000


@dataclass(frozen=True, slots=True, eq=False)
class _Startup:
    """What RESET returns to, over the defaults."""

    values: Mapping[str, Value]
    custom: Mapping[str, Setting]


class Settings:
    """The settings of one session.

    parameters: the pairs of the startup packet that are settings, options: its ``options``. Raises PgError (42704, 22023, 55P02,
    42501, 0A000), which before the session has begun is fatal.
    """

    __slots__ = ("_custom", "_defaults", "_layers", "_reported", "_startup", "_view")

    def __init__(
        self,
        defaults: Defaults,
        user: str,
        superuser: bool = False,
        parameters: Mapping[str, str] = MappingProxyType({}),
        options: str = "",
    ) -> None:
        self._start(defaults, defaults.startup(user, superuser, parameters, options))

    def _start(self, defaults: Defaults, startup: _Startup) -> None:
        self._defaults = defaults
        self._startup = startup
        self._custom: Mapping[str, Setting] = startup.custom
        self._layers = self._reported = NO_LAYERS
        self._view: View | None = None

    @property
    def layers(self) -> Layers:
        return self._layers

    @layers.setter
    def layers(self, layers: Layers) -> None:
        """Go back to layers of this session that were kept."""
        if layers is not self._layers:
            self._layers = layers
            self._view = None

    @property
    def view(self) -> View:
        view = self._view
        if view is None:
            view = self._view = self._make_view()
        return view

    @property
    def context(self) -> Context:
        return self.view.context

    def end_transaction(self) -> None:
        """Forget what SET LOCAL set."""
        if self._layers.local:
            self.layers = Layers(self._layers.session)

    def set(self, name: str, text: str | None, local: bool = False, starting: bool = False) -> None:
        """SET name TO text, None being DEFAULT. starting: by the startup packet, where more may be set."""
        setting = self._find_or_create(name)
        self._check_allowed(setting, starting)
        if text is None:
            value = self._reset_value(setting.key)
        else:
            # Only the messages of strings have the setting's own spelling of its name.
            shown_name = setting.name if setting.kind.vartype == "string" else name
            value = setting.kind.parse(shown_name, text, self._value(setting.key))
        self._check_meaning(setting, value, text)
        self._store(setting.key, value, local)

    def set_from_current(self, name: str, local: bool = False) -> None:
        setting = self.find(name)
        self._check_allowed(setting, False)
        self._store(setting.key, self._value(setting.key), local)

    def reset(self, name: str | None) -> None:
        """RESET name, None being ALL: back to the startup packet's value or the default."""
        if name is not None:
            setting = self._find_or_create(name)
            if setting.falls_back_to:
                raise PgError(sqlstate.FEATURE_NOT_SUPPORTED, f'parameter "{setting.name}" cannot be reset')
            return self.set(name, None)
        layers = self._layers
        kept = {key: value for key, value in layers.session.items() if self.find(key).resets_not}
        local = {key: value for key, value in layers.local.items() if self.find(key).resets_not}
        for default, key in _PINNED.items():
            if default in layers.session or default in layers.local:
                local.setdefault(key, self._value(key))
        self.layers = Layers(kept, local)
        return None

    def reset_session(self) -> None:
        """What DISCARD ALL does beyond RESET ALL: role and session authorization too. Custom settings stay known, as empty."""
        self.layers = NO_LAYERS

    def find(self, name: str) -> Setting:
        """Any case. Raises 42704."""
        key = name.lower()
        setting = TABLE.get(OLD_NAMES.get(key, key)) or self._custom.get(key)
        if setting is None:
            raise _unrecognized(name)
        return setting

    def show(self, name: str) -> str:
        """As SHOW and current_setting() tell it. Raises 42704."""
        setting = self.find(name)
        return setting.kind.show(self._value(setting.key))

    def value(self, name: str) -> Value:
        """Typed; numbers in the setting's own unit."""
        return self._value(self.find(name).key)

    def show_all(self) -> Iterator[tuple[str, str, str]]:
        """SHOW ALL: name, setting, description."""
        for key, setting in TABLE.items():
            if not setting.hidden:
                yield setting.name, setting.kind.show(self._value(key)), setting.description

    def rows(self) -> Iterator[tuple[str | bool | int | tuple[str, ...] | None, ...]]:
        """The rows of pg_settings, its columns in order."""
        for key, setting in TABLE.items():
            if not setting.hidden:
                yield self._row(key, setting)

    def reports(self) -> list[tuple[str, str]]:
        """All settings that the client is told of when the session begins."""
        self._reported = self._layers
        return [(TABLE[key].name, TABLE[key].kind.show(self._value(key))) for key in REPORTED_KEYS]

    def changed_reports(self) -> Sequence[tuple[str, str]]:
        """Those whose value is another than the client was last told; to be asked before each ReadyForQuery."""
        before, now = self._reported, self._layers
        if before is now:
            return ()
        self._reported = now
        values = ((TABLE[key], self.value_in(key, before), self.value_in(key, now)) for key in REPORTED_KEYS)
        return [(setting.name, setting.kind.show(new)) for setting, old, new in values if old != new]

    def wants(self, severity: str) -> bool:
        """Whether client_min_messages lets a notice of this severity pass. INFO always does."""
        return severity == "INFO" or _LEVEL[severity.lower()] >= self.view.least_severity

    def _value(self, key: str) -> Value:
        return self.value_in(key, self._layers)

    def value_in(self, key: str, layers: Layers) -> Value:
        for layer in (layers.local, layers.session, self._startup.values):
            if key in layer:
                return layer[key]
        setting = TABLE.get(key)
        if setting is None:
            return ""
        return self.value_in(setting.falls_back_to, layers) if setting.falls_back_to else self._defaults.values[key]

    def _reset_value(self, key: str) -> Value:
        setting = TABLE.get(key)
        if setting is not None and setting.falls_back_to:
            return self._value(setting.falls_back_to)
        return self.value_in(key, NO_LAYERS)

    def _find_or_create(self, name: str) -> Setting:
        key = name.lower()
        setting = TABLE.get(OLD_NAMES.get(key, key)) or self._custom.get(key)
        if setting is not None:
            return setting
        if "." not in name:
            raise _unrecognized(name)
        _check_custom_name(name)
        setting = Setting(name, _CUSTOM, hidden=True)
        self._custom = {**self._custom, key: setting}
        return setting

    def _check_allowed(self, setting: Setting, starting: bool) -> None:
        context = setting.context
        if context == "user":
            return
        if context in _BARRED:
            code, message = _BARRED[context]
        elif "backend" in context and not starting:
            code, message = _BARRED_AFTER_START
        elif "superuser" in context and not self.value_in("is_superuser", NO_LAYERS):
            code, message = _BARRED_TO_USERS
        else:
            return
        raise PgError(code, message.format(setting.name))

    def _check_meaning(self, setting: Setting, value: Value, text: str | None) -> None:
        """Refuse values that would not be honoured."""
        shown = setting.kind.show(value)
        if setting.only and shown not in setting.only:
            raise not_supported(f'parameter "{setting.name}" cannot be set to "{text}": {setting.why}')
        check = _CHECKS.get(setting.key)
        if check is not None:
            check(self, shown)

    def _check_isolation(self, level: str) -> None:
        if level in UNSUPPORTED_LEVELS and not self.view.isolation_fallback:
            raise isolation_refusal(level)

    def _check_seed(self, seed: str) -> None:
        raise not_supported("random numbers of IRIS cannot be seeded")

    def _check_session_authorization(self, user: str) -> None:
        if user != self._startup.values["session_authorization"]:
            raise PgError(sqlstate.INSUFFICIENT_PRIVILEGE, f'permission denied to set session authorization "{user}"')

    def _check_role(self, role: str) -> None:
        if role not in ("none", self._startup.values["session_authorization"]):
            raise PgError(sqlstate.INSUFFICIENT_PRIVILEGE, f'permission denied to set role "{role}"')

    def _store(self, key: str, value: Value, local: bool) -> None:
        layers = self._layers
        if key.startswith("transaction_") and key in FALLS_BACK:
            local = True
        elif key in _PINNED and _PINNED[key] not in layers.local:
            # The default for later transactions changes; the present one keeps what it began with.
            layers = Layers(layers.session, {**layers.local, _PINNED[key]: self._value(_PINNED[key])})
        if local:
            self.layers = Layers(layers.session, {**layers.local, key: value})
            return
        kept = {other: old for other, old in layers.local.items() if other != key} if layers.local else _NOTHING
        self.layers = Layers({**layers.session, key: value}, kept)

    def _make_view(self) -> View:
        text, number = self._text, self._seconds
        context = Context(
            time_zone=text("timezone"),
            date_style=text("datestyle"),
            interval_style=text("intervalstyle"),
            bytea_output=text("bytea_output"),
            extra_float_digits=int(self._value("extra_float_digits")),
            client_encoding=find_encoding(text("client_encoding")) or "UTF8",
        )
        role = text("role")
        user = text("session_authorization") if role == "none" else role
        names = split_names(text("search_path")) or ()
        return View(
            context=_CONTEXTS.setdefault(context, context) if len(_CONTEXTS) < _CONTEXTS_KEPT else context,
            search_path=tuple(dict.fromkeys(user if name == "$user" else name for name in names if name)),
            statement_timeout_s=number("statement_timeout"),
            lock_timeout_s=number("lock_timeout"),
            idle_in_transaction_timeout_s=number("idle_in_transaction_session_timeout"),
            idle_session_timeout_s=number("idle_session_timeout"),
            transaction_timeout_s=number("transaction_timeout"),
            least_severity=_LEVEL[text("client_min_messages")],
            isolation=text("transaction_isolation"),
            read_only=bool(self._value("transaction_read_only")),
            deferrable=bool(self._value("transaction_deferrable")),
            isolation_fallback=bool(self._value("pgiris.isolation_fallback")),
            options=replace(
                self._defaults.options,
                null_ordering=text("pgiris.null_ordering"),
                string_collation=text("pgiris.string_collation"),
                string_ordering=text("pgiris.string_ordering"),
                unsupported_indexes=text("pgiris.unsupported_indexes"),
                time_zone=text("timezone"),
                date_style=text("datestyle"),
            ),
        )

    def _text(self, key: str) -> str:
        return str(self._value(key))

    def _seconds(self, key: str) -> float | None:
        milliseconds = self._value(key)
        assert isinstance(milliseconds, int)
        return milliseconds / 1000 if milliseconds > 0 else None

    def _row(self, key: str, setting: Setting) -> tuple[str | bool | int | tuple[str, ...] | None, ...]:
        kind = setting.kind
        now, reset = self._value(key), self._reset_value(key)
        source = "session" if key in self._layers.session or key in self._layers.local else None
        source = source or ("client" if key in self._startup.values else "default")
        limits = (f"{kind.minimum:g}", f"{kind.maximum:g}") if isinstance(kind, Real) else (None, None)
        if isinstance(kind, Int):
            limits = (str(kind.minimum), str(kind.maximum))
        return (
            setting.name,
            kind.raw(now),
            kind.unit or None if isinstance(kind, (Int, Real)) else None,
            setting.category,
            setting.description,
            setting.extra or None,
            setting.context,
            kind.vartype,
            source,
            *limits,
            kind.values if isinstance(kind, Enum) else None,
            kind.raw(kind.parse(setting.name, setting.default, DEFAULT_DATE_STYLE)),
            kind.raw(reset),
            None,
            None,
            False,
        )


UNSUPPORTED_LEVELS = ("repeatable read", "serializable")

_CHECKS = {
    "transaction_isolation": Settings._check_isolation,
    "default_transaction_isolation": Settings._check_isolation,
    "session_authorization": Settings._check_session_authorization,
    "role": Settings._check_role,
    "seed": Settings._check_seed,
}
_PINNED = {default: name for name, default in FALLS_BACK.items()}
_CONTEXTS: dict[Context, Context] = {}
_CONTEXTS_KEPT = 1000


def isolation_refusal(level: str) -> PgError:
    """IRIS has no snapshots (iris-reference 7.2), so the promise could not be kept."""
    return not_supported(
        f"transaction isolation level {level.upper()} is not supported",
        hint='Use READ COMMITTED, or set "pgiris.isolation_fallback" to on, which lets such transactions run as READ COMMITTED.',
    )


def parse_options(options: str) -> list[tuple[str, str]]:
    """(name, value) pairs of the startup packet's ``options``: ``-c a=b --c-d=e``, blanks escaped by backslashes.

    Raises 42601. PostgreSQL: libpq-connect#LIBPQ-CONNECT-OPTIONS, app-postgres
    """
    words = [re.sub(r"\\(.)", r"\1", word, flags=re.DOTALL) for word in _OPTION_WORD.findall(options)]
    pairs: list[tuple[str, str]] = []
    rest = iter(words)
    for word in rest:
        if word.startswith("--"):
            switch, pair = "--", word[2:]
        elif word.startswith("-c"):
            switch, pair = "-c ", word[2:] or next(rest, "")
        elif word == "-e":
            switch, pair = "-e", "datestyle=euro"
        else:
            raise PgError(sqlstate.SYNTAX_ERROR, f"invalid command-line argument for server process: {word}")
        name, equals, value = pair.partition("=")
        if not equals:
            raise PgError(sqlstate.SYNTAX_ERROR, f"{switch}{pair} requires a value")
        pairs.append((name.replace("-", "_"), value))
    return pairs


_OPTION_WORD = re.compile(r"(?:\\.|[^\\ \t\n\r\f\v])+", re.DOTALL)


def _check_custom_name(name: str) -> None:
    if not _CUSTOM_NAME.fullmatch(name):
        detail = "Custom parameter names must be two or more simple identifiers separated by dots."
    elif name.lower().startswith("pgiris."):
        detail = '"pgiris" is a reserved prefix.'
    else:
        return
    raise PgError(sqlstate.INVALID_NAME, f'invalid configuration parameter name "{name}"', detail=detail)


def _unrecognized(name: str) -> PgError:
    return PgError(sqlstate.UNDEFINED_OBJECT, f'unrecognized configuration parameter "{name}"')
