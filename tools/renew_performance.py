"""Put a run of ``make bench`` into docs/performance.md and docs/performance.svg: ``renew_performance.py [RESULTS.json]``.

In: the JSON that the run wrote, by default the newest in var/bench. Out: the table between the page's marks, and a plot.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "performance.md"
PLOT = ROOT / "docs" / "performance.svg"
BEGIN, END = "<!-- measured: written by tools/renew_performance.py -->", "<!-- end of measured -->"

TITLES = {
    "point_reads": "Point reads",
    "latency": "Latency",
    "planning": "Planning, processor time",
    "stalls": "Long statements",
    "writes": "Changes",
    "tpcb": "TPC-B-like",
    "bulk": "A million rows, drained raw",
    "drivers": "A million rows, by drivers",
    "copying": "COPY",
    "vectors": "Vector search",
    "connections": "Connections",
    "cancel": "Cancel",
    "idle_memory": "Idle connections",
    "streaming": "Slow readers",
}

Run = dict[str, Any]
Row = dict[str, Any]


def groups(run: Run) -> Iterator[tuple[str, list[Row]]]:
    for name, rows in groupby(run["results"], key=lambda row: row["group"]):
        yield TITLES[name], list(rows)


# The table


def table(run: Run) -> str:
    machine = run["machine"]
    lines = [
        f"Measured on {run['measured']}: {machine['cores']} cores ({machine['processor']}), {machine['memory_gib']} GiB, "
        f"{machine['system']}, Python {machine['python']}, PostgreSQL {machine['postgresql']}, encoder {machine['encoder']}; "
        f"medians of {run['rounds']} rounds of {run['seconds']} s.",
        "",
        "| | PostgreSQL | pgiris | | ratio |",
        "|---|---:|---:|---|---:|",
    ]
    for title, rows in groups(run):
        lines.append(f"| **{title}** | | | | |")
        lines += [_line(row) for row in rows]
    return "\n".join(lines)


def _line(row: Row) -> str:
    ratio = "" if row["ratio"] is None else f"{row['ratio']:.2f}"
    theirs = "" if row["postgres"] is None else number(row["postgres"])
    return f"| {row['name'].strip()} | {theirs} | {number(row['pgiris'])} | {row['unit']} | {ratio} |"


def number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}"


def page(text: str, run: Run) -> str:
    """The page with another table. Raises ValueError when its marks are gone."""
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        raise ValueError("docs/performance.md has lost the marks around its table")
    before, rest = text.split(BEGIN)
    return f"{before}{BEGIN}\n\n{table(run)}\n\n{END}{rest.split(END)[1]}"


# The plot: a bar for each ratio, to the right of 1 where pgiris does better

WIDTH, LABELS, ROW, MARGIN = 900, 410, 20, 24  # pixels
SCALE = (0.05, 20.0)  # ratios beyond are drawn as these; logarithmic
TICKS = (0.1, 0.2, 0.5, 1, 2, 5, 10)
BETTER, WORSE, INK, FAINT = "#2b7a4b", "#b5651d", "#222222", "#c8c8c8"


def plot(run: Run) -> str:
    rows: list[tuple[str, float | None]] = []
    for title, members in groups(run):
        shown = [(row["name"].strip(), row["ratio"]) for row in members if row["ratio"] is not None]
        rows += [(title, None), *shown] if shown else []
    height = 2 * MARGIN + (len(rows) + 1) * ROW
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{height}" fill="white"/>',
        _text(LABELS, MARGIN - 6, "how many times as well as PostgreSQL", INK),
        *_ticks(MARGIN + len(rows) * ROW + 4),
        *_bars(rows),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def place(ratio: float) -> float:
    low, high = map(math.log, SCALE)
    share = (math.log(min(max(ratio, SCALE[0]), SCALE[1])) - low) / (high - low)
    return LABELS + share * (WIDTH - LABELS - 60)


def _ticks(bottom: float) -> Iterator[str]:
    for tick in TICKS:
        x = place(tick)
        color = INK if tick == 1 else FAINT
        yield f'<line x1="{x:.1f}" y1="{MARGIN}" x2="{x:.1f}" y2="{bottom:.1f}" stroke="{color}"/>'
        yield _text(x, bottom + 14, f"{tick:g}", INK, "middle")


def _bars(rows: Sequence[tuple[str, float | None]]) -> Iterator[str]:
    for index, (name, ratio) in enumerate(rows):
        y = MARGIN + index * ROW
        if ratio is None:
            yield _text(8, y + 14, name, INK, weight="bold")
            continue
        left, right = sorted((place(1), place(ratio)))
        color = BETTER if ratio >= 1 else WORSE
        yield _text(LABELS - 10, y + 14, name, INK, "end")
        yield f'<rect x="{left:.1f}" y="{y + 4}" width="{max(right - left, 1):.1f}" height="{ROW - 8}" fill="{color}"/>'
        beside = (right + 4, "start") if ratio >= 1 else (left - 4, "end")
        yield _text(beside[0], y + 14, f"{ratio:.2f}" if ratio < 10 else f"{ratio:.0f}", color, beside[1])


def _text(x: float, y: float, text: str, color: str, anchor: str = "start", weight: str = "normal") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{color}" text-anchor="{anchor}" font-weight="{weight}">{escape(text)}</text>'


def main() -> None:
    newest = sorted((ROOT / "var" / "bench").glob("*.json"))
    source = Path(sys.argv[1]) if len(sys.argv) > 1 else newest[-1] if newest else None
    if source is None:
        sys.exit("var/bench has no results; run make bench")
    run = json.loads(source.read_text())
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8"), run), encoding="utf-8")
    PLOT.write_text(plot(run), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)} and {PLOT.relative_to(ROOT)} show {source}")


if __name__ == "__main__":
    main()
