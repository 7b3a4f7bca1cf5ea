"""What the app sends when a person has filled in a modal, and what it does not let them send."""

from __future__ import annotations

from typing import Any

from tests.discord.rules.components import ROW, numbered, walk
from tests.discord.rules.inputs import CHECKBOX, CHECKBOXES, RADIOS, TEXT_INPUT

LABEL = 18
SHORT = 1


def check_submit(modal_data: dict[str, Any], values: dict[str, Any]) -> list[dict[str, Any]]:
    """Return `data.components` of the event that tells the bot what was filled in.

    Args:
        modal_data: The modal as the bot sent it.
        values: By custom_id: a text; a label or value, or a list of them, of options; ids of what
            a select of users, roles or channels or a file upload holds; whether a box is checked.
            What is not given stays as the modal showed it.

    Raises:
        AssertionError: The app would not send this.
    """
    parts = numbered(modal_data["components"])
    names = [item["custom_id"] for item in walk(parts) if "custom_id" in item]
    unknown = set(values) - set(names)
    assert not unknown, f"the modal has no {unknown}, only {names}"
    return [_sent(part, values) for part in parts]


def _sent(part: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    sent = {"type": part["type"], "id": part["id"]}
    if part["type"] == LABEL:
        sent["component"] = _filled_in(part["component"], values)
    elif part["type"] == ROW:
        sent["components"] = [_filled_in(item, values) for item in part["components"]]
    return sent


def _filled_in(item: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    kind = item["type"]
    name = item["custom_id"]
    sent = {"type": kind, "id": item["id"], "custom_id": name}
    if kind == TEXT_INPUT:
        return {**sent, "value": _text(item, values.get(name, item.get("value") or ""))}
    if kind == CHECKBOX:
        value = values.get(name, bool(item.get("default")))
        assert isinstance(value, bool), f"{name} is a box: True or False, not {value!r}"
        return {**sent, "value": value}
    chosen = _chosen(item, values.get(name))
    if kind == RADIOS:
        assert len(chosen) <= 1, f"only one of {name} can be chosen, not {chosen}"
        assert chosen or not _required(item), f"{name} must be chosen"
        return {**sent, "value": chosen[0] if chosen else None}
    least, most = _bounds(item)
    if chosen or _required(item):
        assert least <= len(chosen) <= most, (
            f"between {least} and {most} of {name} can be chosen, not {len(chosen)}: {chosen}"
        )
    return {**sent, "values": chosen}


def _text(item: dict[str, Any], value: Any) -> str:
    name = item["custom_id"]
    assert isinstance(value, str), f"{name} is a text, not {value!r}"
    least, most = item.get("min_length") or 0, item.get("max_length") or 4000
    assert value.strip() or not _required(item), f"{name} must be filled in"
    assert len(value) <= most, f"{name} takes {most} characters, not {len(value)}"
    assert not value or len(value) >= least, f"{name} needs {least} characters, not {len(value)}"
    assert item["style"] != SHORT or "\n" not in value, f"{name} is a single line"
    return value


def _chosen(item: dict[str, Any], given: Any) -> list[str]:
    """Return the values of what is chosen, in the order of the options."""
    options = item.get("options")
    if given is None:
        if options is None:
            return [str(default["id"]) for default in item.get("default_values") or ()]
        return [option["value"] for option in options if option.get("default")]
    wanted = [str(one) for one in (given if isinstance(given, (list, tuple)) else [given]) if one]
    assert len(set(wanted)) == len(wanted), f"{wanted} has something twice"
    if options is None:
        return wanted
    known = [text for option in options for text in (option["label"], option["value"])]
    strange = [one for one in wanted if one not in known]
    assert not strange, f"{item['custom_id']} does not offer {strange}, only {known[::2]}"
    return [
        option["value"]
        for option in options
        if option["label"] in wanted or option["value"] in wanted
    ]


def _required(item: dict[str, Any]) -> bool:
    return item.get("required") is not False


def _bounds(item: dict[str, Any]) -> tuple[int, int]:
    least, most = item.get("min_values"), item.get("max_values")
    usual = len(item["options"]) if item["type"] == CHECKBOXES else 1
    return 1 if least is None else least, usual if most is None else most
