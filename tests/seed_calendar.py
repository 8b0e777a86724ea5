"""Writes the official holidays that chinesecalendar knows into phrasebook/calendar.yaml: python -m tests.seed_calendar.

Only the text from the line `years:` on is rewritten; a year the library does not know yet, entered by hand, stays.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import yaml
from chinese_calendar.constants import Holiday, holidays, workdays

FILE = Path(__file__).parent.parent / "phrasebook" / "calendar.yaml"
FIRST_YEAR = 2024
Named = dict[str, list[str]]
Years = dict[str, dict[str, Named]]
NAMES = {holiday.value: f"{holiday.chinese.removesuffix('节')}节" for holiday in Holiday} | {"New Year's Day": "元旦"}


def known_years() -> Years:
    """What the library knows, from FIRST_YEAR on."""
    table: Mapping[str, Mapping[date, str]] = {"holidays": holidays, "workdays": workdays}
    years: Years = {}
    for word, days in table.items():
        for day, name in sorted(days.items()):
            if day.year >= FIRST_YEAR:
                named = years.setdefault(str(day.year), defaultdict(dict)).setdefault(word, {})
                named.setdefault(NAMES[name], []).append(day.isoformat())
    return years


def seeded(text: str) -> str:
    """The calendar file's text with the known years in it and everything before `years:` untouched."""
    years: Years = (yaml.safe_load(text).get("years") or {}) | known_years()
    head = text[: text.index("\nyears:") + 1]
    lines = ["years:"]
    for year, table in sorted(years.items()):
        lines.append(f'  "{year}":')
        for word, named in table.items():
            lines.append(f"    {word}:")
            for name, days in named.items():
                quoted = ", ".join(f'"{day}"' for day in days)
                lines.append(f"      {name}: [{quoted}]")
    return head + "\n".join(lines) + "\n"


if __name__ == "__main__":
    FILE.write_text(seeded(FILE.read_text(encoding="utf-8")), encoding="utf-8")
