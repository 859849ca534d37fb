"""Where providers report what became of messages, and pass on what is answered to them."""
