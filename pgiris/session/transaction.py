"""Transaction: the status of a session's transaction, and what the backend must do about it. Decides, does no I/O.

    transaction.start(in_block)                    before each statement; in_block: one of several in a simple Query
    actions = transaction.before(plan, more)       and take them on the backend in front of the statement
    outcome = transaction.run(command)             for COMMANDS, all of which are about transactions and settings
    actions = transaction.finish()                 at Sync and at the end of a Query: commits the implicit transaction
    transaction.settled()                          after the actions of run() or finish() were taken
    actions = transaction.failed()                 after any error, also of those actions; lost() when the worker is gone

Nothing is sent for BEGIN and SAVEPOINT themselves: ``begin`` goes with the block's first statement, ``savepoint`` with the first
write after it. Settings, and whatever else a transaction undoes (Participant), follow along.
PostgreSQL: sql-begin, sql-commit, sql-savepoint, sql-set-transaction, protocol-flow#PROTOCOL-FLOW-MULTI-STATEMENT,
src/backend/access/transam/xact.c
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any, Protocol

from pgiris import sqlstate
from pgiris.backend.worker.frames import ActionFrame as Action
from pgiris.errors import PgError
from pgiris.session.settings import UNSUPPORTED_LEVELS, Layers, Settings, isolation_refusal
from pgiris.sql import setting_commands, transaction_commands
from pgiris.sql.commands import Command
from pgiris.sql.plan import Effect, Plan, Target

# iris-reference 7.3: IRIS has 255 transaction levels, the transaction itself is one, and none can be released.
SAVEPOINT_LEVELS = 250

NO_ACTIONS: tuple[Action, ...] = ()
COMMIT = (Action("commit"),)
ROLLBACK = (Action("rollback"),)

ABORTED = "current transaction is aborted, commands ignored until end of transaction block"


class Phase(Enum):
    IDLE = auto()
    SINGLE = auto()  # the implicit transaction of one statement, or of an extended pipeline up to Sync
    SEVERAL = auto()  # that of a simple Query with several statements, which PostgreSQL treats as a block
    BLOCK = auto()
    FAILED = auto()


# Members as globals: looking them up in their class costs as much as the rest of the way of a plain SELECT.
_IDLE, _SINGLE, _SEVERAL, _BLOCK, _FAILED = Phase
_READ, _BACKEND, _EMPTY = Effect.READ, Target.BACKEND, Target.EMPTY
_STATUS = {_BLOCK: b"T", _FAILED: b"E"}


class Participant(Protocol):
    """Something else that a transaction undoes: notifications, advisory locks, cursors.

    pending: it has something to do at the end of the transaction. mark() is a point that rollback_to() returns to.
    """

    @property
    def pending(self) -> bool: ...

    def mark(self) -> Any: ...

    def rollback_to(self, mark: Any) -> None: ...

    def end(self, committed: bool) -> None: ...


@dataclass(slots=True)
class Outcome:
    """What a command comes to. With actions, settled() must follow them; commits: they are to make the transaction permanent."""

    tag: str
    actions: tuple[Action, ...] = NO_ACTIONS
    notices: tuple[PgError, ...] = ()
    commits: bool = False


@dataclass(slots=True, eq=False)
class _Savepoint:
    """level: its place among the backend's savepoints, 0 as long as it was not sent."""

    name: str
    layers: Layers
    marks: tuple[Any, ...]
    level: int = 0
    kept: bool = True  # False: the backend had no level left for it
    passed: bool = False  # a change of the schema after it has committed what there was


@dataclass(slots=True, eq=False)
class _End:
    """How the transaction ends once its actions are taken. chained: the modes of the next one."""

    committed: bool
    chained: dict[str, str] | None = None


