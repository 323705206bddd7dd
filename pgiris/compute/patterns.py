"""Patterns: POSIX and SIMILAR TO expressions, by way of Python's, as far as both mean the same; the rest is refused.

PostgreSQL: functions-matching
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import islice
from re import _parser  # type: ignore[attr-defined]
from typing import Any

from pgiris import sqlstate
from pgiris.compute.registry import function
from pgiris.errors import PgError, not_supported

_CLASSES = {
    "alpha": "A-Za-z", "digit": r"\d", "alnum": "A-Za-z0-9", "space": r"\s", "upper": "A-Z", "lower": "a-z",
    "punct": r"!-/:-@\[-`{-~", "xdigit": "0-9A-Fa-f", "blank": r" \t", "cntrl": r"\x00-\x1f\x7f", "print": " -~", "graph": "!-~",
    "word": r"\w",
}  # fmt: skip
_ESCAPES = {
    "m": r"\b(?=\w)",
    "M": r"\b(?<=\w)",
    "y": r"\b",
    "Y": r"\B",
    "A": r"\A",
    "Z": r"\Z",
    "<": r"\b(?=\w)",
    ">": r"\b(?<=\w)",
}


def _invalid(detail: str) -> PgError:
    return PgError(sqlstate.INVALID_REGULAR_EXPRESSION, f"invalid regular expression: {detail}")


def translated(pattern: str) -> str:
    """An advanced regular expression of PostgreSQL's as one of Python's."""
    if pattern.startswith("***="):
        return re.escape(pattern[4:])
    if pattern.startswith("***:"):
        pattern = pattern[4:]
    prefix = ""
    options = re.match(r"\(\?([a-z]+)\)", pattern)
    if options is not None:
        prefix, pattern = f"(?{''.join(_flag(letter) for letter in options[1])})", pattern[options.end() :]
        prefix = "" if prefix == "(?)" else prefix
    out, at, depth = [], 0, 0
    while at < len(pattern):
        character = pattern[at]
        if character == "\\":
            if at + 1 == len(pattern):
                raise _invalid("invalid escape \\ sequence")
            text, at = _escape(pattern, at + 1)
            out.append(text)
        elif character == "[":
            text, at = _bracket(pattern, at)
            out.append(text)
        else:
            if character == "(":
                depth += 1
            elif character == ")":
                depth -= 1
            if character == "$":
                character = r"\Z"
            out.append(character)
            at += 1
    if depth:
        raise _invalid("parentheses () not balanced")
    return prefix + "".join(out)


_CODE = re.compile(r"x([0-9A-Fa-f]+)|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(0[0-7]{0,2})|c(.)", re.DOTALL)


def _escape(pattern: str, at: int) -> tuple[str, int]:
    """What follows a backslash, and the place behind it. PostgreSQL: functions-matching#POSIX-ESCAPE-SEQUENCES"""
    following = pattern[at]
    code = _CODE.match(pattern, at)
    if code is not None:
        return re.escape(_coded(code)), code.end()
    if following == "b":
        return r"\x08", at + 1
    if following in "eB":
        return (r"\x1b" if following == "e" else r"\\"), at + 1
    if following.isalpha() and following not in "dwsDWSntrfva" and following not in _ESCAPES:
        raise _invalid("invalid escape \\ sequence")
    return _ESCAPES.get(following, "\\" + following), at + 1


def _coded(code: re.Match[str]) -> str:
    if code[5] is not None:
        return chr(ord(code[5]) & 31)
    number = int(code[1] or code[2] or code[3], 16) if code[4] is None else int(code[4], 8)
    if number > 0x10FFFF or 0xD800 <= number < 0xE000:
        raise _invalid("invalid escape \\ sequence")
    return chr(number)


def _flag(letter: str) -> str:
    if letter in "is":
        return letter if letter == "i" else ""
    if letter == "c":
        return ""
    if letter == "n" or letter == "m":
        return "m"
    raise not_supported(f'the option "{letter}" of regular expressions is not supported')


