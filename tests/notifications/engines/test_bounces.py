"""Delivery status notifications, as servers of several makers write them."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.notifications.engines.bounces import bounces_of
from apps.notifications.engines.mail_ids import kept_id, message_id
from apps.notifications.types import Report, ReportKind
from tests.factories.values import NOON

REF = UUID("01970000-0000-7000-8000-000000000001")
ID = "01970000000070008000000000000002.12@vigil.example"

REPORT = """\
Return-Path: <>
From: MAILER-DAEMON@mx.example (Mail Delivery System)
To: bounces@vigil.example
Subject: Undelivered Mail Returned to Sender
Message-ID: <20260304@mx.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
{envelope}

Final-Recipient: rfc822; boris@elsewhere.example
Original-Recipient: rfc822;boris@example.com
Action: {action}
Status: {status}
Diagnostic-Code: {diagnostic}

--b
Content-Type: {returned}

Message-ID: {message_id}
X-Vigil-Ref: {ref}
Subject: Carla: Offer

--b--
"""


def written(**changed: str) -> bytes:
    values = {
        "envelope": f"Original-Envelope-Id: {REF}",
        "action": "failed",
        "status": "5.1.1",
        "diagnostic": "smtp; 550 5.1.1 no such user",
        "returned": "text/rfc822-headers",
        "message_id": f"<{ID}>",
        "ref": "",
    }
    text = REPORT.format(**{**values, **changed})
    return text.replace("\n", "\r\n").encode()


def read(**changed: str) -> list[Report]:
    return bounces_of(written(**changed), now=NOON)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff\xfe",
        b"Subject: Out of office\r\n\r\nI am away until Monday.\r\n",
        b"Subject: Undelivered Mail\r\n\r\n550 5.1.1 boris@example.com\r\n",
        b"Content-Type: multipart/report\r\n\r\nno parts",
        b'Content-Type: multipart/report; boundary="b"\r\n\r\n--b\r\n\r\nhi\r\n--b--',
        b'Content-Type: multipart/report; boundary="b"\r\n\r\n--b\r\n'
        b"Content-Type: message/delivery-status\r\n\r\n\r\n--b--",
        b"Content-Type: multipart/report; boundary=\r\n\r\n",
    ],
)
def test_what_is_no_report_reports_nothing(raw: bytes) -> None:
    assert bounces_of(raw, now=NOON) == []


@given(cut=st.integers(min_value=0, max_value=1_400), noise=st.binary(max_size=40))
def test_a_mangled_report_raises_nothing(cut: int, noise: bytes) -> None:
    raw = written()
    assert isinstance(bounces_of(raw[:cut] + noise + raw[cut + 30 :], now=NOON), list)


def test_a_report_on_somebody_elses_mail_reports_nothing() -> None:
    assert read(envelope="X-Nothing: 1", message_id="") == []


def test_a_mailbox_that_is_gone_is_a_lasting_bounce_of_that_attempt() -> None:
    [report] = read()
    assert (report.kind, report.lasting, report.ref) == (ReportKind.BOUNCED, True, REF)
    assert (report.provider_message_id, report.code) == (ID, "failed 5.1.1")


@pytest.mark.parametrize(
    ("status", "diagnostic", "lasting", "code"),
    [
        ("5.7.1", "smtp; 550 5.7.1 policy", False, "failed 5.7.1"),
        ("5.2.2", "smtp; 552 5.2.2 full", False, "failed 5.2.2"),
        ("4.4.7", "x", False, "failed 4.4.7"),
        ("5.0.0", "smtp; 550 5.1.1 unknown", True, "failed 5.1.1"),
        ("5.0.0", "smtp; 550 unknown", False, "failed 5.0.0"),
        ("five", "x", False, "failed"),
    ],
)
def test_only_what_says_that_the_mailbox_is_gone_lasts(
    status: str, diagnostic: str, lasting: bool, code: str
) -> None:
    [report] = read(status=status, diagnostic=diagnostic)
    assert (report.kind, report.lasting, report.code) == (ReportKind.BOUNCED, lasting, code)


@pytest.mark.parametrize(
    ("action", "kind"),
    [("delayed", ReportKind.DEFERRED), ("Delivered", ReportKind.DELIVERED)],
)
def test_what_is_no_failure_switches_nothing_off(action: str, kind: ReportKind) -> None:
    [report] = read(action=action)
    assert (report.kind, report.lasting) == (kind, False)


def test_an_action_nobody_knows_reports_nothing() -> None:
    assert read(action="exploded") == []


def test_without_an_envelope_id_the_returned_head_tells_which_mail_it_is() -> None:
    [report] = read(envelope="X-Nothing: 1", ref=str(REF))
    assert (report.ref, report.provider_message_id) == (REF, ID)


def test_the_whole_mail_may_come_back() -> None:
    [report] = read(envelope="X-Nothing: 1", returned="message/rfc822")
    assert (report.ref, report.provider_message_id) == (None, ID)


def test_the_same_report_read_later_has_the_same_id() -> None:
    [first], [second] = read(), bounces_of(written(), now=NOON + timedelta(hours=1))
    [other] = read(status="5.2.1")
    assert first.callback_id == second.callback_id != other.callback_id


def test_a_long_message_id_is_kept_and_found_cut_alike() -> None:
    name = message_id(REF, 12, domain="a" * 200 + ".example")
    assert kept_id(f"<{name}>") == kept_id(name) == name[:120]


@pytest.mark.parametrize("header", ["", "<>", "<a b>", "< >", "<a><b>", "\x00<\n"])
def test_an_id_that_is_none_is_none(header: str) -> None:
    assert kept_id(header) == ""