@dataclass(eq=False, slots=True)
class Transaction:
    settings: Settings
    participants: Sequence[Participant] = ()
    phase: Phase = _IDLE
    begun: bool = False  # the backend is in a transaction of ours
    _base: Layers = field(default_factory=Layers)  # the settings before it
    _chained: Layers | None = None  # those it began with, when AND CHAIN gave it modes
    _statements: int = 0
    _queried: bool = False  # a statement has seen data, so the isolation level is fixed
    _savepoints: list[_Savepoint] = field(default_factory=list)
    _levels: int = 0  # savepoints that the backend holds
    _ending: _End | None = None
    _returning: bool = False  # rollback_to was given out and not yet confirmed

    @property
    def status(self) -> bytes:
        """As ReadyForQuery tells it."""
        phase = self.phase
        if phase is Phase.BLOCK:
            return b"T"
        return b"E" if phase is Phase.FAILED else b"I"

    # Statements

    def start(self, in_block: bool = False) -> None:
        """A statement begins; without a transaction it gets an implicit one."""
        phase = self.phase
        self._returning = False
        if phase is _IDLE:
            self._base = self.settings.layers
            self._statements = 1
            self.phase = _SEVERAL if in_block else _SINGLE
        else:
            self._statements += 1
            if in_block and phase is _SINGLE:
                self.phase = _SEVERAL

    def resume(self, begun: bool) -> None:
        """A block goes on here that was begun elsewhere. begun: as the attribute."""
        self.start()
        self.phase = _BLOCK
        self.begun = self._queried = begun

    def admit(self, plan: Plan) -> None:
        """Raises 25P02 for what a failed transaction does not take. To be asked at Parse, Bind and execution."""
        if self.phase is _FAILED and plan.target is not _EMPTY and not isinstance(plan.command, _EXITS):
            raise PgError(sqlstate.IN_FAILED_SQL_TRANSACTION, ABORTED)

    def before(self, plan: Plan, more: bool = False) -> tuple[Action, ...]:
        """What the backend has to do before this statement, a query or a change of data.

        more: the implicit transaction may go on after it. Raises 25P02, 25006.
        """
        phase = self.phase
        if phase is _FAILED:
            raise PgError(sqlstate.IN_FAILED_SQL_TRANSACTION, ABORTED)
        writes = plan.effect is not _READ
        if writes and self.settings.view.read_only and not plan.block_only:  # LOCK TABLE changes nothing
            raise self.read_only_error(plan.tag)
        self._queried = True
        if plan.target is not _BACKEND:
            return NO_ACTIONS
        if plan.effect is Effect.DDL:
            for savepoint in self._savepoints:
                savepoint.passed = True
        if not self.begun:
            if phase is not _BLOCK and not (more and writes):
                return NO_ACTIONS
            return self._begin(writes)
        return self._send_savepoints() if writes and self._savepoints else NO_ACTIONS

    def read_only_error(self, tag: str) -> PgError:
        return PgError(sqlstate.READ_ONLY_SQL_TRANSACTION, f"cannot execute {tag} in a read-only transaction")

    def _begin(self, writes: bool) -> tuple[Action, ...]:
        view = self.settings.view
        isolation = "read uncommitted" if view.isolation == "read uncommitted" else "read committed"
        self.begun = True
        begin = Action("begin", isolation=isolation, read_only=view.read_only)
        return (begin, *(self._send_savepoints() if writes else NO_ACTIONS))

    def _send_savepoints(self) -> tuple[Action, ...]:
        actions = []
        for savepoint in self._savepoints:
            if savepoint.level or not savepoint.kept:
                continue
            if self._levels >= SAVEPOINT_LEVELS:
                savepoint.kept = False
                continue
            self._levels += 1
            savepoint.level = self._levels
            actions.append(Action("savepoint", _internal_name(savepoint.level)))
        return tuple(actions)

    def finish(self) -> tuple[Action, ...]:
        """The end of an implicit transaction; nothing in a block. settled() has to follow when there are actions."""
        phase = self.phase
        if phase is not _SINGLE and phase is not _SEVERAL:
            return NO_ACTIONS
        if self.begun:
            self._ending = _End(True)
            return COMMIT
        self._close(True)
        return NO_ACTIONS

    def settled(self) -> None:
        """The last actions were taken."""
        ending, self._ending = self._ending, None
        self._returning = False
        if ending is not None:
            self._end(ending)

    def failed(self) -> tuple[Action, ...]:
        """An error: ends an implicit transaction, and a block as far as ROLLBACK TO cannot save it.

        The actions release what the backend holds for it; when they fail, call lost().
        """
        ending, self._ending = self._ending, None
        if self.phase is _IDLE:
            return NO_ACTIONS
        if self.phase in (_BLOCK, _FAILED) and ending is None:
            self.phase = _FAILED
            if self._returning:
                self._savepoints.clear()  # what the backend still holds of them is not known
            if self._savepoints:
                self._restore(self._savepoints[-1])
                return NO_ACTIONS
            actions = self._rollback_actions()
            self._undo_all(self._chained or self._base)
            return actions
        actions = self._rollback_actions()
        self._close(False)
        return actions

    def lost(self) -> None:
        """The worker is gone and its transaction with it; savepoints are of no more use."""
        self.begun = False
        self._savepoints.clear()
        self._levels = 0
        self.failed()

    # What may stand where

    def require_block(self, what: str) -> None:
        """Raises 25P01 outside of a block: DECLARE CURSOR, LOCK TABLE ..."""
        if self.phase is _SINGLE:
            raise PgError(sqlstate.NO_ACTIVE_SQL_TRANSACTION, f"{what} can only be used in transaction blocks")

    def warn_without_block(self, what: str) -> tuple[PgError, ...]:
        """The warning for what has no effect outside of a block: SET LOCAL ..."""
        if self.phase is not _SINGLE:
            return ()
        return (_warning(sqlstate.NO_ACTIVE_SQL_TRANSACTION, f"{what} can only be used in transaction blocks"),)

    def prevent_in_block(self, what: str) -> None:
        """Raises 25001 for what must be alone in its transaction: VACUUM, DISCARD ALL ..."""
        if self.phase is not _SINGLE:
            raise PgError(sqlstate.ACTIVE_SQL_TRANSACTION, f"{what} cannot run inside a transaction block")
        if self._statements > 1:
            raise PgError(sqlstate.ACTIVE_SQL_TRANSACTION, f"{what} cannot be executed within a pipeline")

    # Commands

    def run(self, command: Command) -> Outcome:
        """Carry out one of COMMANDS, after start(). Raises PgError, after which failed() is to be called as for any error."""
        if self.phase is _FAILED and not isinstance(command, _EXITS):
            raise PgError(sqlstate.IN_FAILED_SQL_TRANSACTION, ABORTED)
        return _RUN[type(command)](self, command)

    def set(self, name: str, text: str | None, local: bool = False) -> tuple[PgError, ...]:
        """SET and set_config(): the setting's own rules, and those that the transaction adds. Returns notices."""
        key = name.lower()
        if key in _MODE_CHECKS and text is None:
            raise PgError(sqlstate.FEATURE_NOT_SUPPORTED, f'parameter "{key}" cannot be reset')
        before = self.settings.layers
        self.settings.set(name, text, local)
        check = _MODE_CHECKS.get(key)
        if check is not None:
            try:
                check(self, before)
            except PgError:
                self.settings.layers = before
                raise
        if key in ("transaction_isolation", "default_transaction_isolation"):
            return _fallback_notice(str(self.settings.value(key)))
        return ()

    def _run_begin(self, command: transaction_commands.Begin) -> Outcome:
        notices = self._apply(command.modes)
        if self.phase is _BLOCK:
            already = _warning(sqlstate.ACTIVE_SQL_TRANSACTION, "there is already a transaction in progress")
            return Outcome(command.tag, notices=(already, *notices))
        level = self.settings.view.isolation
        if level in UNSUPPORTED_LEVELS and not self.settings.view.isolation_fallback:
            raise isolation_refusal(level)
        self.phase = _BLOCK
        return Outcome(command.tag, notices=notices)

    def _apply(self, modes: transaction_commands.TransactionModes, prefix: str = "transaction") -> tuple[PgError, ...]:
        notices: tuple[PgError, ...] = ()
        for name, text in _mode_texts(modes):
            notices += self.set(f"{prefix}_{name}", text)
        return notices

    def _run_commit(self, command: transaction_commands.Commit) -> Outcome:
        if self.phase is _FAILED:
            return self._ends("ROLLBACK", False, command.chain)
        return self._ends("COMMIT", True, command.chain)

    def _run_rollback(self, command: transaction_commands.Rollback) -> Outcome:
        return self._ends("ROLLBACK", False, command.chain)

    def _ends(self, tag: str, committed: bool, chain: bool = False) -> Outcome:
        notices: tuple[PgError, ...] = ()
        if self.phase in (_SINGLE, _SEVERAL):
            if chain:
                raise PgError(sqlstate.NO_ACTIVE_SQL_TRANSACTION, f"{tag} AND CHAIN can only be used in transaction blocks")
            notices = (_warning(sqlstate.NO_ACTIVE_SQL_TRANSACTION, "there is no transaction in progress"),)
        actions = (COMMIT if committed else ROLLBACK) if self.begun else NO_ACTIONS
        ending = _End(committed, self._modes() if chain else None)
        if actions:
            self._ending = ending
        else:
            self._end(ending)
        return Outcome(tag, actions, notices, commits=committed)

    def _run_savepoint(self, command: transaction_commands.Savepoint) -> Outcome:
        self._require_open_block("SAVEPOINT")
        marks = tuple(participant.mark() for participant in self.participants)
        self._savepoints.append(_Savepoint(command.name, self.settings.layers, marks))
        return Outcome("SAVEPOINT")

    def _run_release(self, command: transaction_commands.Release) -> Outcome:
        self._require_open_block("RELEASE SAVEPOINT")
        savepoint = self._find(command.name)
        del self._savepoints[self._savepoints.index(savepoint) :]
        self._release_read_only(savepoint)
        return Outcome("RELEASE")

    def _release_read_only(self, savepoint: _Savepoint) -> None:
        """SET TRANSACTION READ ONLY ends with the savepoint it was said in, as PostgreSQL's CommitSubTransaction() has it."""
        layers = self.settings.layers
        key = "transaction_read_only"
        before, now = savepoint.layers.local.get(key), layers.local.get(key)
        if before != now:
            local = {name: value for name, value in layers.local.items() if name != key}
            if before is not None:
                local[key] = before
            self.settings.layers = Layers(layers.session, local)

    def _run_rollback_to(self, command: transaction_commands.RollbackTo) -> Outcome:
        self._require_open_block("ROLLBACK TO SAVEPOINT")
        savepoint = self._find(command.name)
        if savepoint.passed:
            raise PgError(
                sqlstate.FEATURE_NOT_SUPPORTED,
                f'rolling back to savepoint "{command.name}" is not supported after a change of the schema',
                detail="IRIS does not undo schema changes, and commits what came before them.",
            )
        if not savepoint.kept:
            raise PgError(
                sqlstate.PROGRAM_LIMIT_EXCEEDED,
                f'cannot roll back to savepoint "{command.name}"',
                detail=f"IRIS keeps at most {SAVEPOINT_LEVELS} savepoints in one transaction, released ones included.",
            )
        del self._savepoints[self._savepoints.index(savepoint) + 1 :]
        self._restore(savepoint)
        self.phase = _BLOCK
        if not savepoint.level:
            return Outcome("ROLLBACK")
        # IRIS forgets the savepoint with this, so it is sent anew before the next write.
        level, savepoint.level = savepoint.level, 0
        self._levels = level - 1
        self._returning = True
        return Outcome("ROLLBACK", (Action("rollback_to", _internal_name(level)),))

    def _require_open_block(self, what: str) -> None:
        if self.phase in (_SINGLE, _SEVERAL):
            raise PgError(sqlstate.NO_ACTIVE_SQL_TRANSACTION, f"{what} can only be used in transaction blocks")

    def _find(self, name: str) -> _Savepoint:
        for savepoint in reversed(self._savepoints):
            if savepoint.name == name:
                return savepoint
        raise PgError(sqlstate.S_E_INVALID_SPECIFICATION, f'savepoint "{name}" does not exist')

    def _run_prepare(self, command: transaction_commands.PrepareTransaction) -> Outcome:
        if self.phase is _FAILED:
            return self._ends("ROLLBACK", False)
        if self.phase is _SINGLE:
            outcome = self._ends("COMMIT", True)
            outcome.tag = "ROLLBACK"  # which is not what PostgreSQL does here, only what it says
            return outcome
        self.phase = _SINGLE  # the error that follows ends the block
        raise PgError(
            sqlstate.OBJECT_NOT_IN_PREREQUISITE_STATE,
            "prepared transactions are disabled",
            hint="IRIS has no two-phase commit.",
        )

    def _run_finish_prepared(self, command: transaction_commands.FinishPrepared) -> Outcome:
        self.prevent_in_block(command.tag)
        raise PgError(sqlstate.UNDEFINED_OBJECT, f'prepared transaction with identifier "{command.gid}" does not exist')

    def _run_set_transaction(self, command: transaction_commands.SetTransaction) -> Outcome:
        if command.session:
            return Outcome("SET", notices=self._apply(command.modes, "default_transaction"))
        return Outcome("SET", notices=self.warn_without_block("SET TRANSACTION") + self._apply(command.modes))

    def _run_set_constraints(self, command: transaction_commands.SetConstraints) -> Outcome:
        return Outcome("SET CONSTRAINTS", notices=self.warn_without_block("SET CONSTRAINTS"))

    def _run_set(self, command: setting_commands.SetSetting) -> Outcome:
        notices = self.warn_without_block("SET LOCAL") if command.local else ()
        if command.from_current:
            self.settings.set_from_current(command.name, command.local)
            return Outcome("SET", notices=notices)
        return Outcome("SET", notices=notices + self.set(command.name, command.value, command.local))

    def _run_reset(self, command: setting_commands.ResetSetting) -> Outcome:
        self.settings.reset(command.name)
        return Outcome("RESET")

    # Modes

    def _modes(self) -> dict[str, str]:
        return {name: self.settings.show(name) for name in _MODE_CHECKS}

    def _check_isolation(self, before: Layers) -> None:
        if not self._changed("transaction_isolation", before):
            return
        if self._queried:
            raise _too_late("SET TRANSACTION ISOLATION LEVEL must be called before any query")
        if self._savepoints:
            raise _too_late("SET TRANSACTION ISOLATION LEVEL must not be called in a subtransaction")

    def _check_read_only(self, before: Layers) -> None:
        if not self._changed("transaction_read_only", before) or self.settings.view.read_only:
            return
        if self._savepoints:
            raise _too_late("cannot set transaction read-write mode inside a read-only transaction")
        if self._queried:
            raise _too_late("transaction read-write mode must be set before any query")

    def _check_deferrable(self, before: Layers) -> None:
        if self._savepoints:
            raise _too_late("SET TRANSACTION [NOT] DEFERRABLE cannot be called within a subtransaction")
        if self._queried:
            raise _too_late("SET TRANSACTION [NOT] DEFERRABLE must be called before any query")

    def _changed(self, name: str, before: Layers) -> bool:
        return self.settings.value_in(name, before) != self.settings.value(name)

    # Ends

    def _end(self, ending: _End) -> None:
        self._close(ending.committed)
        if ending.chained is not None:
            self.start()
            for name, text in ending.chained.items():
                self.settings.set(name, text)
            self._chained = self.settings.layers
            self.phase = _BLOCK

    def _close(self, committed: bool) -> None:
        if committed:
            self.settings.end_transaction()
            for participant in self.participants:
                if participant.pending:
                    participant.end(True)
        else:
            self._undo_all(self._base)
        self._chained = None
        if self._savepoints:
            self._savepoints.clear()
        self._levels = 0
        self.begun = False
        self._queried = False
        self.phase = _IDLE

    def _undo_all(self, layers: Layers) -> None:
        self.settings.layers = layers
        for participant in self.participants:
            if participant.pending:
                participant.end(False)

    def _restore(self, savepoint: _Savepoint) -> None:
        self.settings.layers = savepoint.layers
        for participant, mark in zip(self.participants, savepoint.marks, strict=True):
            participant.rollback_to(mark)

    def _rollback_actions(self) -> tuple[Action, ...]:
        if not self.begun:
            return NO_ACTIONS
        self.begun = False
        return ROLLBACK


