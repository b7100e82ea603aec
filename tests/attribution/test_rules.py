"""A promise falls due while 林静 is away and 王磊 acts for her; 周敏 takes over two days later: who is charged?"""

from datetime import UTC, timedelta
from typing import Any

import pytest

from commands.customer.commitments import FulfilCommitment, MakeCommitment, RescheduleCommitment
from commands.customer.complaints import AssignComplaint, ReceiveComplaint
from commands.customer.interactions import LogInteraction
from commands.customer.satisfaction import RecordSurveyAnswer
from commands.customer.visits import RecordVisit
from commands.responsibility import AcceptHandover, CorrectResponsibility, Delegate, ProposeHandover
from events.vocabulary.identifiers import HandoverId, InteractionId, SurveyAnswerId, SurveyId, VisitId
from events.vocabulary.values import Scale
from tests.domain.people import CHEN, HUADONG, LIN, WANG, ZHAO, ZHOU, number, on
from tests.domain.words import about, assign, assignment, commitment, complaint, delegation
from tests.kpis.company import Company

PROMISE = f"commitment:{commitment(1)}"
MADE, DUE, TAKEN_OVER, KEPT = "2025-03-01 10:00", "2025-03-31 18:00", "2025-04-02 18:00", "2025-04-10 10:00"
TODAY = "2025-05-01 09:00"


def utc(moment: str) -> str:
    return on(moment).astimezone(UTC).isoformat().replace("+00:00", "Z")


@pytest.fixture
def story(company: Company) -> Company:
    """林静 promised; she was away from 24 March to 7 April; 周敏 accepted to take over from 2 April on."""
    company.registered(HUADONG)
    company.at(TODAY)
    company.customer(HUADONG, assign(LIN, "2025-01-01"))
    company.customer(
        HUADONG,
        MakeCommitment(
            commitment_id=commitment(1),
            text="三月底前交付样机",
            due_at=on(DUE),
            by="us",
            promised_by=CHEN,
            occurred_at=on(MADE),
        ),
    )
    company.customer(
        HUADONG,
        Delegate(
            delegation_id=delegation(1),
            assignment_id=assignment(1),
            to_person=WANG,
            since=on("2025-03-24"),
            until=on("2025-04-07"),
        ),
    )
    handover = HandoverId(number(5001))
    company.customer(
        HUADONG,
        ProposeHandover(handover_id=handover, assignment_id=assignment(1), to_person=ZHOU, effective_at=on(TAKEN_OVER)),
    )
    company.customer(HUADONG, AcceptHandover(handover_id=handover))
    company.customer(HUADONG, FulfilCommitment(commitment_id=commitment(1), fulfilled_at=on(KEPT)))
    return company


def charged(answer: dict[str, Any]) -> list[tuple[str, str, float]]:
    return [(charge["person"], charge["kind"], charge["share"]) for charge in answer["charges"]]


@pytest.mark.parametrize(
    ("rule", "instant", "charges"),
    [
        ("at_occurrence", MADE, [(str(LIN), "principal", 1)]),
        ("at_due", DUE, [(str(LIN), "principal", 1), (str(WANG), "acting", 0)]),
        ("at_resolution", KEPT, [(str(ZHOU), "principal", 1)]),
        ("current", "2025-05-01 09:00", [(str(ZHOU), "principal", 1)]),
    ],
)
def test_at_an_instant_whoever_held_it_then_is_charged(
    story: Company, rule: str, instant: str, charges: list[tuple[str, str, float]]
) -> None:
    answer = story.api.ask("attribution", item=PROMISE, rule=rule, effective_at=utc("2025-05-01 09:00"))
    assert answer["instant"] == utc(instant)
    assert charged(answer) == charges
    assert (answer["unheld"], answer["uncharged"], answer["rule"]) == (0, None, rule)


def test_time_weighted_splits_by_the_time_held(story: Company) -> None:
    answer = story.api.ask("attribution", item=PROMISE, rule="time_weighted", effective_at=utc("2025-05-01 09:00"))
    whole = on(KEPT) - on(MADE)
    lin = (on(TAKEN_OVER) - on(MADE)) / whole
    assert charged(answer) == [
        (str(LIN), "principal", pytest.approx(lin, abs=1e-6)),
        (str(ZHOU), "principal", pytest.approx(1 - lin, abs=1e-6)),
        (str(WANG), "acting", 0),
    ]
    assert answer["instant"] is None
    assert (answer["weighed_since"], answer["weighed_until"]) == (utc(MADE), utc(KEPT))
    acting = answer["charges"][2]
    assert (acting["since"], acting["until"]) == (utc("2025-03-24"), utc(TAKEN_OVER))


def test_who_did_it_is_kept_apart_from_who_held_it(story: Company) -> None:
    answer = story.api.ask("attribution", item=PROMISE, rule="at_due")
    assert answer["did"] == [{"person": str(CHEN), "part": "promised_by"}]
    assert str(CHEN) not in {charge["person"] for charge in answer["charges"]}


