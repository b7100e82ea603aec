"""Who serves which account when the story begins."""

from services.sample.accounts import (
    DONGLAN,
    HANHAI,
    JIANGTAI,
    JINDU,
    JIYUAN,
    LINGHAI,
    SHUOFENG,
    TAIYUE,
    XIANGLI,
    YUEJIANG,
    YUNXI,
    ZHUAN,
    Account,
)
from services.sample.people import (
    CAO,
    CHEN,
    DENG,
    FU,
    GAO,
    JIANG,
    LIANG,
    LIN,
    MA,
    PENG,
    SU,
    SUN,
    TAN,
    WANG,
    WU,
    XUWEI,
    ZHENG,
    ZHOU,
    Employee,
)

STAFF: tuple[tuple[Account, Employee, Employee, Employee], ...] = (
    (DONGLAN, CHEN, GAO, DENG),
    (HANHAI, ZHOU, JIANG, PENG),
    (YUEJIANG, WANG, GAO, DENG),
    (YUNXI, LIN, XUWEI, CAO),
    (JIANGTAI, ZHOU, GAO, DENG),
    (SHUOFENG, MA, JIANG, CAO),
    (JIYUAN, ZHENG, JIANG, PENG),
    (JINDU, WU, XUWEI, PENG),
    (TAIYUE, SUN, XUWEI, CAO),
    (LINGHAI, TAN, XUWEI, CAO),
    (ZHUAN, LIANG, GAO, DENG),
    (XIANGLI, TAN, GAO, DENG),
)
"""Account manager, technical support and after-sales service of each account."""

EXPERTS: tuple[tuple[Account, Employee], ...] = ((DONGLAN, FU), (HANHAI, SU), (SHUOFENG, SU), (LINGHAI, FU))
"""The industry experts of the VIP customers."""
