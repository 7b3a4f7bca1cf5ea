"""Settings: one frozen tree, built once by the command line and handed down.

Every value can come from the environment: DRILLMATE_DATABASE__URL, DRILLMATE_LOG__LEVEL, ...
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class _Group(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DatabaseSettings(_Group):
    """Where everything is kept."""

    url: str = ""
    """sqlite:///FILE or postgresql://...; empty: a file in the user's data directory."""


class LogSettings(_Group):
    """What is logged."""

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    json_lines: bool | None = None
    """One JSON object a line; by default exactly when stderr is not a terminal."""


class BankSettings(_Group):
    """Where the question bank is."""

    folder: Path | None = None
    """A folder laid out like questions/; default: the one that came with the program."""


class DeliverySettings(_Group):
    """How scheduled questions are sent."""

    grace_s: float = Field(default=6 * 3600, gt=0, le=7 * 86400, allow_inf_nan=False)
    """A question that is later than this, because we were away, is skipped (DELIVERY: 6 h)."""
    lease_s: float = Field(default=60, gt=0, le=3600, allow_inf_nan=False)
    """How long a sender may take before another may try."""


class TelegramSettings(_Group):
    """The bot on Telegram."""

    token: SecretStr = SecretStr("")
    """What @BotFather gave you; empty: not on Telegram."""
    api_base: str = "https://api.telegram.org"
    """Address of the Bot API server, for those who run their own."""
    file_base: str = ""
    """Address from which that server gives files; empty: the same."""
    webhook_url: str = ""
    """https address at which Telegram reaches us; empty: we ask for updates (long polling)."""
    webhook_listen: str = "127.0.0.1:8443"
    """Address and port on which we listen for the webhook, behind what ends the TLS."""
    webhook_secret: SecretStr = SecretStr("")
    """1 to 256 of A-Z a-z 0-9 _ - that Telegram must show; empty: made from the token."""

    @field_validator("token")
    @classmethod
    def _stripped(cls, value: SecretStr) -> SecretStr:
        return SecretStr(value.get_secret_value().strip())  # a file's last line break, for one

    @field_validator("api_base", "file_base", "webhook_url")
    @classmethod
    def _is_address(cls, value: str) -> str:
        if value and not re.fullmatch(r"https?://[^\s/]+(/\S*)?", value):
            raise ValueError("it must begin with https:// or http:// and name a server")
        return value.rstrip("/")

    @field_validator("webhook_url")
    @classmethod
    def _is_https(cls, value: str) -> str:
        if value and not re.match(r"https://|http://(127\.0\.0\.1|localhost)[:/]", value):
            raise ValueError("it must begin with https://, or Telegram will not bring anything")
        return value

    @field_validator("webhook_listen")
    @classmethod
    def _is_listen(cls, value: str) -> str:
        if not re.fullmatch(r"\S+:\d{1,5}", value) or int(value.rpartition(":")[2]) > 65535:
            raise ValueError("it must be an address and a port, as 127.0.0.1:8443")
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _is_secret(cls, value: SecretStr) -> SecretStr:
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", value.get_secret_value()):
            raise ValueError("it takes at most 256 of A-Z, a-z, 0-9, _ and -")
        return value


class DiscordSettings(_Group):
    """The bot on Discord."""

    token: SecretStr = SecretStr("")
    """The bot's token, from the application's Bot page; empty: not on Discord."""
    api_base: str = "https://discord.com/api/v10"
    """Address of the REST API, for those who have a proxy."""
    gateway_url: str = ""
    """Address of the gateway, for those who have a proxy; empty: Discord's own."""
    sharded: bool = False
    """Whether to connect as many times as Discord recommends: needed from 2,500 servers on."""

    @field_validator("token")
    @classmethod
    def _stripped(cls, value: SecretStr) -> SecretStr:
        return SecretStr(value.get_secret_value().strip())

    @field_validator("api_base")
    @classmethod
    def _is_address(cls, value: str) -> str:
        if not re.fullmatch(r"https?://[^\s/]+(/\S*)?", value):
            raise ValueError("it must begin with https:// or http:// and name a server")
        return value.rstrip("/")

    @field_validator("gateway_url")
    @classmethod
    def _is_gateway(cls, value: str) -> str:
        if value and not re.fullmatch(r"wss?://[^\s/]+(/\S*)?", value):
            raise ValueError("it must begin with wss:// or ws:// and name a server")
        return value


class Settings(BaseSettings):
    """All settings."""

    model_config = SettingsConfigDict(
        env_prefix="DRILLMATE_", env_nested_delimiter="__", frozen=True, extra="ignore"
    )

    database: DatabaseSettings = DatabaseSettings()
    log: LogSettings = LogSettings()
    bank: BankSettings = BankSettings()
    delivery: DeliverySettings = DeliverySettings()
    telegram: TelegramSettings = TelegramSettings()
    discord: DiscordSettings = DiscordSettings()

    @property
    def database_url(self) -> str:
        """Where everything is kept, the default filled in."""
        return self.database.url or f"sqlite:///{data_folder() / 'drillmate.db'}"


def data_folder() -> Path:
    """Return the user's data directory for the program; it may not exist yet."""
    return Path(platformdirs.user_data_dir("drillmate", appauthor=False))


def state_folder() -> Path:
    """Return the user's directory for histories and logs; it may not exist yet."""
    return Path(platformdirs.user_state_dir("drillmate", appauthor=False))
