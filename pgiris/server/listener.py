"""Front processes: accept, limits, reload, drain, shutdown.

In: a Config. Out: an exit status. One front runs in this process; several are forked, share the listening sockets and are
watched from here.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import resource
import signal
import socket
import stat
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import uvloop

from pgiris import sqlstate
from pgiris.auth.methods import Authenticator, Identity
from pgiris.auth.rules import Request
from pgiris.auth.verifiers import Verifiers
from pgiris.backend import security
from pgiris.backend.embedded.starter import Starter
from pgiris.backend.pool import Pool
from pgiris.backend.quota import Quota
from pgiris.backend.worker import frames
from pgiris.backend.worker.catalog import CatalogWorker
from pgiris.backend.worker.keeper import KeeperLink
from pgiris.backend.worker.link import Link
from pgiris.backend.worker.spawn import Nursery, Spawner
from pgiris.catalog import warming
from pgiris.catalog.compile import Catalog
from pgiris.config.options import Config
from pgiris.config.sources import ConfigError, reload
from pgiris.errors import FatalError, PgError
from pgiris.observe.log import get_logger
from pgiris.server.cancel import CancelKeys
from pgiris.server.client import Client
from pgiris.server.logins import Logins
from pgiris.server.startup import start_session
from pgiris.server.tls import Reloading, TlsContext, TlsFiles
from pgiris.session import background
from pgiris.session.database import Database
from pgiris.session.session import Session
from pgiris.session.shared import Shared
from pgiris.sql import schemanames
from pgiris.sql.planner import Planner
from pgiris.types import native
from pgiris.wire.messages import StartupMessage

log = get_logger("server")

BACKLOG = 1024
ACCEPT_BATCH = 64  # connections taken in one turn of the event loop
ACCEPT_PAUSE_S = 0.1  # after the process ran out of descriptors
RESTART_PAUSE_S = 1.0
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
SNAPSHOT_INTERVAL_S = 5.0  # how soon tables made elsewhere are seen


class Front:
    """One event loop and everything that its sessions share."""

    def __init__(self, config: Config, number: int, listening: Sequence[socket.socket], directory: Path | None) -> None:
        self.config = config
        self.number = number
        self._listening = listening
        self._tls = _tls(config)
        self._authenticator = self._make_authenticator(config)
        self.cancel_keys = CancelKeys(number, directory)
        self.shared = Shared(config, _port(listening[0]))
        self.metrics = self.shared.metrics
        self.metrics.connections_open.read = lambda: self._connections
        self.metrics.lent_clients.read = lambda: sum(database.hosts.guests for database in self._databases.values())
        for gauge, count in (
            (self.metrics.leases, "leases"),
            (self.metrics.leases_open, "leased"),
            (self.metrics.lease_waiting, "waiting"),
            (self.metrics.workers, "size"),
            (self.metrics.workers_started, "started"),
            (self.metrics.workers_lost, "lost"),
        ):
            gauge.read = partial(self._pool_count, count)
        self._nursery: Nursery
        self._spawner: Spawner
        self._quota = Quota(config.max_workers)
        self._sign_ins = security.SignIns(config.sandbox_path / security.FILE) if config.backend == "sandbox" else None
        self._logins: Logins[Link] = Logins(config.iris_login_cache_s)
        self._databases: dict[tuple[str, str], Database] = {}  # by namespace, and user when logins are delegated
        self._clients: dict[asyncio.Task[None], Client] = {}
        self._connections = 0
        self._by_address: Counter[str] = Counter()
        self._by_user: Counter[str] = Counter()
        self._planner = Planner(Catalog(self.shared.unhandled))
        self._stop: asyncio.Future[None]
        self._draining = False

    def _pool_count(self, name: str) -> int:
        """One of the pools' counts, all databases together."""
        return sum(getattr(database.pool.counts, name) for database in self._databases.values())

    def _make_authenticator(self, config: Config) -> Authenticator:
        return Authenticator(config.auth, Verifiers(config.users_file, config.scram_iterations), self._log_in)

    @property
    def tls_context(self) -> TlsContext | None:
        return self._tls.current if self._tls else None

    # Life

    async def run(self) -> None:
        """Serve until told to stop."""
        loop = asyncio.get_running_loop()
        self._stop = loop.create_future()
        loop.add_signal_handler(signal.SIGTERM, self.stop)
        loop.add_signal_handler(signal.SIGINT, self.stop)
        loop.add_signal_handler(signal.SIGHUP, self.reload)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        self._nursery = Nursery(self.config.log_level, self.config.log_format)
        self._spawner = _spawner(self.config, self._nursery)
        self.cancel_keys.listen()
        keeper = loop.create_task(self._keep_databases())
        try:
            async with self.shared.observe(self.number):
                for sock in self._listening:
                    loop.add_reader(sock.fileno(), self._accept, sock)
                await self._stop
                await self._drain()
        finally:
            keeper.cancel()
            self._stop_accepting()
            for task in tuple(self._clients):
                task.cancel()
            await asyncio.gather(*self._clients, return_exceptions=True)
            for database in self._databases.values():
                await database.close()
            self._logins.close()
            if self._sign_ins is not None:
                self._sign_ins.close()
            self.cancel_keys.close()
            if self._spawner is not self._nursery:
                self._spawner.close()
            self._nursery.close()

    def stop(self) -> None:
        """First call: no new connections, running statements may end. Second call: at once."""
        if not self._stop.done():
            log.info("shutting down", deadline_s=self.config.shutdown_deadline_s)
            self._stop.set_result(None)
        elif self._draining:
            log.info("shutting down at once")
            for task in tuple(self._clients):
                task.cancel()

    async def _drain(self) -> None:
        self._stop_accepting()
        self._draining = True
        for task, client in tuple(self._clients.items()):
            if not client.in_session:
                task.cancel()
        for session in tuple(self.shared.sessions.values()):
            session.shut_down()
        if self._clients:
            await asyncio.wait(self._clients, timeout=self.config.shutdown_deadline_s)

    def reload(self) -> None:
        """SIGHUP: configuration as far as it can change in a running server, and certificates."""
        try:
            config = reload(self.config)
            self.shared.reload(config)
        except ConfigError as error:
            log.error("configuration not reloaded", problems=[str(problem) for problem in error.problems])
            self.metrics.reloads["failed"] += 1
            return
        except PgError as error:  # of a setting that sessions begin with
            log.error("configuration not reloaded", problems=[error.message])
            self.metrics.reloads["failed"] += 1
            return
        for name in self.config.needs_restart(config):
            log.warning("option changes at the next start only", option=name)
        self.config = config
        self._authenticator = self._make_authenticator(config)
        self._reload_tls()
        self.metrics.reloads["ok"] += 1
        log.info("configuration reloaded")

    def _reload_tls(self) -> None:
        if self._tls is not None:
            error = self._tls.reload(_tls_files(self.config))
            if error is not None:
                log.error("certificate not reloaded; the old one stays", reason=str(error))

    # Connections

    def _stop_accepting(self) -> None:
        loop = asyncio.get_running_loop()
        for sock in self._listening:
            if sock.fileno() >= 0:
                loop.remove_reader(sock.fileno())
                sock.close()

    def _accept(self, listening: socket.socket) -> None:
        for _ in range(ACCEPT_BATCH):
            try:
                accepted, _ = listening.accept()
            except (BlockingIOError, ConnectionAbortedError):
                return
            except OSError as error:
                log.error("cannot accept connections for now", reason=str(error))
                loop = asyncio.get_running_loop()
                loop.remove_reader(listening.fileno())
                loop.call_later(ACCEPT_PAUSE_S, self._accept_again, listening)
                return
            self.metrics.connections_accepted.value += 1
            accepted.setblocking(False)
            self._set_options(accepted)
            client = Client(self)
            task = asyncio.get_running_loop().create_task(client.serve(accepted))
            self._clients[task] = client
            task.add_done_callback(self._clients.pop)

    def _accept_again(self, listening: socket.socket) -> None:
        if listening.fileno() >= 0:
            asyncio.get_running_loop().add_reader(listening.fileno(), self._accept, listening)

    def _set_options(self, sock: socket.socket) -> None:
        if sock.family == socket.AF_UNIX:
            return
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for option, value in (
            ("TCP_KEEPIDLE", self.config.tcp_keepalives_idle_s),
            ("TCP_KEEPINTVL", self.config.tcp_keepalives_interval_s),
            ("TCP_KEEPCNT", self.config.tcp_keepalives_count),
        ):
            if value and hasattr(socket, option):
                sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)

    async def open_session(self, client: Client, startup: StartupMessage, request: Request) -> Session:
        """Authenticate and begin a session; the client has heard everything up to ReadyForQuery. Raises FatalError."""
        with self._counted(request) as keep:
            session = await start_session(self, client, startup, request, self._authenticator)
            self.shared.sessions[session.pid] = session
            session.on_close = keep()
        if self._draining:
            session.shut_down()
        return session

    async def close_session(self, session: Session) -> None:
        self.shared.sessions.pop(session.pid, None)
        self.cancel_keys.withdraw(session.pid)
        try:
            await session.end()
        finally:
            session.on_close()

    @contextlib.contextmanager
    def _counted(self, request: Request) -> Iterator[Callable[[], Callable[[], None]]]:
        """Count a connection against the limits; keep() makes the count last until the function that it returns is called."""
        config, address, user = self.config, str(request.address), request.user
        per_address = config.max_connections_per_address if request.address else 0
        for what, limit, count, refusal in (
            ("all", config.max_connections, self._connections, "sorry, too many clients already"),
            ("user", config.max_connections_per_user, self._by_user[user], f'too many connections for role "{user}"'),
            ("address", per_address, self._by_address[address], f"too many connections from {address}"),
        ):
            if limit and count >= limit:
                self.metrics.connections_refused[what] += 1
                raise FatalError(sqlstate.TOO_MANY_CONNECTIONS, refusal)
        self._count(address, user, 1)
        kept = False

        def keep() -> Callable[[], None]:
            nonlocal kept
            kept = True
            return lambda: self._count(address, user, -1)

        try:
            yield keep
        finally:
            if not kept:
                self._count(address, user, -1)

    def _count(self, address: str, user: str, change: int) -> None:
        self._connections += change
        for counter, key in ((self._by_address, address), (self._by_user, user)):
            counter[key] += change
            if not counter[key]:
                del counter[key]

    # Databases

    def worker_user(self, identity: Identity) -> str:
        """Who the workers of a client's work as; empty for the service account. Raises 28000 for who may not sign in."""
        if self._sign_ins is not None:
            return self._sign_ins.worker_user(identity.user)
        return identity.user if identity.is_delegated else ""

    async def database(self, name: str, login: str = "") -> Database:
        """The database of that name, any case, with its schema known. login: the IRIS user that its workers log in as, who has
        logged in before; else they are the service account's. Raises 3D000."""
        namespace = self.config.namespace(name).upper()
        key = (namespace, login.upper())
        known = self._known_database(key)
        if known is not None:
            return known
        config = self.config
        pool = Pool(lambda: self._start_worker(namespace, login), config.pool_size, config.pool_wait_s, self._quota)
        for link in self._logins.take(namespace, login):
            pool.adopt(link)
        catalog = CatalogWorker(lambda: self._start_catalog(namespace), (*config.databases, *config.databases.values()))
        keeper = KeeperLink(lambda: self._start_worker(namespace, login, keeps=True))
        user_id = self._user_id(login)
        is_sandbox = config.backend == "sandbox"
        database = Database(namespace, pool, self._planner, catalog, self._count_guests, keeper, is_sandbox, login)
        database.user_id = user_id
        database.on_change = partial(self._refresh_others, database)
        try:
            await self._learn_schema(database)
        except BaseException as error:
            await database.close()
            if isinstance(error, PgError) and error.code == sqlstate.INVALID_CATALOG_NAME:
                raise FatalError(error.code, f'database "{name}" does not exist') from None
            raise
        kept = self._databases.setdefault(key, database)
        if kept is database:
            catalog.warm(pool, database.snapshot, name)
        else:
            await database.close()
        return kept

    def _known_database(self, key: tuple[str, str]) -> Database | None:
        """Of a user made anew it is another one; sessions of the one before keep theirs until they leave."""
        database = self._databases.get(key)
        user_id = self._user_id(key[1])
        if database is None or database.user_id == user_id:
            return database
        self._databases[key[0], f"{key[1]} {database.user_id}"] = self._databases.pop(key)
        return None

    def _user_id(self, login: str) -> int:
        found = self._sign_ins.find(login) if login and self._sign_ins is not None else None
        return found.id if found is not None else 0

    @staticmethod
    async def _learn_schema(database: Database) -> None:
        link = await database.pool.lease()
        try:
            await database.refresh(link)
        finally:
            database.pool.release(link)

    def _count_guests(self, tally: frames.Tally) -> None:
        """What workers have answered past this front."""
        metrics = self.metrics
        for served in tally.served:
            metrics.statements[served.command, "ok"] += served.count
            metrics.lent_statements.value += served.count
        metrics.statement_seconds.add(tally.durations, tally.duration_s)
        metrics.bytes_received.value += tally.bytes_received
        metrics.bytes_sent.value += tally.bytes_sent

    async def _log_in(self, user: str, name: str, password: str) -> None:
        """Have IRIS check a password. Raises what the backend raises."""
        namespace = self.config.namespace(name).upper()
        if self._logins.knows(namespace, user, password):
            return
        if not self._quota.has_room():
            raise PgError(
                sqlstate.TOO_MANY_CONNECTIONS,
                "no backend connection is free to log in with",
                hint="Try again, or raise max_workers.",
            )
        link = await self._open_worker(namespace, user, password)
        self._logins.accepted(namespace, user, password)
        database = self._known_database((namespace, user.upper()))
        if database is None:
            self._logins.keep(namespace, user, link)
        else:
            database.pool.adopt(link)

    async def _start_catalog(self, namespace: str) -> Link:
        spawned = await self._nursery.spawn()
        request = frames.Open(
            frames.VERSION, "catalog", dict(self.config.schema_names), namespace, "_SYSTEM", None, self.config.block_bytes
        )
        return await Link.open(spawned, request)

    async def _start_worker(self, namespace: str, login: str, keeps: bool = False) -> Link:
        """With the password that IRIS accepted last, when a user logs in; it may have changed since: 28P01."""
        if not login or self._sign_ins is not None:  # in the sandbox somebody has let the user in
            return await self._open_worker(namespace, login or self.config.iris_user, None, keeps)
        try:
            return await self._open_worker(namespace, login, self._logins.password(namespace, login), keeps)
        except PgError as error:
            if error.code == sqlstate.INVALID_PASSWORD:
                self._logins.forget(namespace, login)
            raise

    async def _open_worker(self, namespace: str, user: str, password: str | None, keeps: bool = False) -> Link:
        config = self.config
        spawned = await self._spawner.spawn()
        request = frames.Open(
            frames.VERSION, config.backend, config.backend_options(), namespace, user, password, config.block_bytes, keeps
        )
        return await Link.open(spawned, request)

    async def _keep_databases(self) -> None:
        """See what was created and altered outside this front, and let go of what nobody needs."""
        await warming.warm()
        while True:
            await asyncio.sleep(SNAPSHOT_INTERVAL_S)
            present = {user.upper() for user in self._by_user}
            for (_, login), database in tuple(self._databases.items()):
                if not login or login in present:
                    await self._refresh(database)
            if self.config.worker_idle_s:
                await self._let_go(self.config.worker_idle_s)

    async def _refresh_others(self, changed: Database) -> None:
        """Users whose workers log in have databases of their own, which see what one of them has changed."""
        for database in tuple(self._databases.values()):
            if database.name == changed.name and database is not changed:
                await self._refresh(database)

    @staticmethod
    async def _refresh(database: Database) -> None:
        link = database.pool.lease_idle()
        if link is None:
            return
        try:
            await database.refresh(link)
        except PgError as error:
            log.warning("schema not refreshed", database=database.name, reason=str(error))
        finally:
            database.pool.release(link)

    async def _let_go(self, idle_s: float) -> None:
        """End workers that have been idle for so long, and forget users of delegated logins who have left."""
        for database in self._databases.values():
            database.pool.end_idle(idle_s)
            database.keeper.end_idle(idle_s)
        present = {user.upper() for user in self._by_user}
        gone = [key for key, d in self._databases.items() if key[1] and key[1] not in present and not d.pool.size]
        self._logins.retire(idle_s, lambda key: key[1] in present or (key in self._databases and key not in gone))
        for database in [self._databases.pop(key) for key in gone]:
            await database.close()


