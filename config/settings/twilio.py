"""Twilio: SMS, WhatsApp, the verification of phones, and what may be spent on them.

Money is in millionths of a dollar. A day and a month are UTC's. A price table maps the beginning of
a number, without its +, to what one part costs; the longest beginning counts, "*" is any other.
"""

from config.env import env

# Without an account and its token there is no SMS, no WhatsApp and no verification.
TWILIO_ACCOUNT_SID = env.str("TWILIO_ACCOUNT_SID", default="")
TWILIO_AUTH_TOKEN = env.str("TWILIO_AUTH_TOKEN", default="")
# The other one of the account's two tokens: what it signed is believed as well.
TWILIO_SECONDARY_AUTH_TOKEN = env.str("TWILIO_SECONDARY_AUTH_TOKEN", default="")
# A number such as +15005550006, or a messaging service (MG…).
TWILIO_SMS_FROM = env.str("TWILIO_SMS_FROM", default="")
TWILIO_WHATSAPP_FROM = env.str("TWILIO_WHATSAPP_FROM", default="")
TWILIO_VERIFY_SERVICE_SID = env.str("TWILIO_VERIFY_SERVICE_SID", default="")
# Instead of every host of Twilio's.
TWILIO_API_URL = env.str("TWILIO_API_URL", default="")

SMS_MAX_PARTS = env.int("SMS_MAX_PARTS", default=3)
SMS_PRICES_MICROS = env.json("SMS_PRICES_MICROS", default={"1": 12_000, "*": 120_000})
WHATSAPP_PRICES_MICROS = env.json("WHATSAPP_PRICES_MICROS", default={"*": 150_000})
PHONE_VERIFICATION_PRICE_MICROS = env.int("PHONE_VERIFICATION_PRICE_MICROS", default=170_000)

SMS_USER_DAILY_CAP_MICROS = env.int("SMS_USER_DAILY_CAP_MICROS", default=2_000_000)
SMS_USER_MONTHLY_CAP_MICROS = env.int("SMS_USER_MONTHLY_CAP_MICROS", default=20_000_000)
SMS_TENANT_DAILY_CAP_MICROS = env.int("SMS_TENANT_DAILY_CAP_MICROS", default=50_000_000)
SMS_TENANT_MONTHLY_CAP_MICROS = env.int("SMS_TENANT_MONTHLY_CAP_MICROS", default=500_000_000)
WHATSAPP_USER_DAILY_CAP_MICROS = env.int("WHATSAPP_USER_DAILY_CAP_MICROS", default=2_000_000)
WHATSAPP_USER_MONTHLY_CAP_MICROS = env.int("WHATSAPP_USER_MONTHLY_CAP_MICROS", default=20_000_000)
WHATSAPP_TENANT_DAILY_CAP_MICROS = env.int("WHATSAPP_TENANT_DAILY_CAP_MICROS", default=50_000_000)
WHATSAPP_TENANT_MONTHLY_CAP_MICROS = env.int(
    "WHATSAPP_TENANT_MONTHLY_CAP_MICROS", default=500_000_000
)

# Countries whose numbers may be added ("DE", "US"); none named: all of them.
PHONE_REGIONS = env.list("PHONE_REGIONS", default=[])
# Verifications that one person may ask for, and that one number may be sent.
PHONE_VERIFICATIONS_PER_MINUTE = env.int("PHONE_VERIFICATIONS_PER_MINUTE", default=1)
PHONE_VERIFICATIONS_AT_ONCE = env.int("PHONE_VERIFICATIONS_AT_ONCE", default=3)
# Codes that one person may try.
PHONE_CODES_PER_MINUTE = env.int("PHONE_CODES_PER_MINUTE", default=5)
