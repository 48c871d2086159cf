"""The rules of market-entity registration, pure: names, entities, the form check, time limits.

`naming` (企业名称登记管理规定), `entities` (register entries and rows of older registers), `form_check` (条例 art. 16,
实施细则 art. 18) and `limits`. Lists, words and time limits are data in `services/registration/data`.
"""
