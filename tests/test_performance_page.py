"""The page of measurements is made from a run."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

TOOL = runpy.run_path(str(Path(__file__).parent.parent / "tools" / "renew_performance.py"))
RUN: dict[str, Any] = {
    "machine": {
        "cores": 2,
        "processor": "A & B",
        "memory_gib": 24,
        "system": "Linux 6",
        "python": "3.11.7",
        "postgresql": "15.1",
        "encoder": "native",
    },
    "measured": "2026-01-01",
    "rounds": 5,
    "seconds": 3,
    "results": [
        {"group": "bulk", "name": "rows <of> any", "unit": "rows/s", "postgres": 2000.0, "pgiris": 4000.0, "ratio": 2.0},
        {"group": "latency", "name": "  added", "unit": "us", "postgres": None, "pgiris": 12.34, "ratio": None},
    ],
}


def test_a_table_has_a_line_for_each_result() -> None:
    text = TOOL["page"](TOOL["PAGE"].read_text(encoding="utf-8"), RUN)
    assert "| rows <of> any | 2,000 | 4,000 | rows/s | 2.00 |" in text
    assert "| added |  | 12.3 | us |  |" in text
    assert TOOL["page"](text, RUN) == text


def test_a_page_without_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="marks"):
        TOOL["page"]("# Performance", RUN)


def test_the_plot_is_a_picture_with_a_bar_for_each_ratio() -> None:
    tree = ElementTree.fromstring(TOOL["plot"](RUN))
    texts = [node.text for node in tree.iter("{http://www.w3.org/2000/svg}text")]
    assert "rows <of> any" in texts
    assert "2.00" in texts
    assert "added" not in texts
    assert TOOL["place"](0.5) < TOOL["place"](1) < TOOL["place"](2) < TOOL["place"](100) == TOOL["place"](20)
