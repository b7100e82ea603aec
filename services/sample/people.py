"""The people of 恒川工业自动化: who works there, where, for whom."""

from dataclasses import dataclass

from events.vocabulary.identifiers import PersonId, StreamId, stream_id
from services.sample.chance import named

COMPANY_ZH = "恒川工业自动化"
COMPANY_EN = "Hengchuan Industrial Automation"


@dataclass(frozen=True, slots=True)
class Employee:
    """One employee of the sample company."""

    slug: str
    name: str
    department: str
    manager: "Employee | None"
    skills: tuple[str, ...]

    @property
    def id(self) -> PersonId:
        """The identity of the employee."""
        return PersonId(named("person", self.slug))

    @property
    def stream(self) -> StreamId:
        """The stream of the employee."""
        return stream_id("person", self.id)


HE = Employee("he-zhiyuan", "何志远", "management", None, ("总经理",))
GU = Employee("gu-mingzhu", "顾明珠", "management", HE, ("大客户总监",))
LU = Employee("lu-wenbo", "陆文博", "quality", HE, ("质量监督", "内审"))
SHEN = Employee("shen-jiayi", "沈佳怡", "operations", GU, ("客户档案", "数据维护"))

ZHAO = Employee("zhao-jianguo", "赵建国", "east_team", GU, ("团队管理", "精密制造"))
LIN = Employee("lin-jing", "林静", "east_team", ZHAO, ("精密制造", "生物制药"))
WANG = Employee("wang-lei", "王磊", "east_team", ZHAO, ("轨道交通", "新能源"))
ZHOU = Employee("zhou-min", "周敏", "east_team", ZHAO, ("新能源", "包装机械"))
CHEN = Employee("chen-chen", "陈晨", "east_team", ZHAO, ("精密制造", "新能源"))

SUN = Employee("sun-lixin", "孙立新", "north_team", GU, ("团队管理", "煤化工"))
WU = Employee("wu-haiyan", "吴海燕", "north_team", SUN, ("港口机械", "风电"))
ZHENG = Employee("zheng-kai", "郑凯", "north_team", SUN, ("钢铁冶金",))
MA = Employee("ma-xiaodong", "马晓东", "north_team", SUN, ("风电",))
TIAN = Employee("tian-yu", "田宇", "north_team", SUN, ("煤化工",))

HUANG = Employee("huang-shaohua", "黄少华", "south_team", GU, ("团队管理", "电子制造"))
LIANG = Employee("liang-ying", "梁颖", "south_team", HUANG, ("家电", "电子制造"))
TAN = Employee("tan-zhiqiang", "谭志强", "south_team", HUANG, ("电子制造", "工程机械"))
LUO = Employee("luo-min", "罗敏", "south_team", HUANG, ("工程机械",))

XU = Employee("xu-gang", "徐刚", "technical_support", GU, ("控制系统", "团队管理"))
GAO = Employee("gao-yuan", "高远", "technical_support", XU, ("PLC", "运动控制"))
XUWEI = Employee("xu-wei", "许薇", "technical_support", XU, ("机器视觉", "MES"))
JIANG = Employee("jiang-tao", "蒋涛", "technical_support", XU, ("变流器", "储能"))

FENG = Employee("feng-wei", "冯伟", "after_sales", GU, ("售后管理",))
CAO = Employee("cao-lijuan", "曹丽娟", "after_sales", FENG, ("客户服务", "备件"))
PENG = Employee("peng-cheng", "彭程", "after_sales", FENG, ("现场维修", "变流器"))
DENG = Employee("deng-jianping", "邓建平", "after_sales", FENG, ("现场维修", "伺服"))

SU = Employee("su-wan", "苏婉", "industry_center", GU, ("新能源行业",))
FU = Employee("fu-guodong", "傅国栋", "industry_center", GU, ("离散制造行业",))
XIE = Employee("xie-hong", "谢宏", "project_office", GU, ("项目管理",))
PAN = Employee("pan-xiao", "潘晓", "project_office", GU, ("项目管理",))

FROM_THE_BEGINNING = (
    *(HE, GU, LU, SHEN, ZHAO, LIN, WANG, ZHOU, CHEN, SUN, WU, ZHENG, MA, HUANG, LIANG, TAN),
    *(XU, GAO, XUWEI, JIANG, FENG, CAO, PENG, DENG, SU, FU, XIE, PAN),
)
"""Who works there when the story begins, managers first."""
JOINING_LATER = (LUO, TIAN)
EMPLOYEES = FROM_THE_BEGINNING + JOINING_LATER
