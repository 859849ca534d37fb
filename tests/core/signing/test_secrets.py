from base64 import b64encode

import pytest

from apps.core.errors import InvalidInput
from apps.core.signing import Scheme, check_secret, generate_secret, sign
from tests.core.signing.messages import BODY, NOW, SECRETS, TIMESTAMPED


def standard(size: int) -> str:
    return "whsec_" + b64encode(b"k" * size).decode()


@pytest.mark.parametrize(
    ("scheme", "secret", "problem"),
    [
        (Scheme.STANDARD_WEBHOOKS, "", "24 to 512 characters"),
        (Scheme.STANDARD_WEBHOOKS, standard(23), "24 to 64 bytes"),
        (Scheme.STANDARD_WEBHOOKS, standard(65), "24 to 64 bytes"),
        (Scheme.STANDARD_WEBHOOKS, standard(24)[6:], "whsec_"),
        (Scheme.STANDARD_WEBHOOKS, "whsec_" + "?" * 32, "base64"),
        (Scheme.STANDARD_WEBHOOKS, "whsec_" + "A" * 33, "base64"),
        (Scheme.STANDARD_WEBHOOKS, standard(24) + "\n", "surrounding spaces"),
        (Scheme.COMPOSIO, "x" * 23, "24 to 512 characters"),
        (Scheme.COMPOSIO, " " + "x" * 24, "surrounding spaces"),
        (Scheme.COMPOSIO, "x" * 12 + "\x00" + "x" * 12, "unprintable"),
        (Scheme.DISCOURSE, "x" * 23, "24 to 512 characters"),
        (Scheme.HMAC, "x" * 513, "24 to 512 characters"),
        (Scheme.BASIC, "x" * 40, "username:password"),
        (Scheme.BASIC, ":" + "x" * 40, "username:password"),
        (Scheme.BASIC, "user:" + "x" * 15, "16 characters"),
        (Scheme.BASIC, "user:" + "x" * 15 + "\n", "unprintable"),
    ],
)
def test_a_bad_secret_is_refused_by_what_is_wrong(
    scheme: Scheme, secret: str, problem: str
) -> None:
    with pytest.raises(InvalidInput, match=problem) as caught:
        check_secret(scheme, secret)
    assert (caught.value.code, list(caught.value.fields)) == ("invalid_secret", ["secret"])


@pytest.mark.parametrize("size", [24, 64])
def test_a_standard_secret_has_24_to_64_bytes(size: int) -> None:
    check_secret(Scheme.STANDARD_WEBHOOKS, standard(size))
    beyond = size - 1 if size == 24 else size + 1
    with pytest.raises(InvalidInput, match="24 to 64 bytes"):
        check_secret(Scheme.STANDARD_WEBHOOKS, standard(beyond))


@pytest.mark.parametrize("scheme", Scheme)
def test_a_good_secret_is_accepted_and_a_blank_after_it_is_not(scheme: Scheme) -> None:
    check_secret(scheme, SECRETS[scheme])
    with pytest.raises(InvalidInput):
        check_secret(scheme, f"{SECRETS[scheme]} ")


@pytest.mark.parametrize("scheme", Scheme)
def test_a_generated_secret_is_good_and_new(scheme: Scheme) -> None:
    secret = generate_secret(scheme)
    check_secret(scheme, secret)
    assert secret != generate_secret(scheme)


@pytest.mark.parametrize("scheme", TIMESTAMPED)
@pytest.mark.parametrize("message_id", ["", "a.b", "a\nb", "x" * 201])
def test_an_unsignable_message_id_is_not_signed(scheme: Scheme, message_id: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        sign(scheme, SECRETS[scheme], message_id=message_id, now=NOW, body=BODY)
    assert caught.value.code == "invalid_message_id"


@pytest.mark.parametrize(
    ("scheme", "secret"),
    [
        (Scheme.STANDARD_WEBHOOKS, "whsec_not base64"),
        (Scheme.STANDARD_WEBHOOKS, "whsec_"),
        (Scheme.COMPOSIO, ""),
        (Scheme.DISCOURSE, ""),
        (Scheme.HMAC, ""),
    ],
)
def test_nothing_is_signed_with_an_unusable_secret(scheme: Scheme, secret: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        sign(scheme, secret, message_id="m1", now=NOW, body=BODY)
    assert caught.value.code == "invalid_secret"
