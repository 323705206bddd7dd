"""Write tests/support/fake_iris/lists.json: what the real driver's IRISList makes of values, for the tests of listbuild.py.

Run it with a Python that has intersystems-irispython, its output is that file.
"""

from __future__ import annotations

import json
from decimal import Decimal

import iris

NUMBERS = (0, 1, -1, 127, 128, 255, 256, -128, -129, -255, -256, -257, 65535, 65536, -65536, -65537, 2**31, 2**63 - 1, -(2**63))
TEXTS = ("", "a", "é", "€", "\U0001f600", "x" * 252, "x" * 253, "x" * 254)
DECIMALS = ("1.5", "-1.5", "0.01", "-0.01", "12345678901234567.89", "100", "-1", "0", "25.5", "-25.6", "3.2768")
DOUBLES = (1.5, 0.0, -2.25, 1e300)


def bytes_of(value: object) -> str:
    made = iris.IRISList()
    made.add(value)
    return bytes(made.getBuffer()).hex()


if __name__ == "__main__":
    found = [["int", str(n), bytes_of(n)] for n in NUMBERS]
    found += [["str", text, bytes_of(text)] for text in TEXTS]
    found += [["Decimal", text, bytes_of(Decimal(text))] for text in DECIMALS]
    found += [["float", repr(number), bytes_of(number)] for number in DOUBLES]
    print(json.dumps(found, indent=0))
