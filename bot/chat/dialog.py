"""A form asked step by step, where a platform has none of its own: pure steps over plain data.

A dialog is kept as one row per person and chat, so it survives a restart at any step.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.chat.action import pack
from bot.chat.markup import escape
from bot.chat.view import MAX_INPUTS, Button, Card, Form, Input

SKIP = "-"
"""What to type to leave a value as it is, or empty."""
PICK = "pick"
"""The kernel's own action: a step's choice by button."""
REFILL = "refill"
"""The kernel's own action: opens a native form again, with what was typed into it."""
STEP = "step"
"""Kind of a card that asks for a form's next value, and the action that takes a reply to it."""


@dataclass(frozen=True, slots=True)
class Dialog:
    """A form on its way: which step is next, and what was said so far.

    Attributes:
        chat: Our id of the chat that it concerns, if it is asked in another one; 0 if not.
        private: Whether only the person may see its steps.
        id: Tells it from other forms of the same person, so that a reply to one of its steps is
            taken for no other.
        native: Whether the platform shows it as a form; its steps are not asked then, it is only
            kept so that what was typed into it is not lost.
    """

    title: str
    submit: str
    inputs: tuple[Input, ...]
    values: tuple[tuple[str, str], ...] = ()
    step: int = 0
    chat: int = 0
    private: bool = True
    id: str = ""
    native: bool = False


@dataclass(frozen=True, slots=True)
class Filled:
    """A form with all its values."""

    submit: str
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class Refused:
    """The value does not fit; the step stays."""

    dialog: Dialog
    reason: str


def start(form: Form) -> Dialog:
    """Return the dialog that asks what `form` asks."""
    return Dialog(form.title, form.submit, form.inputs, form.given)


def refilled(dialog: Dialog | None, submit: str, values: Mapping[str, str], own: str) -> Dialog:
    """Return the native form that was sent in, with what was typed into it.

    Args:
        dialog: The form that was shown last, if it was kept: one of several inputs is.
        submit: Where it was sent.
        values: What was typed.
        own: Its id, if it was not kept.
    """
    if dialog is not None and dialog.native and dialog.submit == submit:
        inputs = tuple(replace(each, value=values.get(each.name, "")) for each in dialog.inputs)
        return replace(dialog, inputs=inputs)
    made = tuple(
        Input(name, "What you wrote", multiline=True, value=value)
        for name, value in list(values.items())[:MAX_INPUTS]
    )
    return Dialog("Once more", submit, made, native=True, id=own)


def form_of(dialog: Dialog) -> Form:
    """Return a native form as it was kept."""
    return Form(dialog.title, dialog.submit, dialog.inputs, dialog.values)


def advance(dialog: Dialog, text: str) -> Dialog | Filled | Refused:
    """Take `text` as the value of the current step."""
    asked = dialog.inputs[dialog.step]
    value = text.strip()
    if value == SKIP and (asked.value or not asked.required):
        value = asked.value
    elif reason := _refusal(asked, value):
        return Refused(dialog, reason)
    values = (*dialog.values, (asked.name, _choice(asked, value)))
    if dialog.step + 1 == len(dialog.inputs):
        return Filled(dialog.submit, dict(values))
    return replace(dialog, values=values, step=dialog.step + 1)


def back(dialog: Dialog, filled: Filled, name: str) -> Dialog:
    """Return the dialog at the step that asks for `name`, or else at its first step.

    What was said stands in the steps from there on, so that all but the wrong value can be kept.
    """
    names = [asked.name for asked in dialog.inputs]
    step = names.index(name) if name in names else 0
    inputs = tuple(
        replace(asked, value=filled.values.get(asked.name, asked.value)) for asked in dialog.inputs
    )
    values = tuple((each, v) for each, v in filled.values.items() if each not in names[step:])
    return replace(dialog, inputs=inputs, values=values, step=step)


def ask(dialog: Dialog, refusal: str = "") -> Card:
    """Return the card that asks for the current step's value."""
    asked = dialog.inputs[dialog.step]
    lines = [escape(refusal)] if refusal else []
    lines.append(f"*{escape(asked.label)}*")
    if asked.about:
        lines.append(escape(asked.about))
    if asked.value:
        lines.append(f"Now: {escape(asked.value)}")
    ways = ["/cancel to stop"]
    if asked.value:
        ways.insert(0, f"Send {SKIP} to keep it")
    elif not asked.required:
        ways.insert(0, f"Send {SKIP} to leave it empty")
    lines.append(escape(", ".join(ways)))
    count = f" ({dialog.step + 1} of {len(dialog.inputs)})" if len(dialog.inputs) > 1 else ""
    body = "\n".join(lines)
    reply = reply_of(dialog)
    return Card(f"{dialog.title}{count}", body, rows=_rows(dialog), kind=STEP, reply=reply)


def reply_of(dialog: Dialog) -> str:
    """Return the action that takes a reply to the card of the current step."""
    return pack(STEP, dialog.id, dialog.step)


def picked(dialog: Dialog, form: str, step: str, number: str) -> str | None:
    """Return the value behind a step's button; None if it is another step's or form's."""
    choices = dialog.inputs[dialog.step].choices
    if (form, step) != (dialog.id, str(dialog.step)):
        return None
    return next((value for n, (_, value) in enumerate(choices) if str(n) == number), None)


def _rows(dialog: Dialog) -> tuple[tuple[Button, ...], ...]:
    """Return the choices of a step, two a row."""
    buttons = [
        Button(label, pack(PICK, dialog.id, dialog.step, number))
        for number, (label, _) in enumerate(dialog.inputs[dialog.step].choices)
    ]
    return tuple(tuple(buttons[n : n + 2]) for n in range(0, len(buttons), 2))


def _refusal(asked: Input, value: str) -> str:
    if asked.required and not value:
        return "That was empty. Nothing was saved yet."
    if len(value) > asked.max_length:
        over = len(value) - asked.max_length
        return (
            f"That is {len(value):,} characters, {over:,} too many: at most "
            f"{asked.max_length:,} fit. Shorten it and send it again; nothing was saved yet."
        )
    if asked.choices and value and _choice(asked, value) not in {v for _, v in asked.choices}:
        return f'"{value[:40]}" is not one of the choices.'
    return ""


def _choice(asked: Input, value: str) -> str:
    for label, wanted in asked.choices:
        if value.casefold() in (label.casefold(), wanted.casefold()):
            return wanted
    return value
