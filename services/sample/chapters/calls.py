"""Weekly calls, mostly kept, and messages in between."""

from datetime import date
from random import Random

from commands.customer.interactions import LogInteraction
from events.vocabulary.identifiers import InteractionId
from events.vocabulary.values import Channel, Direction
from services.sample.accounts import ACCOUNTS, Account
from services.sample.chance import dice, fill, named
from services.sample.diary import entered_at, moment
from services.sample.duties import Duties
from services.sample.people import Employee
from services.sample.story import Story

_SILENT_WEEKS = 3
_MESSAGES = 0.3
_TOPICS = (
    "跟进{line}运行情况，{contact}反馈本周无停机",
    "确认{line}备件到货时间与更换窗口",
    "沟通{line}下月检修安排",
    "{contact}询问{line}程序版本升级的影响范围",
    "核对{line}上周报警记录",
    "就{line}年度维保合同条款交换意见",
    "了解{contact}所在部门的下季度投资计划",
    "回访{line}操作工培训效果",
)
_RESULTS = (
    "客户满意，无新增需求",
    "约定下周继续跟进",
    "已转技术支持准备资料",
    "客户同意检修窗口",
    "客户将内部讨论后回复",
    "记录一条改进建议",
)
_MESSAGE_TOPICS: tuple[tuple[Channel, Direction, str], ...] = (
    ("mail", "outbound", "发送{line}月度运行报告"),
    ("message", "inbound", "{contact}发来{line}现场照片，询问指示灯含义"),
    ("video", "outbound", "与{contact}视频会议，讲解{line}改造方案"),
    ("mail", "inbound", "{contact}来函索取{line}图纸更新版"),
)


def tell(story: Story, duties: Duties) -> None:
    """Tell the chapter."""
    weeks = story.days.weeks()
    for account in ACCOUNTS:
        chance = dice("calls", account.slug)
        diligence = chance.uniform(0.82, 0.97)
        silent = chance.randrange(len(weeks) - _SILENT_WEEKS)
        for number, week in enumerate(weeks):
            if chance.random() < diligence and not silent <= number < silent + _SILENT_WEEKS:
                topic, result = chance.choice(_TOPICS), chance.choice(_RESULTS)
                _contact(story, duties, account, chance, chance.choice(week), "call", "outbound", topic, result)
            if chance.random() < _MESSAGES:
                channel, direction, topic = chance.choice(_MESSAGE_TOPICS)
                _contact(story, duties, account, chance, chance.choice(week), channel, direction, topic, "已回复")


def _contact(
    story: Story,
    duties: Duties,
    account: Account,
    chance: Random,
    day: date,
    channel: Channel,
    direction: Direction,
    topic: str,
    result: str,
) -> None:
    happened_at = moment(chance, day)
    by: Employee | None = duties.doer(account, "account_manager", happened_at)
    content = fill(topic, line=chance.choice(account.lines), contact=chance.choice(account.contacts))
    if by is None:
        return
    command = LogInteraction(
        interaction_id=InteractionId(named("interaction", account.slug, channel, happened_at)),
        at=happened_at,
        channel=channel,
        direction=direction,
        our_attendees=(by.id,),
        content=content,
        result=result,
    )
    story.tell(entered_at(chance, story.days, happened_at), by, account.stream, command)
