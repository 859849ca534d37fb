from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.errors import InvalidDocument
from apps.ingestion.engines.eml import MAIL_MAX_BYTES, read_mail
from apps.ingestion.types import Fact

MAILS = Path(__file__).parents[2] / "fixtures/mails"


def read(data: bytes) -> Fact:
    return read_mail(data, content_limit=10_000)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"Just a text without any header.\n",
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
        b'{"subject": "a webhook"}',
        b"Subject: " + b"x" * MAIL_MAX_BYTES,
    ],
    ids=lambda data: repr(data[:20]),
)
def test_what_is_no_mail_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidDocument):
        read(data)


def test_parts_in_parts_without_end_are_refused_or_read_but_never_crash() -> None:
    nested = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (depth, depth)
        for depth in range(3_000)
    )
    with pytest.raises(InvalidDocument, match="too deep"):
        read(b"Subject: x\n" + nested)


def test_the_plain_part_is_read_before_the_html_part_and_attachments_never() -> None:
    fact = read((MAILS / "request.eml").read_bytes())
    assert fact.content == "Could you please send the offer for the café by tomorrow?"


def test_html_is_reduced_to_what_a_reader_sees() -> None:
    fact = read((MAILS / "code_in_html.eml").read_bytes())
    assert fact.content.split("\n\n")[0].startswith("Ihr Bestätigungscode lautet:")
    assert "777123" not in fact.content
    assert "#123456" not in fact.content


def both(plain: str, html: str) -> bytes:
    return (
        "Subject: x\nContent-Type: multipart/alternative; boundary=b\n"
        f"\n--b\nContent-Type: text/plain; charset=utf-8\n\n{plain}\n"
        f"\n--b\nContent-Type: text/html; charset=utf-8\n\n{html}\n--b--\n"
    ).encode()


LONG_OFFER = "<p>Dear Ana, the offer for the café is attached, and the figures are in it.</p>" * 9


@pytest.mark.parametrize(
    "stub",
    [
        "Bitte HTML anzeigen",
        "This message is in HTML format, please use a client that supports it.",
        "Your email client does not support HTML",
        "Votre messagerie n'affiche pas le HTML.",
        "このメールはHTML形式です。",
        "https://news.fabrikam.example/view?id=4711-22af",
    ],
)
def test_a_plain_part_that_only_asks_for_html_does_not_hide_the_code(stub: str) -> None:
    html = "<p>Hello Ana,</p><p>your code is 482913.</p>" + "<p>It is valid for a day.</p>" * 20
    assert "482913" in read(both(stub, html)).content


@pytest.mark.parametrize("stub", ["Bitte HTML anzeigen", "No HTML? No mail."])
def test_a_stub_gives_way_to_a_short_html_part_too(stub: str) -> None:
    assert read(both(stub, "<p>482913</p>")).content == "482913"


@pytest.mark.parametrize(
    ("plain", "html"),
    [
        ("Yes.", "<p>Yes.</p><blockquote>" + LONG_OFFER + "</blockquote>"),
        ("Could you fix the HTML of the page?", "<p>Could you fix the HTML of the page?</p>"),
        ("Your code is 482913.", "<h1>Fabrikam</h1><p>Your code is 482913.</p>" + LONG_OFFER),
        ("The offer is at hand, Ana.", "<p>Offer</p>"),
        ("Bitte HTML anzeigen", '<img src="cid:a"><p style="display:none">nothing to see</p>'),
        ("We no longer write HTML. " + "The offer follows below. " * 25, LONG_OFFER),
    ],
    ids=["a reply", "about HTML", "a code", "a short HTML part", "an image", "a letter"],
)
def test_a_plain_part_that_says_something_is_read(plain: str, html: str) -> None:
    assert read(both(plain, html)).content == plain.strip()


def test_a_mail_forwarded_with_a_short_note_is_not_read_in_its_place() -> None:
    forwarded = b"--o\nContent-Type: message/rfc822\n\n" + both("Bitte HTML anzeigen", LONG_OFFER)
    data = (
        b"Subject: x\nContent-Type: multipart/mixed; boundary=o\n"
        b"\n--o\nContent-Type: text/plain\n\nFor you, see the HTML.\n\n" + forwarded + b"\n--o--\n"
    )
    assert read(data).content == "For you, see the HTML."


def test_headers_are_read_as_people_read_them() -> None:
    fact = read((MAILS / "code_in_html.eml").read_bytes())
    assert fact.title == "Anmeldung bestätigen"
    assert fact.sender is not None
    assert (fact.sender.name, fact.sender.address) == (
        "Fabrikam Sicherheit",
        "security@fabrikam.example",
    )
    assert fact.occurred_at == datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


def test_headers_in_bare_utf_8_are_read_too() -> None:
    assert read("Subject: Grüße\n\nHallo".encode()).title == "Grüße"


@pytest.mark.parametrize("date", ["", "yesterday", "99 Foo 2026", "Wed, 04 Mar 99999 12:00:00"])
def test_a_date_nobody_can_read_is_none(date: str) -> None:
    assert read(f"Subject: x\nDate: {date}\n\ny".encode()).occurred_at is None


def test_a_charset_nobody_knows_is_read_as_utf_8() -> None:
    data = "Subject: x\nContent-Type: text/plain; charset=klingon\n\nGrüße".encode()
    assert read(data).content == "Grüße"


def test_a_circular_says_so_in_its_headers() -> None:
    fact = read(b"Subject: x\nList-Unsubscribe: <https://a.example>\nAuto-Submitted: yes\n\ny")
    assert fact.attributes == {"bulk": True, "automatic": True}


@given(st.binary(max_size=400))
def test_no_bytes_break_it(data: bytes) -> None:
    assert read(b"Subject: x\n" + data).event_type == "MAIL_FILE"
