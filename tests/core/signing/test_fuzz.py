"""Whatever the headers hold, the answer is an id or a SignatureError."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.core.signing import Scheme, SignatureError, sign
from tests.core.signing.messages import NOW, SECRETS, check, genuine

NAMES = st.sampled_from(sorted({name for scheme in Scheme for name in genuine(scheme)}))
NEAR_MISSES = st.from_regex(
    r"(v1a?,[A-Za-z0-9+/]{0,44}={0,2} ?){0,3}|sha256=[0-9a-f]{60,66}|Basic [A-Za-z0-9+/]{0,9}=?"
    r"|[0-9]{9,12}|msg_[a-z]{1,3}",
    fullmatch=True,
)
HEADERS = st.dictionaries(NAMES, st.text(st.characters(), max_size=80) | NEAR_MISSES)
BINARY_SECRETS = st.lists(st.text(st.characters(), max_size=40), max_size=3)


@settings(deadline=None, max_examples=400)
@given(st.sampled_from(Scheme), HEADERS, st.binary(max_size=50), BINARY_SECRETS)
def test_made_up_headers_are_refused_as_signatures(
    scheme: Scheme, headers: dict[str, str], body: bytes, secrets: list[str]
) -> None:
    with pytest.raises(SignatureError):
        check(scheme, headers, body=body, secrets=[*secrets, SECRETS[scheme]])


@settings(deadline=None, max_examples=200)
@given(
    st.sampled_from(Scheme),
    st.from_regex(r"[!-\-/-~]{1,200}", fullmatch=True),
    st.binary(max_size=200),
)
def test_what_is_signed_is_verified(scheme: Scheme, message_id: str, body: bytes) -> None:
    headers = sign(scheme, SECRETS[scheme], message_id=message_id, now=NOW, body=body)
    assert check(scheme, headers, body=body) in {message_id, ""}
