"""Write the counts of an edition as a page that stands alone."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from geo.register.calendars import format_date
from geo.register.digits import format_number
from geo.register.divisions import Division
from geo.register.statistics import count_table
from services.messages import say
from services.register.publication.content import EditionContent

DIRECTIONS = {"fa": "rtl", "en": "ltr"}
"""How the languages of the interface run."""

PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def write_statistics(path: Path, content: EditionContent, *, number: int, language: str) -> None:
    """Write the closing table: a row for each division of the top level, a column for each level below it."""
    pack = content.register.pack

    def name_of(division: Division | None) -> str:
        return division.name_in(language, *pack.languages) if division else say("statistics.none", language)

    table = count_table(content.divisions, pack.levels)
    country = pack.names.choose(language)
    html = PAGES.get_template("statistics.html").render(
        language=language,
        direction=DIRECTIONS[language],
        title=say("statistics.title", language, country=country, day=format_date(content.day, language, long=True)),
        facts=_list_facts(content, number, language),
        table=table,
        top_name="، ".join(pack.level(level).names.choose(language) for level in table.top),
        level_names=[pack.level(level).names.choose(language) for level in table.levels],
        attributions=[f"{one.text} ({one.licence})" for one in pack.attributions],
        name_of=name_of,
        number=lambda value: format_number(value, language),
        say=lambda key, **params: say(f"statistics.{key}", language, **params),
    )
    path.write_text(html, encoding="utf-8", newline="\n")


def _list_facts(content: EditionContent, number: int, language: str) -> list[tuple[str, str]]:
    facts = {
        "register": content.register.name,
        "edition": format_number(number, language),
        "as_of": f"{format_date(content.day, language)} ({content.day.isoformat()})",
        "digest": content.digest(),
    }
    return [(say(f"statistics.{key}", language), value) for key, value in facts.items()]
