import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.ingestion.engines.mailbox import parse_mailbox, parse_mailboxes
from apps.ingestion.types import Mailbox


@pytest.mark.parametrize(
    "text",
    ["", "Ana", "Ana <>", "ana@", "@example.com", "a@b@c", "<a b@c.com>", "a" * 250 + "@b.com"],
)
def test_what_holds_no_address_is_nobody(text: str) -> None:
    assert parse_mailbox(text) is None


@pytest.mark.parametrize(
    ("text", "address", "name"),
    [
        ("Ana@Example.com", "ana@example.com", ""),
        ("<ana@example.com>", "ana@example.com", ""),
        ("PR Agent <Caleb@example.co>", "caleb@example.co", "PR Agent"),
        ('"Díaz, Ana" <ana@example.com>', "ana@example.com", "Díaz, Ana"),
        ('"Ana \\"The\\" Díaz" <ana@example.com>', "ana@example.com", 'Ana "The" Díaz'),
        ("=?utf-8?q?Ana_D=C3=ADaz?= <ana@example.com>", "ana@example.com", "Ana Díaz"),
        ("=?nope?q?Ana?= <ana@example.com>", "ana@example.com", "=?nope?q?Ana?="),
        ("=?utf-8?b?!?= <ana@example.com>", "ana@example.com", "=?utf-8?b?!?="),
        ('"boss@bank.com" <eve@example.org>', "eve@example.org", "boss@bank.com"),
        ("Ana\r\nBcc: x <ana@example.com>", "ana@example.com", "Ana Bcc: x"),
    ],
)
def test_a_mailbox_is_read(text: str, address: str, name: str) -> None:
    assert parse_mailbox(text) == Mailbox(address=address, name=name)


@pytest.mark.parametrize(
    "text",
    [
        "Ana <ana@example.com>, boris@example.com",
        '"Díaz, Ana" <ana@example.com>; boris@example.com',
        '"A \\", B" <ana@example.com>, nobody, boris@example.com,',
    ],
)
def test_every_recipient_is_read(text: str) -> None:
    found = [mailbox.address for mailbox in parse_mailboxes(text)]
    assert found == ["ana@example.com", "boris@example.com"]


@given(text=st.text(st.sampled_from('a@<>",;\\=?utf-8qb_ \n'), max_size=60))
def test_no_header_stops_the_reader(text: str) -> None:
    found = parse_mailbox(text)
    assert found is None or found.address.count("@") == 1
    assert isinstance(parse_mailboxes(text), tuple)
