"""The terminal as a chat platform: demo, bug-report reproducer and test bench in one.

One terminal plays every person in every chat. What is typed goes the same way as on any platform;
lines that begin with `!` are for the terminal itself: who is typing, where, and what time it is.

    adapter.py     ConsoleAdapter: the lifecycle, send and edit
    publish.py     Registry -> what Tab completes
    inbound.py     a typed line -> text, a button's number, or a `!` directive
    render.py      Card -> lines, with styles where the terminal has them

    stage.py       what the console needs from above: the clock, the workers, the toolbar's text
    scene.py       who is typing, and in which chat
    seen.py        what each person has seen: whose buttons "1" presses, what text replies to
    moment.py      how instants are written and typed
    play.py        one line, from start to end
    screen.py      where lines are printed
    prompt.py      the prompt of a person at a keyboard
    script.py      the replay of a transcript
"""

from bot.adapters.console.adapter import ConsoleAdapter
from bot.adapters.console.stage import Stage

__all__ = ["ConsoleAdapter", "Stage"]
