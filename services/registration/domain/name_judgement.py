"""Whether a name may be had by its form: what breaks a naming rule, all at once (企业名称登记管理规定, "NAME"; 实施办法, SAMR
Order 82). Whether somebody else has it is asked of the register (`held_names.py`).
"""

from __future__ import annotations

import re
from functools import lru_cache

from services.registration.domain.divisions import DivisionPhrase, division_at_head, is_foreign, is_incomplete
from services.registration.domain.naming import IN_BRACKETS_CHINA, NameParts, parse_name, trade_length
from services.registration.domain.naming_rules import Divisions, NameWords, Registrar, name_words
from services.registration.domain.naming_rules import divisions as all_divisions
from services.registration.domain.naming_rules import lexicon as all_trades
from shared.failures import InvalidArgument, Violation

NAME_RULES = "企业名称登记管理规定"
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_NOT_ALLOWED = re.compile(r"[^\u4e00-\u9fff（）]")


def name_violations(parts: NameParts, registrar_division: str, entity_type: str) -> list[Violation]:
    """What breaks a naming rule, all at once, each with what to mend and its article.

    `entity_type`: e.g. SOLE_TRADER. Raises InvalidArgument (UNKNOWN_DIVISION) for a division without naming data.
    """
    words = name_words()
    found = _character_violations(parts, words)
    if entity_type == "BRANCH":
        return [*found, *_branch_violations(parts, words)]
    return [
        *found,
        *_division_violations(parts, registrar_division, words),
        *_trade_name_violations(parts, registrar_division),
        *_form_violations(parts, entity_type, words),
        *_content_violations(parts, words),
    ]


def character_violations(name: str) -> list[Violation]:
    """What in the characters or the length of a normalised name is not allowed (NAME art. 5)."""
    return _character_violations(parse_name(name), name_words())


def _character_violations(parts: NameParts, words: NameWords) -> list[Violation]:
    name, found = parts.full_name, []
    strange = list(dict.fromkeys(_NOT_ALLOWED.findall(name)))
    if strange or not name:
        shown = ", ".join(_shown(character) for character in strange[:8])
        found.append(
            _violation(
                "NAME_CHARACTERS",
                f"use standard Chinese characters (规范汉字) and brackets; not allowed: {shown or 'an empty name'}",
                f"{NAME_RULES} art. 5",
            )
        )
    traditional = [c for c in dict.fromkeys(name) if c in words.traditional_characters]
    if traditional:
        found.append(
            _violation(
                "NAME_NOT_STANDARD_CHARACTERS",
                f"write these characters in their standard form (规范汉字): {''.join(traditional[:8])}",
                f"{NAME_RULES} art. 5",
            )
        )
    if len(name) > words.max_characters:
        found.append(
            _violation(
                "NAME_TOO_LONG",
                f"{len(name)} characters; shorten the name to {words.max_characters} characters or fewer",
                "limit of this platform",
            )
        )
    return found


def _division_violations(parts: NameParts, registrar_division: str, words: NameWords) -> list[Violation]:
    known = all_divisions()
    registrar = _registrar(registrar_division, known)
    own = registrar.city or registrar.province
    if parts.full_name.startswith(words.state_council_words):
        return [
            _violation(
                "NAME_NEEDS_STATE_COUNCIL",
                f"a name that begins with {'、'.join(words.state_council_words)} needs the approval of the State "
                f"Council; begin with {own}市 or {own}",
                f"{NAME_RULES} art. 12",
            )
        ]
    if parts.division == IN_BRACKETS_CHINA:
        return [
            _violation(
                "NAME_CHINA_IN_BRACKETS",
                "（中国） is only for companies that a foreign investor owns or controls and whose name they use, "
                f"approved by the state authority; put （{own}） or {own} instead",
                f"{NAME_RULES} art. 12",
            )
        ]
    phrase = _phrase(parts.division, registrar.city)
    if not phrase.text:
        text = f"begin with {own}市 or {own}; only enterprises working in several provinces may go without a division"
        if own in parts.full_name:
            text = f"put {own} at the head of the name, or in brackets before the form: …（{own}）{parts.form}"
        return [_violation("NAME_DIVISION_MISSING", text, f"{NAME_RULES} art. 6")]
    if is_foreign(phrase, registrar):
        text = f"{phrase.text} is not where the registrar sits; use {own}市, {own}, or {own}市{registrar.county}"
        return [_violation("NAME_DIVISION_FOREIGN", text, f"{NAME_RULES} art. 7")]
    if is_incomplete(phrase, registrar, known):
        text = f"{phrase.text} cannot stand alone: write its city before it, e.g. {own}市{registrar.county}"
        return [_violation("NAME_DIVISION_INCOMPLETE", text, f"{NAME_RULES} art. 7")]
    return []


@lru_cache(maxsize=1024)
def _phrase(text: str, own_city: str) -> DivisionPhrase:
    # few divisions stand in nearly all names
    return division_at_head(text, all_divisions(), own_city)


def _registrar(division_code: str, known: Divisions) -> Registrar:
    if division_code not in known.registrars:
        violation = Violation("division_code", f"no registrar of division {division_code[:6]} here", "UNKNOWN_DIVISION")
        raise InvalidArgument(violation.description, reason=violation.reason, violations=(violation,))
    return known.registrars[division_code]


