from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class RequestRegistered(_message.Message):
    __slots__ = ("request_id", "order_id", "kind", "category_code", "division_code", "track")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    CATEGORY_CODE_FIELD_NUMBER: _ClassVar[int]
    DIVISION_CODE_FIELD_NUMBER: _ClassVar[int]
    TRACK_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    order_id: str
    kind: str
    category_code: str
    division_code: str
    track: str
    def __init__(self, request_id: _Optional[str] = ..., order_id: _Optional[str] = ..., kind: _Optional[str] = ..., category_code: _Optional[str] = ..., division_code: _Optional[str] = ..., track: _Optional[str] = ...) -> None: ...

class OrderDispatched(_message.Message):
    __slots__ = ("order_id", "unit_code", "category_code", "urgency", "dispatch_number", "sign_due_time", "appointed")
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    UNIT_CODE_FIELD_NUMBER: _ClassVar[int]
    CATEGORY_CODE_FIELD_NUMBER: _ClassVar[int]
    URGENCY_FIELD_NUMBER: _ClassVar[int]
    DISPATCH_NUMBER_FIELD_NUMBER: _ClassVar[int]
    SIGN_DUE_TIME_FIELD_NUMBER: _ClassVar[int]
    APPOINTED_FIELD_NUMBER: _ClassVar[int]
    order_id: str
    unit_code: str
    category_code: str
    urgency: str
    dispatch_number: int
    sign_due_time: str
    appointed: bool
    def __init__(self, order_id: _Optional[str] = ..., unit_code: _Optional[str] = ..., category_code: _Optional[str] = ..., urgency: _Optional[str] = ..., dispatch_number: _Optional[int] = ..., sign_due_time: _Optional[str] = ..., appointed: _Optional[bool] = ...) -> None: ...

class OrderSigned(_message.Message):
    __slots__ = ("order_id", "unit_code", "finish_due_time")
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    UNIT_CODE_FIELD_NUMBER: _ClassVar[int]
    FINISH_DUE_TIME_FIELD_NUMBER: _ClassVar[int]
    order_id: str
    unit_code: str
    finish_due_time: str
    def __init__(self, order_id: _Optional[str] = ..., unit_code: _Optional[str] = ..., finish_due_time: _Optional[str] = ...) -> None: ...

class OrderReturned(_message.Message):
    __slots__ = ("order_id", "unit_code", "reason_code", "proposed_unit_code", "return_number")
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    UNIT_CODE_FIELD_NUMBER: _ClassVar[int]
    REASON_CODE_FIELD_NUMBER: _ClassVar[int]
    PROPOSED_UNIT_CODE_FIELD_NUMBER: _ClassVar[int]
    RETURN_NUMBER_FIELD_NUMBER: _ClassVar[int]
    order_id: str
    unit_code: str
    reason_code: str
    proposed_unit_code: str
    return_number: int
    def __init__(self, order_id: _Optional[str] = ..., unit_code: _Optional[str] = ..., reason_code: _Optional[str] = ..., proposed_unit_code: _Optional[str] = ..., return_number: _Optional[int] = ...) -> None: ...

class OrderDisputed(_message.Message):
    __slots__ = ("order_id", "return_number")
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    RETURN_NUMBER_FIELD_NUMBER: _ClassVar[int]
    order_id: str
    return_number: int
    def __init__(self, order_id: _Optional[str] = ..., return_number: _Optional[int] = ...) -> None: ...

class OrderExtended(_message.Message):
    __slots__ = ("order_id", "finish_due_time", "reason_code")
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    FINISH_DUE_TIME_FIELD_NUMBER: _ClassVar[int]
    REASON_CODE_FIELD_NUMBER: _ClassVar[int]
    order_id: str
    finish_due_time: str
    reason_code: str
    def __init__(self, order_id: _Optional[str] = ..., finish_due_time: _Optional[str] = ..., reason_code: _Optional[str] = ...) -> None: ...

class OrderReplied(_message.Message):
    __slots__ = ("order_id", "unit_code", "in_time")
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    UNIT_CODE_FIELD_NUMBER: _ClassVar[int]
    IN_TIME_FIELD_NUMBER: _ClassVar[int]
    order_id: str
    unit_code: str
    in_time: bool
    def __init__(self, order_id: _Optional[str] = ..., unit_code: _Optional[str] = ..., in_time: _Optional[bool] = ...) -> None: ...

class OrderFollowedUp(_message.Message):
    __slots__ = ("order_id", "reached", "resolved", "satisfaction")
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    REACHED_FIELD_NUMBER: _ClassVar[int]
    RESOLVED_FIELD_NUMBER: _ClassVar[int]
    SATISFACTION_FIELD_NUMBER: _ClassVar[int]
    order_id: str
    reached: bool
    resolved: bool
    satisfaction: str
    def __init__(self, order_id: _Optional[str] = ..., reached: _Optional[bool] = ..., resolved: _Optional[bool] = ..., satisfaction: _Optional[str] = ...) -> None: ...

class OrderReopened(_message.Message):
    __slots__ = ("order_id", "reopen_number", "reason_code")
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    REOPEN_NUMBER_FIELD_NUMBER: _ClassVar[int]
    REASON_CODE_FIELD_NUMBER: _ClassVar[int]
    order_id: str
    reopen_number: int
    reason_code: str
    def __init__(self, order_id: _Optional[str] = ..., reopen_number: _Optional[int] = ..., reason_code: _Optional[str] = ...) -> None: ...

class OrderClosed(_message.Message):
    __slots__ = ("order_id", "outcome_code", "first_dispatch")
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_CODE_FIELD_NUMBER: _ClassVar[int]
    FIRST_DISPATCH_FIELD_NUMBER: _ClassVar[int]
    order_id: str
    outcome_code: str
    first_dispatch: bool
    def __init__(self, order_id: _Optional[str] = ..., outcome_code: _Optional[str] = ..., first_dispatch: _Optional[bool] = ...) -> None: ...

class OrderEscalated(_message.Message):
    __slots__ = ("order_id", "clock", "level", "unit_code")
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    CLOCK_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    UNIT_CODE_FIELD_NUMBER: _ClassVar[int]
    order_id: str
    clock: str
    level: str
    unit_code: str
    def __init__(self, order_id: _Optional[str] = ..., clock: _Optional[str] = ..., level: _Optional[str] = ..., unit_code: _Optional[str] = ...) -> None: ...

class OrderUrged(_message.Message):
    __slots__ = ("order_id", "request_id", "urge_number")
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    URGE_NUMBER_FIELD_NUMBER: _ClassVar[int]
    order_id: str
    request_id: str
    urge_number: int
    def __init__(self, order_id: _Optional[str] = ..., request_id: _Optional[str] = ..., urge_number: _Optional[int] = ...) -> None: ...

class OrderGrouped(_message.Message):
    __slots__ = ("order_id", "lead_order_id")
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    LEAD_ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    order_id: str
    lead_order_id: str
    def __init__(self, order_id: _Optional[str] = ..., lead_order_id: _Optional[str] = ...) -> None: ...
