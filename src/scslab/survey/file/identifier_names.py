"""Names of persons, and names of columns that hold identifiers, in several languages."""

from __future__ import annotations

import re
import unicodedata

# The hundred most frequent surnames of China (Ministry of Public Security, name report 2020),
# simplified and traditional, and the compound ones in use.
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
    "張劉陳楊黃趙吳孫馬羅鄭許韓馮鄧蕭蔣葉蘇魏呂盧鍾譚陸範賈韋鄒閻龍賀顧龔萬錢嚴湯"
)
_COMPOUND = (
    "欧阳",
    "歐陽",
    "上官",
    "司马",
    "司馬",
    "诸葛",
    "諸葛",
    "司徒",
    "慕容",
    "夏侯",
    "尉迟",
    "皇甫",
)
# Second and later characters that make a place, a school grade or an opinion of a word.
_NO_NAME = re.compile(
    r".*([省市县縣区區州镇鎮乡鄉村国國族系部厅局院校学學业業员員师師工农農商人者党黨]|中学|小学|满意|同意|支持)$"
    r"|[高初]中.*|[大小]学.*|.*[不很非常太].*"
)
_GIVEN_NAMES = """
    james john robert michael william david richard joseph thomas charles christopher daniel
    matthew anthony mark donald steven paul andrew joshua kenneth kevin brian george timothy ronald
    edward jason jeffrey ryan jacob gary nicholas eric jonathan stephen larry justin scott brandon
    benjamin samuel gregory alexander frank patrick raymond jack dennis jerry tyler aaron jose adam
    nathan henry douglas zachary peter kyle noah ethan jeremy walter christian keith roger terry
    sean gerald carl harold dylan arthur lawrence jordan jesse bryan billy bruce gabriel joe logan
    alan juan albert willie elijah wayne randy vincent mason roy ralph bobby russell bradley philip
    mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty
    sandra margaret ashley kimberly emily donna michelle carol amanda melissa deborah stephanie
    dorothy rebecca sharon laura cynthia amy kathleen angela shirley brenda emma anna pamela nicole
    samantha katherine christine helen debra rachel carolyn janet maria catherine heather diane
    olivia julie joyce victoria ruth virginia lauren kelly christina joan evelyn judith andrea
    hannah megan cheryl jacqueline martha madison teresa gloria sara janice ann kathryn abigail
    sophia frances jean alice judy isabella julia grace amber denise danielle marilyn beverly
    charlotte natalie theresa diana brittany doris kayla alexis lori marie tom mike bob jim bill
    hans klaus jürgen wolfgang stefan andreas uwe matthias jan jens sven dieter heinz karl kurt
    ursula monika petra sabine renate heike birgit gabriele katrin anja jutta silke lena lea
    pierre michel jean-pierre philippe alain jacques bernard françois laurent nicolas julien
    nathalie isabelle sylvie catherine françoise valérie sandrine céline carlos antonio manuel
    francisco luis miguel jorge pedro carmen ana pilar giuseppe giovanni francesco marco luca
    mohammed muhammad ahmed ali omar fatima aisha ivan sergei dmitri olga natalia anders lars
    wei ming li xiao jing yan hong hui lin mei fang jun lei bo chen yang
"""
_GIVEN = frozenset(_GIVEN_NAMES.split())