def _trade_name_violations(parts: NameParts, registrar_division: str) -> list[Violation]:
    known, trade_name, found = all_divisions(), parts.trade_name, []
    if len(_CHINESE.findall(trade_name)) < 2:
        found.append(
            _violation(
                "NAME_TRADE_NAME_TOO_SHORT",
                f"the trade name (字号) {trade_name or 'is missing and'} must have at least two Chinese characters",
                f"{NAME_RULES} art. 8",
            )
        )
    elif trade_name in known.bare_names or trade_name == _registrar(registrar_division, known).county[:-1]:
        text = f"{trade_name} names a division and cannot be the trade name (字号); choose another one"
        found.append(_violation("NAME_TRADE_NAME_IS_DIVISION", text, f"{NAME_RULES} art. 8"))
    elif trade_length(trade_name, all_trades(), 0) == len(trade_name):
        text = f"{trade_name} names a trade (行业) and cannot be the trade name (字号); put a trade name before it"
        found.append(_violation("NAME_TRADE_NAME_IS_TRADE", text, f"{NAME_RULES} art. 8"))
    if "（" in trade_name + parts.trade or "）" in trade_name + parts.trade:
        text = "brackets may hold only the division before the form, 集团, or the kind of partnership: take others out"
        found.append(_violation("NAME_BRACKETS", text, "企业名称登记管理规定实施办法 art. 9"))
    return found


def _form_violations(parts: NameParts, entity_type: str, words: NameWords) -> list[Violation]:
    rule = words.forms.get(entity_type)
    if parts.tail.startswith("（"):
        text = f"an entity has one name: take {parts.tail} out"
        return [_violation("NAME_MORE_THAN_ONE", text, f"{NAME_RULES} art. 4")]
    if parts.is_branch:
        text = f"{parts.tail} after {parts.form} makes this the name of a branch; end the name with its form"
        return [_violation("NAME_FORM_MISMATCH", text, f"{NAME_RULES} arts. 10, 13")]
    expected = "、".join(rule.endings) if rule and rule.endings else "厂、店、中心、部 …"
    source = rule.source if rule else f"{NAME_RULES} art. 10"
    if not parts.form:
        return [_violation("NAME_FORM_MISSING", f"end the name with its form (组织形式): {expected}", source)]
    if rule is None:
        return []
    wrong = [word for word in rule.forbidden if word in parts.full_name]
    if wrong:
        text = f"{'、'.join(wrong)} does not go with this kind of entity; end the name with {expected}"
        return [_violation("NAME_FORM_MISMATCH", text, source)]
    if rule.endings and not _ends_in(parts.form, rule.endings):
        text = f"{parts.form} does not go with this kind of entity; end the name with {expected}"
        return [_violation("NAME_FORM_MISMATCH", text, source)]
    return []


def _ends_in(form: str, endings: tuple[str, ...]) -> bool:
    # 股份有限公司 ends in 有限公司 but is another form
    return any(form.endswith(ending) and not form.endswith(f"股份{ending}") for ending in endings)


def _content_violations(parts: NameParts, words: NameWords) -> list[Violation]:
    found = []
    body = parts.trade_name + parts.trade
    suspect = words.any_forbidden.search(parts.full_name) or words.any_forbidden.search(body)
    for entry in words.forbidden if suspect else ():
        text = body if entry.at_start else parts.full_name
        hits = [word for word in entry.words if _holds(text, word, entry.at_start, entry.unless_followed_by)]
        if hits:
            description = f"take out {'、'.join(hits)}: not allowed in a name"
            found.append(_violation("NAME_FORBIDDEN_CONTENT", description, f"{NAME_RULES} art. {entry.item}"))
    hits = [word for word in words.state_council_words if word in parts.trade_name]
    if hits and not parts.full_name.startswith(words.state_council_words):
        text = f"{'、'.join(hits)} may only qualify the trade (行业), not be part of the trade name (字号)"
        found.append(_violation("NAME_STATE_WORD", text, f"{NAME_RULES} art. 12"))
    return found


def _branch_violations(parts: NameParts, words: NameWords) -> list[Violation]:
    if not parts.is_branch:
        text = "begin with the full name of the parent and add e.g. 新北分公司 or 第一门市部"
        return [_violation("NAME_PARENT_MISSING", text, f"{NAME_RULES} art. 13")]
    if not parts.tail.endswith(words.branch_forms):
        text = f"{parts.tail} must end in a word for a branch: 分公司、分厂、分店 …"
        return [_violation("NAME_FORM_MISSING", text, f"{NAME_RULES} art. 13")]
    return []


def _holds(text: str, word: str, at_start: bool, unless_followed_by: tuple[str, ...]) -> bool:
    position = text.find(word)
    if position < 0 or (at_start and position > 0):
        return False
    return not (unless_followed_by and text.startswith(unless_followed_by, position + len(word)))


def _shown(character: str) -> str:
    """A character in a form that cannot disturb the reader: invisible and direction-turning ones by number."""
    return character if character.isprintable() and not character.isspace() else f"U+{ord(character):04X}"


def _violation(reason: str, description: str, source: str) -> Violation:
    return Violation(field="name", description=f"{description} ({source})", reason=reason)
