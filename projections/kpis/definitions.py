"""What each KPI is: its population, unit and default rule; a change of any of it is a new version."""

from dataclasses import dataclass
from typing import Literal, get_args

from projections.attribution.rules import Rule

Code = Literal[
    "commitment_fulfilment",
    "complaints_resolved_in_time",
    "face_to_face_compliance",
    "satisfaction",
    "weekly_call_compliance",
]
CODES: tuple[Code, ...] = get_args(Code)
Unit = Literal["percent", "score"]
Direction = Literal["higher", "lower"]


@dataclass(frozen=True, slots=True)
class Definition:
    """One version of a KPI."""

    code: Code
    version: int
    name_en: str
    name_zh: str
    unit: Unit
    """`percent`: 0 to 100, of cases. `score`: 0 to 100, the mean of scores."""
    direction: Direction
    """Which way is better."""
    attribution: Rule
    """The rule that charges a case to people unless the question names another."""
    outcomes: tuple[str, ...]
    """What becomes of a counted case; the first is what is asked for."""
    population_en: str
    population_zh: str
    target: float | None = None


EVERY_VERSION: tuple[Definition, ...] = (
    Definition(
        code="commitment_fulfilment",
        version=1,
        name_en="Commitments kept on time",
        name_zh="承诺履约率",
        unit="percent",
        direction="higher",
        attribution="at_due",
        outcomes=("kept", "late", "missed"),
        population_en=(
            "Our promises whose due time lies in the period and has passed; the due time is the first one, or the "
            "last one that the customer agreed to."
        ),
        population_zh="到期时间在期间内且已过的我方承诺；到期时间为最初约定的时间，或客户最后一次同意的时间。",
    ),
    Definition(
        code="commitment_fulfilment",
        version=2,
        name_en="Commitments kept on time",
        name_zh="承诺履约率",
        unit="percent",
        direction="higher",
        attribution="at_due",
        outcomes=("kept", "late", "missed"),
        population_en=(
            "Binding due times of our promises that lie in the period and have passed: the first one, and each one "
            "that the customer agreed to. One that was replaced before it passed is not counted; one that was "
            "replaced later stays missed."
        ),
        population_zh=(
            "到期时间在期间内且已过的我方承诺的每个有约束力的到期时间：最初约定的时间，以及客户每次同意的时间。"
            "到期前改期的不计；到期后才改期的，原时间仍算未履约。"
        ),
    ),
    Definition(
        code="complaints_resolved_in_time",
        version=1,
        name_en="Complaints resolved in time",
        name_zh="投诉按时解决率",
        unit="percent",
        direction="higher",
        attribution="time_weighted",
        outcomes=("in_time", "late", "overdue"),
        population_en=(
            "Complaints that were resolved, or whose resolution fell due, in the period, whichever came first; "
            "waiting on the customer does not count."
        ),
        population_zh="在期间内解决或解决时限到期（以先发生者为准）的投诉；等待客户的时间不计。",
    ),
    Definition(
        code="complaints_resolved_in_time",
        version=2,
        name_en="Complaints resolved in time",
        name_zh="投诉按时解决率",
        unit="percent",
        direction="higher",
        attribution="time_weighted",
        outcomes=("in_time", "late", "overdue"),
        population_en=(
            "Complaints that were resolved, or whose resolution fell due, in the period, whichever came first; "
            "waiting on the customer does not count. Time is weighed by the complaint's own clock, in working time."
        ),
        population_zh=(
            "在期间内解决或解决时限到期（以先发生者为准）的投诉；等待客户的时间不计。按投诉自身的计时（工作时间）分摊。"
        ),
    ),
    Definition(
        code="face_to_face_compliance",
        version=1,
        name_en="Monthly face-to-face visits made",
        name_zh="当面拜访达标率",
        unit="percent",
        direction="higher",
        attribution="at_due",
        outcomes=("met", "missed"),
        population_en=(
            "Customers times full months of the period, under the cadence and tier in force when the month began; "
            "met with the required number of face-to-face contacts."
        ),
        population_zh="客户与期间内完整月份的组合，按当月开始时生效的沟通频次制度与客户分级；当面沟通达到规定次数即为达标。",
    ),
    Definition(
        code="weekly_call_compliance",
        version=1,
        name_en="Weekly calls made",
        name_zh="每周电话达标率",
        unit="percent",
        direction="higher",
        attribution="at_due",
        outcomes=("met", "missed"),
        population_en=(
            "Customers times ISO weeks whose Thursday lies in the period, under the cadence and tier in force when "
            "the week began; met with the required number of calls in either direction."
        ),
        population_zh="客户与周四在期间内的ISO周的组合，按当周开始时生效的沟通频次制度与客户分级；电话（呼入或呼出）达到规定次数即为达标。",
    ),
    Definition(
        code="satisfaction",
        version=1,
        name_en="Customer satisfaction",
        name_zh="客户满意度",
        unit="score",
        direction="higher",
        attribution="at_occurrence",
        outcomes=("answered",),
        population_en=(
            "Survey answers given in the period; each is the mean of its dimensions, put on a scale from 0 to 100."
        ),
        population_zh="期间内收到的满意度答卷；每份答卷取各维度得分换算为0至100分后的平均值。",
    ),
    Definition(
        code="satisfaction",
        version=2,
        name_en="Customer satisfaction",
        name_zh="客户满意度",
        unit="score",
        direction="higher",
        attribution="at_occurrence",
        outcomes=("answered",),
        population_en=(
            "Survey answers given in the period; each is the mean of its dimensions, put on a scale from 0 to 100. "
            "An answer dated later than now is not yet given."
        ),
        population_zh="期间内收到的满意度答卷；每份答卷取各维度得分换算为0至100分后的平均值；日期晚于当前时点的答卷不计。",
    ),
)
"""Every version of every KPI: figures of the past can be asked for by the definition that they were computed by."""

DEFINITIONS: dict[Code, Definition] = {
    one.code: one for one in sorted(EVERY_VERSION, key=lambda one: (one.code, one.version))
}
"""The newest version of every KPI."""
