"""Columns that identify persons are found by name and content; others are left alone."""

import numpy as np
import pandas as pd
import pytest
from survey_file_samples import one

from scslab.core.errors import ScslabError
from scslab.survey.answers import Answers, Variable
from scslab.survey.file import identifier_checks as checks
from scslab.survey.file.identifiers import find_identifiers, refuse_identifiers
from scslab.survey.file.settle import whole


def resident_id(area: int, day: str, order: int) -> str:
    body = f"{area}{day}{order:03}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(d) * w for d, w in zip(body, weights, strict=True))
    return body + "10X98765432"[total % 11]


def with_luhn(body: str) -> str:
    return next(f"{body}{d}" for d in range(10) if checks.luhn(f"{body}{d}"))


def sole_trader(n: int) -> str:
    body = f"92110105MA{n:06}X"
    return next(
        body + c for c in "0123456789ABCDEFGHJKLMNPQRTUWXY" if checks.is_credit_code(body + c)
    )


N = 60
IDS = [resident_id(110105, f"19{50 + i % 50}0{1 + i % 9}1{i % 10}", i) for i in range(N)]
CHINESE = [
    "王李张刘陈杨黄赵吴周"[i % 10] + "伟芳娜敏静丽强"[i % 7] + "勇军杰娟涛明超霞平刚"[i // 7]
    for i in range(N)
]
WESTERN = [
    f"{['Mary', 'John', 'Anna', 'Peter', 'Zed'][i % 5]} "
    f"{['Smith', 'Miller', 'Kowalski'][i % 3]}{'abcdefghijklmnopqrst'[i // 3]}"
    for i in range(N)
]  # fmt: skip
PERSONS = {
    "chinese": (CHINESE, "name"),
    "western": (WESTERN, "name"),
    "last_first": (
        [f"Smith{'abcdefghij'[i % 10]}{'klmnop'[i // 10]}, Mary" for i in range(N)], "name"
    ),
    "mobile": ([f"138{10_000_000 + 137 * i}" for i in range(N)], "telephone"),
    "spaced": ([f"+86 138 {1000 + i} {2000 + 7 * i}" for i in range(N)], "telephone"),
    "berlin": ([f"+49 30 {901_820 + i}" for i in range(N)], "telephone"),
    "us": ([f"(212) 555-0{100 + i}" for i in range(N)], "telephone"),
    "mail": ([f"person{i}@example.org" for i in range(N)], "e-mail"),
    "id18": (IDS, "identity number"),
    "id15": ([i[:6] + i[8:17] for i in IDS], "identity number"),
    "ssn": ([f"{123 + i}-45-{6789 - i}" for i in range(N)], "identity number"),
    "trader": ([sole_trader(i) for i in range(N)], "credit code"),
    "card": ([with_luhn(f"62220200000{1000 + 7 * i}") for i in range(N)], "bank account"),
    "address4": ([f"10.0.{i}.{i + 7}" for i in range(N)], "device"),
    "address6": ([f"2001:db8::{i:x}" for i in range(N)], "device"),
    "mac": ([f"00:1b:44:11:3a:{i:02x}" for i in range(N)], "device"),
    "phone_serial": ([with_luhn(f"35209900{100_000 + 7 * i}") for i in range(N)], "device"),
    "position": ([f"39.{9042 + i}, 116.{4074 + i}" for i in range(N)], "location"),
    "home": ([f"北京市朝阳区建国路{i + 1}号{i + 2}室" for i in range(N)], "address"),
    "haus": ([f"Berliner Straße {i + 1}" for i in range(N)], "address"),
    "wx": ([f"wxid_{i:08}abc" for i in range(N)], "account"),
    "remarks": (
        ["nothing"] * 50 + [f"write to me at a{i}@b.org please" for i in range(10)], "e-mail"
    ),
}  # fmt: skip


def text(values: list[str | None], name: str = "x", label: str = "") -> Answers:
    return one(pd.Series(values, dtype=object), Variable(name, label, kind="text"))


def number(values: object, name: str = "x", label: str = "") -> Answers:
    return one(whole(np.asarray(values, dtype=float)), Variable(name, label))


@pytest.mark.parametrize("what", PERSONS)
def test_by_content(what: str) -> None:
    values, kind = PERSONS[what]
    (found,) = find_identifiers(text(list(values)))
    assert found.kind == kind
    assert not any(v in found.why for v in values)


@pytest.mark.parametrize("what", ["mobile", "id15", "phone_serial"])
def test_by_content_as_numbers(what: str) -> None:
    values, kind = PERSONS[what]
    (found,) = find_identifiers(number([float(v) for v in values]))
    assert found.kind == kind


def test_a_few_among_blanks_and_others() -> None:
    values: list[str | None] = [None] * 900 + IDS[:5] + ["none"] * 20
    assert find_identifiers(text(values))[0].kind == "identity number"


@pytest.mark.parametrize(
    ("name", "label", "kind"),
    [
        ("RecipientFirstName", "", "name"),
        ("姓名", "", "name"),
        ("q1", "受访者姓名", "name"),
        ("Nachname", "", "name"),
        ("prénom", "", "name"),
        ("home_address", "", "address"),
        ("家庭住址", "", "address"),
        ("WeChatID", "", "account"),
        ("微信号", "", "account"),
        ("instagram_handle", "", "account"),
        ("passport_no", "", "identity number"),
        ("device.id", "", "device"),
        ("V3", "Email Address", "e-mail"),
    ],
)
def test_by_name(name: str, label: str, kind: str) -> None:
    values: list[str | None] = [f"k{i}w" for i in range(20)]
    assert [i.kind for i in find_identifiers(text(values, name, label))] == [kind]


def test_numbers_by_name() -> None:
    for name in ("phone", "电话", "Telefonnummer", "QQ"):
        (found,) = find_identifiers(number([62_751_234 + 13 * i for i in range(20)], name))
        assert found.kind in ("telephone", "account")


def test_positions_by_name_and_precision() -> None:
    precise = np.linspace(31.12345, 31.98765, 50)
    for name in ("LocationLatitude", "纬度", "gps_longitude", "lng"):
        assert find_identifiers(number(precise, name))[0].kind == "location"
        assert find_identifiers(number(np.round(precise, 1), name)) == ()
    for name in ("score", "numeric_long_label", "how_long"):
        assert find_identifiers(number(precise, name)) == ()


def test_days_of_birth() -> None:
    days = pd.Series(pd.date_range("1950-01-01", periods=60, freq="211D")).astype("datetime64[us]")
    born = one(days, Variable("dob", kind="date"))
    assert find_identifiers(born)[0].kind == "date of birth"
    assert find_identifiers(text([f"{d:%d.%m.%Y}" for d in days], "Geburtsdatum"))
    assert find_identifiers(number([int(f"{d:%Y%m%d}") for d in days], "出生日期"))
    assert find_identifiers(number(np.arange(1, 32), "birth_day"))
    months = pd.Series(pd.date_range("1950-01-01", periods=60, freq="MS")).astype("datetime64[us]")
    assert find_identifiers(one(months, Variable("dob", kind="date"))) == ()
    assert find_identifiers(one(days, Variable("interviewed", kind="date"))) == ()
    assert find_identifiers(number(np.arange(1940, 2000), "birth_year")) == ()


PROVINCES_TEXT = (
    "北京市 天津市 河北省 山西省 辽宁省 吉林省 江苏省 浙江省 安徽省 福建省 江西省 山东省"
)
SHORT_TEXT = (
    "北京 天津 河北 山西 辽宁 吉林 江苏 浙江 安徽 福建 江西 山东 "
    "河南 湖北 湖南 广东 海南 四川 贵州 云南 陕西 甘肃 青海"
)
CITIES_TEXT = (
    "常州 苏州 徐州 南京 无锡 扬州 镇江 泰州 宿迁 南通 盐城 淮安 "
    "连云港 杭州 宁波 温州 嘉兴 湖州 绍兴 金华"
)
COUNTRIES_TEXT = "Germany,France,New Zealand,South Africa,United States,Costa Rica,Sri Lanka"
PROVINCES, SHORT, CITIES = PROVINCES_TEXT.split(), SHORT_TEXT.split(), CITIES_TEXT.split()
COUNTRIES = COUNTRIES_TEXT.split(",")
HARMLESS: dict[str, list[str | None]] = {
    "province": [PROVINCES[i % 12] for i in range(N)],
    "short": [*SHORT],
    "city": [*CITIES],
    "country": [COUNTRIES[i % 7] for i in range(N)],
    "all_countries": [*COUNTRIES],
    "likert": ["Strongly Agree", "Agree", "Strongly Disagree", "Neither Agree Nor Disagree"] * 10,
    "中文": ["非常同意", "同意", "不同意", "非常不同意", "说不清"] * 10,
    "education": ["高中", "小学", "初中", "大学", "研究生"] * 10,
    "job": ["农民", "工人", "教师", "公务员", "个体户", "学生", "司机", "经理", "医生", "护士"],
    "name": [f"{w} School {i}" for i, w in enumerate(["Lincoln", "Mission", "Oak", "Valley"] * 9)],
    "code": [f"R_{i:015x}" for i in range(N)],
    "uuid": [f"5f0c1a9e-0000-4000-8000-{i:012}" for i in range(N)],
    "company": [f"91110105MA0{i:06}X" for i in range(N)],
    "day": [f"2020-01-{1 + i % 28:02} " for i in range(N)],
    "version": ["1.2.3", "1.2.4", "2.0.0"] * 9,
    "age": ["18-24", "25-34", "35-44", "65+"] * 9,
    "open": [f"I trust the government because of reason number {i}" for i in range(N)],
    "开放": [f"因为第{i}个原因，我比较信任政府" for i in range(N)],
    "phone": ["yes", "no", "no", "yes"] * 9,
    "email": ["daily", "weekly", "never"] * 9,
}


@pytest.mark.parametrize("name", HARMLESS)
def test_harmless_texts(name: str) -> None:
    assert find_identifiers(text(HARMLESS[name], name)) == ()


RNG = np.random.default_rng(3)
NUMBERS = {
    "id": np.arange(1, 3001),
    "respondent": np.arange(100_001, 103_001),
    "serial": np.arange(3_000_000_000, 3_000_003_000),
    "weight": RNG.lognormal(0, 0.5, 3000),
    "income": np.round(RNG.lognormal(9, 1, 3000), 2),
    "rmb": np.round(RNG.lognormal(16, 2, 3000)),
    "gdp": np.round(RNG.lognormal(25, 2, 3000)),
    "year": RNG.integers(1900, 2026, 3000),
    "phone": RNG.integers(0, 2, 3000),
    "email": RNG.integers(1, 6, 3000),
    "wechat": RNG.integers(0, 1440, 3000),
    "name": RNG.integers(1, 60, 3000),
    "address": RNG.integers(1, 9, 3000),
    "lat": RNG.integers(1, 9, 3000),
    "stamp": RNG.integers(1_700_000_000, 1_760_000_000, 3000),
    "cluster14": RNG.integers(10**13, 10**14, 3000),
    "id15": RNG.integers(10**14, 10**15, 3000),
    "yyyymmdd": 20_200_101 + RNG.integers(0, 28, 3000),
}


@pytest.mark.parametrize("name", NUMBERS)
def test_harmless_numbers(name: str) -> None:
    assert find_identifiers(number(NUMBERS[name], name)) == ()


def test_labels_that_are_names_of_persons() -> None:
    labels = {i: CHINESE[i] for i in range(1, 9)}
    answers = one([1, 2, 3], Variable("interviewer", labels=labels))
    (found,) = find_identifiers(answers)
    assert (found.kind, found.why) == ("name", "its value labels are names of persons")
    for name in ("vote", "candidate"):  # public figures are no respondents
        assert find_identifiers(one([1, 2, 3], Variable(name, labels=labels))) == ()
    many = one([1, 2], Variable("who", labels=dict(enumerate(CHINESE))))
    assert find_identifiers(many)[0].kind == "name"
    towns = dict(enumerate(CITIES))
    assert find_identifiers(one([1, 2, 3], Variable("city", labels=towns))) == ()
    schools = dict(enumerate(["小学", "初中", "高中", "大学", "研究生", "文盲"]))
    assert find_identifiers(one([1, 2, 3], Variable("edu", labels=schools))) == ()


def test_the_refusal_names_columns_and_shows_no_value() -> None:
    frame = pd.DataFrame({"contact": PERSONS["mail"][0], "who": CHINESE, "age": np.arange(N)})
    variables = {n: Variable(n, kind="text") for n in ("contact", "who")}
    answers = Answers(
        frame.astype({"contact": object, "who": object}), variables | {"age": Variable("age")}
    )
    with pytest.raises(ScslabError) as caught:
        refuse_identifiers(answers, "a.csv")
    assert str(caught.value) == (
        "a.csv: columns look like direct identifiers of persons\n"
        "  got: contact (e-mail: its values are e-mail addresses); "
        "who (name: its values are Chinese names of persons)\n"
        "  why: nothing here reads or links real people, so such columns are never kept\n"
        "  try: --drop contact,who"
    )


def test_empty_identifier_columns_are_left_out() -> None:
    frame = pd.DataFrame({"IPAddress": [np.nan] * 3, "x": [1, 2, 3]})
    answers = Answers(frame, {n: Variable(n) for n in frame})
    kept = refuse_identifiers(answers, "a.csv")
    assert list(kept.variables) == ["x"]
    assert kept.notes == ("empty columns for identifiers are left out: IPAddress",)


def test_check_digits_change_with_every_digit() -> None:
    for valid, check in (
        ("11010519491231002X", checks.is_resident_id),
        ("91350100M000100Y43", checks.is_credit_code),
        ("4539578763621486", checks.luhn),
    ):
        assert check(valid)
        for i, old in enumerate(valid):
            if old.isdigit():
                other = str((int(old) + 1) % 10)
                assert not check(valid[:i] + other + valid[i + 1 :]), i


def test_random_numbers_hardly_ever_pass() -> None:
    values = [str(v) for v in np.random.default_rng(5).integers(10**17, 10**18, 20_000)]
    assert sum(map(checks.is_resident_id, values)) < 20
    assert sum(map(checks.is_credit_code, values)) / 20_000 == pytest.approx(1 / 31, abs=0.01)
    assert sum(map(checks.luhn, values)) / 20_000 == pytest.approx(0.1, abs=0.01)


@pytest.mark.parametrize("name", ["姓名", "name", "full_name"])
def test_names_that_repeat_in_a_diary_are_refused_by_the_columns_name(name: str) -> None:
    repeated = list(CHINESE)[:6] * 10
    (found,) = find_identifiers(text(repeated, name))
    assert found.kind == "name"
    assert not find_identifiers(text(repeated, "x"))  # categories may look like names


def test_short_account_numbers() -> None:
    (found,) = find_identifiers(number([100_000 + 7_919 * i for i in range(40)], "QQ"))
    assert found.kind == "account"
