"""The sandbox: a stand-in for IRIS for development, IRIS SQL on SQLite. It accepts what IRIS accepts and nothing else.

One SQLite file is one namespace; many processes share it. statement text -> compiled.py (through the IRIS dialect's parser and
the lower_*.py) -> session.py runs it; dictionary.py remembers definitions, storage.py makes SQLite's tables from them.
"""

from pgiris.backend.sandbox.backend import SandboxBackend

__all__ = ["SandboxBackend"]