def _bracket(pattern: str, start: int) -> tuple[str, int]:
    at = start + 1
    out = ["["]
    if pattern[at : at + 1] == "^":
        out.append("^")
        at += 1
    first = True
    while True:
        if at >= len(pattern):
            raise _invalid("brackets [] not balanced")
        if pattern[at] == "]" and not first:
            return "".join([*out, "]"]), at + 1
        first = False
        if pattern.startswith("[:", at):
            end = pattern.find(":]", at)
            name = pattern[at + 2 : end] if end > 0 else ""
            if name not in _CLASSES:
                raise _invalid("invalid character class")
            out.append(_CLASSES[name])
            at = end + 2
        elif pattern[at : at + 2] in ("[.", "[="):
            raise not_supported("collating elements in regular expressions are not supported")
        elif pattern[at] == "\\" and at + 1 < len(pattern):
            text, at = _escape(pattern, at + 1)
            if text.startswith(r"\b") or text == r"\B" or text in (r"\A", r"\Z"):
                raise _invalid("invalid escape \\ sequence")
            out.append(text)
        else:
            out.append("\\" + pattern[at] if pattern[at] in "[]&~|" else pattern[at])
            at += 1


@lru_cache(maxsize=512)
def regex(pattern: str, flags: str = "") -> re.Pattern[str]:
    """Raises 2201B."""
    options = re.DOTALL
    for letter in flags:
        if letter == "i":
            options |= re.IGNORECASE
        elif letter == "c":
            options &= ~re.IGNORECASE
        elif letter in "nm":
            options = (options | re.MULTILINE) & ~re.DOTALL
        elif letter == "x":
            options |= re.VERBOSE
        elif letter == "s":
            options = (options | re.DOTALL) & ~re.MULTILINE
        elif letter not in "gteq":
            raise PgError(sqlstate.INVALID_PARAMETER_VALUE, f'invalid regular expression option: "{letter}"')
    text = re.escape(pattern) if "q" in flags else translated(pattern)
    if options & re.MULTILINE:
        text = text.replace(r"\Z", "$")
    try:
        made = re.compile(text, options)
    except re.error as error:
        raise _invalid(_DETAILS.get(error.msg.split(" at ")[0], "quantifier operand invalid")) from None
    if made.groups and ("(?=" in text or "(?!" in text or "(?<" in text or "\\" in text):
        _check_groups(_parser.parse(text, options), "|" in text, False)
    return made


def _check_groups(parsed: Any, has_branches: bool, is_around: bool) -> None:
    """Lookarounds hold no groups and no references in PostgreSQL; references beside branches find what Python does not."""
    for code, argument in parsed:
        name = str(code)
        if name in ("ASSERT", "ASSERT_NOT"):
            _check_groups(argument[1], has_branches, True)
        elif name == "GROUPREF":
            if is_around:
                raise _invalid("invalid backreference number")
            if has_branches:
                raise not_supported("references to groups beside alternatives in regular expressions are not supported")
        elif name == "BRANCH":
            for branch in argument[1]:
                _check_groups(branch, has_branches, is_around)
        elif name in ("MAX_REPEAT", "MIN_REPEAT"):
            _check_groups(argument[2], has_branches, is_around)
        elif name == "SUBPATTERN":
            if is_around and argument[0] is not None:
                raise not_supported("groups in lookarounds of regular expressions are not supported")
            _check_groups(argument[3], has_branches, is_around)


_DETAILS = {
    "unterminated character set": "brackets [] not balanced",
    "missing ), unterminated subpattern": "parentheses () not balanced",
    "unbalanced parenthesis": "parentheses () not balanced",
    "nothing to repeat": "quantifier operand invalid",
    "multiple repeat": "quantifier operand invalid",
    "min repeat greater than max repeat": "invalid repetition count(s)",
    "invalid group reference": "invalid backreference number",
}


def _refuse_global(flags: str, name: str) -> None:
    if "g" in flags:
        hint = f"Use the {name.replace('match', 'matches')} function instead." if name == "regexp_match" else None
        message = f'{name}() does not support the "global" option'
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, message, hint=hint)


def exact(pattern: str, flags: str = "") -> re.Pattern[str]:
    """For what is cut out of a text: POSIX wants the longest match, Python takes the first alternative.

    Raises 0A000 where that could differ: alternatives that begin alike, and greedy quantifiers mixed with others.
    """
    made = regex(pattern, flags)
    greedy: set[bool] = {True} if re.search(r"\{([0-9]+),\1\}(?!\?)", pattern) else set()
    if "|" in pattern or "?" in pattern:
        _check(_parser.parse(made.pattern, made.flags & ~re.UNICODE), greedy)
    if len(greedy) > 1:
        raise not_supported("regular expressions with both greedy and non-greedy quantifiers are not supported here")
    return made