# Words of a column's name or label, in the forms of `tokens`. Those of `SURE` are enough with
# text that differs from row to row; those of `HINTS` need some look of the values as well.
_WORDS: tuple[tuple[str, str], ...] = (
    (
        "name",
        r"(first|last|full|given|family|middle|maiden|respondents?|participants?|interviewee|"
        r"contact|student|patient|persons?|recipient|recipient first|recipient last) ?name|surname|"
        r"forename|vorname|nachname|familienname|prénom|prenom|nom (de famille|complet)|nombre|"
        r"apellidos?|姓名|名字|姓|联系人|受访者姓名|被访者姓名|xingming",
    ),
    (
        "telephone",
        r"(tele|mobile |cell |hand)?phone( ?(no|nr|num|number))?|mobile( ?(no|number))?|tel( ?no)?|"
        r"telefon(nummer)?|handy(nummer)?|téléphone|telephone|teléfono|telefono|movil|"
        r"手机|手机号|手机号码|手機|电话|电话号码|電話|联系电话|联系方式|shouji|dianhua",
    ),
    (
        "e-mail",
        r"(recipient )?e ?mail( ?(address|adresse))?|courriel|correo|"
        r"邮箱|电子邮箱|电子邮件|郵箱|邮件",
    ),
    (
        "identity number",
        r"(national|identity|citizen|personal|resident|passport)( id)? ?(no|nr|number|card)|ssn|"
        r"social security( ?(no|number))?|id ?card( ?(no|number))?|passport|(personal)?ausweis"
        r"(nummer)?|身份证|身份证号|身份证号码|身份證|证件号|证件号码|护照|护照号|shenfenzheng|sfz",
    ),
    (
        "address",
        r"(home |street |postal |mailing )?address( ?(line)? ?\d)?|street|anschrift|adresse|straße|"
        r"strasse|rue|dirección|domicilio|地址|住址|家庭住址|详细地址|通讯地址|dizhi",
    ),
    (
        "account",
        r"we ?chat( ?(id|no|account|name))?|weixin|qq( ?(no|number|号))?|weibo( ?(id|account))?|"
        r"(twitter|instagram|facebook|tiktok|telegram|whatsapp)( ?(id|handle|name|account|user"
        r"(name)?))?|user ?name|nickname|handle|微信|微信号|微博|昵称|用户名|qq号",
    ),
    (
        "device",
        r"imei|imsi|mac( ?address)?|device ?id|android ?id|udid|idfa|oaid|设备号|设备id|"
        r"ip( ?(address|adresse))?|ip地址",
    ),
    (
        "bank account",
        r"iban|bank ?(account|card)( ?(no|number))?|konto(nummer)?|银行卡|银行卡号|账号|银行账号",
    ),
)
WORDS = tuple((kind, re.compile(pattern)) for kind, pattern in _WORDS)
BORN = re.compile(
    r".*\b(dob|birth ?(date|day)|date of birth|born on|geburts(tag|datum)|date de naissance|"
    r"fecha de nacimiento)\b.*|.*(出生日期|生日|出生年月日).*"
)
# Labels that name persons are of candidates and leaders as a rule; here they are of private ones.
INTERVIEWER = re.compile(
    r".*(interviewer|enumerator|surveyor|fieldworker|respondent|befrager|enquêteur).*"
    r"|.*(访员|訪員|访问员|調查員|调查员|受访者).*"
)
BIRTH_DAY = re.compile(r"(birth ?day|day of birth|geburtstag|出生日)( ?of ?month)?|birth d")
_PLACE = r"((location|geo|gps|home|house|household|start|end|map|point) )?"
LATITUDE = re.compile(
    _PLACE + r"lat( \d)?|.*\b(latitude|gps|breitengrad|coord(inate)?s?)\b.*|.*(纬度|緯度|经纬度).*"
)
LONGITUDE = re.compile(
    _PLACE + r"(lon|lng|long)( \d)?|.*\b(longitude|längengrad)\b.*|.*(经度|經度).*"
)


def tokens(name: str) -> str:
    """A name in words: "RecipientFirstName", "first_name" and "First.Name" have "first name".

    Examples
    --------
    >>> tokens("RecipientFirstName"), tokens("IPAddress"), tokens("q1_EMail")
    ('recipient first name', 'ip address', 'q1 e mail')
    """
    text = unicodedata.normalize("NFKC", name)
    text = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", text)
    return " ".join(re.sub(r"[^\w]+|_", " ", text).casefold().split())


def is_chinese_name(text: str) -> bool:
    """Two to four characters that begin with a common surname and end as no place or opinion.

    Examples
    --------
    >>> [is_chinese_name(t) for t in ("张伟", "欧阳娜娜", "江苏省", "高中", "非常满意")]
    [True, True, False, False, False]
    """
    if not re.fullmatch(r"[\u4e00-\u9fff·]{2,4}", text) or _NO_NAME.fullmatch(text):
        return False
    return text[0] in _SURNAMES and len(text) < 4 or text[:2] in _COMPOUND


def is_western_name(text: str) -> bool:
    """Two to four capitalised words of which the first (or the one after a comma) is a given name.

    Examples
    --------
    >>> [is_western_name(t) for t in ("Mary Smith", "Smith, John A.", "Strongly agree")]
    [True, True, False]
    """
    word = r"[A-ZÀ-Ý][\w'’.-]*"
    small = r"(?: (?:van|von|de|der|den|del|la|bin|al|da|dos))*"
    if match := re.fullmatch(rf"{word}(?: {word})?, ({word})(?: {word})*", text):
        return match[1].strip(".").casefold() in _GIVEN
    if match := re.fullmatch(rf"({word})(?: {word})?{small} {word}", text):
        return match[1].casefold() in _GIVEN
    return False
