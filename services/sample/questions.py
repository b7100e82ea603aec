"""The golden questions that the sample company answers, ready to be asked."""

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from services.sample.accounts import DONGLAN, HANHAI, LINGHAI, SHUOFENG, Account
from services.sample.chapters import breach, contracts, leave, mistaken
from services.sample.days import Days

_RULES = ("at_occurrence", "at_due", "at_resolution", "current", "time_weighted")
_MORE_THAN_A_DAY = "481"
"""Working minutes; a day has 480."""


@dataclass(frozen=True, slots=True)
class Question:
    """One golden question with where it is answered."""

    number: int
    zh: str
    en: str
    api: tuple[str, ...]
    """Paths of the HTTP API, with their parameters."""
    ui: str | None
    """The path of the page that answers it, or shows the customer that it is about; none where there is none yet."""


def questions(today: date) -> tuple[Question, ...]:
    """The questions of a story that ends before `today`."""
    days = Days(today)
    return (_who(days), _charged(days), _calls(days), _vacant(days), _kept_by(days), _clause(days))


def _who(days: Days) -> Question:
    asked, known = mistaken.asked_at(days), mistaken.known_before(days)
    subject = f"customer:{DONGLAN.id}"
    api = []
    for role in ("account_manager", "technical_support"):
        then = {"subject": subject, "role": role, "effective_at": asked}
        api += [_path("/v1/responsibility", **then, known_at=known), _path("/v1/responsibility", **then)]
    then = {"subject": subject, "role": "account_manager", "effective_at": asked}
    api.append(_path("/v1/responsibility/difference", **then, known_at=known))
    return Question(
        1,
        f"{asked:%Y-%m-%d} 谁是{DONGLAN.zh}的客户经理和技术支持？按 {known:%Y-%m-%d} 所知与按现在所知，"
        "是哪一条更正使答案不同？",
        f"Who was account manager and technical support of {DONGLAN.en} on {asked:%Y-%m-%d}, as known on "
        f"{known:%Y-%m-%d} and as known now; which correction made the answers differ?",
        tuple(api),
        _path("/who", **then, known_at=known),
    )


def _charged(days: Days) -> Question:
    item = f"commitment:{leave.PROMISE}"
    due = leave.due_at(days)
    return Question(
        2,
        f"瀚海的“变流柜温控整改方案”承诺于 {due:%Y-%m-%d} 到期，当时周敏产假、陈晨代理，两天后王磊接手："
        "按各归责规则由谁承担？",
        f"Hanhai's rectification plan fell due on {due:%Y-%m-%d} while Zhou Min was on leave, Chen Chen acting, and "
        "Wang Lei took over two days later: who is charged under each attribution rule?",
        tuple(_path("/v1/attribution", item=item, rule=rule) for rule in _RULES),
        _page(HANHAI),
    )


def _calls(days: Days) -> Question:
    quarter = f"{days.year}Q2"
    figure = "/v1/kpis/weekly_call_compliance"
    scope = {"period": quarter, "scope": "team:east_team"}
    return Question(
        3,
        f"{quarter} 华东大区周电话沟通达标率是由哪些事件算出的？哪些周被排除，为什么？",
        f"Which events are behind the weekly-call compliance of the East team in {quarter}, and which weeks were "
        "excluded, and why?",
        (_path(figure, **scope), _path(f"{figure}/evidence", **scope)),
        None,
    )


def _vacant(days: Days) -> Question:
    since, until = days.last_quarter()
    span = {"tier": "vip", "from": f"{since}T00:00:00+08:00", "to": f"{until}T00:00:00+08:00"}
    quarter = f"{since.year}Q{(since.month + 2) // 3}"
    return Question(
        4,
        f"{quarter} 哪些 VIP 客户超过一个工作日没有客户经理？哪些同时有两位？",
        f"Which VIP customers had no account manager for more than one working day in {quarter}? Which had two?",
        (
            _path("/v1/responsibility/gaps", **span, min_working_minutes=_MORE_THAN_A_DAY),
            _path("/v1/responsibility/overlaps", **span, role="account_manager"),
        ),
        _page(LINGHAI),
    )


def _kept_by(days: Days) -> Question:
    received = breach.tuesday(days)
    return Question(
        6,
        f"{received} 朔风变流器跳闸的投诉超过了服务时限：扣除等待客户的时间，每位经手人各占用多少工作小时？",
        f"Shuofeng's complaint of {received} about tripping converters broke its service level: how many working "
        "hours did each holder keep it, less the time waiting on the customer?",
        (f"/v1/complaints/{breach.COMPLAINT}/clocks",),
        _page(SHUOFENG),
    )


def _clause(days: Days) -> Question:
    return Question(
        7,
        f"{DONGLAN.zh}维保合同第 {contracts.CLAUSE} 条的指标，{days.year} 年每个月由谁负责？达到了吗？",
        f"Who owned the KPI of clause {contracts.CLAUSE} of {DONGLAN.en}'s contract in each month of {days.year}, and "
        "was it met?",
        (_path(f"/v1/contracts/{contracts.contract_id(DONGLAN)}/clauses/{contracts.CLAUSE}", period=str(days.year)),),
        _page(DONGLAN),
    )


def _page(account: Account) -> str:
    return f"/customers/{account.id}"


def _path(path: str, **parameters: str | datetime) -> str:
    texts = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in parameters.items()}
    return f"{path}?{urlencode(texts)}"
