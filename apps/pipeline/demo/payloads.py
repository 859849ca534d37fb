"""What the demo's world says next: the documented shapes, varied by the dice it is given."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from apps.pipeline.demo.lines import QUESTIONS, VIP_TOPICS, Dice


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipment:
    """A body for one of the demo's sources."""

    slug: str
    document: dict[str, Any]


Maker = Callable[[Dice, datetime], Shipment]


def next_shipment(dice: Dice, now: datetime) -> Shipment:
    """Mostly mail, some meetings, now and then a promotion or a piece of news."""
    makers: list[Maker] = [_code, _vip, _question, _newsletter, _risk, _meeting, _promotion, _news]
    return dice.choices(makers, weights=[2, 3, 4, 3, 2, 2, 1, 2])[0](dice, now)


def mail(
    dice: Dice,
    now: datetime,
    *,
    sender: str,
    subject: str,
    text: str,
    labels: tuple[str, ...] = ("INBOX",),
    user: str = "demo-ana",
) -> Shipment:
    """A Composio V3 envelope around a Gmail message."""
    message_id = f"{dice.getrandbits(60):015x}"
    data = {
        "attachment_list": [],
        "label_ids": ["UNREAD", *labels],
        "message_id": message_id,
        "message_text": text,
        "message_timestamp": _iso(now),
        "payload": {"mimeType": "text/plain", "headers": [], "parts": []},
        "preview": {"subject": subject, "body": text[:80]},
        "sender": sender,
        "subject": subject,
        "thread_id": message_id,
        "to": "ana@northwind.example",
    }
    return _composio(dice, now, "GMAIL_NEW_GMAIL_MESSAGE", data, user)


def _composio(
    dice: Dice, now: datetime, slug: str, data: dict[str, Any], user: str = "demo-ana"
) -> Shipment:
    document = {
        "id": f"msg_{dice.getrandbits(96):024x}",
        "timestamp": _iso(now),
        "type": "composio.trigger.message",
        "metadata": {
            "log_id": f"log_{dice.getrandbits(48):012x}",
            "trigger_slug": slug,
            "trigger_id": "ti_demo",
            "connected_account_id": "ca_demo",
            "auth_config_id": "ac_demo",
            "user_id": user,
        },
        "data": data,
    }
    return Shipment(slug="composio", document=document)


def _code(dice: Dice, now: datetime) -> Shipment:
    service = dice.choice(["Harbor Bank", "Parcelwise", "Skyline Air", "Ledgerly"])
    code = f"{dice.randrange(10**6):06d}"
    return mail(
        dice,
        now,
        sender=f"{service} <no-reply@{service.split()[0].lower()}.example>",
        subject="Your sign-in code",
        text=f"{code} is your {service} verification code. It expires in 10 minutes.",
    )


def _vip(dice: Dice, now: datetime) -> Shipment:
    topic = dice.draw(VIP_TOPICS)
    return mail(
        dice,
        now,
        sender="Mira Castell <mira.castell@contoso.example>",
        subject=f"About {topic}",
        text=f"Hi Ana, a word about {topic}. Could you call me before {dice.randrange(2, 6)} pm?",
    )


def _question(dice: Dice, now: datetime) -> Shipment:
    who, what = dice.draw(QUESTIONS)
    return mail(
        dice,
        now,
        sender=f"{who} <{who.split()[0].lower()}@tailspin.example>",
        subject=what,
        text=f"Hello Ana,\n{what}\nThanks, {who.split()[0]}",
    )


def _newsletter(dice: Dice, now: datetime) -> Shipment:
    issue = dice.randrange(100, 999)
    return mail(
        dice,
        now,
        sender="The Morning Brief <news@morningbrief.example>",
        subject=f"Issue {issue}: seven things to read with your coffee",
        text=f"This week in issue {issue}: markets, gardens, trains. Unsubscribe at any time.",
        labels=("INBOX", "CATEGORY_PROMOTIONS"),
    )


def _risk(dice: Dice, now: datetime) -> Shipment:
    hours = dice.randrange(2, 9)
    return mail(
        dice,
        now,
        sender="Operations <ops@fabrikam.example>",
        subject=f"Outage in region {dice.choice(['north', 'west', 'south'])} for {hours} hours",
        text=f"We are unhappy with the outage of {hours} hours and are reviewing the renewal.",
    )


def _meeting(dice: Dice, now: datetime) -> Shipment:
    minutes = dice.choice([5, 10, 15])
    starts = now + timedelta(minutes=minutes)
    title = dice.choice(["Quarterly review", "Design walk-through", "Interview", "Stand-up"])
    data = {
        "event_id": f"evt_{dice.getrandbits(48):012x}",
        "summary": f"{title} with {dice.choice(['Contoso', 'Fabrikam', 'Tailspin Toys'])}",
        "start_time": _iso(starts),
        "start_timestamp": starts.timestamp(),
        "minutes_until_start": minutes,
        "countdown_window_minutes": 15,
        "attendees": [{"email": "mira.castell@contoso.example", "responseStatus": "accepted"}],
        "organizer_email": "ana@northwind.example",
        "location": dice.choice(["Room 4", "Video call", "Café Central"]),
        "status": "confirmed",
        "updated": _iso(now),
    }
    return _composio(dice, now, "GOOGLECALENDAR_EVENT_STARTING_SOON_TRIGGER", data)


def _promotion(dice: Dice, now: datetime) -> Shipment:
    person = dice.choice(["Elena Petrova", "Marcus Hale", "Yuki Tanaka", "Noor Haddad"])
    title = dice.choice(["Vice President of Sales", "Chief Data Officer", "VP, Platform", "CTO"])
    document = {
        "event": "integration.UserProfileUpdated",
        "timestamp": _iso(now),
        "userId": str(2000 + dice.randrange(500)),
        "username": person,
        "profileFieldId": "123",
        "profileField": "Job Title",
        "value": title,
        "oldValue": dice.choice(["Director of Sales", "Head of Data", "Manager"]),
    }
    return Shipment(slug="community", document=document)


def _news(dice: Dice, now: datetime) -> Shipment:
    client = dice.choice(["Contoso", "Fabrikam", "Tailspin Toys"])
    headline, body = dice.choice(
        [
            ("raises {n} million in new funding", "The round was led by Alder Ventures."),
            ("opens an office in Porto", "The company plans to hire {n} people there."),
            ("names a new chief executive", "The change takes effect in {n} days."),
            ("faces a lawsuit over {n} patents", "A hearing is set for spring."),
        ]
    )
    number = dice.randrange(10, 90)
    document = {
        "type": "news.article",
        "timestamp": _iso(now),
        "user": dice.choice(["ana", "boris"]),
        "data": {
            "title": f"{client} {headline.format(n=number)}",
            "body": body.format(n=number),
            "url": f"https://news.example/{dice.getrandbits(32):08x}",
            "sender": "The Daily Ledger",
        },
    }
    return Shipment(slug="radar", document=document)


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
