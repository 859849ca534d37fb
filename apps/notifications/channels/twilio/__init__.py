"""What SMS, WhatsApp and the verification of phones share: Twilio, through its own SDK."""
