"""A decision's trace in words for people: why it is so, and what would have made it otherwise.

steps, channel_steps, phrases     each step of a trace as a sentence
reasons                           the last step in few words
flips, channel_flips, against     the smallest changes that turn a step, in values and words
ways_out, channel_ways_out        which of them lead to another outcome, as tried when deciding
hindsight                         what is said of them afterwards, from the trace alone
"""

from apps.notifications.engines.explaining.channel_ways_out import with_channel_ways_out
from apps.notifications.engines.explaining.hindsight import otherwise, step_alone
from apps.notifications.engines.explaining.steps import asked_with, explain, explain_step
from apps.notifications.engines.explaining.ways_out import with_way_out

__all__ = [
    "asked_with",
    "explain",
    "explain_step",
    "otherwise",
    "step_alone",
    "with_channel_ways_out",
    "with_way_out",
]
