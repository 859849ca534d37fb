"""Telephone numbers as people write them. Pure."""

from collections.abc import Collection

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

MAX_CHARACTERS = 40
# What a text can be sent to, as far as the number tells.
_PHONES = frozenset(
    (
        PhoneNumberType.MOBILE,
        PhoneNumberType.FIXED_LINE_OR_MOBILE,
        PhoneNumberType.VOIP,
        PhoneNumberType.PERSONAL_NUMBER,
    )
)
_SHOWN_DIGITS = 3


class NotAPhone(ValueError):
    """With a sentence for whoever typed it."""


def e164(text: str, *, region: str, regions: Collection[str] = ()) -> str:
    """`text` in international form: +4915123456789. Raises NotAPhone.

    `region` is whose numbers are written without a + ("" is nobody's); `regions` are those that
    are accepted, all where none is named.
    """
    if len(text) > MAX_CHARACTERS:
        raise NotAPhone("This is too long for a number.")
    try:
        number = phonenumbers.parse(text, region or None)
    except NumberParseException:
        raise NotAPhone("This is no number. Begin with + and the country.") from None
    if number.extension or not phonenumbers.is_valid_number(number):
        raise NotAPhone("There is no such number.")
    if phonenumbers.number_type(number) not in _PHONES:
        raise NotAPhone("This is not the number of a mobile phone.")
    if regions and phonenumbers.region_code_for_number(number) not in regions:
        raise NotAPhone("Numbers of this country are not used here.")
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def masked(number: str) -> str:
    """Of an E.164 number, enough to recognize it by: "+49 … 789"."""
    country = phonenumbers.parse(number).country_code
    return f"+{country} … {number[-_SHOWN_DIGITS:]}"
