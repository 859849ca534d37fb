"""Mail: one channel (`channel.py`), its letters, and who carries them (`providers/`)."""
