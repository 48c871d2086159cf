"""What the pages say for the words of the contract: Chinese first, English beside it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Headline:
    """The first thing seen. `kind` is the style: good, bad, unsure."""

    zh: str
    en: str
    told: str
    kind: str
    mark: str


CONCLUSIONS = {
    "IN_FORCE": Headline("有效", "Valid", "证照真实，目前有效。", "good", "✓"),
    "NOT_IN_FORCE": Headline("无效", "Not in force", "证照真实，但目前不在有效状态。", "bad", "✗"),
    "REFUSED": Headline("无效", "Not genuine", "所出示的内容与登记信息不符，请勿采信。", "bad", "✗"),
    "UNKNOWN": Headline("未知", "Unknown", "本平台没有该证照的记录。", "unsure", "?"),
}
STATES = {
    "ISSUED": ("有效", "In force"),
    "SUSPENDED": ("暂停", "Suspended"),
    "EXPIRED": ("过期", "Expired"),
    "REVOKED": ("吊销", "Revoked"),
    "CANCELLED": ("注销", "Cancelled"),
    "REPLACED": ("已换发", "Replaced"),
}
RESULTS = {"PASSED": ("✓", "good"), "FAILED": ("✗", "bad"), "NOT_CHECKED": ("–", "none")}
PARTS = {
    "IDENTIFIER": ("证照标识", "Identifier"),
    "RECORD": ("签发记录", "Record"),
    "FILE_HASH": ("文件摘要", "File digest"),
    "CONTENT": ("内容一致", "Content"),
    "SIGNATURE": ("数字签名", "Signature"),
    "KEY": ("签名密钥", "Key"),
    "QR_SIGNATURE": ("二维码签名", "QR signature"),
    "STATE": ("当前状态", "State now"),
    "VALIDITY": ("有效期", "Validity"),
    "HOLDER": ("持证主体", "Holder"),
}
# sentences for people; a reason without one is told in the words of the service
REASONS = {
    "NOTHING_SHOWN": "请选择文件，或输入证照标识。",
    "BODY_TOO_LARGE": "文件过大，最多 10 MB。",
    "FILE_TOO_LARGE": "文件过大，最多 10 MB。",
    "BODY_TIMEOUT": "文件未及时上传完成，请重试。",
    "MALFORMED_FORM": "表单内容无法识别，请重试。",
    "FIELD_RULE": "输入过长，请检查后重试。",
    "CHECK_CHARACTER": "校验位不正确",
}
