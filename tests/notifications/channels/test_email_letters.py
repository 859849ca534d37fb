"""What a mail looks like before anybody carries it."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser
from typing import cast

import pytest
from pytest_django import Settings

from apps.notifications.channels.base import DeliveryError, Links, Target
from apps.notifications.channels.email.letters import Letter, letter_of
from apps.notifications.types import OffReason
from tests.factories.values import NOON
from tests.notifications.channels.letters import BORIS, LINKS, a_message


@pytest.fixture(autouse=True)
def _sender(settings: Settings) -> None:
    settings.SMTP_FROM_EMAIL = "news@vigil.example"


def written(*, to: Target = BORIS, **changes: object) -> Letter:
    return letter_of(a_message(**changes), to, now=NOON)


def read(letter: Letter) -> EmailMessage:
    return cast("EmailMessage", message_from_bytes(letter.as_bytes(), policy=default))


def part(letter: Letter, kind: str) -> str:
    body = read(letter).get_body((kind,))
    assert body is not None
    return str(body.get_content())


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


@pytest.mark.parametrize(
    "value",
    ["", "boris", "boris@", "@example.com", "ä@example.com", "a b@example.com", "Boris <b@c.de>"],
)
def test_an_address_that_is_none_is_switched_off(value: str) -> None:
    with pytest.raises(DeliveryError) as caught:
        written(to=Target(address_id=1, value=value))
    assert (caught.value.permanent, caught.value.off) == (True, OffReason.INVALID)
    assert value not in caught.value.detail or not value


@pytest.mark.parametrize("value", ["a@b.de\r\nBcc: eve@evil.example", "a@b.de,eve@evil.example"])
def test_no_second_recipient_gets_in_through_an_address(value: str) -> None:
    with pytest.raises(DeliveryError):
        written(to=Target(address_id=1, value=value))


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x00", "\x85", "\u2028", "\x0b\r\n"])
def test_no_header_gets_in_through_a_title(end: str) -> None:
    mail = read(written(title=f"Offer{end}Bcc: eve@evil.example{end}{end}<b>body</b>"))
    assert mail["Bcc"] is None
    assert mail["Subject"] == "Offer Bcc: eve@evil.example <b>body</b>"


def test_what_turns_the_writing_round_is_taken_out_of_the_subject() -> None:
    assert read(written(title="In\u202evoice\u200b.exe"))["Subject"] == "In voice .exe"


@pytest.mark.parametrize("words", ["Überprüfung 東京 🙂 ", "é ", "ABC Ü ", "plain words "])
def test_a_long_title_in_any_script_arrives_with_every_blank(words: str) -> None:
    letter = written(title=words * 100)
    assert 190 < len(letter.subject) <= 200
    assert read(letter)["Subject"] == letter.subject
    head = letter.as_bytes().partition(b"\r\n\r\n")[0]
    subject = head.partition(b"Subject: ")[2].partition(b"\r\nDate")[0]
    assert max(map(len, subject.splitlines())) <= 78


def test_a_mail_without_a_title_has_a_subject() -> None:
    assert read(written(title=" \r\n "))["Subject"] == "Something new"


def test_everything_on_the_wire_is_ascii_and_ends_in_crlf() -> None:
    raw = written(title="Grüße", body="Grüße 🙂\n.\n" + "x" * 5_000).as_bytes()
    assert raw.isascii()
    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert max(map(len, raw.splitlines())) <= 998


def test_unsubscribing_takes_one_click_in_a_line_of_its_own() -> None:
    raw = written().as_bytes()
    assert f"\r\nList-Unsubscribe: <{LINKS.unsubscribe}>\r\n".encode() in raw
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in raw


def test_a_mailbox_for_unsubscribing_stands_beside_the_link(settings: Settings) -> None:
    settings.EMAIL_UNSUBSCRIBE_MAILBOX = "leave@vigil.example"
    header = read(written())["List-Unsubscribe"]
    assert header == f"<{LINKS.unsubscribe}>, <mailto:leave@vigil.example?subject=unsubscribe>"


def test_without_a_link_nothing_is_promised() -> None:
    mail = read(written(links=Links()))
    assert mail["List-Unsubscribe-Post"] is mail["List-Unsubscribe"] is None


def test_machines_do_not_answer_and_people_answer_where_they_should(settings: Settings) -> None:
    settings.EMAIL_REPLY_TO = "help@vigil.example"
    mail = read(written())
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Reply-To"] == "help@vigil.example"
    assert mail["From"] == "Vigil <news@vigil.example>"
    assert mail["Date"] == "Wed, 04 Mar 2026 12:00:00 +0000"


@pytest.mark.parametrize("kind", ["plain", "html"])
@pytest.mark.parametrize("category", ["message", "digest"])
def test_each_part_says_why_and_how_to_get_less_or_nothing(category: str, kind: str) -> None:
    text = part(written(category=category, body="- Carla: Offer"), kind)
    assert [link for link in (LINKS.why, LINKS.less, LINKS.unsubscribe) if link not in text] == []
    assert "Carla: Offer" in text


def test_markup_in_what_is_told_is_text() -> None:
    letter = written(title="<b>Hi", body="<script>alert(1)</script> & <img src=x>")
    tags = Tags(part(letter, "html"))
    assert tags.of("script") == tags.of("img") == tags.of("b") == []
    assert "<script>alert(1)</script> & <img src=x>" in part(letter, "plain")


def test_a_digest_is_a_list_for_whoever_listens_to_it() -> None:
    body = "Contoso\n- Carla: Offer — now\n- Dan: Bill\n\nOthers\n- Eve: Hi"
    tags = Tags(part(written(category="digest", body=body), "html"))
    assert (len(tags.of("ul")), len(tags.of("li"))) == (2, 3)


def test_a_mail_is_readable_in_the_dark_and_aloud() -> None:
    html = part(written(), "html")
    tags = Tags(html)
    assert tags.of("html") == [{"lang": "en"}]
    assert {"name": "color-scheme", "content": "light dark"} in tags.of("meta")
    assert "prefers-color-scheme: dark" in html
    assert len(tags.of("h1")) == 1


def test_nothing_is_loaded_from_anywhere_but_the_pixel_of_who_agreed() -> None:
    assert Tags(part(written(), "html")).of("img") == []
    pixel = "https://vigil.example/u/o/x"
    [image] = Tags(part(written(links=Links(pixel=pixel)), "html")).of("img")
    assert (image["src"], image["alt"]) == (pixel, "")
