"""Cancel: ``irispython -m pgiris.backend.embedded.cancel PID`` asks IRIS to stop the statement of another process.

Its user is that of the process, so no privilege is needed (iris-reference 8.1). Exit status 0 when IRIS took the request.
"""

from __future__ import annotations

import sys

from pgiris.backend.embedded.backend import load_module
from pgiris.backend.embedded.driver import EmbeddedDriver
from pgiris.errors import PgError


def main(job: int) -> int:
    try:
        EmbeddedDriver(load_module()).execute(f"CANCEL QUERY {job}", ()).close()
    except PgError as error:
        print(f"pgiris: {error.message}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
