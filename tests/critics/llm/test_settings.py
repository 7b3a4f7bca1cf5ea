"""Whom to ask: what is taken, and what people are told of it."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from bot.settings import LlmSettings, Settings


def test_nobody_is_asked_unless_somebody_is_named() -> None:
    assert not Settings().llm.judges
    assert not LlmSettings(base_url="http://localhost:11434/v1").judges
    assert LlmSettings(base_url="http://localhost:11434/v1", model="m").judges


def test_a_provider_without_a_name_is_called_by_its_host() -> None:
    assert LlmSettings(base_url="https://api.example.com:8443/v1/").provider == "api.example.com"
    assert LlmSettings(base_url="https://api.example.com/v1", provider=" Acme ").provider == "Acme"


@pytest.mark.parametrize(
    "address", ["api.example.com", "ftp://x/v1", "https://u:p@x/v1", "http://"]
)
def test_an_address_names_a_server_and_no_password(address: str) -> None:
    with pytest.raises(ValidationError):
        LlmSettings(base_url=address)


def test_a_key_is_stripped_and_never_shown() -> None:
    settings = LlmSettings(api_key="  sk-1234567\n")
    assert settings.api_key.get_secret_value() == "sk-1234567"
    assert "sk-1234567" not in repr(settings)
    with pytest.raises(ValidationError):
        LlmSettings(api_key="two words")
