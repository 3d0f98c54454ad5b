"""Fields that several layers have, and the words that their headers share."""

from typing import Final

from geo.schema import PARENT_LAYER, Layer
from services.catalog.fields import Field, Kind
from services.i18n import Text, text

BELONGING: Final = "所属 所在 归属 隶属 所归属 所隶属 归属于 属 属地 上级 上属 所处 管辖 所属上级"
PAIRING: Final = "结对 共建 结对共建 报到 双报到 联系 挂点 挂钩 包联 包保 帮扶 对口 服务"
LIVING: Final = "居住 居住地 现居住 现住 居住所在 报到 双报到 报到所在"

SHAPE: Final = Field(
    "wkt",
    Kind.WKT,
    text("Shape as WKT"),
    headers="wkt shape geometry geom the_geom 几何 图形 边界 边界坐标 空间数据 ewkt wkb ewkb geojson wkb_geometry"
    " wkt_geom geom_wkt geography geog st_astext st_asewkt st_asgeojson st_asbinary st_asewkb",
    label=text("Shape as WKT"),
)
POINT: Final = (
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
    SHAPE,
)
POPULATION: Final = (
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
ADDRESS_WORDS: Final = (
    "address addr 地址 住址 详细地址 家庭住址 家庭地址 现住址 现居住地址 居住地址 家庭详细住址 居住地 所在地址 通讯地址"
)


def code_field(headers: str) -> Field:
    """Return the field of the code, with the words by which files name it beside the usual ones."""
    return Field("code", Kind.CODE, text("Code"), headers=f"{headers} {_CODE_WORDS}")


def name_field(headers: str, kind: Kind = Kind.NAME) -> Field:
    """Return the field of the name, with the words by which files name it beside the usual ones."""
    label = text("Person's name") if kind is Kind.PERSON_NAME else None
    return Field("name", kind, text("Name"), headers=f"{headers} {_NAME_WORDS}", label=label)


def parent_field(layer: Layer, headers: str, belonging: str = BELONGING) -> Field:
    """Return the field that names the zone of the level above."""
    link = PARENT_LAYER.get(layer)
    title = text("Parent code")
    return Field("parent_code", Kind.CODE, title, headers=headers, link=link, belonging=belonging, is_indexed=True)


def zone_field(name: str, layer: Layer, title: Text, headers: str) -> Field:
    """Return the field of a row of no level that names the zone of one in which it lies."""
    return Field(name, Kind.CODE, title, headers=f"{name} {headers}", link=layer, belonging=BELONGING, is_indexed=True)


def phone_field(headers: str = "") -> Field:
    """Return the field of a telephone number, with words beside the usual ones."""
    words = (
        "phone mobile telephone tel 手机 手机号 手机号码 联系电话 电话 电话号码 联系方式 联系号码 移动电话 办公电话"
        " 本人电话"
    )
    return Field("phone", Kind.PHONE, text("Phone"), headers=f"{words} {headers}")


def skills_field(kind: Kind = Kind.LIST) -> Field:
    """Return the field of skills."""
    words = "skills skill 技能 特长 专长 个人特长 技能特长 专业特长 服务特长 专业技能 志愿服务特长 服务技能"
    return Field("skills", kind, text("Skills"), headers=words, is_apart=kind is Kind.SKILLS)


def unit_field(headers: str, belonging: str, *, is_indexed: bool = False) -> Field:
    """Return the field that names a unit."""
    return Field(
        "unit_code",
        Kind.CODE,
        text("Unit code"),
        headers=headers,
        label=text("Unit (code or name)"),
        link=Layer.UNITS,
        belonging=f"{BELONGING} {belonging}",
        is_indexed=is_indexed,
    )
