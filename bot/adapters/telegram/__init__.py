"""Telegram, through python-telegram-bot.

If you know python-telegram-bot: there is one `Application` with one handler a kind of update, all
in adapter.py. There is no ConversationHandler (a form is a row in the database), no persistence
(all state is in the database or in a button's own data), no arbitrary_callback_data (its cache is
memory), and no JobQueue (the scheduler is shared by all platforms).

    adapter.py     TelegramAdapter: the lifecycle, send and edit
    publish.py     Registry -> the command menus, by scope and language
    inbound.py     Update -> what somebody did. Pure
    render.py      Card -> HTML and a keyboard. Pure
    pieces.py      marked text -> messages that fit. Pure

    wire.py        what a button's data and a link's start parameter carry
    requests.py    what somebody did -> Request: in which chat's name, in which role
    answers.py     Outcome -> what the person gets to see, where
    lives.py       chats that block, unblock, add, remove and move the bot
    members.py     who moderates a group, who is in it
    outgoing.py    sending and editing one message, whatever the server says
    faults.py      what a failed request means
    listening.py   long polling, or a webhook
    arrivals.py    updates: kept before they are confirmed, one person's in their order
    deeds.py       what people do, from the library's objects to what they get to see
    check.py       what `drillmate doctor` says of the bot
"""

import os

# The library's waits are to be timedeltas, as its next version has them; it asks the environment.
os.environ.setdefault("PTB_TIMEDELTA", "1")

from bot.adapters.telegram.adapter import TelegramAdapter

__all__ = ["TelegramAdapter"]
