"""Settings under which everything that speaks to Twilio speaks to a local server."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.notifications.channels.twilio_server import (
    ACCOUNT,
    SERVICE,
    TOKEN,
    FakeTwilio,
    serving_twilio,
)

PUBLIC_URL = "https://vigil.example"


@pytest.fixture
def twilio(settings: Settings) -> Iterator[FakeTwilio]:
    with serving_twilio() as fake:
        settings.TWILIO_API_URL = fake.url
        settings.HTTP_ALLOW_PRIVATE = [fake.authority]
        settings.HTTP_ALLOW_HTTP = True
        settings.TWILIO_ACCOUNT_SID = ACCOUNT
        settings.TWILIO_AUTH_TOKEN = TOKEN
        settings.TWILIO_VERIFY_SERVICE_SID = SERVICE
        settings.TWILIO_SMS_FROM = "+15005550006"
        settings.TWILIO_WHATSAPP_FROM = "+14155238886"
        settings.PUBLIC_URL = PUBLIC_URL
        yield fake
