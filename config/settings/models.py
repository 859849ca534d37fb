"""The language models that may be asked, and what they cost."""

from config.env import env

OPENAI_BASE_URL = env.str("OPENAI_BASE_URL", default="https://api.openai.com/v1")
OPENAI_API_KEY = env.str("OPENAI_API_KEY", default="")
OPENAI_MODEL = env.str("OPENAI_MODEL", default="gpt-4.1-mini")

ANTHROPIC_BASE_URL = env.str("ANTHROPIC_BASE_URL", default="https://api.anthropic.com")
ANTHROPIC_API_KEY = env.str("ANTHROPIC_API_KEY", default="")
ANTHROPIC_MODEL = env.str("ANTHROPIC_MODEL", default="claude-haiku-4-5")

MODEL_MAX_ANSWER_TOKENS = env.int("MODEL_MAX_ANSWER_TOKENS", default=1_000)
# Model → micro-dollars per million tokens, asked and answered; "*" is any model not named.
MODEL_PRICES_MICRO_DOLLARS_PER_MILLION_TOKENS = env.json(
    "MODEL_PRICES_MICRO_DOLLARS_PER_MILLION_TOKENS",
    default={
        "gpt-4.1-mini": [400_000, 1_600_000],
        "claude-haiku-4-5": [1_000_000, 5_000_000],
        "*": [3_000_000, 15_000_000],
    },
)
