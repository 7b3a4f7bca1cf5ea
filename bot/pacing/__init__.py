"""How fast one token may speak: people who wait come first, broadcasts take what is left.

Knows no platform; an adapter puts its limiter before its library's requests.
"""

from bot.pacing.lane import Lane, in_bulk
from bot.pacing.limiter import Limiter, Pace, Paused, Ticket
from bot.pacing.window import Window

__all__ = ["Lane", "Limiter", "Pace", "Paused", "Ticket", "Window", "in_bulk"]
