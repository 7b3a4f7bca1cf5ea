"""A token may be a file that the container engine mounts, and need not be in the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import Settings


def test_a_secret_is_a_file_that_is_named_like_the_setting(tmp_path: Path) -> None:
    (tmp_path / "DRILLMATE_TELEGRAM__TOKEN").write_text("1234:telegram\n")
    (tmp_path / "drillmate_discord__token").write_text("discord")
    (tmp_path / "postgres_password").write_text("not ours")
    settings = Settings(_secrets_dir=tmp_path)
    assert settings.telegram.token.get_secret_value() == "1234:telegram"
    assert settings.discord.token.get_secret_value() == "discord"


def test_the_environment_comes_before_a_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "DRILLMATE_DISCORD__TOKEN").write_text("of the file")
    (tmp_path / "DRILLMATE_DISCORD__SHARDED").write_text("true")
    monkeypatch.setenv("DRILLMATE_DISCORD__TOKEN", "of the environment")
    discord = Settings(_secrets_dir=tmp_path).discord
    assert discord.token.get_secret_value() == "of the environment"
    assert discord.sharded  # of the same group, and still heard


def test_where_no_secrets_are_mounted_nothing_is_missed(tmp_path: Path) -> None:
    assert Settings(_secrets_dir=tmp_path / "none").telegram.token.get_secret_value() == ""
