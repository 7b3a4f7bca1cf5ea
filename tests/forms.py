"""Every form of the program, brought about by people who have native forms."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path

from bot.cards import bank
from bot.chat.context import Pressed, Role
from bot.chat.dialog import form_of, refilled, start
from bot.chat.route import form_for
from bot.chat.view import Form
from bot.clock import MovableClock
from bot.commands import registry
from bot.services.drafts import Draft
from bot.settings import BankSettings, DatabaseSettings, Settings
from bot.testing import Person, World
from tests.conftest import BANK

MONDAY = datetime(2026, 3, 23, 8, 0, tzinfo=UTC)
LONG = (
    "A colleague proposes to keep the sessions of all users in a dictionary of the module, "
    "because it is fast and needs no other service. The service runs in four processes behind a "
    "load balancer, is deployed several times a day, and has to tell a user at once when somebody "
    "else has logged in with their name. What do you say, and what do you propose instead?"
)


async def forms(folder: Path) -> dict[str, Form]:
    """Return each form by the name of its golden file."""
    url = f"sqlite:///{folder / 'forms.db'}"
    settings = Settings(database=DatabaseSettings(url=url), bank=BankSettings(folder=BANK))
    async with World(settings, MovableClock(MONDAY)) as world:
        world.native_forms = True
        found = await _asked(world) | await _of_questions(world)
    return found | lacking_all() | {"once_more": _once_more(found["question_add"])}


def lacking_all() -> dict[str, Form]:
    """Return the form of each command that needs something, when it is given nothing."""
    return {
        f"run_{command.name.replace(' ', '_')}": form_for(command, command.missing({}), {})
        for command in registry().commands.values()
        if command.missing({})
    }


def lacking_some() -> list[Form]:
    """Return the forms of all commands, for all that they may be given and may lack."""
    found = []
    for command in registry().commands.values():
        names = [each.name for each in command.parameters]
        for count in range(len(names)):
            for given in combinations(names, count):
                values = {name: f"some {name}" for name in given}
                if missing := command.missing(values):
                    found.append(form_for(command, missing, values))
    return found


async def _asked(world: World) -> dict[str, Form]:
    ana = world.person("Ana")
    await ana.says("/start")
    found = {"city": await _pressed(ana, "askcity"), "time": await _pressed(ana, "asktime")}
    await ana.says("/practice")
    await ana.presses("Answer")
    assert ana.form is not None
    return {**found, "answer": ana.form}


async def _of_questions(world: World) -> dict[str, Form]:
    maya = world.person("Maya", group="backend-prep", role=Role.MODERATOR)
    await maya.says("/question add hard")
    assert maya.form is not None
    found = {"question_add": maya.form}
    card = await maya.fills(
        prompt=LONG,
        topic="databases",
        points="Each process has its own dictionary (60)\nA deployment empties it (40)",
        answer="Keep them where all processes look: in the database, or in Redis.",
        wrong="a lock is enough => A lock holds in one process only.",
    )
    slug = next(part for part in card.body.split() if "-colleague-" in part).strip("`")
    await maya.says(f"/question edit {slug}")
    assert maya.form is not None
    found["question_edit"] = maya.form
    await maya.says(f"/question show {slug}")
    found["answer_long"] = await _pressed(maya, f"ask:{slug}", "Answer")
    await maya.says("/suggest")
    found["suggest"] = maya.form
    await maya.fills(prompt="How would you store a password?", points="With a slow hash\nSalted")
    await maya.says("/reports show")
    await maya.presses("Open 1")
    await maya.presses("Make it a question")
    found["suggested"] = maya.form
    return found


async def _pressed(person: Person, wire: str, label: str = "") -> Form:
    """Press a button that carries `wire`, and one on the card that comes of it."""
    outcome = await person.world.dispatch(person.request(Pressed(wire)))
    if label:
        assert not isinstance(outcome.response, Form)
        person.sees(outcome.response.card)
        await person.presses(label)
        assert person.form is not None
        return person.form
    assert isinstance(outcome.response, Form)
    return outcome.response


def _once_more(form: Form) -> Form:
    """Return a form that was refused, with what was typed into it, after it was forgotten."""
    values: Mapping[str, str] = {each.name: f"typed {each.name}" for each in form.inputs}
    return form_of(refilled(None, form.submit, values, "f1"))


def longest_values(titles: Mapping[str, str]) -> Form:
    """Return the form of a question all of whose fields are full."""
    draft = Draft("p" * 500, "databases", "k" * 5000, "a" * 5000, "w" * 5000)
    return form_of(start(bank.form("qedit:7", titles, draft)))
