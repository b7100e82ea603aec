"""Visits, interactions, survey answers and handovers over HTTP."""

from uuid import uuid4

from tests.http.client import Api

NEW_YEAR = "2025-01-01T00:00:00+08:00"


def test_visits_interactions_and_answers_of_a_customer(api: Api) -> None:
    lin, customer = api.person("林静"), api.customer("华东机械")
    api.assigned(customer, "account_manager", lin, NEW_YEAR)
    visit, call, answer = str(uuid4()), str(uuid4()), str(uuid4())
    api.accepted(
        f"customers/{customer}/record-visit",
        {
            "visit_id": visit,
            "visited_at": "2025-03-03T10:00:00+08:00",
            "channel": "face_to_face",
            "our_attendees": [str(lin)],
            "customer_attendees": ["孙经理"],
            "content": "季度拜访",
            "feedback": "总体满意",
        },
    )
    api.accepted(
        f"customers/{customer}/log-interaction",
        {
            "interaction_id": call,
            "at": "2025-03-05T10:00:00+08:00",
            "channel": "call",
            "direction": "outbound",
            "our_attendees": [str(lin)],
            "content": "回访",
            "result": "无问题",
        },
    )
    api.accepted(
        f"customers/{customer}/record-survey-answer",
        {
            "survey_id": str(uuid4()),
            "answer_id": answer,
            "answered_at": "2025-03-06T10:00:00+08:00",
            "scores": {"quality": 4.5},
            "scale": {"min": 1, "max": 5},
        },
    )
    (visited,) = api.ask("visits", customer=customer, person=lin, channel="face_to_face")["items"]
    assert (visited["visit_id"], visited["visited_at"], visited["feedback"]) == (
        visit,
        "2025-03-03T02:00:00Z",
        "总体满意",
    )
    (called,) = api.ask("interactions", customer=customer, **{"from": "2025-03-05T00:00:00Z"})["items"]
    assert (called["interaction_id"], called["result"]) == (call, "无问题")
    (said,) = api.ask("surveys", customer=customer)["items"]
    assert (said["answer_id"], said["scores"]) == (answer, {"quality": "4.5"})
    assert [(one["person"], one["acting"]) for one in said["served_by"]] == [(str(lin), False)]
    assert api.ask("visits", customer=uuid4())["items"] == []


def test_handovers_of_a_person(api: Api) -> None:
    lin, wang, customer = api.person("林静"), api.person("王磊"), api.customer("华东机械")
    assignment = api.assigned(customer, "account_manager", lin, NEW_YEAR)
    proposal = {"assignment_id": str(assignment), "to_person": str(wang), "effective_at": "2025-06-01T00:00:00+08:00"}
    handover = str(uuid4())
    api.accepted(f"customers/{customer}/propose-handover", {"handover_id": handover, "reason": "补录", **proposal})
    api.accepted(f"customers/{customer}/accept-handover", {"handover_id": handover})
    (found,) = api.ask("handovers", to_person=wang, stream=f"customer:{customer}", status="accepted")["items"]
    assert (found["handover_id"], found["from_person"], found["inventory"]) == (handover, str(lin), [])
    assert api.ask("handovers", from_person=wang)["items"] == []
