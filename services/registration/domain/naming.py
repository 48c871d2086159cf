"""Names of market entities, taken apart (企业名称登记管理规定, "NAME"; 实施办法, SAMR Order 82); `name_judgement.py` judges them.

A name = division + trade name + trade + form (NAME art. 6). The division stands at the head, or in brackets before the
form (Order 82 art. 9). A branch's name = its parent's name + its own part (NAME art. 13).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from services.registration.domain.divisions import division_at_head
from services.registration.domain.naming_rules import Divisions, Lexicon, NameWords, name_words
from services.registration.domain.naming_rules import divisions as all_divisions
from services.registration.domain.naming_rules import lexicon as all_trades

IN_BRACKETS_CHINA = "中国"

# Where a parent's name may end: the first company form; what follows it is the branch's own part.
_PARENT = re.compile(r"(?:有限责任|股份有限|有限|股份|集团|总)?公司")
_PARENT_WORKS = re.compile(r"总厂|厂|（普通合伙）|（有限合伙）|（个人独资）")
_PARENT_COOPERATIVE = re.compile(r"合作社|供销社")
_BRACKETS = re.compile(r"（([^（）]*)）")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_NOT_ALLOWED = re.compile(r"[^\u4e00-\u9fff（）]")


@dataclass(frozen=True, slots=True)
class NameParts:
    """A name taken apart. For a branch the parts are those of the parent's name and `tail` is the branch's own part.

    `tail` may also be a second name in brackets. `bracket_at`: the division stands in brackets after so many characters
    of trade name + trade; None = at the head.
    """

    full_name: str
    division: str
    trade_name: str
    trade: str
    form: str
    tail: str = ""
    bracket_at: int | None = None

    @property
    def is_branch(self) -> bool:
        """Whether something other than a bracket follows a parent's name (NAME art. 13)."""
        return bool(self.tail) and not self.tail.startswith("（")

    def joined(self) -> str:
        """The parts put together again: always the full name."""
        body = self.trade_name + self.trade
        if self.bracket_at is None:
            return self.division + body + self.form + self.tail
        head, rest = body[: self.bracket_at], body[self.bracket_at :]
        return f"{head}（{self.division}）{rest}{self.form}{self.tail}"


def normalise_name(text: str) -> str:
    """One spelling for one name: NFKC, full-width brackets, no space at the ends. Judges nothing."""
    return unicodedata.normalize("NFKC", text).replace("(", "（").replace(")", "）").strip()


def parse_name(
    full_name: str,
    entity_type: str = "",
    registrar_division: str = "",
    *,
    lexicon: Lexicon | None = None,
    divisions: Divisions | None = None,
) -> NameParts:
    """Take a name apart (NAME art. 6). Never fails: parts that are not there are empty.

    `entity_type` and `registrar_division` help with doubtful names, when known: a works' own shop (…厂门市部) is a
    branch unless another kind is declared, and the registrar's own city is a division even where it is a common word.

    The trade is the longest run of terms of the lexicon before the form that leaves a trade name of two characters;
    with no such term the trade name is the first two characters (all, if fewer than four) and the trade the rest.
    """
    if lexicon is None and divisions is None:
        return _parsed(full_name, entity_type, registrar_division)
    return _parse(full_name, entity_type, registrar_division, lexicon or all_trades(), divisions or all_divisions())


@lru_cache(maxsize=1024)
def _parsed(full_name: str, entity_type: str, registrar_division: str) -> NameParts:
    # one name is taken apart several times while it is judged
    return _parse(full_name, entity_type, registrar_division, all_trades(), all_divisions())


def _parse(
    full_name: str, entity_type: str, registrar_division: str, terms: Lexicon, known: Divisions
) -> NameParts:  # fmt: skip
    words = name_words()
    name = normalise_name(full_name)
    own, tail = _split_tail(name, words, works_have_branches=entity_type in ("", "BRANCH"))
    stem, form = _split_form(own, words)

    registrar = known.registrars.get(registrar_division)
    head = division_at_head(stem, known, own_city=registrar.city if registrar else "")
    before, bracketed, after = stem, "", ""
    if not head.text:
        before, bracketed, after = _split_bracketed_division(stem, known)
    body = stem[len(head.text) :] if head.text else before + after
    trade_name, trade = _split_trade(body, len(before) if after else len(body), form, terms, words)
    return NameParts(
        full_name=name,
        division=head.text or bracketed,
        trade_name=trade_name,
        trade=trade,
        form=form,
        tail=tail,
        bracket_at=len(before) if bracketed else None,
    )


