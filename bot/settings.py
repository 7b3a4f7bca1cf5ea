"""Settings: one frozen tree, built once by the command line and handed down.

Every value can come from the environment: DRILLMATE_DATABASE__URL, DRILLMATE_LOG__LEVEL, ...
What is not set there may be a file of that name in /run/secrets, where container engines put what
should not be seen in a container's environment.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import platformdirs
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import (
    BaseSettings,
    NestedSecretsSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)


class _Group(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _is_address_and_port(value: str) -> bool:
    return bool(re.fullmatch(r"\S+:\d{1,5}", value)) and int(value.rpartition(":")[2]) <= 65535


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


class HealthSettings(_Group):
    """How a running program shows that it is alive."""

    file: Path | None = None
    """A file that a running program writes every few seconds, for `drillmate health`; empty: none.
    One process, one file: two in the same would hide that one of them has ended."""
    stale_s: float = Field(default=30, ge=10, le=3600, allow_inf_nan=False)
    """Seconds after which `drillmate health` takes a program that has not beaten for dead."""

    @field_validator("file", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return value or None  # compose files cannot unset a variable, only empty it


class TelegramSettings(_Group):
    """The bot on Telegram."""

    token: SecretStr = SecretStr("")
    """What @BotFather gave you; empty: not on Telegram."""
    api_base: str = "https://api.telegram.org"
    """Address of the Bot API server, for those who run their own."""
    file_base: str = ""
    """Address from which that server gives files; empty: the same."""
    per_second: int = Field(default=30, ge=1, le=1000)
    """Messages a second that Telegram takes from this bot; more only with paid broadcasts."""
    in_flight: int = Field(default=4, ge=1, le=100)
    """Scheduled questions under way at once: a crash may send so many twice. More are needed only
    where Telegram's answer takes longer than this number divided by `per_second`."""
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
        if not _is_address_and_port(value):
            raise ValueError("it must be an address and a port, as 127.0.0.1:8443")
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _is_secret(cls, value: SecretStr) -> SecretStr:
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", value.get_secret_value()):
            raise ValueError("it takes at most 256 of A-Z, a-z, 0-9, _ and -")
        return value


class MetricsSettings(_Group):
    """Figures for operators, in the format of Prometheus."""

    listen: str = ""
    """Address and port at which they can be read, as 127.0.0.1:9464; empty: nowhere."""

    @field_validator("listen")
    @classmethod
    def _is_listen(cls, value: str) -> str:
        if value and not _is_address_and_port(value):
            raise ValueError("it must be an address and a port, as 127.0.0.1:9464")
        return value


class DiscordSettings(_Group):
    """The bot on Discord."""

    token: SecretStr = SecretStr("")
    """The bot's token, from the application's Bot page; empty: not on Discord."""
    api_base: str = "https://discord.com/api/v10"
    """Address of the REST API, for those who have a proxy."""
    gateway_url: str = ""
    """Address of the gateway, for those who have a proxy; empty: Discord's own."""
    per_second: int = Field(default=50, ge=1, le=1000)
    """Requests a second that Discord takes from this bot; more only by agreement with them."""
    in_flight: int = Field(default=10, ge=1, le=100)
    """Scheduled questions under way at once; Discord shows those sent twice after a crash once."""
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


