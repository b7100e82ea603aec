"""The story's projects: one that is delivered and accepted, and one that is turned down."""

from services.http.examples import ids
from services.http.examples.customers import NEXT_CENTURY, at
from services.http.examples.ids import MANAGED, PROJECT, REJECTED_PROJECT, SUCCESSOR, event_of
from services.http.examples.steps import Step, steps_of

_step, _rejected = steps_of("project", PROJECT), steps_of("project", REJECTED_PROJECT)
_event = event_of("project", PROJECT)
_ACCEPTED = dict.fromkeys(("quality", "quantity", "delivery_time", "service_level"), "accepted")
_manager = {"role": "project_manager", "since": at(9)}
_engineer = {"role": "service_engineer", "person": SUCCESSOR, "since": at(9)}
_handover = {"assignment_id": MANAGED, "to_person": SUCCESSOR, "effective_at": NEXT_CENTURY}

PROJECTS: tuple[Step, ...] = (
    _step("propose-project", goal="年内投运", budget="1200000.00", starts_on="2025-03-01", ends_on="2025-12-31"),
    _step("approve-project", at=at(9)),
    _rejected("propose-project", name="备用电源扩建"),
    _rejected("reject-project", at=at(9), reason="预算不足"),
    _step("assign-responsibility", assignment_id=MANAGED, involvement="accountable", **_manager),
    _step("assign-responsibility", assignment_id=ids.PROJECT_ENDED, **_engineer),
    _step("assign-responsibility", assignment_id=ids.PROJECT_WITHDRAWN, **{**_engineer, "involvement": "consulted"}),
    _step("correct-responsibility", assignment_id=MANAGED, since="2025-03-01T09:00:00+08:00", reason="开始日期有误"),
    _step("end-responsibility", assignment_id=ids.PROJECT_ENDED, until=NEXT_CENTURY),
    _step("withdraw-responsibility", assignment_id=ids.PROJECT_WITHDRAWN, reason="误登"),
    _step(
        "delegate",
        delegation_id=ids.PROJECT_DELEGATION,
        assignment_id=MANAGED,
        to_person=SUCCESSOR,
        since=at(9, 7, 4),
        until=NEXT_CENTURY,
    ),
    _step("revoke-delegation", delegation_id=ids.PROJECT_DELEGATION),
    _step("propose-handover", handover_id=ids.PROJECT_DECLINED, **_handover),
    _step("decline-handover", handover_id=ids.PROJECT_DECLINED, reason="时间不便"),
    _step("propose-handover", handover_id=ids.PROJECT_CANCELLED, **_handover),
    _step("cancel-handover", handover_id=ids.PROJECT_CANCELLED, reason="日期有误"),
    _step("propose-handover", handover_id=ids.PROJECT_HANDOVER, **_handover),
    _step("accept-handover", handover_id=ids.PROJECT_HANDOVER),
    _step("pass-self-check", at=at(9, 1, 7)),
    _step("request-acceptance", at=at(9, 2, 7)),
    _step(
        "record-acceptance",
        at=at(9, 3, 7),
        **{**_ACCEPTED, "quality": "rejected"},
        outcome="rejected",
        report="验收报告 2025-07：接地电阻超标",
    ),
    _step("order-rectification", at=at(9, 4, 7), due_at=at(9, 18, 7)),
    _step("submit-rectification", at=at(9, 11, 7)),
    _step("request-acceptance", at=at(9, 12, 7)),
    _step("record-acceptance", at=at(9, 14, 7), outcome="accepted", **_ACCEPTED),
    _step("correct-fact", event=_event(1), values={"goal": "第三季度投运"}, reason="登记有误"),
    _step("withdraw-fact", event=_event(2), reason="批准登记有误"),
)
