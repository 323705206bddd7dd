"""Trees: ways through the nodes of a statement. sqlglot's own give the same in several times the time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from sqlglot import exp

LEAVES = frozenset((exp.Identifier, exp.Literal, exp.Column, exp.Null, exp.Boolean, exp.Star, exp.Var))  # what ends a tree


def walk(tree: exp.Expr, above: tuple[type[exp.Expr], ...] = ()) -> list[exp.Expr]:
    """All nodes, those above before those below them, as they are now: the tree may be changed while they are looked at.

    above: nodes of these kinds are told, and what is below them is not.
    """
    found = [tree]
    for node in found:  # it grows
        if above and isinstance(node, above):
            continue
        for value in node.args.values():
            if isinstance(value, exp.Expr):
                found.append(value)
            elif type(value) is list:
                found += [item for item in value if isinstance(item, exp.Expr)]
    return found


def all_of(tree: exp.Expr, *kinds: type[exp.Expr]) -> list[Any]:
    """The nodes of some kinds, those above first."""
    return [node for node in walk(tree) if isinstance(node, kinds)]


def copied(tree: _Tree) -> _Tree:
    """A copy whose nodes share what is known about them (``meta``), which nothing changes in place. sqlglot's copies that too."""
    root = type(tree)()
    stack: list[tuple[exp.Expr, exp.Expr]] = [(tree, root)]
    for node, copy in stack:  # it grows
        if node._meta is not None:
            copy._meta = dict(node._meta)
        made = copy.args
        for key, value in node.args.items():
            if isinstance(value, exp.Expr):
                made[key] = below = type(value)()
                below.parent, below.arg_key = copy, key
                stack.append((value, below))
            elif type(value) is list:
                items: list[Any] = []
                made[key] = items
                for item in value:
                    if isinstance(item, exp.Expr):
                        below = type(item)()
                        below.parent, below.arg_key, below.index = copy, key, len(items)
                        stack.append((item, below))
                        items.append(below)
                    else:
                        items.append(item)
            else:
                made[key] = value
    return root


_Tree = TypeVar("_Tree", bound=exp.Expr)


class Census:
    """The nodes of a tree by their kinds, as they were when it was taken."""

    def __init__(self, tree: exp.Expr) -> None:
        self.tree = tree
        self._of: dict[type[exp.Expr], list[exp.Expr]] = {}
        for node in walk(tree):
            self._of.setdefault(type(node), []).append(node)

    def of(self, *kinds: type[exp.Expr]) -> list[Any]:
        """The nodes of exactly these kinds, kind by kind, those above first."""
        found: list[exp.Expr] = []
        for kind in kinds:
            found += self._of.get(kind, ())
        return found


def identifier(name: str) -> exp.Identifier:
    """exp.to_identifier"""
    return exp.Identifier(this=name, quoted=not _SAFE.match(name))


_SAFE = re.compile(r"[_a-zA-Z][\w]*\Z")


def column(name: str, table: str) -> exp.Column:
    """exp.column"""
    return exp.Column(this=identifier(name), table=identifier(table))


def aliased(value: exp.Expr, name: str) -> exp.Expr:
    """exp.alias_"""
    if "alias" in value.arg_types and type(value) is not exp.Window:
        value.set("alias", identifier(name))
        return value
    return exp.Alias(this=value, alias=identifier(name))


def is_star(item: exp.Expr) -> bool:
    """``*`` or ``t.*``; sqlglot's own says so of a subquery with one too."""
    return isinstance(item, exp.Star) or (isinstance(item, exp.Column) and isinstance(item.this, exp.Star))


def entries(query: exp.Expr) -> list[exp.Expr]:
    """What a query's FROM names, in order."""
    first = query.args.get("from_")
    return [*([] if first is None else [first.this]), *(join.this for join in query.args.get("joins") or ())]


def release(nodes: Iterable[exp.Expr]) -> None:
    """Undo what makes nodes wait for the garbage collector, that they know their parents. They are of no use any more."""
    for node in nodes:
        node.parent = None


def is_within(node: exp.Expr, holder: exp.Expr) -> bool:
    """Whether a node is another one, or below it."""
    outer: exp.Expr | None = node
    while outer is not None:
        if outer is holder:
            return True
        outer = outer.parent
    return False


def root_of(node: exp.Expr) -> exp.Expr:
    while node.parent is not None:
        node = node.parent
    return node


def change_children(
    node: exp.Expr, change: Callable[..., exp.Expr], *arguments: Any, leaves: frozenset[type[exp.Expr]] = LEAVES
) -> None:
    """Put what ``change(child, *arguments)`` answers in the place of each child but leaves."""
    for key, value in list(node.args.items()):
        if type(value) is list:
            change_items(node, key, value, change, *arguments, leaves=leaves)
        elif isinstance(value, exp.Expr) and type(value) not in leaves:
            changed = change(value, *arguments)
            if changed is not value:
                node.set(key, changed)


def change_items(
    node: exp.Expr,
    key: str,
    value: list[Any],
    change: Callable[..., exp.Expr],
    *arguments: Any,
    leaves: frozenset[type[exp.Expr]] = LEAVES,
) -> None:
    """The same for a list among a node's arguments."""
    items = None
    for place, item in enumerate(value):
        if isinstance(item, exp.Expr) and type(item) not in leaves:
            changed = change(item, *arguments)
            if changed is not item:
                items = items or list(value)
                items[place] = changed
    if items is not None:
        node.set(key, items)
