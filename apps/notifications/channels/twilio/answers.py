"""What a phone is answered: TwiML."""


def twiml(text: str = "") -> str:
    """One message, or none."""
    from twilio.twiml.messaging_response import MessagingResponse

    response = MessagingResponse()
    if text:
        response.message(text)
    return str(response)
