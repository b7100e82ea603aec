"""Survey answers, which pin who served the customer then."""

from decimal import Decimal

import pytest

from commands.customer.satisfaction import RecordSurveyAnswer
from events.customer.satisfaction import Server, SurveyAnswerRecorded
from events.responsibility import ResponsibilityWithdrawn
from events.vocabulary.identifiers import PersonId, SurveyAnswerId, SurveyId
from events.vocabulary.values import Scale
from tests.domain.given import given_customer
from tests.domain.people import LIN, STRANGER, WANG, ZHOU, number, on
from tests.domain.words import about, assigned, assignment, commitment, delegated, ended, made

TEN = Scale(min=Decimal(0), max=Decimal(10))


def answer(
    at: str = "2025-03-10 10:00",
    *,
    scores: dict[str, str] | None = None,
    scale: Scale = TEN,
    about_person: PersonId | None = None,
) -> RecordSurveyAnswer:
    return RecordSurveyAnswer(
        survey_id=SurveyId(number(8001)),
        answer_id=SurveyAnswerId(number(8101)),
        answered_at=on(at),
        scores={
            dimension: Decimal(score)
            for dimension, score in ({"response_speed": "8.5"} if scores is None else scores).items()
        },
        scale=scale,
        about_person=about_person,
    )


def answered(
    *served_by: Server, at: str = "2025-03-10 10:00", score: str = "8.5", about_person: PersonId | None = None
) -> SurveyAnswerRecorded:
    return SurveyAnswerRecorded(
        survey_id=SurveyId(number(8001)),
        answer_id=SurveyAnswerId(number(8101)),
        answered_at=on(at),
        scores={"response_speed": Decimal(score)},
        scale=TEN,
        about_person=about_person,
        served_by=served_by,
    )


def served(person: PersonId, *, by: int = 1, role: str = "account_manager", acting: bool = False) -> Server:
    return Server(person=person, role=role, assignment_id=assignment(by), acting=acting)


def test_an_answer_without_anybody_serving_is_recorded() -> None:
    given_customer().when(answer()).then(answered())


def test_an_answer_pins_who_served_when_it_was_given() -> None:
    support = assigned(WANG, no=2, role="technical_support")
    given_customer(assigned(LIN), support).when(answer()).then(
        answered(served(LIN), served(WANG, by=2, role="technical_support"))
    )


@pytest.mark.parametrize(
    ("at", "holder", "no"), [("2025-03-31 23:59", LIN, 1), ("2025-04-01 00:00", WANG, 2), ("2025-05-01", WANG, 2)]
)
def test_an_answer_pins_whoever_served_at_that_instant_however_late_it_arrives(
    at: str, holder: PersonId, no: int
) -> None:
    given_customer(assigned(LIN), ended(1, "2025-04-01"), assigned(WANG, "2025-04-01", no=2)).at(on("2025-06-01")).when(
        answer(at)
    ).then(answered(served(holder, by=no), at=at))


def test_an_answer_pins_who_was_acting_beside_the_principal() -> None:
    given_customer(assigned(LIN), delegated(1, WANG, "2025-03-01", "2025-04-01")).when(answer()).then(
        answered(served(LIN), served(WANG, acting=True))
    )


@pytest.mark.parametrize("at", ["2025-02-28 23:59", "2025-04-01 00:00"])
def test_nobody_acts_outside_their_delegation(at: str) -> None:
    given_customer(assigned(LIN), delegated(1, WANG, "2025-03-01", "2025-04-01")).when(answer(at)).then(
        answered(served(LIN), at=at)
    )


def test_whoever_acts_for_another_role_is_not_acting_for_this_one() -> None:
    given_customer(
        assigned(LIN),
        assigned(ZHOU, no=2, role="team_lead"),
        delegated(1, WANG, "2025-03-01", "2025-04-01", of=2),
    ).when(answer()).then(
        answered(
            served(LIN),
            served(ZHOU, by=2, role="team_lead"),
            served(WANG, by=2, role="team_lead", acting=True),
        )
    )


def test_holders_of_single_items_and_of_what_was_withdrawn_did_not_serve() -> None:
    customer = given_customer(assigned(LIN))
    withdrawn = ResponsibilityWithdrawn(assignment_id=assignment(1), corrects=customer.event(2))
    on_item = assigned(ZHOU, no=2, role="after_sales", subject=about("commitment", commitment(1)))
    given_customer(assigned(LIN), withdrawn, made(1), on_item).when(answer()).then(answered())


def test_an_answer_is_the_same_after_the_holders_were_corrected() -> None:
    given_customer(answered(), assigned(LIN)).when(answer()).nothing()


def test_an_answer_may_be_about_one_person() -> None:
    given_customer().when(answer(about_person=LIN)).then(answered(about_person=LIN))


def test_an_answer_is_not_about_a_stranger() -> None:
    given_customer().when(answer(about_person=STRANGER)).refused("person.unknown", "about_person")


def test_an_answer_id_is_used_once() -> None:
    given_customer(answered()).when(answer(scores={"response_speed": "9"})).refused("survey.id-taken", "answer_id")


def test_an_answer_has_scores() -> None:
    given_customer().when(answer(scores={})).refused("survey.no-scores", "scores")


@pytest.mark.parametrize("score", ["-0.001", "10.001"])
def test_a_score_lies_on_its_scale(score: str) -> None:
    given_customer().when(answer(scores={"response_speed": score})).refused("survey.score-outside-scale", "scores")


@pytest.mark.parametrize("score", ["0", "10"])
def test_the_ends_of_the_scale_are_scores(score: str) -> None:
    given_customer().when(answer(scores={"response_speed": score})).then(answered(score=score))


@pytest.mark.parametrize("top", [0, -1])
def test_a_scale_goes_up(top: int) -> None:
    given_customer().when(answer(scale=Scale(min=Decimal(0), max=Decimal(top)))).refused(
        "survey.scale-inverted", "scale"
    )


@pytest.mark.parametrize(("score", "again"), [("8.5", "8.500"), ("10", "10.0"), ("0", "-0"), ("0", "0.00")])
def test_a_score_is_the_same_however_it_is_written(score: str, again: str) -> None:
    given_customer(answered(score=score)).when(answer(scores={"response_speed": again})).nothing()


def test_scores_are_the_same_in_any_order() -> None:
    scores = {"response_speed": "8", "product_quality": "9"}
    (recorded,) = given_customer().when(answer(scores=scores)).events
    given_customer(recorded).when(answer(scores=dict(reversed(scores.items())))).nothing()
