"""Backend dbapi: IRIS over the network, by InterSystems's own driver (extra ``pgiris[iris]``)."""

from pgiris.backend.dbapi.backend import DbapiBackend

__all__ = ["DbapiBackend"]
