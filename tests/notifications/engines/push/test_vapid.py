from datetime import UTC, datetime

import jwt
import pytest

from apps.notifications.engines.push.vapid import VapidKey

# The key of the receiver in RFC 8291, section 5: any pair of P-256 will do.
PRIVATE = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
PUBLIC = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "AAAA", "A" * 43, "_" * 43, "q1dXpw3UpT5VOmu/cf"])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"base64url|private_value|[Ii]nvalid|key"):
        VapidKey.parse(text)


def test_the_public_half_belongs_to_the_private_one() -> None:
    assert VapidKey.parse(PRIVATE).public == PUBLIC


def test_the_token_is_for_one_service_and_ends() -> None:
    key = VapidKey.parse(PRIVATE)
    header = key.authorization(
        origin="https://a.example", subject="mailto:o@b.example", expires_at=NOW
    )
    token = header.removeprefix("vapid t=").removesuffix(f", k={PUBLIC}")
    public = key.private.public_key()
    claims = jwt.decode(
        token,
        public,
        algorithms=["ES256"],
        audience="https://a.example",
        options={"verify_exp": False},
    )
    assert claims == {
        "aud": "https://a.example",
        "exp": int(NOW.timestamp()),
        "sub": "mailto:o@b.example",
    }
