import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.redaction import names_a_secret, redact


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("mail to ana.lopez+tag@example.co.uk failed", "ana"),
        ("to: <müller@bücher.example>", "müller"),
        ("call +49 (171) 123-4567 now", "171"),
        ("call +15551234567", "555"),
        ("call 030/1234 5678", "5678"),
        ("call (555) 123-4567", "555"),
        ("Authorization: Bearer abc.def-ghi", "abc"),
        ("authorization=Basic dXNlcjpwYXNz", "dXNl"),
        ("sent bearer abcdef123456", "abcdef"),
        ("secret whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw=", "MfKQ"),
        ("key vgl_live_8fk3 was used", "8fk3"),
        ("signed v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=", "K5oZ"),
        ("got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "eyJ"),
        ("https://user:pass@example.com/x", "pass"),
        ("redis://:hunter2@cache:6379/0", "hunter2"),
        ("postgresql://vigil:p/w#d@db/vigil", "p/w"),
        ("GET https://api.example.com/v1?key=abc&q=ana HTTP/1.1", "abc"),
        ("GET /search?q=ana&page=2 HTTP/1.1", "ana"),
        ("POST https://hooks.example.com/services/T1/B2/aBcDeFgH1jKlMnOpQrStUvWx", "aBcD"),
        ("your code is 123456.", "123456"),
        ("your code is 123 456", "456"),
        ("card 4111 1111 1111 1111", "4111"),
        ("code ١٢٣٤٥٦", "١٢٣"),
        ('{"password": "hunter2"}', "hunter2"),
        ("api_key = abc", "abc"),
        ("x1_client_secret=abc", "abc"),
        ("link /u/aZ09aZ09aZ09aZ09aZ09aZ09aZ09aZ09", "aZ09"),
        ("\ud800 ana@example.com", "ana"),
    ],
)
def test_a_secret_is_gone(text: str, secret: str) -> None:
    assert secret not in redact(text)


@pytest.mark.parametrize(
    "text",
    [
        "drained 25 rows of 1200 from inbox in 12.5 ms",
        "at 2026-11-21T01:17:03.123456Z",
        "on 2026-11-21 01:17:03,123",
        "event 019abcde-1234-7abc-8def-012345678901 stored",
        "took 0.123456 s",
        "connected to 10.0.0.1:5432",
        "GET /api/notifications/history HTTP/1.1 200",
        "https://example.com/api/v1/events/019abcde-1234-7abc-8def-012345678901",
        'File "/srv/app/apps/core/logs.py", line 120, in a_name_that_is_rather_long_but_harmless',
        "prompt_tokens: 512",
        "",
    ],
)
def test_what_an_operator_needs_stays(text: str) -> None:
    assert redact(text) == text


def test_the_rest_of_an_address_stays_readable() -> None:
    url = "https://ana:pw@example.com:8443/v1/search?q=ana&page=2"
    assert redact(url) == "https://[userinfo]@example.com:8443/v1/search?q=[value]&page=[value]"


@given(st.text(max_size=300))
def test_any_text_is_redacted_without_an_error(text: str) -> None:
    assert isinstance(redact(text), str)


@given(
    before=st.text(st.characters(codec="ascii"), max_size=40),
    after=st.text(st.characters(codec="ascii"), max_size=40),
)
def test_an_address_is_gone_wherever_it_stands(before: str, after: str) -> None:
    assert "zoe.quill@example" not in redact(f"{before} zoe.quill@example.com {after}")


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    "piece",
    ["a", "1.1.", "123456.", "a@b.c", "a://", "http://a/", "+1 ", "?a", "password= ", "eyj1.", "-"],
)
def test_a_long_text_of_anything_is_linear(piece: str) -> None:
    assert redact(piece * (300_000 // len(piece)))


@pytest.mark.parametrize("name", ["password", "API_KEY", "refresh_token", "X-Signature", "otp"])
def test_a_name_of_a_secret_is_known(name: str) -> None:
    assert names_a_secret(name)


@pytest.mark.parametrize("name", ["prompt_tokens", "keyword", "event", "author", "spin"])
def test_a_harmless_name_is_no_secret(name: str) -> None:
    assert not names_a_secret(name)