def _tls_files(config: Config) -> TlsFiles:
    assert config.tls_cert is not None and config.tls_key is not None
    return TlsFiles(config.tls_cert, config.tls_key, config.tls_client_ca, config.tls_min_version)


def _tls(config: Config) -> Reloading | None:
    return Reloading(_tls_files(config)) if config.tls_cert else None


def _spawner(config: Config, nursery: Nursery) -> Spawner:
    """Who starts workers: processes that have IRIS in them cannot be forked."""
    if config.backend != "embedded":
        return nursery
    return Starter(config.iris_python, config.iris_worker_start)


# ---------------------------------------------------------------------------------------------- processes


class CannotListen(Exception):
    """An address that is taken or not ours; the text says which and what to do."""


def serve(config: Config) -> int:
    """Listen and run the fronts. Returns the exit status.

    Signals wait until there is somebody to take them: a server that is stopped as soon as it listens stops in order too.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    _raise_descriptor_limit()
    schemanames.use(config.schema_names)
    try:
        listening = _listen(config)
    except CannotListen as error:
        print(f"pgiris: {error}", file=sys.stderr)
        return 1
    paths = [sock.getsockname() for sock in listening[0] if sock.family == socket.AF_UNIX]
    try:
        for sock in listening[0]:
            log.info("listening", address=_show(sock))
        log.info("rows are encoded", by=native.description())
        if config.sample:
            print(_first_connection(listening[0][0]), flush=True)
        if config.fronts == 1:
            _run(Front(config, 0, listening[0], None))
            return 0
        return _supervise(config, listening)
    finally:
        for path in paths:
            with contextlib.suppress(OSError):
                os.unlink(path)


def _raise_descriptor_limit() -> None:
    """As many descriptors as we may have: each client needs one, each worker two."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _run(front: Front) -> None:
    background.prepare()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(front.run())


