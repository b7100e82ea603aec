"""Makes an example for a schema: its own, or one of what it needs, in the words of the story."""

import re
from collections.abc import Mapping
from typing import Any

from services.http.examples import ids
from services.http.examples.ids import event_of

Schema = Mapping[str, Any]

_EVENT = event_of("customer", ids.CUSTOMER)(1)
_PEOPLE = re.compile(
    r"(person|person_id|manager|collector|promised_by|on_behalf_of|our_attendees|.*holders?|(from|to|about|served)_.*|owner)"
)
_WORDS: dict[str, Any] = {
    "actor": f"person:{ids.PERSON}",
    "batch": None,
    "breach_liability": "每逾期一日按合同额 0.1% 支付违约金",
    "budget": "1200000.00",
    "dispute_resolution": "协商不成提交上海仲裁委员会",
    "industry": "电力",
    "kpis": "每月可用率不低于 99.5%",
    "measure": "99.5",
    "measured": "99.7",
    "origin": f"visit:{ids.VISIT}",
    "region": "华东",
    "rights_and_duties": "甲方提供现场条件，乙方按月巡检",
    "scale_max": "5",
    "scale_min": "1",
    "source": "年报",
    "case": f"commitment:{ids.COMMITMENT}/1",
    "clause": "4.2",
    "code": "reason.required",
    "customer_name": "华东电力集团",
    "data": {"tier": "vip", "since": "2025-03-01T01:00:00Z"},
    "content": "检查三号线控制柜",
    "edition_id": "cadence/2",
    "email": "lin.jing@example.com",
    "item": f"commitment:{ids.COMMITMENT}",
    "month": "2025-03",
    "name": "林静",
    "name_en": "Commitments kept",
    "name_zh": "承诺履行率",
    "next": None,
    "period": "2025Q2",
    "phone": "021-5555 0101",
    "population_en": "Every due time of a promise",
    "population_zh": "承诺的每个到期时间",
    "reason": "岗位调整",
    "role": "account_manager",
    "department": "key_accounts",
    "scope": "company",
    "status": "open",
    "stream": f"customer:{ids.CUSTOMER}",
    "subject": f"customer:{ids.CUSTOMER}",
    "text": "两周内交付备件",
    "time_zone": "Asia/Shanghai",
    "title": "2025 年度维保合同",
    "type": "https://zeren.example/problems/reason.required",
    "unit": "%",
    "view": "customers",
}
_COMPANIES = frozenset({"Customer"})
_EVENT_NAMES = frozenset({"LoggedEvent", "AuditEntry", "EventReceipt", "Change"})


def example(schema: Schema, schemas: Schema, name: str = "", model: str = "") -> Any:
    """An example for a schema; `name` is the field, and `model` the object, that it is of.

    Raises:
        LookupError: there is none.
    """
    match schema:
        case {"$ref": str(reference), **own}:
            model = reference.rpartition("/")[2]
            return own["examples"][0] if "examples" in own else example(schemas[model], schemas, name, model)
        case {"examples": [one, *_]} | {"enum": [one, *_]} | {"const": one}:
            return one
        case {"allOf": [one, *_]}:
            return example(one, schemas, name, model)
        case {"anyOf": [one, *others]}:
            if name in _WORDS and {"type": "null"} in others and _WORDS[name] is None:
                return None
            return example(one, schemas, name, model)
        case {"type": "boolean"}:
            return True
        case {"type": "array", "items": one}:
            return [example(one, schemas, name, model)]
        case {"type": "object", "properties": fields, **own}:
            needed = own.get("required", ())
            return {field: example(fields[field], schemas, field, model) for field in fields if field in needed}
        case {"type": "object", "additionalProperties": dict(one)}:
            return {"service_attitude": example(one, schemas, name, model)}
        case {"type": "object"}:
            return _WORDS["data"] if name == "data" else {}
        case {"type": "integer" | "number"}:
            return max(1, schema.get("minimum", 1))
        case {"type": "string"}:
            return _text(schema, name, model)
        case {"type": "null"}:
            return None
        case _ if not schema.keys() - {"description", "title"}:
            return "vip"
        case _:
            raise LookupError(f"no example for {schema}")


def _text(schema: Schema, name: str, model: str) -> str | None:
    match schema.get("format"):
        case "uuid":
            return _identifier(name)
        case "date-time":
            return "2025-03-01T01:00:00Z"
        case "date":
            return "2025-03-01"
    if name == "name" and model in _EVENT_NAMES:
        return "customer.tier-assigned"
    if name == "name" and model in _COMPANIES:
        return "华东电力集团"
    if name in _WORDS:
        word: str | None = _WORDS[name]
        return word
    return "陈主任" if name in {"contact", "signed_by", "promised_to", "customer_attendees"} else "更换电源模块"


def _identifier(name: str) -> str:
    if name in ids.ITEMS:
        return ids.ITEMS[name]
    if name == "customer_id":
        return ids.CUSTOMER
    return ids.PERSON if _PEOPLE.fullmatch(name) else _EVENT