def _check(parsed: Any, greedy: set[bool]) -> None:
    for code, argument in parsed:
        name = str(code)
        if name == "BRANCH":
            firsts = [str(branch[0]) if len(branch) and str(branch[0][0]) == "LITERAL" else None for branch in argument[1]]
            if None in firsts or len(set(firsts)) < len(firsts):
                raise not_supported("alternatives in regular expressions that may begin alike are not supported here")
            for branch in argument[1]:
                _check(branch, greedy)
        elif name in ("MAX_REPEAT", "MIN_REPEAT"):
            if argument[0] != argument[1] or name == "MIN_REPEAT":
                greedy.add(name == "MAX_REPEAT")
            _check(argument[2], greedy)
        elif name == "SUBPATTERN":
            _check(argument[3], greedy)


function("~(text, text) bool")(lambda text, pattern: regex(pattern).search(text) is not None)
function("~*(text, text) bool")(lambda text, pattern: regex(pattern, "i").search(text) is not None)
function("regexp_like(text, text) bool")(lambda text, pattern: regex(pattern).search(text) is not None)


@function("regexp_like(text, text, text) bool")
def _like(text: str, pattern: str, flags: str) -> bool:
    _refuse_global(flags, "regexp_like")
    return regex(pattern, flags).search(text) is not None


@function("regexp_match(text, text) text[]", "regexp_match(text, text, text) text[]")
def _match(text: str, pattern: str, flags: str = "") -> list[str | None] | None:
    _refuse_global(flags, "regexp_match")
    found = exact(pattern, flags).search(text)
    if found is None:
        return None
    return list(found.groups()) if found.re.groups else [found[0]]


@function("regexp_replace(text, text, text) text", "regexp_replace(text, text, text, text) text")
def _replace(text: str, pattern: str, new: str, flags: str = "") -> str:
    return exact(pattern, flags).sub(_writer(new), text, count=0 if "g" in flags else 1)


@function(
    "regexp_replace(text, text, text, int4) text",
    "regexp_replace(text, text, text, int4, int4) text",
    "regexp_replace(text, text, text, int4, int4, text) text",
)
def _replace_nth(text: str, pattern: str, new: str, start: int, number: int = 1, flags: str = "") -> str:
    """number: of the match that is replaced; 0 means all."""
    first, behind = max(_at_least("n", number, 0) - 1, 0), number or None
    parts, last, written = [], 0, _writer(new)
    for match in islice(_from(start, exact(pattern, flags), text), first, behind):
        parts += [text[last : match.start()], written(match)]
        last = match.end()
    return "".join([*parts, text[last:]])


def _writer(new: str) -> Callable[[re.Match[str]], str]:
    """What a match is replaced by."""
    return lambda match: re.sub(r"\\([0-9&\\])", lambda m: _reference(match, m[1]), new)


def _reference(match: re.Match[str], name: str) -> str:
    if name == "\\":
        return "\\"
    place = 0 if name == "&" else int(name)
    return (match[place] or "") if place <= match.re.groups and name != "0" else ""


@function("regexp_split_to_array(text, text) text[]", "regexp_split_to_array(text, text, text) text[]")
def split(text: str, pattern: str, flags: str = "", name: str = "regexp_split_to_array") -> list[str]:
    _refuse_global(flags, name)
    parts, last = [], 0
    for match in exact(pattern, flags).finditer(text):
        if match.end() == match.start() and (match.start() == last or match.start() == len(text)):
            continue
        parts.append(text[last : match.start()])
        last = match.end()
    return [*parts, text[last:]]


@function("regexp_count(text, text) int4", "regexp_count(text, text, int4) int4", "regexp_count(text, text, int4, text) int4")
def _count(text: str, pattern: str, start: int = 1, flags: str = "") -> int:
    _refuse_global(flags, "regexp_count")
    return sum(1 for _ in _from(start, exact(pattern, flags), text))


def _from(start: int, pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """The matches from a character on, counted from 1; there are none behind the end of the text."""
    place = _at_least("start", start) - 1
    return pattern.finditer(text, place) if place <= len(text) else iter(())


def _at_least(name: str, value: int, least: int = 1) -> int:
    if value < least:
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, f'invalid value for parameter "{name}": {value}')
    return value


def _nth(text: str, pattern: str, start: int, number: int, flags: str, group: int, name: str) -> tuple[int, int] | None:
    """Where the n-th match, or a group of it, begins and ends."""
    _at_least("start", start)
    _at_least("n", number)
    _at_least("subexpr", group, 0)
    _refuse_global(flags, name)
    made = exact(pattern, flags)
    found = next(islice(_from(start, made, text), number - 1, None), None)
    if found is None or group > made.groups or found.start(group) < 0:
        return None
    return found.span(group)


