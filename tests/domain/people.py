"""The people, customers and projects that the scenarios speak of."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from events.vocabulary.identifiers import CustomerId, PersonId, ProjectId


def number(value: int) -> UUID:
    """A recognisable identifier: …0007."""
    return UUID(f"00000000-0000-4000-8000-{value:012d}")


def on(moment: str) -> datetime:
    """An instant by the clocks of Shanghai: `2025-03-10` (midnight) or `2025-03-10 09:30`."""
    return datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo("Asia/Shanghai"))


NOW = on("2025-03-10 09:00")
"""A Monday morning, when the scenarios take place unless they say otherwise."""

ZHAO = PersonId(number(101))
LIN = PersonId(number(102))
WANG = PersonId(number(103))
ZHOU = PersonId(number(104))
CHEN = PersonId(number(105))
QIAN = PersonId(number(106))
STRANGER = PersonId(number(199))
"""Nobody of that id was ever registered."""

NAMES: dict[PersonId, str] = {
    ZHAO: "赵建国",
    LIN: "林静",
    WANG: "王磊",
    ZHOU: "周敏",
    CHEN: "陈晨",
    QIAN: "钱进",
}
QIAN_LEFT = on("2025-06-01")
"""From when on 钱进 no longer works here."""

HUADONG = CustomerId(number(201))
"""华东机械, the customer that most scenarios are about."""
BINHAI = CustomerId(number(202))
"""滨海化工, another customer."""
NO_CUSTOMER = CustomerId(number(299))
"""Nobody of that id was ever registered."""

LINE_SEVEN = ProjectId(number(301))
"""七号线改造, a project for 华东机械."""
