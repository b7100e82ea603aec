"""The story's customer."""

from typing import Any

from services.http.examples import ids
from services.http.examples.ids import CUSTOMER, PERSON, SUCCESSOR, event_of
from services.http.examples.steps import Step, steps_of

_step = steps_of("customer", CUSTOMER)
_event = event_of("customer", CUSTOMER)


def at(hour: int, day: int = 3, month: int = 3) -> str:
    """An instant of the spring of the story, 2025."""
    return f"2025-{month:02d}-{day:02d}T{hour:02d}:00:00+08:00"


def _duty(identifier: str, text: str, due_at: str) -> dict[str, Any]:
    return {"obligation_id": identifier, "clause": "4.2", "text": text, "by": "us", "due_at": due_at}


# What is still to come has to stay so, however late somebody tries the examples.
NEXT_CENTURY = "2101-01-01T09:00:00+08:00"
_engineer = {"person": SUCCESSOR, "involvement": "responsible", "role": "service_engineer"}

CUSTOMERS: tuple[Step, ...] = (
    _step("register-customer", industry="电力", region="华东", registered_on="2025-03-01"),
    _step("assign-tier", tier="first"),
    _step("override-tier", tier="vip", since=at(9), reason="战略客户"),
    _step("record-profile-fact", collector=PERSON),
    _step("confirm-profile-reviewed"),
    _step("assign-responsibility", involvement="accountable"),
    _step("assign-responsibility", assignment_id=ids.ENDED, **_engineer),
    _step("assign-responsibility", assignment_id=ids.WITHDRAWN, **{**_engineer, "involvement": "consulted"}),
    _step("correct-responsibility", since="2025-02-01T09:00:00+08:00", reason="开始日期有误"),
    _step("end-responsibility", assignment_id=ids.ENDED, until=NEXT_CENTURY),
    _step("withdraw-responsibility", assignment_id=ids.WITHDRAWN, reason="误登"),
    _step("delegate", to_person=SUCCESSOR, since=at(9, 7, 4), until=NEXT_CENTURY),
    _step("revoke-delegation"),
    _step("propose-handover", handover_id=ids.DECLINED, to_person=SUCCESSOR, effective_at=NEXT_CENTURY),
    _step("decline-handover", handover_id=ids.DECLINED, reason="时间不便"),
    _step("propose-handover", handover_id=ids.CANCELLED, to_person=SUCCESSOR, effective_at=NEXT_CENTURY),
    _step("cancel-handover", handover_id=ids.CANCELLED, reason="日期有误"),
    _step("propose-handover", to_person=SUCCESSOR, effective_at=NEXT_CENTURY),
    _step("accept-handover"),
    _step("log-interaction", at=at(10), direction="outbound"),
    _step(
        "record-visit",
        visited_at=at(14),
        channel="face_to_face",
        customer_attendees=["陈主任"],
        purpose="季度回访",
        commitments=[
            {
                "commitment_id": ids.PROMISED_IN_VISIT,
                "text": "一周内提交检查报告",
                "due_at": at(18, 10),
                "by": "us",
                "promised_by": PERSON,
            }
        ],
    ),
    _step("make-commitment", occurred_at=at(14), promised_by=PERSON, promised_to="陈主任", origin=f"visit:{ids.VISIT}"),
    _step("make-commitment", commitment_id=ids.WAIVED, text="提供备用控制柜", occurred_at=at(14)),
    _step("reschedule-commitment", due_at=at(9, 10, 6), occurred_at=at(9, 1, 4)),
    _step("correct-commitment", text="两周内交付全部备件", reason="登记不完整"),
    _step("fulfil-commitment", fulfilled_at=at(9, 1, 6)),
    _step("waive-commitment", commitment_id=ids.WAIVED, occurred_at=at(9, 1, 4), reason="客户不再需要"),
    _step("receive-complaint", received_at=at(9), contact="陈主任"),
    _step("acknowledge-complaint", at=at(10)),
    _step("assign-complaint", at=at(11), department="key_accounts"),
    _step("start-waiting-on-customer", at=at(12)),
    _step("stop-waiting-on-customer", at=at(14)),
    _step("propose-solution", at=at(15)),
    _step("escalate-complaint", at=at(16), to_person=SUCCESSOR, reason="客户要求加急"),
    _step("resolve-complaint", at=at(17)),
    _step("close-complaint", at=at(18)),
    _step("reopen-complaint", at=at(9, 4), reason="报警再次出现"),
    _step(
        "sign-contract",
        ends_on="2025-12-31",
        signed_by="陈主任",
        obligations=[
            _duty(ids.OBLIGATION, "三月可用率达到 99.5%", at(18, 31)),
            _duty(ids.BROKEN, "四月可用率达到 99.5%", at(18, 30, 4)),
        ],
    ),
    _step("amend-contract", at=at(9, 10)),
    _step("renew-contract", at=at(9, 20), ends_on="2026-12-31"),
    _step("start-obligation-waiting", at=at(9, 12)),
    _step("stop-obligation-waiting", at=at(9, 14)),
    _step("record-performance", at=at(17, 31), measured="99.7"),
    _step("declare-breach", obligation_id=ids.BROKEN, at=at(9, 2, 5), cure_due_at=at(9, 31, 5)),
    _step("cure-breach", obligation_id=ids.BROKEN, at=at(9, 20, 5)),
    _step("end-contract", at=at(9, 30, 6)),
    _step("record-survey-answer", answered_at=at(9, 5, 6), about_person=PERSON),
    _step("correct-fact", event=_event(1), values={"region": "华东一区"}, reason="区域划分有误"),
    _step("withdraw-fact", event=_event(2), reason="误登"),
)
