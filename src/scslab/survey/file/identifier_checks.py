"""Whether one value has the form, and the check digit, of a direct identifier."""

from __future__ import annotations

import ipaddress
import re
from datetime import date

# GB/T 2260: first two digits of a place in the mainland, Taiwan, Hong Kong, Macao.
_CODES = (
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65"
    " 71 81 82 83"
)
_PROVINCES = frozenset(_CODES.split())
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_DIGITS = "10X98765432"
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def is_resident_id(text: str) -> bool:
    """A Chinese resident identity number: 18 digits by GB 11643 (ISO 7064 MOD 11-2) with a day.

    Examples
    --------
    >>> is_resident_id("11010519491231002X"), is_resident_id("110105194912310021")
    (True, False)
    """
    text = text.upper()
    if not re.fullmatch(r"\d{17}[\dX]", text, re.ASCII) or text[:2] not in _PROVINCES:
        return False
    total = sum(int(d) * w for d, w in zip(text, _ID_WEIGHTS, strict=False))
    return _ID_DIGITS[total % 11] == text[17] and _is_day(text[6:14])


def is_old_resident_id(text: str) -> bool:
    """A resident identity number of before 1999: 15 digits with a place and a day, no check digit.

    Examples
    --------
    >>> is_old_resident_id("110105491231002"), is_old_resident_id("110105491331002")
    (True, False)
    """
    return (
        re.fullmatch(r"\d{15}", text, re.ASCII) is not None
        and text[:2] in _PROVINCES
        and _is_day("19" + text[6:12])
    )


def _is_day(digits: str) -> bool:
    """Whether yyyymmdd is a day on which a living person may be born."""
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return 1880 <= born.year <= 2100


def is_credit_code(text: str) -> bool:
    """A unified social credit code by GB 32100, of whatever kind of body.

    Examples
    --------
    >>> is_credit_code("91350100M000100Y43"), is_credit_code("91350100M000100Y44")
    (True, False)
    """
    text = text.upper()
    if len(text) != 18 or any(c not in _CREDIT_ALPHABET for c in text):
        return False
    total = sum(_CREDIT_ALPHABET.index(c) * w for c, w in zip(text, _CREDIT_WEIGHTS, strict=False))
    return _CREDIT_ALPHABET[-total % 31] == text[17]


def is_sole_trader(text: str) -> bool:
    """The unified social credit code of a sole trader (it begins with 92), who is a person."""
    return text.startswith("92") and is_credit_code(text)


def luhn(digits: str) -> bool:
    """Whether digits pass Luhn's check (ISO/IEC 7812-1, annex B).

    Examples
    --------
    >>> luhn("4539578763621486"), luhn("4539578763621487")
    (True, False)
    """
    total = 0
    for i, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + i % 2)
        total += value - 9 * (value > 9)
    return total % 10 == 0


def is_bank_card(text: str) -> bool:
    """A card number: 16 to 19 digits from 3 to 6 (banks and shops) that pass Luhn's check."""
    digits = re.sub(r"[ -]", "", text)
    return re.fullmatch(r"[3-6]\d{15,18}", digits, re.ASCII) is not None and luhn(digits)


def is_imei(text: str) -> bool:
    """A telephone's IMEI: 15 digits of a known issuing body (TS.06) that pass Luhn's check."""
    digits = re.sub(r"[ -]", "", text)
    return re.fullmatch(r"(01|35|86|91|99)\d{13}", digits, re.ASCII) is not None and luhn(digits)


def is_mobile(text: str) -> bool:
    """A Chinese mobile number, with or without +86, spaces or dashes.

    Examples
    --------
    >>> is_mobile("138 0013 8000"), is_mobile("+86-13800138000"), is_mobile("12800138000")
    (True, True, False)
    """
    digits = re.sub(r"[ -]", "", text)
    return re.fullmatch(r"(\+?86)?1[3-9]\d{9}", digits, re.ASCII) is not None


def is_telephone(text: str) -> bool:
    """A telephone number written as one: +49 30 901820, 010-62751234, (212) 555-0100."""
    if re.fullmatch(r"\d{4}[-./ ]\d{1,2}[-./ ]\d{1,2}", text):  # a date
        return False
    pattern = (
        r"(\+|00)[1-9]\d{0,2}[ .()/-]*\d[\d .()/-]{5,14}"
        r"|0\d{1,4}[ /-]\d[\d -]{4,10}|\(0?\d{2,4}\)[ -]?\d{3,4}[ -]?\d{3,4}"
        r"|\d{3}[-.]\d{3}[-.]\d{4}"
    )
    return re.fullmatch(pattern, text) is not None and len(re.sub(r"\D", "", text)) >= 8


def is_ssn(text: str) -> bool:
    """A US social security number, written with dashes."""
    return (
        re.fullmatch(r"(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}", text, re.ASCII)
        is not None
    )


def is_email(text: str) -> bool:
    """An e-mail address in a text."""
    return re.search(r"[\w.+-]+@[\w-]+(\.[\w-]+)*\.[A-Za-z]{2,}\b", text) is not None


def is_ip_address(text: str) -> bool:
    """An IPv4 or IPv6 address."""
    if not re.fullmatch(r"[\da-fA-F:.]{3,45}", text):
        return False
    if text.count(".") != 3 and text.count(":") < 2:
        return False
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def is_mac(text: str) -> bool:
    """A network card's address."""
    return re.fullmatch(r"([\da-fA-F]{2}[:-]){5}[\da-fA-F]{2}", text) is not None


def is_position(text: str) -> bool:
    """Latitude and longitude with three decimals (100 m) or more, as one text."""
    match = re.match(r"\(?(-?\d{1,2}\.\d{3,})[,; ]+(-?\d{1,3}\.\d{3,})\b", text)
    return match is not None and abs(float(match[1])) <= 90 and abs(float(match[2])) <= 180


def is_address(text: str) -> bool:
    """A street with a number, in Chinese, English, German or French."""
    pattern = (
        r".*(路|街|巷|弄|胡同|大道|小区|花园|村).*\d+\s*(号|號|弄|栋|幢|室|单元|楼|座).*"
        r"|\d+[a-z]?,? .*\b(street|st|avenue|ave|road|rd|lane|ln|drive|dr|blvd|boulevard|court)\b.*"
        r"|\d+,? (bis |ter )?(rue|avenue|boulevard|place|chemin|impasse) .*"
        r"|.*(straße|strasse|str\.|weg|gasse|allee|platz) \d+.*"
    )
    return len(text) < 200 and re.fullmatch(pattern, text, re.IGNORECASE) is not None


def is_handle(text: str) -> bool:
    """An account in social media: @name, or a WeChat identity wxid_..."""
    return re.fullmatch(r"@[\w.]{3,30}|wxid_\w{6,}", text) is not None