def name_key(parts: NameParts, registrar_division: str) -> str:
    """Key of uniqueness (NAME art. 17): same registrar + same trade name + same trade; the full name for a branch."""
    if parts.is_branch or not parts.trade_name:
        return f"{registrar_division}|{parts.full_name}"
    return f"{trade_name_prefix(parts, registrar_division)}{_stated_trade(parts)}"


def trade_name_prefix(parts: NameParts, registrar_division: str) -> str:
    """Beginning of the keys of all names with this trade name here; whole key of the one that states no trade, which collides
    with all of them (NAME art. 17; `held_names.Wanted`)."""
    return f"{registrar_division}|{parts.trade_name}|"


def _stated_trade(parts: NameParts) -> str:
    # 超市 and the like say the trade by the form
    return parts.trade or next((form for form in name_words().telling_forms if parts.form.startswith(form)), "")


def _split_tail(name: str, words: NameWords, works_have_branches: bool) -> tuple[str, str]:
    """The name itself, and what follows its form: a branch's own part or a second name in brackets."""
    for company in _PARENT.finditer(name):
        rest = name[company.end() :]
        if not rest or rest in words.bracket_forms:
            return name, ""
        if rest.startswith("（") and rest.endswith("）"):
            return name[: company.end()], rest
        if rest.endswith(("分公司", "支公司")) or not rest.endswith(words.company_forms):
            return name[: company.end()], rest
    for pattern, endings in ((_PARENT_WORKS, words.branch_forms_of_works), (_PARENT_COOPERATIVE, words.branch_forms)):
        match = pattern.search(name)
        rest = name[match.end() :] if match else ""
        if match and rest.startswith("（原") and rest.endswith("）"):
            return name[: match.end()], rest
        if match and works_have_branches and rest.endswith(endings) and not rest.startswith("联合社"):
            return name[: match.end()], rest
    return name, ""


def _split_form(name: str, words: NameWords) -> tuple[str, str]:
    bracket = next((form for form in words.bracket_forms if name.endswith(form)), "")
    core = name[: len(name) - len(bracket)]
    form = next((form for form in (*words.company_forms, *words.other_forms) if core.endswith(form)), "")
    if form.endswith("公司"):
        group = next((g for g in ("（集团）", "集团") if core[: -len(form)].endswith(g)), "")
        form = group + form
    return core[: len(core) - len(form)], form + bracket


def _split_bracketed_division(stem: str, known: Divisions) -> tuple[str, str, str]:
    """Text before, division inside and text after the brackets that hold a division (Order 82 art. 9)."""
    for match in _BRACKETS.finditer(stem):
        inside = match.group(1)
        if inside and (inside == IN_BRACKETS_CHINA or division_at_head(inside, known).text == inside):
            return stem[: match.start()], inside, stem[match.end() :]
    return stem, "", ""


def _split_trade(body: str, bracket_at: int, form: str, terms: Lexicon, words: NameWords) -> tuple[str, str]:
    """Trade name and trade. What stands after a bracketed division belongs to the trade."""
    length = trade_length(body[:bracket_at], terms, 2)
    # 中国 and the like before a trade qualify it (NAME art. 12: 行业限定语)
    qualifier = next((w for w in words.state_council_words if body[: bracket_at - length].endswith(w)), "")
    if length and bracket_at - length - len(qualifier) >= 2:
        length += len(qualifier)
    if length or bracket_at < len(body):
        return body[: bracket_at - length], body[bracket_at - length :]
    if len(body) <= 3 and body in terms.terms:
        return "", body
    if len(body) < 4 or any(form.startswith(telling) for telling in words.telling_forms):
        return body, ""
    return body[:2], body[2:]


def trade_length(text: str, terms: Lexicon, leave: int) -> int:
    """How many characters at the end of `text` are terms of the lexicon, leaving at least `leave` at its start."""
    end = len(text)
    while True:
        for length in range(min(terms.longest, end - leave), 1, -1):
            if text[end - length : end] in terms.terms:
                end -= length
                break
        else:
            return len(text) - end
