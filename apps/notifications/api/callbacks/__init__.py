"""What providers tell us of messages they took: signed, and answered 2xx only after the commit."""
