"""Every layer, once: a column is a field here, a layer a name in ``geo.schema.Layer`` and a description here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from geo.schema import PARENT_LAYER, Layer
from geo.validate import GeometryKinds
from services.catalog.fields import Field, Kind
from services.i18n import Text, text


@dataclass(frozen=True, slots=True)
class LayerSpec:
    """A layer."""

    layer: Layer
    title: Text
    fields: tuple[Field, ...]
    """Those of the row, in the order of the table's columns; then those that say where it is."""
    shapes: frozenset[GeometryKinds]
    """What a row may be drawn as."""
    nouns: str = ""
    """What one of its rows is called, as headers do."""
    home: str = "parent_code"
    """The field that says in which zone a row lies; empty where rows belong to no part: only whoever is in charge of
    everything imports them."""
    far_m: float | None = None
    """How far from its zone a row may lie, in metres: outlines are redrawn and have exclaves, people report where they
    live or work, and units help elsewhere in the city. None: any distance."""
    is_of_people: bool = False
    """Whether its rows name persons."""
    is_piece: bool = False
    """Whether many rows share a name, so that it is no key, and a row without any is known by its shape."""

    def field(self, name: str) -> Field | None:
        """Return a field by its name, None where the layer has none of it."""
        return next((field for field in self.fields if field.name == name), None)

    @property
    def links(self) -> dict[str, Layer]:
        """Return which of its fields name rows of which other layer."""
        return {field.name: field.link for field in self.fields if field.link is not None}


_AREAS: Final = frozenset({GeometryKinds.AREA})
_LINES: Final = frozenset({GeometryKinds.LINE, GeometryKinds.AREA})
_POINTS: Final = frozenset({GeometryKinds.POINT, GeometryKinds.NOTHING})
_ANYWHERE: Final = _AREAS | _POINTS

_BELONGING: Final = "所属 所在 归属 隶属 所归属 所隶属 归属于 属 属地 上级 上属 所处 管辖 所属上级"
_PAIRING: Final = "结对 共建 结对共建 报到 双报到 联系 挂点 挂钩 包联 包保 帮扶 对口 服务"
_LIVING: Final = "居住 居住地 现居住 现住 居住所在 报到 双报到 报到所在"

_SHAPE: Final = Field(
    "wkt",
    Kind.WKT,
    text("Shape as WKT"),
    headers="wkt shape geometry geom the_geom 几何 图形 边界 边界坐标 空间数据",
    label=text("Shape as WKT"),
)
_POINT: Final = (
    Field(
        "lon",
        Kind.LONGITUDE,
        text("Longitude"),
        headers="lon lng long longitude 经度 东经 经度坐标 坐标经度 x x坐标 坐标x 横坐标 point_x xcoord lng_wgs84"
        " wgs84_lng",
    ),
    Field(
        "lat",
        Kind.LATITUDE,
        text("Latitude"),
        headers="lat latitude 纬度 北纬 纬度坐标 坐标纬度 y y坐标 坐标y 纵坐标 point_y ycoord lat_wgs84 wgs84_lat",
    ),
    Field(
        "lonlat",
        Kind.LONLAT,
        text("Longitude and latitude in one column"),
        headers="lonlat lnglat location 坐标 经纬度 位置坐标 经纬度坐标 定位 定位坐标 coordinates",
    ),
    _SHAPE,
)
_POPULATION: Final = (
    Field(
        "residents",
        Kind.COUNT,
        text("Residents"),
        headers="residents population pop 常住人口 常住人口数 实有人口 人口 人口数 总人口 居民数 居民人数 小区人口数"
        " 居住人口 人口总数 服务人口",
    ),
    Field(
        "households",
        Kind.COUNT,
        text("Households"),
        headers="households 户数 总户数 住户数 居民户数 家庭户数 小区户数 常住户数 住户",
    ),
    Field(
        "outsiders",
        Kind.COUNT,
        text("Outsiders"),
        headers="outsiders migrants 外来人口 流动人口 外来人口数 流动人口数 外来务工人员 来穗人员 非户籍人口 外来"
        " 非户籍常住人口",
    ),
)
_CODE_WORDS: Final = "code 编码 代码 编号 唯一编码 标识码 id 序列号 代号"
_NAME_WORDS: Final = "name 名称 名字 全称 中文名 name_zh name_cn 简称"
_ADDRESS_WORDS: Final = (
    "address addr 地址 住址 详细地址 家庭住址 家庭地址 现住址 现居住地址 居住地址 家庭详细住址 居住地 所在地址 通讯地址"
)


def _code(headers: str) -> Field:
    return Field("code", Kind.CODE, text("Code"), headers=f"{headers} {_CODE_WORDS}")