class LlmSettings(_Group):
    """Whom to ask for second opinions: any server that speaks OpenAI's chat completions."""

    base_url: str = ""
    """Address of its API, as https://api.openai.com/v1; empty: nobody is asked."""
    api_key: SecretStr = SecretStr("")
    """The key it wants; empty: none, as with a server of one's own."""
    model: str = ""
    """Who judges there; empty: nobody."""
    provider: str = Field(default="", max_length=60, validate_default=True)
    """Its name, as people are asked whether their answers may go there; empty: its host's name."""
    transcription_model: str = ""
    """Who writes down voice messages there; empty: nobody."""
    total_s: float = Field(default=30, gt=0, le=600, allow_inf_nan=False)
    """Seconds that an opinion may take, waiting and trying again included."""
    reply_tokens: int = Field(default=2000, ge=200, le=32_000)
    """Tokens of a reply, at most; models that think before they write need more."""
    in_flight: int = Field(default=4, ge=1, le=100)
    """Opinions under way at once."""
    tokens_a_day: int = Field(default=1_000_000, ge=0)
    """Tokens that all opinions of a day (UTC) may take; 0: none are asked for."""
    tokens_a_person: int = Field(default=20_000, ge=0)
    """The same for one person; 0: none."""
    tokens_a_chat: int = Field(default=100_000, ge=0)
    """The same for one chat; 0: none."""
    calibration: Path | None = None
    """File with the model's calibration; empty: none."""
    breaker_failures: int = Field(default=5, ge=1, le=1000)
    """Failures of the server after which it is left alone."""
    breaker_window_s: float = Field(default=60, gt=0, le=86400, allow_inf_nan=False)
    """Seconds within which they must fall."""
    breaker_rest_s: float = Field(default=60, gt=0, le=86400, allow_inf_nan=False)
    """Seconds for which it is left alone; then one call tries it."""

    @field_validator("base_url")
    @classmethod
    def _is_address(cls, value: str) -> str:
        if value and not re.fullmatch(r"https?://[^\s/@?#]+(/[^\s?#]*)?", value):
            raise ValueError("it must begin with https:// or http:// and name a server")
        return value.rstrip("/")

    @field_validator("api_key")
    @classmethod
    def _stripped(cls, value: SecretStr) -> SecretStr:
        key = value.get_secret_value().strip()
        if not re.fullmatch(r"[!-~]*", key):
            raise ValueError("it takes letters, digits and signs without spaces")
        return SecretStr(key)

    @field_validator("calibration", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return value or None

    @field_validator("provider")
    @classmethod
    def _named(cls, value: str, info: ValidationInfo) -> str:
        return value.strip() or urlsplit(info.data.get("base_url", "")).hostname or ""

    @property
    def judges(self) -> bool:
        """Whether somebody is asked for second opinions."""
        return bool(self.base_url and self.model)

    @property
    def listens(self) -> bool:
        """Whether somebody writes down voice messages."""
        return bool(self.base_url and self.transcription_model)


Role = Literal["all", "gateway", "sender", "worker"]
"""What a process does: everything; listen and answer; send what is due; slow work."""


class Settings(BaseSettings):
    """All settings."""

    model_config = SettingsConfigDict(
        env_prefix="DRILLMATE_",
        env_nested_delimiter="__",
        secrets_dir="/run/secrets",
        secrets_dir_missing="ok",
        frozen=True,
        extra="ignore",
    )

    role: Role = "all"
    """What this process does; only on PostgreSQL can several share the work."""
    operators: str = ""
    """Who may call /admin, as telegram:7000000001,discord:80351110224678912; empty: nobody."""
    database: DatabaseSettings = DatabaseSettings()
    log: LogSettings = LogSettings()
    bank: BankSettings = BankSettings()
    delivery: DeliverySettings = DeliverySettings()
    metrics: MetricsSettings = MetricsSettings()
    health: HealthSettings = HealthSettings()
    telegram: TelegramSettings = TelegramSettings()
    discord: DiscordSettings = DiscordSettings()
    llm: LlmSettings = LlmSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return where values come from, the first that has one first.

        The library's own reader of secrets takes a whole group from one file, as JSON.
        """
        return init_settings, env_settings, NestedSecretsSettingsSource(file_secret_settings)

    @field_validator("operators")
    @classmethod
    def _are_operators(cls, value: str) -> str:
        if not re.fullmatch(r"(\s*[a-z]+:[\w-]+\s*(,|$))*", value):
            raise ValueError("it must be a list, as telegram:7000000001,discord:80351110224678912")
        return value

    @property
    def operator_ids(self) -> frozenset[str]:
        """Who may call /admin: platform and id of each."""
        return frozenset(each.strip() for each in self.operators.split(",") if each.strip())

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
