"""Make `aia.json` anew from a copy of github.com/canada-ca/aia-eia-js.

    python tests/evaluation/impact/remake_aia.py COPY COMMIT

COPY is a folder with LICENSE, src/survey-enfr.json and src/plugins/en.json of that commit. What is
left out: French, the list of departments, and pages without questions.
"""

import hashlib
import json
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve()
TARGET = HERE.parents[3] / "src/scslab/evaluation/impact/aia.json"
SUFFIXES = {"-RS": "risk", "-MS": "mitigation", "-NS": "none"}
CHOSEN = ("radiogroup", "dropdown", "checkbox")
DEPARTMENTS = "projectDetailsDepartment-NS"
TOKEN = re.compile(r'\s*(\(|\)|and\b|or\b|\{\w+\}|=|contains\b|\[?"[^"]*"\]?)')


def english(text: object) -> str:
    """The English of a text, without mark-up."""
    said = text.get("default", "") if isinstance(text, dict) else text or ""
    return " ".join(re.sub(r"<br ?/?>|</?\w+[^>]*>", " ", str(said)).split())


def points(value: str) -> int:
    """Points of an answer: the number after its last hyphen, as in store.ts."""
    tail = value.rpartition("-")[2] if "-" in value else ""
    return int(tail) if tail.isdecimal() else 0


def kind(question: dict, panel: str) -> str:
    """Whether a question counts as risk or as mitigation: by its name, else by its panel's."""
    for name in (question["name"], panel):
        for suffix, says in SUFFIXES.items():
            if name.endswith(suffix):
                return says
    return "none"


class Reader:
    """Reads a condition such as `{a} = "x" or {b} contains "y"`."""

    def __init__(self, text: str, choices: dict[str, list[str]], many: set[str]) -> None:
        self.tokens = TOKEN.findall(text)
        assert "".join(self.tokens).replace(" ", "") == text.replace(" ", ""), text
        self.choices, self.many = choices, many

    def whole(self) -> dict:
        return self.joined("or", lambda: self.joined("and", self.one))

    def joined(self, word: str, part) -> dict:
        parts = [part()]
        while self.tokens and self.tokens[0] == word:
            self.tokens.pop(0)
            parts.append(part())
        return parts[0] if len(parts) == 1 else {"any" if word == "or" else "all": parts}

    def one(self) -> dict:
        if self.tokens[0] == "(":
            self.tokens.pop(0)
            found = self.whole()
            assert self.tokens.pop(0) == ")"
            return found
        name, how, value = self.tokens.pop(0)[1:-1], self.tokens.pop(0), self.tokens.pop(0)
        value = value.strip('[]"')
        # On a single answer `contains` asks for a part of its value.
        part = how == "contains" and name not in self.many
        wanted = [c for c in self.choices[name] if (value in c if part else value == c)]
        assert wanted, (name, value)
        return {"question": name, "is": wanted}


def gathered(survey: dict) -> list[dict]:
    """All pages with their questions."""
    choices: dict[str, list[str]] = {}
    many: set[str] = set()

    def note(elements: list[dict]) -> None:
        for one in elements:
            note(one.get("elements", []))
            if one["type"] in CHOSEN:
                choices[one["name"]] = [c["value"] for c in one["choices"] if isinstance(c, dict)]
            if one["type"] == "checkbox":
                many.add(one["name"])

    for page in survey["pages"]:
        note(page["elements"])

    def condition(one: dict) -> dict | None:
        text = one.get("visibleIf")
        return Reader(text, choices, many).whole() if text else None

    def questions(elements: list[dict], panel: str) -> list[dict]:
        found: list[dict] = []
        for one in elements:
            if one["type"] == "panel":
                found += questions(one["elements"], one["name"])
            elif one["type"] != "html":
                found.append(question(one, panel))
        return found

    def question(one: dict, panel: str) -> dict:
        chosen = one["type"] in CHOSEN and one["name"] != DEPARTMENTS
        row = {
            "id": one["name"],
            "form": ("several" if one["name"] in many else "one") if chosen else "text",
            "counts": kind(one, panel) if chosen else "none",
            "text": english(one.get("title")),
        }
        helps = " ".join(filter(None, (english(one.get(k)) for k in ("description", "help"))))
        if helps:
            row["help"] = helps
        if condition(one):
            row["asked_if"] = condition(one)
        if chosen:
            row["choices"] = [
                {"value": c["value"], "text": english(c["text"]), "points": points(c["value"])}
                for c in one["choices"]
            ]
        return row

    pages = []
    for page in survey["pages"]:
        panels = [e for e in page["elements"] if e["type"] == "panel"]
        if not panels:
            continue
        inside = [e for p in panels for e in p["elements"]]
        notes = [e for e in (*page["elements"], *inside) if e["type"] == "html"]
        titles = [english(page["title"]).replace("De-risking", "De-Risking")]
        titles += [english(p.get("title")) for p in panels]
        row = {
            "id": page["name"],
            "title": ": ".join(filter(None, titles)),
            "intro": " ".join(english(e["html"]) for e in notes),
        }
        if condition(page):
            row["asked_if"] = condition(page)
        row["questions"] = questions(page["elements"], page["name"])
        pages.append(row)
    return pages


def duties(words: dict) -> list[dict]:
    """What the tool says that the Directive asks at each level."""

    def lines(text: str) -> str:
        shown = [english(line) for line in text.split("\n")]
        return "\n".join(filter(None, shown))

    return [
        {"title": one["title"], "levels": [lines(level["text"]) for level in one["elements"]]}
        for one in words["requirements"]["elements"]
    ]


def laid_out(found: dict) -> str:
    """The file as text, a question a line."""

    def line(data: object) -> str:
        return json.dumps(data, ensure_ascii=False)

    pages = []
    for page in found["pages"]:
        head = line({key: value for key, value in page.items() if key != "questions"})
        rows = ",\n   ".join(map(line, page["questions"]))
        pages.append(f'{head[:-1]}, "questions": [\n   {rows}\n  ]}}')
    keys = [f' "{k}": {line(v)}' for k, v in found.items() if k not in ("pages", "duties")]
    keys.append(' "duties": [\n  ' + ",\n  ".join(map(line, found["duties"])) + "\n ]")
    keys.append(' "pages": [\n  ' + ",\n  ".join(pages) + "\n ]")
    return "{\n" + ",\n".join(keys) + "\n}\n"


def main(copy: Path, commit: str) -> None:
    raw = (copy / "src/survey-enfr.json").read_bytes()
    words = json.loads((copy / "src/plugins/en.json").read_text(encoding="utf-8"))
    found = {
        "about": "The Algorithmic Impact Assessment of the Government of Canada: questions, "
        "answers, points, and the requirements of the Directive on Automated Decision-Making at "
        "each impact level as the tool states them. English texts only; the list of departments "
        "and the graphics are left out.",
        "source": "https://github.com/canada-ca/aia-eia-js",
        "commit": commit,
        "version": words["version"].removeprefix("Version: "),
        "file": "src/survey-enfr.json",
        "sha256": hashlib.sha256(raw).hexdigest(),
        "licence": (copy / "LICENSE").read_text(encoding="utf-8").strip(),
        "duties": duties(words),
        "pages": gathered(json.loads(raw)),
    }
    TARGET.write_text(laid_out(found), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
