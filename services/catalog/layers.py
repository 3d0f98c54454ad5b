"""Every layer, once: a column is a field here, a layer a name in ``geo.schema.Layer`` and a description here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from geo.schema import Layer
from geo.validate import GeometryKinds
from services.catalog.fields import OF_PERSONS, Field, Kind
from services.catalog.shared_fields import (
    ADDRESS_WORDS,
    BELONGING,
    LIVING,
    PAIRING,
    POINT,
    POPULATION,
    SHAPE,
    code_field,
    name_field,
    parent_field,
    phone_field,
    skills_field,
    unit_field,
    zone_field,
)
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
    is_piece: bool = False
    """Whether many rows share a name, so that it is no key, and a row without any is known by its shape."""

    def field(self, name: str) -> Field | None:
        """Return a field by its name, None where the layer has none of it."""
        return next((field for field in self.fields if field.name == name), None)

    @property
    def is_of_people(self) -> bool:
        """Whether its rows name persons: it follows from what its fields hold, so that nobody can forget to say it."""
        return any(field.kind in OF_PERSONS for field in self.fields)

    @property
    def links(self) -> dict[str, Layer]:
        """Return which of its fields name rows of which other layer."""
        return {field.name: field.link for field in self.fields if field.link is not None}


_AREAS: Final = frozenset({GeometryKinds.AREA})
_LINES: Final = frozenset({GeometryKinds.LINE, GeometryKinds.AREA})
_POINTS: Final = frozenset({GeometryKinds.POINT, GeometryKinds.NOTHING})
_ANYWHERE: Final = _AREAS | _POINTS

_DISTRICTS: Final = LayerSpec(
    Layer.DISTRICTS,
    text("Districts"),
    (
        code_field("adcode admincode 区划代码 行政区划代码 区县代码 行政代码 区划编码 xzqdm"),
        name_field("区县名称 区县 区名 区名称 行政区名称 行政区 xzqmc 区域名称 district"),
        parent_field(
            Layer.DISTRICTS,
            "parent_code parent.adcode 上级 上级代码 上级编码 上级编号 所属市 城市 市 city citycode",
        ),
        SHAPE,
    ),
    _AREAS,
    nouns="区县 县区 区市县 县市区 区县市 行政区 市辖区 区 县",
    home="",
)
_SUBDISTRICTS: Final = LayerSpec(
    Layer.SUBDISTRICTS,
    text("Sub-districts"),
    (
        code_field("街道编码 街道代码 街道编号 镇街代码 镇街编码 区划代码 行政区划代码 adcode"),
        name_field("街道名称 街道 镇街 镇街名称 乡镇 乡镇名称 街镇 街镇名称 街道乡镇 subdistrict town"),
        parent_field(
            Layer.SUBDISTRICTS,
            "parent_code parent 所属区县 所属区 区县 区县名称 区县代码 区 行政区 上级 上级代码 上级编码 上级编号"
            " 上级区划 所属区域 district adname",
        ),
        SHAPE,
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
        code_field("社区编码 社区代码 社区编号 村居代码 村居编码 区划代码"),
        name_field("社区名称 社区 村居 村居名称 村社区 社区村 居委会 居委会名称 村委会 community"),
        parent_field(
            Layer.COMMUNITIES,
            "parent_code parent 所属街道 街道 街道名称 所属镇街 镇街 镇街名称 街镇 街道代码 街道编号 街道编码 乡镇"
            " 所属街道乡镇 上级 上级代码 上级编码 上级编号 subdistrict",
        ),
        *POPULATION,
        SHAPE,
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
        code_field("网格编码 网格编号 网格代码 网格号 网格id"),
        name_field("网格名称 网格 网格名 grid"),
        parent_field(
            Layer.GRIDS,
            "parent_code parent 所属社区 社区 社区名称 所在社区 社区代码 社区编码 社区编号 村居 村居名称 所属村居"
            " 所属社区村 上级 上级代码 上级编码 上级编号 community",
        ),
        *POPULATION,
        SHAPE,
    ),
    _AREAS,
    nouns="网格 基础网格 综合网格 基层网格 社区网格 治理网格 综治网格",
    far_m=10_000.0,
)
_ESTATES: Final = LayerSpec(
    Layer.ESTATES,
    text("Estates"),
    (
        code_field("小区编码 小区编号 小区代码 小区id 楼盘编号"),
        name_field("小区名称 小区 小区名 楼盘 楼盘名称 院落 院落名称 住宅小区名称 estate"),
        parent_field(
            Layer.ESTATES,
            "parent_code parent 所属网格 网格 网格名称 所在网格 网格编号 网格编码 网格代码 上级 上级代码 上级编码"
            " 上级编号 grid",
        ),
        *POPULATION,
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
        Field("address", Kind.ADDRESS, text("Address"), headers=ADDRESS_WORDS),
        *POINT,
    ),
    _ANYWHERE,
    nouns="小区 住宅小区 居民小区 楼盘 院落 小区院落",
    far_m=10_000.0,
)
_UNITS: Final = LayerSpec(
    Layer.UNITS,
    text("Units"),
    (
        code_field("单位编码 单位代码 单位编号 组织编码 统一社会信用代码"),
        name_field(
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
            belonging=f"{BELONGING} {PAIRING}",
            is_apart=True,
        ),
        Field(
            "contact",
            Kind.PERSON,
            text("Contact"),
            headers="contact contact_person 联系人 联络员 联系人姓名 联络员姓名 单位联络员 负责人",
        ),
        phone_field("联系人电话 联络员电话 联系人手机"),
        Field("address", Kind.ADDRESS, text("Address"), headers=f"{ADDRESS_WORDS} 单位地址"),
        *POINT,
    ),
    _POINTS,
    nouns="单位 党组织 单位党组织 党支部 机关单位",
    home="",
    far_m=100_000.0,
)
_MEMBERS: Final = LayerSpec(
    Layer.MEMBERS,
    text("Members"),
    (
        code_field("党员编号 党员编码 人员编号 工号 member_code member_id"),
        name_field("姓名 党员姓名 党员 人员姓名 full_name fullname member", Kind.PERSON_NAME),
        Field(
            "identity",
            Kind.IDENTITY,
            text("Identity number"),
            headers="identity id_number id_card idcard identity_number 身份证 身份证号 身份证号码 公民身份号码 证件号码"
            " 证件号 居民身份证号",
        ),
        unit_field(
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
            belonging=f"{BELONGING} {LIVING}",
            is_indexed=True,
        ),
        phone_field(),
        Field("identity_hash", Kind.HASH, text("Hash of the identity number"), is_indexed=True),
        Field("address", Kind.HOME, text("Address"), headers=ADDRESS_WORDS),
        skills_field(Kind.SKILLS),
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
        *POINT,
    ),
    _POINTS,
    home="community_code",
    far_m=50_000.0,
)
_TEAMS: Final = LayerSpec(
    Layer.TEAMS,
    text("Teams"),
    (
        code_field("队伍编码 队伍编号 队伍代码 队号"),
        name_field(
            "队伍名称 队伍 队名 突击队 突击队名称 先锋队名称 服务队名称 志愿服务队名称 志愿服务队 团队名称 team"
        ),
        parent_field(
            Layer.TEAMS,
            "parent_code parent home_grid 所属网格 网格 网格名称 所在网格 驻点网格 网格编号 网格编码 网格代码 常驻网格"
            " grid",
            f"{BELONGING} 驻点 常驻 驻守 包保",
        ),
        Field("kind", Kind.TEXT, text("Kind"), headers="kind type 类型 类别 队伍类型 队伍类别 队伍性质"),
        Field(
            "size",
            Kind.COUNT,
            text("Size"),
            headers="size members headcount 人数 队员人数 队伍人数 成员数 队员数 总人数 成员人数 人员数量 队伍规模",
        ),
        unit_field(
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
        phone_field("队长电话 队长手机 负责人电话 队长联系电话 队长联系方式"),
        skills_field(),
        *POINT,
    ),
    _POINTS,
    far_m=30_000.0,
)

_POSTS: Final = LayerSpec(
    Layer.POSTS,
    text("Posts"),
    (
        code_field("岗位编号 岗位编码 岗位代码 岗号"),
        name_field("岗位名称 岗位 值守点 值守点名称 卡口名称 岗点 岗点名称 post"),
        zone_field("community_code", Layer.COMMUNITIES, text("Community code"), "community 所属社区 社区 社区名称"),
        zone_field("grid_code", Layer.GRIDS, text("Grid code"), "grid 所属网格 网格 网格名称 网格编码"),
        zone_field("estate_code", Layer.ESTATES, text("Estate code"), "estate 所属小区 小区 小区名称 小区编码"),
        Field("kind", Kind.POST_KIND, text("Kind"), headers="kind type 岗位类型 类型 类别 岗位类别 岗位性质"),
        Field(
            "place", Kind.NOTE, text("Meeting point"), headers="place meeting_point 集合点 集合地点 集合位置 报到地点"
        ),
        Field(
            "vanguard",
            Kind.FLAG,
            text("Vanguard post"),
            headers="vanguard vanguard_post 先锋岗 党员先锋岗 是否先锋岗 党员示范岗",
        ),
        Field("active", Kind.FLAG, text("In use"), headers="active in_use 在用 启用 是否启用 是否在用"),
        *POINT,
    ),
    _POINTS,
    nouns="岗位 值守点 岗点 卡口",
    home="community_code",
    far_m=30_000.0,
)


def _lines(layer: Layer, title: Text) -> LayerSpec:
    return LayerSpec(
        layer,
        title,
        (
            code_field("osm_id gml_id"),
            name_field("路名 道路名称 河流名称 水系名称 名", Kind.NOTE),
            Field(
                "kind",
                Kind.LINE_KIND,
                text("Kind"),
                headers="kind type 类型 类别 等级 道路等级 fclass highway waterway water natural",
            ),
            SHAPE,
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
        _POSTS,
        _lines(Layer.ROADS, text("Roads")),
        _lines(Layer.WATER, text("Water")),
    )
)
"""Every layer, in the order of ``geo.schema.Layer``."""

BASE_LAYERS: Final = tuple(layer for layer, spec in LAYERS.items() if spec.is_piece)
"""What maps show below the zones: roads and water."""
