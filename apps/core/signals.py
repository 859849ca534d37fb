"""What core tells whoever listens; the listeners live in the apps above."""

from django.dispatch import Signal

# After commit, with `name`, `previous` and `current` (CircuitState); the sender is CircuitBreaker.
breaker_state_changed = Signal()
