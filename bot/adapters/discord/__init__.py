"""Discord, through discord.py. If you know the library, here is where things went.

| you would write | here |
|---|---|
| a cog with `@app_commands.command` | a typed function in bot/commands; `publish` makes the tree |
| `ui.View`, `ui.LayoutView` | a Card; `render` draws it |
| `custom_id`, `DynamicItem` | `ActionButton`, the only one; ids begin with `d1:` |
| `ui.Modal.on_submit` | `DrillClient.on_interaction`: modals survive a restart |
| `interaction.response` | `answers`, which decides when to defer and who sees what |
| `on_message` | `deeds`: direct messages, mentions and replies that ping |
| `on_guild_join`, `on_guild_remove` | `lives` |
| `channel.send` | `outgoing`; what its errors mean is in `faults` |

No privileged intent is used, and there are no prefix commands.
"""

from __future__ import annotations

from bot.adapters.discord.adapter import DiscordAdapter

__all__ = ["DiscordAdapter"]