def _internal_name(level: int) -> str:
    """Names that a client cannot collide with; a level is in use once at a time."""
    return f"pgiris_{level}"


def _warning(code: str, message: str) -> PgError:
    return PgError(code, message, "WARNING")


def _too_late(message: str) -> PgError:
    return PgError(sqlstate.ACTIVE_SQL_TRANSACTION, message)


def _fallback_notice(level: str) -> tuple[PgError, ...]:
    if level not in UNSUPPORTED_LEVELS:
        return ()
    message = f"isolation level {level.upper()} is not available, the transaction runs as READ COMMITTED"
    return (PgError(sqlstate.SUCCESSFUL_COMPLETION, message, "NOTICE"),)


def _mode_texts(modes: transaction_commands.TransactionModes) -> list[tuple[str, str]]:
    texts = [("isolation", modes.isolation)] if modes.isolation is not None else []
    switches = (("read_only", modes.read_only), ("deferrable", modes.deferrable))
    return texts + [(name, "on" if value else "off") for name, value in switches if value is not None]


_EXITS = (
    transaction_commands.Commit,
    transaction_commands.Rollback,
    transaction_commands.RollbackTo,
    transaction_commands.PrepareTransaction,
)
_MODE_CHECKS: dict[str, Callable[[Transaction, Layers], None]] = {
    "transaction_isolation": Transaction._check_isolation,
    "transaction_read_only": Transaction._check_read_only,
    "transaction_deferrable": Transaction._check_deferrable,
}
_RUN: dict[type, Callable[[Transaction, Any], Outcome]] = {
    transaction_commands.Begin: Transaction._run_begin,
    transaction_commands.Commit: Transaction._run_commit,
    transaction_commands.Rollback: Transaction._run_rollback,
    transaction_commands.RollbackTo: Transaction._run_rollback_to,
    transaction_commands.Savepoint: Transaction._run_savepoint,
    transaction_commands.Release: Transaction._run_release,
    transaction_commands.PrepareTransaction: Transaction._run_prepare,
    transaction_commands.FinishPrepared: Transaction._run_finish_prepared,
    transaction_commands.SetTransaction: Transaction._run_set_transaction,
    transaction_commands.SetConstraints: Transaction._run_set_constraints,
    setting_commands.SetSetting: Transaction._run_set,
    setting_commands.ResetSetting: Transaction._run_reset,
}
COMMANDS = frozenset(_RUN)
