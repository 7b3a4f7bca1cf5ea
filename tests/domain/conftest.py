"""The rules are tested on the pinned tzdata package, not on what the machine happens to have."""

import zoneinfo

zoneinfo.reset_tzpath(to=())
zoneinfo.ZoneInfo.clear_cache()
