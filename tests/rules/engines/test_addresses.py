import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.errors import InvalidInput
from apps.rules.engines.addresses import ADDRESS_MAX, normalize_address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "@",
        "*@*",
        "*@acme.example",
        "@*.acme.example",
        "ana",
        "ana@",
        "ana@localhost",
        "ana@@acme.example",
        "a@b@acme.example",
        "ana@acme..example",
        "ana@.acme.example",
        "ana@-acme.example",
        "ana@acme.1",
        "ana@127.0.0.1",
        "ana@[127.0.0.1]",
        "ana smith@acme.example",
        "ana@acme.example, boris@acme.example",
        "Ana <ana@acme.example>",
        '"ana"@acme.example',
        ".ana@acme.example",
        "ana.@acme.example",
        "ana\x00@acme.example",
        "ana\u202e@acme.example",
        "ana@acme.example\u200b.evil.example",
        "a" * 65 + "@acme.example",
        "@" + "a." * 130 + "example",
        "ü" * 300,
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        normalize_address(text)
    assert list(refusal.value.fields) == ["address"]


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        (" Ana@Acme.Example ", "ana@acme.example"),
        ("@ACME.example", "@acme.example"),
        ("o'neil+news@acme.co.uk", "o'neil+news@acme.co.uk"),
        ("josé@acme.example", "josé@acme.example"),
        ("ana@Bücher.example", "ana@xn--bcher-kva.example"),
        ("ana@xn--bcher-kva.example", "ana@xn--bcher-kva.example"),
        ("@例え.jp", "@xn--r8jz45g.jp"),
        ("ana@ACME。example", "ana@acme.example"),
    ],
)
def test_an_address_is_made_comparable(text: str, normal: str) -> None:
    assert normalize_address(text) == normal


def normal_or_nothing(text: str) -> str:
    try:
        return normalize_address(text)
    except InvalidInput:
        return ""


@given(st.text(max_size=300) | st.from_regex(r"[\w.*-]{0,20}@[\w.*-]{0,40}", fullmatch=True))
def test_any_text_is_refused_or_made_stable(text: str) -> None:
    normal = normal_or_nothing(text)
    assert normal_or_nothing(normal) == normal
    assert len(normal) <= ADDRESS_MAX
    assert "*" not in normal