def test_every_charge_is_proven_by_events(story: Company) -> None:
    answer = story.api.ask("attribution", item=PROMISE, rule="at_due")
    names = {
        str(one.id): one.event.event_name for one in story.zeren.ledger.read(0, 1000) if one.stream.startswith("cust")
    }
    principal, acting = ([names[event] for event in charge["events"]] for charge in answer["charges"])
    assert principal == ["responsibility.assigned", "responsibility.ended"]
    assert acting == ["responsibility.delegation-granted", *principal]
    assert [names[event] for event in answer["events"]] == [
        "customer.commitment-made",
        "customer.commitment-fulfilled",
    ]


def test_an_open_promise_is_not_charged_at_its_resolution_and_weighed_until_now(company: Company) -> None:
    company.registered(HUADONG)
    company.at(TODAY)
    company.customer(HUADONG, assign(LIN, "2025-01-01"))
    promise = MakeCommitment(commitment_id=commitment(1), text="样机", due_at=on(DUE), by="us", occurred_at=on(MADE))
    company.customer(HUADONG, promise)
    answer = company.api.ask("attribution", item=PROMISE, rule="at_resolution")
    assert (answer["charges"], answer["uncharged"], answer["instant"]) == ([], "not-ended", None)
    weighed = company.api.ask("attribution", item=PROMISE, rule="time_weighted", effective_at=utc("2025-03-11 10:00"))
    assert weighed["weighed_until"] == utc("2025-03-11 10:00")
    early = company.api.ask("attribution", item=PROMISE, rule="time_weighted", effective_at=utc("2025-02-01"))
    assert (early["charges"], early["uncharged"]) == ([], "not-yet-occurred")


def test_the_time_that_nobody_held_it_is_unheld(company: Company) -> None:
    company.registered(HUADONG)
    company.at(TODAY)
    company.customer(HUADONG, assign(LIN, "2025-03-01", "2025-03-03"))
    company.customer(HUADONG, assign(WANG, "2025-03-04", no=2))
    promise = MakeCommitment(
        commitment_id=commitment(1), text="样机", due_at=on("2025-03-03 12:00"), by="us", occurred_at=on("2025-03-01")
    )
    company.customer(HUADONG, promise)
    company.customer(HUADONG, FulfilCommitment(commitment_id=commitment(1), fulfilled_at=on("2025-03-05")))
    at_due = company.api.ask("attribution", item=PROMISE, rule="at_due")
    assert (at_due["charges"], at_due["unheld"], at_due["uncharged"]) == ([], 1, None)
    weighed = company.api.ask("attribution", item=PROMISE, rule="time_weighted")
    assert (charged(weighed), weighed["unheld"]) == (
        [(str(LIN), "principal", 0.5), (str(WANG), "principal", 0.25)],
        0.25,
    )


def test_three_who_share_a_third_each_still_make_one(company: Company) -> None:
    company.registered(HUADONG)
    company.at(TODAY)
    company.customer(HUADONG, assign(ZHAO, "2025-01-01"))
    company.customer(
        HUADONG,
        ReceiveComplaint(
            complaint_id=complaint(1),
            received_at=on("2025-03-10 09:00"),
            channel="phone",
            severity="high",
            content="停机",
        ),
    )
    for no, person in enumerate((LIN, WANG, ZHOU), 2):
        company.customer(
            HUADONG,
            assign(person, "2025-03-10", no=no, role="technical_support", subject=about("complaint", complaint(1))),
        )
    answer = company.api.ask("attribution", item=f"complaint:{complaint(1)}", rule="at_occurrence")
    assert [charge["share"] for charge in answer["charges"]] == [0.333334, 0.333333, 0.333333]


def test_an_assignment_on_the_complaint_goes_before_whom_it_was_handed_to_and_both_before_the_account_manager(
    company: Company,
) -> None:
    company.registered(HUADONG)
    company.at(TODAY)
    company.customer(HUADONG, assign(ZHAO, "2025-01-01"))
    item = complaint(1)
    received = on("2025-03-10 09:00")
    company.customer(
        HUADONG,
        ReceiveComplaint(complaint_id=item, received_at=received, channel="phone", severity="high", content="停机"),
    )
    company.customer(HUADONG, AssignComplaint(complaint_id=item, person=LIN, at=received + timedelta(hours=3)))
    subject = about("complaint", item)
    informed = assign(CHEN, "2025-03-10 09:00", no=2, role="supervisor", subject=subject, involvement="informed")
    responsible = assign(
        WANG,
        "2025-03-10 15:00",
        "2025-03-10 18:00",
        no=3,
        role="technical_support",
        subject=subject,
        involvement="responsible",
    )
    company.customer(HUADONG, informed)
    company.customer(HUADONG, responsible)
    for hours, holder in ((1, ZHAO), (4, LIN), (7, WANG), (10, LIN)):
        answer = company.api.ask(
            "attribution",
            item=f"complaint:{item}",
            rule="current",
            effective_at=(received + timedelta(hours=hours)).astimezone(UTC).isoformat(),
        )
        assert charged(answer) == [(str(holder), "principal", 1)]