def _name(headers: str, kind: Kind = Kind.NAME) -> Field:
    label = text("Person's name") if kind is Kind.PERSON_NAME else None
    return Field("name", kind, text("Name"), headers=f"{headers} {_NAME_WORDS}", label=label)


def _parent(layer: Layer, headers: str, belonging: str = _BELONGING) -> Field:
    link = PARENT_LAYER.get(layer)
    title = text("Parent code")
    return Field("parent_code", Kind.CODE, title, headers=headers, link=link, belonging=belonging, is_indexed=True)


def _phone(headers: str = "") -> Field:
    words = (
        "phone mobile telephone tel 手机 手机号 手机号码 联系电话 电话 电话号码 联系方式 联系号码 移动电话 办公电话"
        " 本人电话"
    )
    return Field("phone", Kind.PHONE, text("Phone"), headers=f"{words} {headers}")


def _skills() -> Field:
    words = "skills skill 技能 特长 专长 个人特长 技能特长 专业特长 服务特长 专业技能 志愿服务特长 服务技能"
    return Field("skills", Kind.LIST, text("Skills"), headers=words)


def _unit(headers: str, belonging: str, *, is_indexed: bool = False) -> Field:
    return Field(
        "unit_code",
        Kind.CODE,
        text("Unit code"),
        headers=headers,
        label=text("Unit (code or name)"),
        link=Layer.UNITS,
        belonging=f"{_BELONGING} {belonging}",
        is_indexed=is_indexed,
    )


