"""Conversions: what parse analysis puts around a value that becomes another type. PostgreSQL: parse_coerce.c"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pgiris.errors import PgError
from pgiris.sql.deparse import signatures
from pgiris.sql.deparse.nodes import BOOL, Array, Cast, Collate, Const, Form, Node, Unsure
from pgiris.sql.deparse.signatures import Context, Path
from pgiris.types import oids
from pgiris.types.codec import Context as Settings
from pgiris.types.codec import Oid
from pgiris.types.rows import decoder, encoder
from pgiris.types.table import TYPES

_NONE = Oid(0)
_PLAIN = Settings()
_ZONED = frozenset((oids.TIMESTAMPTZ, oids.TIMETZ))
_FAR_ZONES = (Settings(time_zone="Asia/Tokyo"), Settings(time_zone="America/New_York"))
_SIZED = frozenset(  # types that have a function which brings values to a modifier
    (oids.VARCHAR, oids.BPCHAR, oids.NUMERIC, oids.TIME, oids.TIMETZ, oids.TIMESTAMP, oids.TIMESTAMPTZ, oids.INTERVAL)
)
_WITHOUT_INPUT = frozenset(  # constants whose text depends on more than the type
    (oids.REGCLASS, oids.REGPROC, oids.REGTYPE, oids.REGNAMESPACE, oids.REGROLE)
)


class Conversions:
    """fixes_moments: constants whose moment the time zone decides are that moment from now on; else they are not printed."""

    fixes_moments = False

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def convert(self, node: Node, target: Oid, typmod: int, context: Context, form: Form) -> Node:
        """coerce_to_target_type(). Raises Unsure where PostgreSQL raises."""
        if not signatures.can_coerce([node.type], [target], context):
            raise Unsure(f"a value of type {node.type} does not become {target}")
        made = self.coerce(node, target, context, form, typmod)
        return self._sized(made, target, typmod, form, hide=made is not node and not isinstance(made, Const))

    def assigned(self, node: Node, target: Oid, typmod: int = -1) -> Node:
        """As a column takes a value."""
        return self.convert(node, target, typmod, Context.ASSIGNMENT, Form.IMPLICIT)

    def condition(self, node: Node) -> Node:
        return node if node.type == BOOL else self.assigned(node, BOOL)

    def coerce(
        self, node: Node, target: Oid, context: Context = Context.IMPLICIT, form: Form = Form.IMPLICIT, typmod: int = -1
    ) -> Node:
        """coerce_type(). typmod: of the type that is wanted, for what reads it while it converts."""
        if node.type == target or target == signatures.ANY:
            return node
        if isinstance(node, Const) and node.type == oids.UNKNOWN:
            return self.constant(node, target, typmod if target == oids.INTERVAL else -1)
        if node.type == oids.UNKNOWN:
            raise Unsure("a value without a type")
        if isinstance(node, Collate):
            return replace(node, type=target, arg=self.coerce(node.arg, target, context, form, typmod))
        path = signatures.path_of(node.type, target, context)
        if path is Path.NONE:
            raise Unsure(f"a value of type {node.type} does not become {target}")
        return Cast(target, arg=node, form=form, by_function=path is Path.FUNCTION)

    def constant(self, node: Const, target: Oid, typmod: int = -1) -> Const:
        """A literal as a value of a type, as that prints itself."""
        if node.text is None or target in (oids.TEXT, oids.VARCHAR, oids.BPCHAR, oids.JSON):
            return Const(target, typmod=typmod, text=node.text)
        if target not in TYPES or target in _WITHOUT_INPUT or typmod >= 0:
            raise Unsure(f"a constant of type {target}")
        try:
            text = self._read(node.text, target, self._settings)
            zones = _FAR_ZONES if target in _ZONED and not self.fixes_moments else ()
            if any(self._read(node.text, target, zone) != text for zone in zones):
                raise Unsure("a constant that depends on the time zone")
        except PgError as error:
            raise Unsure(str(error)) from None
        return Const(target, text=text)

    def _read(self, text: str, target: Oid, settings: Settings) -> str:
        made = encoder(target, -1, 0, _PLAIN)(decoder(target, 0, settings)(text.encode()))
        assert made is not None
        return bytes(made).decode()

    def _sized(self, node: Node, target: Oid, typmod: int, form: Form, hide: bool) -> Node:
        """coerce_type_typmod()"""
        if typmod == node.typmod:
            return node
        if hide and isinstance(node, Cast):
            node = replace(node, form=Form.IMPLICIT)
        if typmod < 0:
            while isinstance(node, Cast) and not node.by_function and node.type == target:
                node = node.arg
            return Cast(target, arg=node, form=form, by_function=False)
        if target not in _SIZED and signatures.element_of(target) not in _SIZED:
            if signatures.element_of(target) or target not in TYPES:
                raise Unsure("a type with a modifier")
            raise Unsure(f"a modifier of type {target}")
        return Cast(target, arg=node, form=form, by_function=not signatures.element_of(target), typmod=typmod)

    def settle(self, node: Node) -> Node:
        """A literal of which nothing tells the type is text."""
        return self.coerce(node, oids.TEXT) if node.type == oids.UNKNOWN else node

    def unify(self, nodes: Sequence[Node]) -> tuple[Oid, int, list[Node]]:
        """The common type of values, its modifier, and them converted to it. first: decides where others may follow."""
        chosen = signatures.common_type([node.type for node in nodes])
        if chosen is None:
            raise Unsure("values of several types")
        typmods = {node.typmod for node in nodes}
        same = len(typmods) == 1 and all(node.type == chosen for node in nodes)
        return chosen, typmods.pop() if same else -1, [self.coerce(node, chosen) for node in nodes]

    def array(self, items: Sequence[Node], array: Oid = _NONE, typmod: int = -1) -> Array:
        """ARRAY[...]. array: the type of a cast around it, whose elements are cast then. PostgreSQL: transformArrayExpr()"""
        if array:
            if typmod >= 0:
                raise Unsure("an array with a modifier")
            element = signatures.element_of(array)
            made = tuple(self.convert(item, element, -1, Context.EXPLICIT, Form.EXPLICIT) for item in items)
            return Array(array, items=made)
        chosen, shared, converted = self.unify(items)
        if not signatures.array_of(chosen):
            raise Unsure("an array of these values")
        return Array(signatures.array_of(chosen), typmod=shared, items=tuple(converted))
