"""Whether a call comes from Twilio: X-Twilio-Signature, checked by its SDK."""

from collections.abc import Iterator, Mapping, Sequence

from django.conf import settings


def is_genuine(path: str, form: Mapping[str, Sequence[str]], signature: str) -> bool:
    """`path` with its query, as it was called at PUBLIC_URL; `form` has every value of a name.

    Either token of the account may have signed it. Never without one.
    """
    from twilio.request_validator import RequestValidator

    url = settings.PUBLIC_URL.rstrip("/") + path
    tokens = (settings.TWILIO_AUTH_TOKEN, settings.TWILIO_SECONDARY_AUTH_TOKEN)
    values = _Values(form)
    return any(
        RequestValidator(token).validate(url, values, signature) for token in tokens if token
    )


class _Values:
    """A form as the SDK reads one: by name, all values of it."""

    def __init__(self, form: Mapping[str, Sequence[str]]) -> None:
        self._form = form

    def __iter__(self) -> Iterator[str]:
        return iter(self._form)

    def getlist(self, name: str) -> Sequence[str]:
        return self._form[name]
