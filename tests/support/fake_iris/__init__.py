"""A stand-in for IRIS and its Python packages: the shapes of the real ones, the behaviour of the sandbox.

``driver`` holds an ``iris`` package with the DB-API driver's names, ``embedded`` one with Embedded Python's. Each finds its data
in the directory that PGIRIS_TEST_FAKE_IRIS names. tests/backend/test_fake_iris.py compares the driver's names with the real ones.

Files in that directory change what it does: ``users.json`` (name -> {"password", "state"}), ``down`` (nothing answers),
``no_objects`` (objects may not be called), ``no_delete_counts`` (rowcount of DELETE is -1).
"""

from __future__ import annotations

from pathlib import Path

VARIABLE = "PGIRIS_TEST_FAKE_IRIS"
DRIVER = Path(__file__).parent / "driver"
EMBEDDED = Path(__file__).parent / "embedded"
