"""The twelve key accounts; every company is made up."""

from dataclasses import dataclass

from events.vocabulary.identifiers import CustomerId, StreamId, stream_id
from events.vocabulary.values import Tier
from services.sample.chance import named


@dataclass(frozen=True, slots=True)
class Account:
    """One key account of the sample company."""

    slug: str
    zh: str
    en: str
    industry: str
    region: str
    tier: Tier
    contacts: tuple[str, ...]
    lines: tuple[str, ...]
    """What we have delivered there: plants, lines, systems."""

    @property
    def name(self) -> str:
        """The name in both languages."""
        return f"{self.zh} {self.en}"

    @property
    def id(self) -> CustomerId:
        """The identity of the customer."""
        return CustomerId(named("customer", self.slug))

    @property
    def stream(self) -> StreamId:
        """The stream of the customer."""
        return stream_id("customer", self.id)


DONGLAN = Account(
    *("donglan", "东澜精密制造集团", "Donglan Precision", "精密制造", "华东", "vip"),
    ("钱部长（设备部）", "唐工（自动化科）", "汪总监（采购中心）"),
    ("三号装配线", "视觉检测工位", "立体库输送系统"),
)
HANHAI = Account(
    *("hanhai", "瀚海新能源科技", "Hanhai New Energy", "新能源", "华东", "vip"),
    ("施总（运营中心）", "毕工（储能部）", "戚经理（采购部）"),
    ("储能变流柜", "电芯化成产线", "能量管理系统"),
)
YUEJIANG = Account(
    *("yuejiang", "越江轨道装备", "Yuejiang Rail Equipment", "轨道交通", "华东", "first"),
    ("范部长（工艺部）", "柳工（焊接车间）"),
    ("转向架焊接线", "制动试验台", "车体涂装线"),
)
YUNXI = Account(
    *("yunxi", "云汐生物制药", "Yunxi Biopharma", "生物制药", "华东", "first"),
    ("阮总监（工程部）", "丁经理（质量部）"),
    ("冻干车间温控", "灌装联动线", "洁净空调控制"),
)
JIANGTAI = Account(
    *("jiangtai", "江泰包装机械", "Jiangtai Packaging", "包装机械", "华东", "second"),
    ("万厂长", "庞工（电气组）"),
    ("高速包装机", "伺服贴标机", "装箱机器人"),
)
SHUOFENG = Account(
    *("shuofeng", "朔风风电集团", "Shuofeng Wind Power", "风电", "华北", "vip"),
    ("雷总（生产技术部）", "岳工（风场运维）", "白经理（物资部）"),
    ("变桨控制柜", "风场集控系统", "变流器机组"),
)
JIYUAN = Account(
    *("jiyuan", "冀原钢铁", "Jiyuan Steel", "钢铁冶金", "华北", "first"),
    ("石部长（设备动力部）", "段工（轧钢厂）"),
    ("热轧传动系统", "加热炉控制", "天车定位系统"),
)
JINDU = Account(
    *("jindu", "津渡港口机械", "Jindu Port Machinery", "港口机械", "华北", "first"),
    ("孟总工", "尹经理（电控部）"),
    ("岸桥电控系统", "堆场自动化", "轨道吊远控"),
)
TAIYUE = Account(
    *("taiyue", "太岳煤化工", "Taiyue Coal Chemical", "煤化工", "华北", "second"),
    ("常部长（仪表部）", "武工（气化车间）"),
    ("气化炉联锁系统", "空分控制系统", "罐区监控"),
)
LINGHAI = Account(
    *("linghai", "岭海电子", "Linghai Electronics", "电子制造", "华南", "vip"),
    ("关总（制造中心）", "简工（贴装车间）", "余经理（采购部）"),
    ("贴装线上下料", "老化测试房", "自动光学检测"),
)
ZHUAN = Account(
    *("zhuan", "珠岸家电", "Zhuan Appliances", "家电", "华南", "first"),
    ("温部长（设备部）", "区工（总装分厂）"),
    ("总装输送线", "发泡模架控制", "商检自动线"),
)
XIANGLI = Account(
    *("xiangli", "湘澧工程机械", "Xiangli Machinery", "工程机械", "华南", "second"),
    ("龙厂长", "易工（结构件车间）"),
    ("结构件焊接站", "泵车臂架产线", "试车台"),
)
ACCOUNTS = (*(DONGLAN, HANHAI, YUEJIANG, YUNXI, JIANGTAI, SHUOFENG, JIYUAN, JINDU, TAIYUE, LINGHAI, ZHUAN, XIANGLI),)
