"""What the fields of commands mean, with an example of each, for the OpenAPI document."""

from typing import Any, NamedTuple


class FieldText(NamedTuple):
    """The meaning of a field and an example value."""

    text: str
    example: Any = None


_PERSON = "0198a000-0000-7000-8000-000000000001"
_CUSTOMER = "0198a000-0000-7000-8000-000000000002"
_ITEM = "0198a000-0000-7000-8000-000000000003"
_SINCE = "2025-03-01T09:00:00+08:00"
_UNTIL = "2025-06-01T09:00:00+08:00"
_CALENDAR = {
    "time_zone": "Asia/Shanghai",
    "shifts": [{"start": "09:00:00", "end": "12:00:00"}, {"start": "13:00:00", "end": "18:00:00"}],
    "known_years": [2025],
    "holidays": ["2025-10-01"],
    "working_weekends": ["2025-09-28"],
}
_LEVEL = {"tier": "vip", "severity": "high", "first_response_minutes": 60, "resolution_minutes": 960}
_PROMISE = {
    "commitment_id": _ITEM,
    "text": "两周内交付备件",
    "due_at": _UNTIL,
    "by": "us",
    "promised_by": _PERSON,
}

FIELDS: dict[str, FieldText] = {
    "about_person": FieldText("The person the answer is about", _PERSON),
    "agreed": FieldText("Whether the customer agreed to the new due time", example=True),
    "answer_id": FieldText("Id of the answer, made by the client", _ITEM),
    "answered_at": FieldText("When the customer answered", _SINCE),
    "assignment_id": FieldText("Id of the assignment, made by the client when it is assigned", _ITEM),
    "at": FieldText("When it happened", _SINCE),
    "body": FieldText("The command's body"),
    "budget": FieldText("Budget in yuan, two decimals", "1200000.00"),
    "by": FieldText("Who promised: `us` or the `customer`", "us"),
    "calendar": FieldText("The whole calendar", _CALENDAR),
    "calls_per_week": FieldText("Least number of calls in a calendar week", 1),
    "channel": FieldText("How the contact took place or the complaint came in"),
    "clock": FieldText("The clock that ran out; absent where a person decided", "resolution"),
    "code": FieldText("Lower-case code that other messages name the role by", "account_manager"),
    "collected_on": FieldText("The day it was found out", "2025-03-01"),
    "collector": FieldText("The person who found it out", _PERSON),
    "commitment_id": FieldText("Id of the commitment, made by the client when it is made", _ITEM),
    "commitments": FieldText("What was promised in the visit; each becomes a commitment", [_PROMISE]),
    "complaint_id": FieldText("Id of the complaint, made by the client when it is received", _ITEM),
    "contact": FieldText("Who of the customer complained", "陈主任"),
    "content": FieldText("What it is about", "控制柜频繁报警"),
    "customer": FieldText("Id of the customer", _CUSTOMER),
    "customer_attendees": FieldText("Who of the customer took part", ["陈主任"]),
    "delegation_id": FieldText("Id of the delegation, made by the client when it is granted", _ITEM),
    "delivery_time": FieldText("The decision on the delivery time", "accepted"),
    "department": FieldText("Code of the department", "east_team"),
    "direction": FieldText("Who began the contact: `inbound` is the customer", "outbound"),
    "due_at": FieldText("By when", _UNTIL),
    "effective_at": FieldText("When responsibility moves, once accepted", _UNTIL),
    "email": FieldText("Mail address", "lin@example.com"),
    "end": FieldText("Local end of the shift, excluded", "18:00:00"),
    "ends_on": FieldText("Planned last day", "2025-12-31"),
    "exclusive": FieldText("Whether the role takes one holder at a time", example=True),
    "feedback": FieldText("What the customer said", "总体满意"),
    "first_response_minutes": FieldText("Working minutes until the first response", 60),
    "fulfilled_at": FieldText("When the promise was kept", _UNTIL),
    "goal": FieldText("What the project is to reach", "三号线自动化改造"),
    "handover_id": FieldText("Id of the handover, made by the client when it is proposed", _ITEM),
    "holidays": FieldText("Days off besides Saturdays and Sundays", ["2025-10-01"]),
    "industry": FieldText("The customer's industry", "电力"),
    "interaction_id": FieldText("Id of the interaction, made by the client", _ITEM),
    "involvement": FieldText("Kind of involvement (RACI)", "accountable"),
    "known_years": FieldText("Years whose public holidays are complete", [2025]),
    "levels": FieldText("Every service level", [_LEVEL]),
    "manager": FieldText("Id of the superior", _PERSON),
    "max": FieldText("Highest possible score", 5),
    "min": FieldText("Lowest possible score", 1),
    "name": FieldText("Name", "华东电力集团"),
    "name_en": FieldText("English name", "Account manager"),
    "name_zh": FieldText("Chinese name", "客户经理"),
    "occurred_at": FieldText("When it happened in the business, where no other field says so", _SINCE),
    "origin": FieldText("Where it was promised, for example `visit:ID`", "meeting"),
    "our_attendees": FieldText("Ids of our people who took part", [_PERSON]),
    "outcome": FieldText("The decision as a whole", "accepted"),
    "person": FieldText("Id of the person", _PERSON),
    "phone": FieldText("Telephone number", "+86 21 5555 0100"),
    "promised_by": FieldText("Who of ours said it", _PERSON),
    "promised_to": FieldText("Who of the customer heard it", "陈主任"),
    "purpose": FieldText("What the visit was for", "季度回访"),
    "quality": FieldText("The decision on quality", "accepted"),
    "quantity": FieldText("The decision on quantity", "accepted"),
    "reason": FieldText("Why, in the actor's words", "岗位调整"),
    "received_at": FieldText("When the complaint came in; the service level of this instant applies", _SINCE),
    "region": FieldText("The customer's region", "华东"),
    "registered_on": FieldText("Since when the company is a customer", "2023-01-01"),
    "report": FieldText("The signed acceptance report", "验收报告 2025-12：四项全部合格"),
    "resolution_minutes": FieldText("Working minutes until the resolution", 960),
    "result": FieldText("What came of it", "客户确认下周到访"),
    "reviewed_on": FieldText("The day of the review", "2025-03-01"),
    "role": FieldText("Code of a role in the catalogue", "account_manager"),
    "roles": FieldText(
        "Every role",
        [{"code": "account_manager", "name_en": "Account manager", "name_zh": "客户经理", "exclusive": True}],
    ),
    "rules": FieldText("Every rule", [{"tier": None, "calls_per_week": 1, "visits_per_month": 1}]),
    "scale": FieldText("The scale of the scores", {"min": 1, "max": 5}),
    "scores": FieldText("Score by dimension", {"service_attitude": 5, "response_speed": 4}),
    "service_level": FieldText("The decision on the service level", "accepted"),
    "severity": FieldText("How bad it is", "high"),
    "shifts": FieldText("Local working hours of a day, in order", _CALENDAR["shifts"]),
    "signed_by": FieldText("Who of the customer signed", "陈主任"),
    "since": FieldText("Start, included", _SINCE),
    "skills": FieldText("What the person can do", ["PLC"]),
    "solution": FieldText("The solution", "更换电源模块并加装滤波器"),
    "source": FieldText("Where the fact comes from", "年报"),
    "start": FieldText("Local start of the shift", "09:00:00"),
    "starts_on": FieldText("Planned first day", "2025-03-01"),
    "subject": FieldText("`self`, or an item inside: `commitment:ID`, `complaint:ID`", "self"),
    "survey_id": FieldText("Id of the survey", _ITEM),
    "text": FieldText("What was promised", "两周内交付备件"),
    "tier": FieldText("The customer's tier; null for any other", "vip"),
    "time_zone": FieldText("IANA time zone", "Asia/Shanghai"),
    "to_person": FieldText("Id of the person who acts, succeeds or is escalated to", _PERSON),
    "topic": FieldText("Code of what the fact is about", "market_position"),
    "until": FieldText("End, excluded", _UNTIL),
    "visit_id": FieldText("Id of the visit, made by the client", _ITEM),
    "visited_at": FieldText("When the visit took place", _SINCE),
    "visits_per_month": FieldText("Least number of face-to-face visits in a calendar month", 1),
    "working_weekends": FieldText("Saturdays and Sundays that are worked (调休)", ["2025-09-28"]),
}
