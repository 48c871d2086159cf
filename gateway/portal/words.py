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
    "REVOKED": ("吊销（撤销）", "Revoked"),
    "CANCELLED": ("注销", "Cancelled"),
    "REPLACED": ("已换发", "Replaced"),
}
RESULTS = {"PASSED": ("✓", "good"), "FAILED": ("✗", "bad"), "NOT_CHECKED": ("–", "none")}
PARTS = {
    "IDENTIFIER": ("证照标识", "Identifier"),
    "RECORD": ("签发记录", "Record"),
    "FILE_HASH": ("文件摘要", "File digest"),
    "SEAL": ("电子印章", "Seal"),
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
    # parts not checked
    "NOT_SHOWN": "未出示，不核验",
    "NOT_ASKED": "未指定，不核验",
    "NO_RECORD": "没有签发记录，无法核验",
    "NO_IDENTIFIER": "没有找到证照标识",
    "UNREADABLE": "文件内容无法读取",
    "NOT_A_RENDITION": "不是本平台签发的证照文件",
    # parts that failed
    "IDENTIFIER_TOO_LONG": "证照标识过长",
    "IDENTIFIER_FORM": "证照标识格式不正确",
    "CHECK_CHARACTER": "证照标识的校验位不正确",
    "NOT_FOUND": "本平台未签发过该标识的证照",
    "RECORD_INCONSISTENT": "签发记录异常",
    "NOT_SEALED": "文件未加盖电子印章",
    "SEAL_ALTERED": "盖章后文件被改动",
    "SEAL_INVALID": "电子印章无法通过验证",
    "SEAL_UNKNOWN": "不是颁发机构的电子印章",
    "SEAL_CERTIFICATE_NOT_VALID": "盖章时印章证书不在有效期内",
    "FILE_ALTERED": "文件与签发时不同",
    "CONTENT_ALTERED": "内容与签发时不同",
    "ALGORITHM": "签名算法不符",
    "SIGNATURE_INVALID": "签名与内容不符",
    "UNKNOWN_KEY": "不是颁发机构的密钥",
    "KEY_NOT_VALID": "签发时该密钥不在使用期内",
    "QR_FORM": "不是本平台证照的二维码",
    "QR_TOO_LONG": "不是本平台证照的二维码",
    "FOREIGN_ADDRESS": "二维码指向其他网站",
    "OTHER_HOLDER": "持证主体不符",
    "NOT_YET_VALID": "尚未生效",
    "SUSPENDED": "已暂停",
    "EXPIRED": "已过期",
    "REVOKED": "已吊销或撤销",
    "CANCELLED": "已注销",
    "REPLACED": "已换发新证",
}
# why a certificate is in its state, by the reason code of the issuer's case; an unknown code is shown as it is
STATE_REASONS = {
    "NEWER_VERSION": ("已换发新版本", "a newer version was issued"),
    "FALSE_REGISTRATION": ("虚假登记", "false registration"),
    "SHOWS_FORMER_FACT": ("登记事项已变动，待换发", "what it states is registered no more; a new one is due"),
    "MOVED_OUT": ("已迁出", "the entity moved to another registrar"),
    "HOLDER_ENDED": ("持证主体已终止", "its holder ended"),
    "WITHDRAWN": ("备案已撤回", "the filing was withdrawn"),
}
