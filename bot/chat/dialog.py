"""A form asked step by step, where a platform has none of its own: pure steps over plain data.

A dialog is kept as one row per person and chat, so it survives a restart at any step.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.chat.markup import escape
from bot.chat.view import Card, Form, Input

SKIP = "-"
"""What to type to leave a value as it is, or empty."""


@dataclass(frozen=True, slots=True)
class Dialog:
    """A form on its way: which step is next, and what was said so far."""

    title: str
    submit: str
    inputs: tuple[Input, ...]
    values: tuple[tuple[str, str], ...] = ()
    step: int = 0


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
    if asked.choices:
        lines += [f"- {escape(label)}" for label, _ in asked.choices]
    if asked.value:
        lines.append(f"Now: {escape(asked.value)}")
    ways = ["/cancel to stop"]
    if asked.value:
        ways.insert(0, f"{SKIP} to keep it")
    elif not asked.required:
        ways.insert(0, f"{SKIP} to leave it empty")
    lines.append(escape(", ".join(ways)))
    count = f" ({dialog.step + 1} of {len(dialog.inputs)})" if len(dialog.inputs) > 1 else ""
    return Card(f"{dialog.title}{count}", "\n".join(lines), kind="step")


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
