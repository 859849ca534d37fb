"""Regular expressions that people write: RE2 only, whose time is linear in the text."""

from collections.abc import Callable

import re2

from apps.core.conditions.types import Pattern
from apps.core.errors import InvalidInput

MAX_PATTERN_CHARACTERS = 500


def compile_pattern(pattern: str, *, place: str = "pattern") -> Pattern:
    """The compiled pattern; look-around, back references and huge repeats do not exist in RE2.

    `\\b` knows ASCII words only; `(?:^|[^\\pL\\pN])` is a word edge in every script. Raises
    InvalidInput (invalid_regex) whose `fields` name `place`.
    """
    if len(pattern) > MAX_PATTERN_CHARACTERS:
        raise _invalid(place, f"more than {MAX_PATTERN_CHARACTERS} characters")
    try:
        return _compile(pattern, _OPTIONS)
    except re2.error as error:
        raise _invalid(place, _reason(error)) from None
    except UnicodeEncodeError:
        raise _invalid(place, "half a surrogate pair") from None


def _invalid(place: str, problem: str) -> InvalidInput:
    return InvalidInput(f"{place}: {problem}", code="invalid_regex", fields={place: problem})


def _reason(error: Exception) -> str:
    reason = error.args[0] if error.args else b""
    return reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)


def _options() -> re2.Options:
    options = re2.Options()
    options.log_errors = False
    return options


_OPTIONS = _options()
_compile: Callable[[str, re2.Options], Pattern] = re2.compile
