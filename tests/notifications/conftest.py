from tests.notifications.twilio_settings import twilio

__all__ = ["twilio"]
