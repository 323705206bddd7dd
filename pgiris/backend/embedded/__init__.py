"""Backend embedded: IRIS in the worker's own process, by Embedded Python (``irispython``, or a job that IRIS started)."""

from pgiris.backend.embedded.backend import EmbeddedBackend

__all__ = ["EmbeddedBackend"]