@function(
    "regexp_substr(text, text) text",
    "regexp_substr(text, text, int4) text",
    "regexp_substr(text, text, int4, int4) text",
    "regexp_substr(text, text, int4, int4, text) text",
    "regexp_substr(text, text, int4, int4, text, int4) text",
)
def _substr(text: str, pattern: str, start: int = 1, number: int = 1, flags: str = "", group: int = 0) -> str | None:
    found = _nth(text, pattern, start, number, flags, group, "regexp_substr")
    return None if found is None else text[slice(*found)]


@function(
    "regexp_instr(text, text) int4",
    "regexp_instr(text, text, int4) int4",
    "regexp_instr(text, text, int4, int4) int4",
    "regexp_instr(text, text, int4, int4, int4) int4",
    "regexp_instr(text, text, int4, int4, int4, text) int4",
    "regexp_instr(text, text, int4, int4, int4, text, int4) int4",
)
def _instr(text: str, pattern: str, start: int = 1, number: int = 1, end: int = 0, flags: str = "", group: int = 0) -> int:
    """The place where a match begins, or (end is 1) the one behind it; 0 when there is none."""
    if end not in (0, 1):
        raise PgError(sqlstate.INVALID_PARAMETER_VALUE, f'invalid value for parameter "endoption": {end}')
    found = _nth(text, pattern, start, number, flags, group, "regexp_instr")
    return 0 if found is None else found[end] + 1


@function("substring(text, text) text")
def _first(text: str, pattern: str) -> str | None:
    """The first group, or all that matches."""
    found = exact(pattern).search(text)
    if found is None:
        return None
    return found[1] if found.re.groups else found[0]


# SIMILAR TO. PostgreSQL: functions-matching#FUNCTIONS-SIMILARTO-REGEXP


def similar_pattern(pattern: str, escape: str = "\\") -> str:
    if len(escape) > 1:
        hint = "Escape string must be empty or one character."
        raise PgError(sqlstate.INVALID_ESCAPE_SEQUENCE, "invalid escape string", hint=hint)
    out, at, in_bracket, separators = [], 0, False, 0
    while at < len(pattern):
        character = pattern[at]
        at += 1
        if escape and pattern[at - 1 : at + 1] == f'{escape}"':  # what substring() gives stands between two of them
            separators += 1
            if separators > 2:
                text = "SQL regular expression may not contain more than two escape-double-quote separators"
                raise PgError(sqlstate.INVALID_USE_OF_ESCAPE_CHARACTER, text)
            out.append(")(?:")
            at += 1
        elif escape and character == escape and at < len(pattern):
            out.append("\\" + pattern[at])
            at += 1
        elif in_bracket:
            in_bracket = character != "]"
            out.append(character)
        elif character == "[":
            in_bracket = True
            out.append("[")
        elif character == "(":
            out.append("(?:")
        else:
            out.append({"%": ".*", "_": ".", "\\": r"\\", ".": r"\.", "^": r"\^", "$": r"\$"}.get(character, character))
    return "^(?:" + "".join(out) + ")$"


@function("similar to(text, text) bool", "similar to(text, text, text) bool")
def _similar(text: str, pattern: str, escape: str = "\\") -> bool:
    return regex(similar_pattern(pattern, escape)).search(text) is not None


@function("substring(text, text, text) text")
def _between(text: str, pattern: str, escape: str) -> str | None:
    """SQL's form: the part between two marks, which are the escape character and a double quote."""
    parts = pattern.split(f'{escape}"') if escape else [pattern]
    if len(parts) > 3:
        raise PgError(
            sqlstate.INVALID_USE_OF_ESCAPE_CHARACTER,
            "SQL regular expression may not contain more than two escape-double-quote separators",
        )
    if len(parts) == 1:
        return text if _similar(text, pattern, escape) else None
    before, inside, behind = (regex(similar_pattern(part, escape)) for part in (*parts, "")[:3])
    ends = [place for place in range(len(text), -1, -1) if behind.search(text[place:])]
    for start in range(len(text) + 1):  # the part before is as short as can be, the one inside as long
        if before.search(text[:start]):
            for end in ends:
                if end >= start and inside.search(text[start:end]):
                    return text[start:end]
    return None