_DISTRICTS: Final = LayerSpec(
    Layer.DISTRICTS,
    text("Districts"),
    (
        _code("adcode admincode 区划代码 行政区划代码 区县代码 行政代码 区划编码 xzqdm"),
        _name("区县名称 区县 区名 区名称 行政区名称 行政区 xzqmc 区域名称 district"),
        _parent(
            Layer.DISTRICTS,
            "parent_code parent.adcode 上级 上级代码 上级编码 上级编号 所属市 城市 市 city citycode",
        ),
        _SHAPE,
    ),
    _AREAS,
    nouns="区县 县区 区市县 县市区 区县市 行政区 市辖区 区 县",
    home="",
)
_SUBDISTRICTS: Final = LayerSpec(
    Layer.SUBDISTRICTS,
    text("Sub-districts"),
    (
        _code("街道编码 街道代码 街道编号 镇街代码 镇街编码 区划代码 行政区划代码 adcode"),
        _name("街道名称 街道 镇街 镇街名称 乡镇 乡镇名称 街镇 街镇名称 街道乡镇 subdistrict town"),
        _parent(
            Layer.SUBDISTRICTS,
            "parent_code parent 所属区县 所属区 区县 区县名称 区县代码 区 行政区 上级 上级代码 上级编码 上级编号"
            " 上级区划 所属区域 district adname",
        ),
        _SHAPE,
    ),
    _AREAS,
    nouns="街道 镇街 街镇 乡镇 镇乡 街道办 街道办事处 街办 街道乡镇 乡镇街道 镇街道 镇 乡",
    home="",
    far_m=50_000.0,
)
_COMMUNITIES: Final = LayerSpec(
    Layer.COMMUNITIES,
    text("Communities"),
    (
        _code("社区编码 社区代码 社区编号 村居代码 村居编码 区划代码"),
        _name("社区名称 社区 村居 村居名称 村社区 社区村 居委会 居委会名称 村委会 community"),
        _parent(
            Layer.COMMUNITIES,
            "parent_code parent 所属街道 街道 街道名称 所属镇街 镇街 镇街名称 街镇 街道代码 街道编号 街道编码 乡镇"
            " 所属街道乡镇 上级 上级代码 上级编码 上级编号 subdistrict",
        ),
        *_POPULATION,
        _SHAPE,
    ),
    _AREAS,
    nouns="社区 村居 居村 村社区 社区村 村社 居委会 村委会 居委 社区居委会 社区居委 社区村委会 村居委会 居民委员会"
    " 社区居民委员会 村民委员会 行政村 村",
    far_m=20_000.0,
)
_GRIDS: Final = LayerSpec(
    Layer.GRIDS,
    text("Grids"),
    (
        _code("网格编码 网格编号 网格代码 网格号 网格id"),
        _name("网格名称 网格 网格名 grid"),
        _parent(
            Layer.GRIDS,
            "parent_code parent 所属社区 社区 社区名称 所在社区 社区代码 社区编码 社区编号 村居 村居名称 所属村居"
            " 所属社区村 上级 上级代码 上级编码 上级编号 community",
        ),
        *_POPULATION,
        _SHAPE,
    ),
    _AREAS,
    nouns="网格 基础网格 综合网格 基层网格 社区网格 治理网格 综治网格",
    far_m=10_000.0,
)
_ESTATES: Final = LayerSpec(
    Layer.ESTATES,
    text("Estates"),
    (
        _code("小区编码 小区编号 小区代码 小区id 楼盘编号"),
        _name("小区名称 小区 小区名 楼盘 楼盘名称 院落 院落名称 住宅小区名称 estate"),
        _parent(
            Layer.ESTATES,
            "parent_code parent 所属网格 网格 网格名称 所在网格 网格编号 网格编码 网格代码 上级 上级代码 上级编码"
            " 上级编号 grid",
        ),
        *_POPULATION,
        Field(
            "blocks",
            Kind.COUNT,
            text("Blocks"),
            headers="blocks buildings 楼栋数 栋数 小区栋数 楼栋 楼幢数 幢数 楼数 住宅楼栋数 楼宇数",
        ),
        Field(
            "gates",
            Kind.COUNT,
            text("Gates"),
            headers="gates entrances 出入口 大门数 出入口数 出入口数量 大门 门岗数 卡口数 门数 卡口 大门数量 小区大门",
        ),
        Field(
            "managed",
            Kind.FLAG,
            text("Managed"),
            headers="managed property_management 物业 有无物业 是否有物业 物业管理 是否物业管理 有无物业管理 物业小区"
            " 是否有物业管理 是否物业小区",
        ),
        Field(
            "mixed_use",
            Kind.FLAG,
            text("Mixed use"),
            headers="mixed_use mixed 是否杂居 杂居 杂居小区 是否杂居小区 混合用途 商住混合 是否商住混合",
        ),
        Field("address", Kind.ADDRESS, text("Address"), headers=_ADDRESS_WORDS),
        *_POINT,
    ),
    _ANYWHERE,
    nouns="小区 住宅小区 居民小区 楼盘 院落 小区院落",
    far_m=10_000.0,
)
_UNITS: Final = LayerSpec(
    Layer.UNITS,
    text("Units"),
    (
        _code("单位编码 单位代码 单位编号 组织编码 统一社会信用代码"),
        _name(
            "单位名称 单位 单位党组织 党组织名称 党组织 单位党组织名称 机关单位 部门 部门名称 unit organisation"
            " organization"
        ),
        Field(
            "community_codes",
            Kind.CODES,
            text("Community codes"),
            headers="community_codes communities community 结对社区 共建社区 结对共建社区 报到社区 双报到社区 挂钩社区"
            " 挂点社区 联系社区 所属社区 包联社区 社区",
            label=text("Paired communities"),
            link=Layer.COMMUNITIES,
            belonging=f"{_BELONGING} {_PAIRING}",
        ),
        Field(
            "contact",
            Kind.PERSON,
            text("Contact"),
            headers="contact contact_person 联系人 联络员 联系人姓名 联络员姓名 单位联络员 负责人",
        ),
        _phone("联系人电话 联络员电话 联系人手机"),
        Field("address", Kind.ADDRESS, text("Address"), headers=f"{_ADDRESS_WORDS} 单位地址"),
        *_POINT,
    ),
    _POINTS,
    nouns="单位 党组织 单位党组织 党支部 机关单位",
    home="",
    far_m=100_000.0,
    is_of_people=True,
)
_MEMBERS: Final = LayerSpec(
    Layer.MEMBERS,
    text("Members"),
    (
        _code("党员编号 党员编码 人员编号 工号 member_code member_id"),
        _name("姓名 党员姓名 党员 人员姓名 full_name fullname member", Kind.PERSON_NAME),
        Field(
            "identity",
            Kind.IDENTITY,
            text("Identity number"),
            headers="identity id_number id_card idcard identity_number 身份证 身份证号 身份证号码 公民身份号码 证件号码"
            " 证件号 居民身份证号",
        ),
        _unit(
            "unit_code unit 所在单位 工作单位 单位 单位名称 所在党组织 所属单位 单位编码 单位编号 单位代码 所在单位名称"
            " 党组织关系所在单位 单位党组织 所属党组织 党组织",
            "工作 现工作 党组织关系所在 组织关系所在",
            is_indexed=True,
        ),
        Field(
            "community_code",
            Kind.CODE,
            text("Community code"),
            headers="community_code community 报到社区 社区 所属社区 双报到社区 居住社区 所在社区 居住地社区 社区名称"
            " 报到社区名称 社区代码 社区编码 社区编号",
            label=text("Community of registration (code or name)"),
            link=Layer.COMMUNITIES,
            belonging=f"{_BELONGING} {_LIVING}",
            is_indexed=True,
        ),
        _phone(),
        Field("identity_hash", Kind.HASH, text("Hash of the identity number"), is_indexed=True),
        Field("address", Kind.HOME, text("Address"), headers=_ADDRESS_WORDS),
        _skills(),
        Field(
            "available_workday",
            Kind.SHARE,
            text("Available workday"),
            headers="available_workday 工作日 工作日白天 平日白天 工作日可用 工作日投入",
        ),
        Field(
            "available_evening",
            Kind.SHARE,
            text("Available evening"),
            headers="available_evening 工作日晚上 晚上 晚间 工作日晚间 平日晚上",
        ),
        Field(
            "available_weekend",
            Kind.SHARE,
            text("Available weekend"),
            headers="available_weekend 周末 双休日 节假日 周末可用",
        ),
        Field(
            "available_night",
            Kind.SHARE,
            text("Available night"),
            headers="available_night 夜间 深夜 凌晨 通宵 夜间可用",
        ),
        Field("phone_hash", Kind.HASH, text("Hash of the telephone number"), is_indexed=True),
        Field(
            "keep_until",
            Kind.DAY,
            text("Kept until"),
            headers="keep_until kept_until 保留至 保存至 保存到 保存期限 保留期限 保管期限 保存截止日期 信息保存期限"
            " 信息保留至",
        ),
        *_POINT,
    ),
    _POINTS,
    home="community_code",
    far_m=50_000.0,
    is_of_people=True,
)
_TEAMS: Final = LayerSpec(
    Layer.TEAMS,
    text("Teams"),
    (
        _code("队伍编码 队伍编号 队伍代码 队号"),
        _name("队伍名称 队伍 队名 突击队 突击队名称 先锋队名称 服务队名称 志愿服务队名称 志愿服务队 团队名称 team"),
        _parent(
            Layer.TEAMS,
            "parent_code parent home_grid 所属网格 网格 网格名称 所在网格 驻点网格 网格编号 网格编码 网格代码 常驻网格"
            " grid",
            f"{_BELONGING} 驻点 常驻 驻守 包保",
        ),
        Field("kind", Kind.TEXT, text("Kind"), headers="kind type 类型 类别 队伍类型 队伍类别 队伍性质"),
        Field(
            "size",
            Kind.COUNT,
            text("Size"),
            headers="size members headcount 人数 队员人数 队伍人数 成员数 队员数 总人数 成员人数 人员数量 队伍规模",
        ),
        _unit(
            "unit_code unit 所属单位 组建单位 单位 单位名称 所在单位 依托单位 牵头单位 单位编码 单位编号 单位代码",
            "组建 依托 牵头 派出",
        ),
        Field(
            "leader",
            Kind.PERSON,
            text("Leader"),
            headers="leader 队长 队长姓名 负责人 负责人姓名 领队 队伍负责人",
        ),
        Field(
            "leader_role",
            Kind.NOTE,
            text("Leader role"),
            headers="leader_role 队长职务 职务 负责人职务 队长单位及职务 职位",
        ),
        _phone("队长电话 队长手机 负责人电话 队长联系电话 队长联系方式"),
        _skills(),
        *_POINT,
    ),
    _POINTS,
    far_m=30_000.0,
    is_of_people=True,
)


