"""The words by which people name columns, in Chinese and English, a list for each field of each layer.

Written as ``normal_header`` returns them is not needed: both sides are normalised. Earlier words win over later ones
when a file has both.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from geo.schema import Layer

Words = Mapping[str, tuple[str, ...]]


def _words(**fields: str) -> dict[str, tuple[str, ...]]:
    return {field: tuple(words.split()) for field, words in fields.items()}


_CODE_AND_NAME: Final = _words(
    code="code 编码 代码 编号 唯一编码 标识码 id 序列号 代号",
    name="name 名称 名字 全称 中文名 name_zh name_cn 简称",
)
_PLACE: Final = _words(
    lon="lon lng long longitude 经度 东经 经度坐标 坐标经度 x x坐标 坐标x 横坐标 point_x xcoord lng_wgs84 wgs84_lng",
    lat="lat latitude 纬度 北纬 纬度坐标 坐标纬度 y y坐标 坐标y 纵坐标 point_y ycoord lat_wgs84 wgs84_lat",
    lonlat="lonlat lnglat location 坐标 经纬度 位置坐标 经纬度坐标 定位 定位坐标 coordinates",
    wkt="wkt shape geometry geom the_geom 几何 图形 边界 边界坐标 空间数据",
)
_POPULATION: Final = _words(
    residents="residents population pop 常住人口 常住人口数 实有人口 人口 人口数 总人口 居民数"
    " 居民人数 小区人口数 居住人口"
    " 人口总数 服务人口",
    households="households 户数 总户数 住户数 居民户数 家庭户数 小区户数 常住户数 住户",
    outsiders="outsiders migrants 外来人口 流动人口 外来人口数 流动人口数 外来务工人员 来穗人员"
    " 非户籍人口 外来 非户籍常住人口",
)
_PHONE: Final = (
    "phone mobile telephone tel 手机 手机号 手机号码 联系电话 电话 电话号码 联系方式"
    " 联系号码 移动电话 办公电话 本人电话"
)
_ADDRESS: Final = (
    "address addr 地址 住址 详细地址 家庭住址 家庭地址 现住址 现居住地址 居住地址 家庭详细住址 居住地 所在地址 通讯地址"
)
_SKILLS: Final = "skills skill 技能 特长 专长 个人特长 技能特长 专业特长 服务特长 专业技能 志愿服务特长 服务技能"

_DISTRICTS: Final = _words(
    code="adcode admincode 区划代码 行政区划代码 区县代码 行政代码 区划编码 xzqdm",
    name="区县名称 区县 区名 区名称 行政区名称 行政区 xzqmc 区域名称 district",
    parent_code="parent_code parent.adcode 上级 上级代码 上级编码 上级编号 所属市 城市 市 city citycode",
)
_SUBDISTRICTS: Final = _words(
    code="街道编码 街道代码 街道编号 镇街代码 镇街编码 区划代码 行政区划代码 adcode",
    name="街道名称 街道 镇街 镇街名称 乡镇 乡镇名称 街镇 街镇名称 街道乡镇 subdistrict town",
    parent_code="parent_code parent 所属区县 所属区 区县 区县名称 区县代码 区 行政区 上级 上级代码"
    " 上级编码 上级编号 上级区划"
    " 所属区域 district adname",
)
_COMMUNITIES: Final = _words(
    code="社区编码 社区代码 社区编号 村居代码 村居编码 区划代码",
    name="社区名称 社区 村居 村居名称 村社区 社区村 居委会 居委会名称 村委会 community",
    parent_code="parent_code parent 所属街道 街道 街道名称 所属镇街 镇街 镇街名称 街镇 街道代码"
    " 街道编号 街道编码 乡镇"
    " 所属街道乡镇 上级 上级代码 上级编码 上级编号 subdistrict",
)
_GRIDS: Final = _words(
    code="网格编码 网格编号 网格代码 网格号 网格id",
    name="网格名称 网格 网格名 grid",
    parent_code="parent_code parent 所属社区 社区 社区名称 所在社区 社区代码 社区编码 社区编号 村居"
    " 村居名称 所属村居 所属社区村"
    " 上级 上级代码 上级编码 上级编号 community",
)
_ESTATES: Final = _words(
    code="小区编码 小区编号 小区代码 小区id 楼盘编号",
    name="小区名称 小区 小区名 楼盘 楼盘名称 院落 院落名称 住宅小区名称 estate",
    parent_code="parent_code parent 所属网格 网格 网格名称 所在网格 网格编号 网格编码 网格代码 上级"
    " 上级代码 上级编码 上级编号 grid",
    blocks="blocks buildings 楼栋数 栋数 小区栋数 楼栋 楼幢数 幢数 楼数 住宅楼栋数 楼宇数",
    gates="gates entrances 出入口 大门数 出入口数 出入口数量 大门 门岗数 卡口数 门数 卡口 大门数量 小区大门",
    managed="managed property_management 物业 有无物业 是否有物业 物业管理 是否物业管理 有无物业管理"
    " 物业小区 是否有物业管理"
    " 是否物业小区",
    mixed_use="mixed_use mixed 是否杂居 杂居 杂居小区 是否杂居小区 混合用途 商住混合 是否商住混合",
    address=_ADDRESS,
)
_UNITS: Final = _words(
    code="单位编码 单位代码 单位编号 组织编码 统一社会信用代码",
    name="单位名称 单位 单位党组织 党组织名称 党组织 单位党组织名称 机关单位 部门 部门名称 unit"
    " organisation organization",
    community_codes="community_codes communities community 结对社区 共建社区 结对共建社区 报到社区"
    " 双报到社区 挂钩社区 挂点社区"
    " 联系社区 所属社区 包联社区 社区",
    contact="contact contact_person 联系人 联络员 联系人姓名 联络员姓名 单位联络员 负责人",
    phone=f"{_PHONE} 联系人电话 联络员电话 联系人手机",
    address=f"{_ADDRESS} 单位地址",
)
_MEMBERS: Final = _words(
    code="党员编号 党员编码 人员编号 工号 member_code member_id",
    name="姓名 党员姓名 党员 人员姓名 full_name fullname member",
    identity="identity id_number id_card idcard identity_number 身份证 身份证号 身份证号码"
    " 公民身份号码 证件号码 证件号 居民身份证号",
    unit_code="unit_code unit 所在单位 工作单位 单位 单位名称 所在党组织 所属单位 单位编码 单位编号 单位代码"
    " 所在单位名称 党组织关系所在单位"
    " 单位党组织 所属党组织 党组织",
    community_code="community_code community 报到社区 社区 所属社区 双报到社区 居住社区 所在社区"
    " 居住地社区 社区名称 报到社区名称"
    " 社区代码 社区编码 社区编号",
    phone=_PHONE,
    address=_ADDRESS,
    skills=_SKILLS,
    available_workday="available_workday 工作日 工作日白天 平日白天 工作日可用 工作日投入",
    available_evening="available_evening 工作日晚上 晚上 晚间 工作日晚间 平日晚上",
    available_weekend="available_weekend 周末 双休日 节假日 周末可用",
    available_night="available_night 夜间 深夜 凌晨 通宵 夜间可用",
    keep_until="keep_until kept_until 保留至 保存至 保存到 保存期限 保留期限 保管期限 保存截止日期 信息保存期限"
    " 信息保留至",
)
_TEAMS: Final = _words(
    code="队伍编码 队伍编号 队伍代码 队号",
    name="队伍名称 队伍 队名 突击队 突击队名称 先锋队名称 服务队名称 志愿服务队名称 志愿服务队 团队名称 team",
    parent_code="parent_code parent home_grid 所属网格 网格 网格名称 所在网格 驻点网格 网格编号"
    " 网格编码 网格代码 常驻网格 grid",
    kind="kind type 类型 类别 队伍类型 队伍类别 队伍性质",
    size="size members headcount 人数 队员人数 队伍人数 成员数 队员数 总人数 成员人数 人员数量 队伍规模",
    unit_code="unit_code unit 所属单位 组建单位 单位 单位名称 所在单位 依托单位 牵头单位 单位编码 单位编号 单位代码",
    leader="leader 队长 队长姓名 负责人 负责人姓名 领队 队伍负责人",
    leader_role="leader_role 队长职务 职务 负责人职务 队长单位及职务 职位",
    phone=f"{_PHONE} 队长电话 队长手机 负责人电话 队长联系电话 队长联系方式",
    skills=_SKILLS,
)
_LINES: Final = _words(
    code="osm_id gml_id",
    name="路名 道路名称 河流名称 水系名称 名",
    kind="kind type 类型 类别 等级 道路等级 fclass highway waterway water natural",
)

WORDS: Final[Mapping[Layer, Words]] = MappingProxyType(
    {
        layer: {
            field: tuple(dict.fromkeys((*own.get(field, ()), *shared.get(field, ()))))
            for field in dict.fromkeys((*shared, *own))
        }
        for layer, own, shared in (
            (Layer.DISTRICTS, _DISTRICTS, _CODE_AND_NAME | {"wkt": _PLACE["wkt"]}),
            (Layer.SUBDISTRICTS, _SUBDISTRICTS, _CODE_AND_NAME | {"wkt": _PLACE["wkt"]}),
            (Layer.COMMUNITIES, _COMMUNITIES, _CODE_AND_NAME | _POPULATION | {"wkt": _PLACE["wkt"]}),
            (Layer.GRIDS, _GRIDS, _CODE_AND_NAME | _POPULATION | {"wkt": _PLACE["wkt"]}),
            (Layer.ESTATES, _ESTATES, _CODE_AND_NAME | _POPULATION | _PLACE),
            (Layer.UNITS, _UNITS, _CODE_AND_NAME | _PLACE),
            (Layer.MEMBERS, _MEMBERS, _CODE_AND_NAME | _PLACE),
            (Layer.TEAMS, _TEAMS, _CODE_AND_NAME | _PLACE),
            (Layer.ROADS, _LINES, _CODE_AND_NAME | {"wkt": _PLACE["wkt"]}),
            (Layer.WATER, _LINES, _CODE_AND_NAME | {"wkt": _PLACE["wkt"]}),
        )
    }
)
"""Every field that can be read into a layer, with the words for it."""
