"""``python -m tests.oracle [THEME...]``: how far pgiris agrees with PostgreSQL, per theme, and every difference."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager

from tests.oracle.compare import Comparison, compare
from tests.oracle.corpus import Theme, accepted, themes, vector_themes
from tests.support import servers
from tests.support.servers import Server


def main(names: Sequence[str]) -> int:
    """The number of differences for which no reason is given, at most 100; 2 without a PostgreSQL."""
    if reason := servers.postgres_missing():
        print(reason, file=sys.stderr)
        return 2
    reasons = accepted()
    lines: list[str] = []
    agreed, total, unexplained = 0, 0, 0
    with servers.pgiris() as pgiris, contextlib.ExitStack() as stack:
        for chosen, enter in _runs(names):
            oracle = stack.enter_context(enter())
            for theme in chosen:
                compared = compare(theme, oracle, pgiris)
                found = [one for one in compared if one.differences]
                for one in found:
                    why = reasons.get((theme.name, one.statement.key))
                    unexplained += why is None
                    print(difference(theme, one), f"  accepted: {why}" if why else "  NOT ACCEPTED", "", sep="\n")
                lines.append(_line(theme.name, len(compared) - len(found), len(compared)))
                agreed, total = agreed + len(compared) - len(found), total + len(compared)
    print(*lines, _line("all", agreed, total), f"{unexplained} differences have no reason", sep="\n")
    return min(unexplained, 100)


def _runs(names: Sequence[str]) -> Iterator[tuple[list[Theme], Callable[[], AbstractContextManager[Server]]]]:
    """Themes and the PostgreSQL to run them on."""
    plain = [theme for theme in themes() if not names or theme.name in names]
    vectors = [theme for theme in vector_themes() if not names or theme.name in names]
    if plain:
        yield plain, servers.postgres
    if vectors and (reason := servers.vectors_missing()):
        print(f"themes of vectors are left out: {reason}")
    elif vectors:
        yield vectors, lambda: servers.postgres(programs=servers.postgres_with_vectors())


def difference(theme: Theme, compared: Comparison) -> str:
    """What the servers answered, modes that answered alike together."""
    together: dict[tuple[str, str], list[str]] = {}
    for mode, (theirs, ours) in compared.differences.items():
        together.setdefault((str(theirs), str(ours)), []).append(mode)
    lines = [f"{theme.name}.sql:{compared.statement.line}: {compared.statement.key}"]
    for (theirs, ours), modes in together.items():
        lines += [f"  {' and '.join(modes)}", f"    PostgreSQL: {theirs}", f"    pgiris:     {ours}"]
    return "\n".join(lines)


def _line(name: str, agreed: int, total: int) -> str:
    return f"{name:<24}{agreed:>5} of {total:>4}  {agreed / total if total else 1:7.1%}"
