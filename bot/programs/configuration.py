"""Settings from the environment and the command line."""

from __future__ import annotations

from pydantic import ValidationError

from bot.errors import Invalid
from bot.settings import DatabaseSettings, Settings


def configured(database_url: str = "") -> Settings:
    """Return the settings; an address on the command line comes before the environment's.

    Raises:
        Invalid: A setting cannot be read; the message names it.
    """
    try:
        settings = Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "DRILLMATE_" + "__".join(str(part).upper() for part in first["loc"])
        raise Invalid(
            f"The setting {name} is wrong: {first['msg']}.", "Mend or unset it."
        ) from error
    if database_url:
        return settings.model_copy(update={"database": DatabaseSettings(url=database_url)})
    return settings