def _lines(layer: Layer, title: Text) -> LayerSpec:
    return LayerSpec(
        layer,
        title,
        (
            _code("osm_id gml_id"),
            _name("路名 道路名称 河流名称 水系名称 名", Kind.NOTE),
            Field(
                "kind",
                Kind.LINE_KIND,
                text("Kind"),
                headers="kind type 类型 类别 等级 道路等级 fclass highway waterway water natural",
            ),
            _SHAPE,
        ),
        _LINES,
        home="",
        is_piece=True,
    )


def _by_layer(specs: Iterable[LayerSpec]) -> Mapping[Layer, LayerSpec]:
    return MappingProxyType({spec.layer: spec for spec in specs})


LAYERS: Final = _by_layer(
    (
        _DISTRICTS,
        _SUBDISTRICTS,
        _COMMUNITIES,
        _GRIDS,
        _ESTATES,
        _UNITS,
        _MEMBERS,
        _TEAMS,
        _lines(Layer.ROADS, text("Roads")),
        _lines(Layer.WATER, text("Water")),
    )
)
"""Every layer, in the order of ``geo.schema.Layer``."""

BASE_LAYERS: Final = tuple(layer for layer, spec in LAYERS.items() if spec.is_piece)
"""What maps show below the zones: roads and water."""
