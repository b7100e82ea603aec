"""The story's rules and people."""

from services.http.company import NAME
from services.http.examples.ids import LEAVER, PERSON, SUCCESSOR, event_of
from services.http.examples.steps import Step, steps_of

_rules = steps_of("policy", NAME)
_lin, _wang, _zhou = (steps_of("person", identifier) for identifier in (PERSON, SUCCESSOR, LEAVER))
_event = event_of("person", PERSON)

RULES: tuple[Step, ...] = (
    _rules(
        "publish-role-catalogue",
        roles=[
            {"code": "account_manager", "name_en": "Account manager", "name_zh": "客户经理", "exclusive": True},
            {"code": "project_manager", "name_en": "Project manager", "name_zh": "项目经理", "exclusive": True},
            {"code": "service_engineer", "name_en": "Service engineer", "name_zh": "服务工程师", "exclusive": False},
        ],
    ),
    _rules("publish-service-levels"),
    _rules("publish-working-calendar"),
    _rules("publish-cadence"),
)

PEOPLE: tuple[Step, ...] = (
    _lin("register-person", department="east_team", skills=["电气"], email="lin.jing@example.com"),
    _lin("move-department", department="key_accounts"),
    _lin("correct-fact", event=_event(1), values={"phone": "021-5555 0101"}, reason="登记时遗漏"),
    _lin("withdraw-fact", event=_event(2), reason="未调动"),
    _wang("register-person", name="王磊"),
    _zhou("register-person", name="周敏"),
    _zhou("deactivate-person"),
)
