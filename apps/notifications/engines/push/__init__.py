"""What a push message is made of: RFC 8030, 8188, 8291 and 8292 as pure functions."""