def test_a_promise_falls_due_at_the_time_that_the_customer_agreed_to(story: Company) -> None:
    story.customer(
        HUADONG,
        MakeCommitment(
            commitment_id=commitment(2), text="培训", due_at=on("2025-03-20"), by="us", occurred_at=on("2025-03-02")
        ),
    )
    for due, agreed, instant in (("2025-03-25", True, "2025-03-25"), ("2025-04-20", False, "2025-03-25")):
        story.customer(HUADONG, RescheduleCommitment(commitment_id=commitment(2), due_at=on(due), agreed=agreed))
        answer = story.api.ask("attribution", item=f"commitment:{commitment(2)}", rule="at_due")
        assert answer["instant"] == utc(instant)


def test_a_visit_and_a_call_are_charged_to_the_account_manager_and_have_no_due_time(story: Company) -> None:
    story.customer(
        HUADONG,
        RecordVisit(
            visit_id=VisitId(number(6001)),
            visited_at=on("2025-03-25 10:00"),
            channel="face_to_face",
            our_attendees=(CHEN, WANG),
            content="样机进度",
        ),
    )
    story.customer(
        HUADONG,
        LogInteraction(
            interaction_id=InteractionId(number(6002)),
            at=on("2025-04-03 10:00"),
            channel="call",
            direction="outbound",
            our_attendees=(ZHOU,),
            content="延期说明",
            result="客户同意",
        ),
    )
    visit, call = f"visit:{number(6001)}", f"interaction:{number(6002)}"
    answer = story.api.ask("attribution", item=visit, rule="at_occurrence")
    assert charged(answer) == [(str(LIN), "principal", 1), (str(WANG), "acting", 0)]
    assert [deed["person"] for deed in answer["did"]] == [str(CHEN), str(WANG)]
    assert charged(story.api.ask("attribution", item=call, rule="time_weighted")) == [(str(ZHOU), "principal", 1)]
    assert story.api.ask("attribution", item=visit, rule="at_due")["uncharged"] == "no-due-time"


def test_an_answer_stays_charged_to_whom_it_pins_even_after_a_correction(story: Company) -> None:
    answered = RecordSurveyAnswer(
        survey_id=SurveyId(number(7000)),
        answer_id=SurveyAnswerId(number(7001)),
        answered_at=on("2025-02-01"),
        scores={"service_attitude": 8},
        scale=Scale(min=0, max=10),
        about_person=CHEN,
    )
    story.customer(HUADONG, answered)
    story.customer(
        HUADONG, CorrectResponsibility(assignment_id=assignment(1), since=on("2025-02-15"), reason="到岗日期录错")
    )
    item = f"survey-answer:{number(7001)}"
    pinned = story.api.ask("attribution", item=item, rule="at_occurrence")
    assert charged(pinned) == [(str(LIN), "principal", 1)]
    assert pinned["charges"][0]["since"] == pinned["charges"][0]["until"] == utc("2025-02-01")
    assert pinned["did"] == [{"person": str(CHEN), "part": "about_person"}]
    today = story.api.ask("attribution", item=item, rule="current", effective_at=utc("2025-05-01"))
    assert charged(today) == [(str(ZHOU), "principal", 1)]


def test_a_correction_changes_who_is_charged_from_the_moment_it_is_known(story: Company) -> None:
    before = story.api.position
    story.customer(HUADONG, CorrectResponsibility(assignment_id=assignment(1), person=ZHAO, reason="录错了人"))
    question: dict[str, Any] = {"item": PROMISE, "rule": "at_occurrence"}
    assert charged(story.api.ask("attribution", **question, known_position=before)) == [(str(LIN), "principal", 1)]
    assert charged(story.api.ask("attribution", **question)) == [(str(ZHAO), "principal", 1)]


BAD_QUESTIONS: list[tuple[dict[str, Any], int, str]] = [
    ({"item": PROMISE, "rule": "at_lunch"}, 422, "rule.unknown"),
    ({"item": PROMISE}, 422, "request.invalid"),
    ({"item": "contract:1", "rule": "at_due"}, 422, "request.invalid"),
    ({"item": f"commitment:{number(9999)}", "rule": "at_due"}, 404, "not-found"),
    ({"item": PROMISE, "rule": "at_due", "known_position": 10**9}, 422, "position.unknown"),
]


def test_what_cannot_be_asked_is_told(company: Company) -> None:
    told = []
    for question, _, _ in BAD_QUESTIONS:
        answer = company.api.get("attribution", **question)
        told.append((question, answer.status_code, answer.json()["code"]))
    assert told == BAD_QUESTIONS


def test_a_promise_is_unknown_before_it_was_recorded(story: Company) -> None:
    answer = story.api.get("attribution", item=PROMISE, rule="at_due", known_position=1)
    assert answer.status_code == 404
