"""A satisfaction survey every quarter."""

from decimal import Decimal

from commands.customer.satisfaction import RecordSurveyAnswer
from events.vocabulary.identifiers import SurveyAnswerId, SurveyId
from events.vocabulary.values import Scale
from services.sample.accounts import ACCOUNTS
from services.sample.chance import dice, named
from services.sample.days import at
from services.sample.diary import moment
from services.sample.duties import Duties
from services.sample.people import SHEN
from services.sample.story import Story

_DIMENSIONS = ("product_quality", "service_attitude", "response_speed")
_SCALE = Scale(min=Decimal(1), max=Decimal(5))
_ANSWERED, _NAMES_SOMEBODY = 0.93, 0.6
_LAST_MONTHS = (3, 6, 9, 12)
_DAY_OF_MONTH = 10


def tell(story: Story, duties: Duties) -> None:
    """Tell the chapter."""
    for account in ACCOUNTS:
        chance = dice("surveys", account.slug)
        mood = chance.uniform(3.4, 4.6)
        for month in story.days.months():
            asked = [day for day in month if day.day >= _DAY_OF_MONTH]
            answered, names_somebody = chance.random() < _ANSWERED, chance.random() < _NAMES_SOMEBODY
            if month[0].month not in _LAST_MONTHS or not asked or not answered:
                continue
            answered_at = moment(chance, chance.choice(asked))
            manager = duties.doer(account, "account_manager", answered_at)
            scores = {name: _score(mood + chance.uniform(-0.8, 0.6)) for name in _DIMENSIONS}
            quarter = f"{answered_at.year}Q{answered_at.month // 3}"
            answer = RecordSurveyAnswer(
                survey_id=SurveyId(named("survey", quarter)),
                answer_id=SurveyAnswerId(named("answer", account.slug, quarter)),
                answered_at=answered_at,
                scores=scores,
                scale=_SCALE,
                about_person=manager.id if manager and names_somebody else None,
            )
            story.tell(at(answered_at.date(), 17, 30), SHEN, account.stream, answer)


def _score(value: float) -> Decimal:
    """A score in steps of a half between 1 and 5."""
    return Decimal(min(max(round(value * 2), 2), 10)) / 2
