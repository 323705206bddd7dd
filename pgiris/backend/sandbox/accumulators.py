"""Accumulators: the aggregates that SQLite does not have, usable as window functions too.

Each adds and removes one value, and gives the result at any moment. iris-reference 4.12
"""

from __future__ import annotations

import marshal
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import apsw

from pgiris.backend.sandbox import decimals, lists, values
from pgiris.backend.sqlcode import pg_error


class _Window:
    """add and remove one value; give the result at any moment."""

    def __init__(self) -> None:
        self.count = 0

    def step(self, value: Any) -> None:
        if value is not None:
            self.count += 1
            self.add(value)

    def inverse(self, value: Any) -> None:
        if value is not None:
            self.count -= 1
            self.remove(value)

    def add(self, value: Any) -> None:
        raise NotImplementedError

    def remove(self, value: Any) -> None:
        raise NotImplementedError

    def value(self) -> Any:
        return self.result() if self.count else None

    final = value

    def result(self) -> Any:
        raise NotImplementedError


class WholeSum(_Window):
    def __init__(self) -> None:
        super().__init__()
        self.total = 0

    def add(self, value: int) -> None:
        self.total += value

    def remove(self, value: int) -> None:
        self.total -= value

    def result(self) -> int:
        if not -(2**63) <= self.total < 2**63:
            raise pg_error(-400, "Fatal error occurred: <MAXNUMBER>", text="bigint out of range", state="22003")
        return self.total


class Sum(_Window):
    def __init__(self) -> None:
        super().__init__()
        self.total = Decimal(0)

    def add(self, value: Any) -> None:
        self.total = decimals.CONTEXT.add(self.total, decimals.as_decimal(value))

    def remove(self, value: Any) -> None:
        self.total = decimals.CONTEXT.subtract(self.total, decimals.as_decimal(value))

    def result(self) -> str:
        return decimals.canonical(decimals.fitting(self.total))


class Average(Sum):
    def result(self) -> str:
        return decimals.canonical(decimals.fitting(decimals.DIVISION.divide(self.total, Decimal(self.count))))


class Extreme(_Window):
    largest = True

    def __init__(self) -> None:
        super().__init__()
        self.values: list[str] = []

    def step(self, value: Any) -> None:
        super().step(value)

    def add(self, value: str) -> None:
        self.values.append(value)
        if len(self.values) > 1024 and not self.removed:
            self.values = [self.result()]

    removed = False

    def remove(self, value: str) -> None:
        self.removed = True
        self.values.remove(value)

    def result(self) -> str:
        return (max if self.largest else min)(self.values, key=decimals.as_decimal)


class Smallest(Extreme):
    largest = False


class Spread(_Window):
    """The method of Youngs and Cramer, which runs backwards as well."""

    sample = True
    root = False

    def __init__(self) -> None:
        super().__init__()
        self.total = self.squares = 0.0

    def add(self, value: float) -> None:
        self.total += value
        if self.count > 1:
            self.squares += (value * self.count - self.total) ** 2 / (self.count * (self.count - 1))

    def remove(self, value: float) -> None:
        if not self.count:
            self.total = self.squares = 0.0
            return
        before = self.count + 1
        self.squares -= (value * before - self.total) ** 2 / (before * self.count)
        self.total -= value

    def result(self) -> float | None:
        divisor = self.count - self.sample
        if divisor < 1:
            return 0.0 if self.sample else None
        variance = max(self.squares, 0.0) / divisor
        return float(variance**0.5 if self.root else variance)


def _spread(sample: bool, root: bool) -> type[Spread]:
    return type("Spread", (Spread,), {"sample": sample, "root": root})


class Listed(_Window):
    """LIST: values joined by commas."""

    def __init__(self) -> None:
        super().__init__()
        self.items: list[str] = []

    def add(self, value: str) -> None:
        self.items.append(value)

    def remove(self, value: str) -> None:
        self.items.remove(value)

    def result(self) -> str:
        return ",".join(self.items)


class XmlJoined(Listed):
    """XMLAGG: values joined by nothing."""

    def result(self) -> str:
        return "".join(self.items)


class JsonArray(Listed):
    """JSON_ARRAYAGG: without values an empty array."""

    def value(self) -> str:
        return self.result()

    final = value

    def result(self) -> str:
        return f"[{','.join(values.json_text(item) for item in self.items)}]"


class DList(Listed):
    """%DLIST: a list."""

    def result(self) -> bytes:  # type: ignore[override]
        return lists.build(*self.items)


class Counted(_Window):
    def add(self, value: Any) -> None:
        pass

    remove = add

    def value(self) -> int:
        return self.count

    final = value


class Greatest(_Window):
    """MIN and MAX of what SQLite compares by itself."""

    choose: Callable[..., Any] = staticmethod(max)

    def __init__(self) -> None:
        super().__init__()
        self.values: list[Any] = []

    def add(self, value: Any) -> None:
        self.values.append(value)

    def remove(self, value: Any) -> None:
        self.values.remove(value)

    def result(self) -> Any:
        return self.choose(self.values)


class Least(Greatest):
    choose = staticmethod(min)


class FirstBy:
    """Two arguments, key and value: an aggregate of the values whose key comes for the first time."""

    made: type[_Window]

    def __init__(self) -> None:
        self.inner = self.made()
        self.known: dict[Any, list[Any]] = {}

    def step(self, key_: Any, value: Any) -> None:
        if key_ is None:
            return
        waiting = self.known.setdefault(key_, [])
        waiting.append(value)
        if len(waiting) == 1:
            self.inner.step(value)

    def inverse(self, key_: Any, value: Any) -> None:
        if key_ is None:
            return
        waiting = self.known[key_]
        self.inner.inverse(waiting.pop(0))
        if waiting:
            self.inner.step(waiting[0])
        else:
            del self.known[key_]

    def value(self) -> Any:
        return self.inner.value()

    def final(self) -> Any:
        return self.inner.final()


def first_key(*values_: Any) -> Any:
    """NULL when any part is; else a value that stands for all of them."""
    if None in values_:
        return None
    return values_[0] if len(values_) == 1 else marshal.dumps(values_)


AGGREGATE_CLASSES: dict[str, type[_Window]] = {
    "whole_sum": WholeSum,
    "sum": Sum,
    "avg": Average,
    "max_of": Extreme,
    "min_of": Smallest,
    "stddev_samp": _spread(True, True),
    "stddev_pop": _spread(False, True),
    "var_samp": _spread(True, False),
    "var_pop": _spread(False, False),
    "list": Listed,
    "xmlagg": XmlJoined,
    "json_arrayagg": JsonArray,
    "dlist": DList,
}
_BY_CLASSES: dict[str, type[_Window]] = {**AGGREGATE_CLASSES, "count": Counted, "max": Greatest, "min": Least}


def register(db: apsw.Connection) -> None:
    for name, aggregate in AGGREGATE_CLASSES.items():
        db.create_window_function(f"iris_{name}", aggregate, 1)
    for name, aggregate in _BY_CLASSES.items():
        db.create_window_function(f"iris_by_{name}", type(f"By{name}", (FirstBy,), {"made": aggregate}), 2)
    db.create_scalar_function("iris_key", first_key, deterministic=True)