def _listen(config: Config) -> list[list[socket.socket]]:
    """The listening sockets of each front: TCP sockets of its own, so that the kernel spreads clients; Unix sockets shared."""
    fronts: list[list[socket.socket]] = [[] for _ in range(config.fronts)]
    port = config.port
    try:
        for host in config.host:
            for family, address in _addresses(None if host == "*" else host):
                for sockets, sock in zip(fronts, _listen_tcp(family, (address, port), config.fronts), strict=True):
                    sockets.append(sock)
                port = _port(fronts[0][0])  # what the system chose for the first address holds for all
        if config.unix_socket_dir is not None:
            shared = _listen_unix(config.unix_socket_dir / f".s.PGSQL.{port}")
            for sockets in fronts:
                sockets.append(shared)
    except CannotListen:
        for sock in itertools.chain(*fronts):
            sock.close()
        raise
    return fronts


def _addresses(host: str | None) -> list[tuple[socket.AddressFamily, str]]:
    try:
        found = socket.getaddrinfo(host, 0, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as error:
        raise CannotListen(f'cannot listen on "{host}": {error.strerror}') from error
    return [(family, str(address[0])) for family, _, _, _, address in dict.fromkeys(found)]


def _listen_tcp(family: socket.AddressFamily, address: tuple[str, int], count: int) -> list[socket.socket]:
    """count sockets on one address. The first asks for it alone, since SO_REUSEPORT would share it with another server too."""
    if count == 1:
        return [_bound(family, address, False)]
    probe = _bound(family, address, False)
    address = probe.getsockname()[:2]
    probe.close()
    return [_bound(family, address, True) for _ in range(count)]


def _bound(family: socket.AddressFamily, address: tuple[str, int], shared: bool) -> socket.socket:
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if shared:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    if family == socket.AF_INET6:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    try:
        sock.bind(address)
        sock.listen(BACKLOG)
    except OSError as error:
        sock.close()
        raise CannotListen(
            f"cannot listen on {address[0]} port {address[1]}: {error.strerror}. "
            f"Another server may be running there; choose another port with --port."
        ) from error
    sock.setblocking(False)
    return sock


def _listen_unix(path: Path) -> socket.socket:
    """A socket that only our own user may connect to. A left-over of a server that is gone is replaced."""
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        if path.exists() and stat.S_ISSOCK(path.stat().st_mode) and not _answers(path):
            path.unlink()
        sock.bind(str(path))
        path.chmod(0o700)
        sock.listen(BACKLOG)
    except OSError as error:
        sock.close()
        raise CannotListen(f"cannot listen on {path}: {error.strerror}") from error
    sock.setblocking(False)
    return sock


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            return False
        return True


def _show(sock: socket.socket) -> str:
    name = sock.getsockname()
    return name if isinstance(name, str) else f"{name[0]} port {name[1]}"


def _port(sock: socket.socket) -> int:
    """The port of a listening socket; that of a Unix socket is in its name."""
    name = sock.getsockname()
    return int(name.rpartition(".")[2] if isinstance(name, str) else name[1])


def _first_connection(sock: socket.socket) -> str:
    """The command by which somebody new looks at the sample."""
    name = sock.getsockname()
    host = os.path.dirname(name) if isinstance(name, str) else name[0]
    return f"psql -h {host} -p {_port(sock)} -U demo -d USER"


class _Fronts:
    """The forked fronts of one server."""

    def __init__(self, config: Config, listening: list[list[socket.socket]], directory: Path) -> None:
        self._config = config
        self._listening = listening
        self._directory = directory
        self._pids: dict[int, int] = {}
        self._stopping = False
        self._alive_read, self._alive_write = os.pipe()  # fronts end when the writing end closes: when this process does

    def run(self) -> int:
        for number in SIGNALS:
            signal.signal(number, self._pass_on)
        for front in range(self._config.fronts):
            self._fork(front)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        while self._pids:
            pid, status = os.wait()
            front = self._pids.pop(pid)
            if not self._stopping:
                log.error("front ended unexpectedly; starting it again", front=front, status=status)
                time.sleep(RESTART_PAUSE_S)
                self._start_again(front)
        return 0

    def _start_again(self, front: int) -> None:
        """A signal comes either before it, and it is not started, or after it, and it is passed on."""
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        if not self._stopping:
            self._fork(front)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)

    def _pass_on(self, number: int, _: object) -> None:
        if number != signal.SIGHUP:
            self._stopping = True
            for sock in itertools.chain(*self._listening):
                sock.close()
        for pid in self._pids:
            os.kill(pid, number)

    def _fork(self, front: int) -> None:
        """With signals blocked, which the front takes when it is ready for them."""
        pid = os.fork()
        if pid:
            self._pids[pid] = front
            return
        status = 1
        try:
            os.close(self._alive_write)
            for other, sockets in enumerate(self._listening):
                for sock in sockets:
                    if other != front and sock not in self._listening[front]:
                        sock.close()
            for number in SIGNALS:
                signal.signal(number, signal.SIG_DFL)
            _run_watched(Front(self._config, front, self._listening[front], self._directory), self._alive_read)
            status = 0
        except BaseException:
            log.exception("front ended by an unexpected error", front=front)
        finally:
            os._exit(status)


def _run_watched(front: Front, alive: int) -> None:
    async def run() -> None:
        asyncio.get_running_loop().add_reader(alive, os._exit, 1)
        await front.run()

    background.prepare()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run())


def _supervise(config: Config, listening: list[list[socket.socket]]) -> int:
    with tempfile.TemporaryDirectory(prefix="pgiris-") as directory:
        return _Fronts(config, listening, Path(directory)).run()
