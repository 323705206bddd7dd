"""Job: ``irispython -m pgiris.backend.embedded.job SOCKET``, with a token on standard input: have IRIS start the worker as a job.

The class PGIRIS.Server must be installed in the namespace that this command starts in (deploy/iris).
"""

from __future__ import annotations

import sys

from pgiris.backend.embedded.backend import load_module
from pgiris.backend.embedded.objects import EmbeddedClasses
from pgiris.backend.live.dynamic import is_ok


def main(path: str, token: str) -> int:
    """Exit status 0 when IRIS started the job."""
    if is_ok(EmbeddedClasses(load_module()).value("PGIRIS.Server", "StartWorker", path, token)):
        return 0
    print("pgiris: IRIS did not start the job", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.stdin.readline().strip()))
