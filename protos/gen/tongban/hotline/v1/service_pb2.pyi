from buf.validate import validate_pb2 as _validate_pb2
from tongban.common.v1 import command_pb2 as _command_pb2
from tongban.common.v1 import paging_pb2 as _paging_pb2
from tongban.hotline.v1 import messages_pb2 as _messages_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class FileRequestRequest(_message.Message):
    __slots__ = ("context", "caller", "title", "text", "kind", "place", "territory", "category_code", "enterprise_code")
    CONTEXT_FIELD_NUMBER: _ClassVar[int]
    CALLER_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    PLACE_FIELD_NUMBER: _ClassVar[int]
    TERRITORY_FIELD_NUMBER: _ClassVar[int]
    CATEGORY_CODE_FIELD_NUMBER: _ClassVar[int]
    ENTERPRISE_CODE_FIELD_NUMBER: _ClassVar[int]
    context: _command_pb2.CommandContext
    caller: str
    title: str
    text: str
    kind: str
    place: str
    territory: str
    category_code: str
    enterprise_code: str
    def __init__(self, context: _Optional[_Union[_command_pb2.CommandContext, _Mapping]] = ..., caller: _Optional[str] = ..., title: _Optional[str] = ..., text: _Optional[str] = ..., kind: _Optional[str] = ..., place: _Optional[str] = ..., territory: _Optional[str] = ..., category_code: _Optional[str] = ..., enterprise_code: _Optional[str] = ...) -> None: ...

class FileRequestResponse(_message.Message):
    __slots__ = ("request_id", "order", "urged", "replayed")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    URGED_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    order: _messages_pb2.Order
    urged: bool
    replayed: bool
    def __init__(self, request_id: _Optional[str] = ..., order: _Optional[_Union[_messages_pb2.Order, _Mapping]] = ..., urged: _Optional[bool] = ..., replayed: _Optional[bool] = ...) -> None: ...

class GetRequestRequest(_message.Message):
    __slots__ = ("request_id", "only_client_id")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ONLY_CLIENT_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    only_client_id: str
    def __init__(self, request_id: _Optional[str] = ..., only_client_id: _Optional[str] = ...) -> None: ...

class GetRequestResponse(_message.Message):
    __slots__ = ("order",)
    ORDER_FIELD_NUMBER: _ClassVar[int]
    order: _messages_pb2.Order
    def __init__(self, order: _Optional[_Union[_messages_pb2.Order, _Mapping]] = ...) -> None: ...

class GetOrderRequest(_message.Message):
    __slots__ = ("order_id", "only_unit_code")
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    ONLY_UNIT_CODE_FIELD_NUMBER: _ClassVar[int]
    order_id: str
    only_unit_code: str
    def __init__(self, order_id: _Optional[str] = ..., only_unit_code: _Optional[str] = ...) -> None: ...

class GetOrderResponse(_message.Message):
    __slots__ = ("order",)
    ORDER_FIELD_NUMBER: _ClassVar[int]
    order: _messages_pb2.Order
    def __init__(self, order: _Optional[_Union[_messages_pb2.Order, _Mapping]] = ...) -> None: ...

class ListWorkRequest(_message.Message):
    __slots__ = ("party", "page")
    PARTY_FIELD_NUMBER: _ClassVar[int]
    PAGE_FIELD_NUMBER: _ClassVar[int]
    party: str
    page: _paging_pb2.PageRequest
    def __init__(self, party: _Optional[str] = ..., page: _Optional[_Union[_paging_pb2.PageRequest, _Mapping]] = ...) -> None: ...

class ListWorkResponse(_message.Message):
    __slots__ = ("orders", "next_page_token")
    ORDERS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    orders: _containers.RepeatedCompositeFieldContainer[_messages_pb2.Order]
    next_page_token: str
    def __init__(self, orders: _Optional[_Iterable[_Union[_messages_pb2.Order, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class HandleOrderRequest(_message.Message):
    __slots__ = ("context", "order_id", "expected_version", "unit_code", "dispatch", "sign", "give_back", "extend", "add_helper", "settle_part", "reply", "follow_up", "close", "join")
    CONTEXT_FIELD_NUMBER: _ClassVar[int]
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    UNIT_CODE_FIELD_NUMBER: _ClassVar[int]
    DISPATCH_FIELD_NUMBER: _ClassVar[int]
    SIGN_FIELD_NUMBER: _ClassVar[int]
    GIVE_BACK_FIELD_NUMBER: _ClassVar[int]
    EXTEND_FIELD_NUMBER: _ClassVar[int]
    ADD_HELPER_FIELD_NUMBER: _ClassVar[int]
    SETTLE_PART_FIELD_NUMBER: _ClassVar[int]
    REPLY_FIELD_NUMBER: _ClassVar[int]
    FOLLOW_UP_FIELD_NUMBER: _ClassVar[int]
    CLOSE_FIELD_NUMBER: _ClassVar[int]
    JOIN_FIELD_NUMBER: _ClassVar[int]
    context: _command_pb2.CommandContext
    order_id: str
    expected_version: int
    unit_code: str
    dispatch: Dispatch
    sign: Sign
    give_back: GiveBack
    extend: Extend
    add_helper: AddHelper
    settle_part: SettlePart
    reply: Reply
    follow_up: FollowUp
    close: Close
    join: Join
    def __init__(self, context: _Optional[_Union[_command_pb2.CommandContext, _Mapping]] = ..., order_id: _Optional[str] = ..., expected_version: _Optional[int] = ..., unit_code: _Optional[str] = ..., dispatch: _Optional[_Union[Dispatch, _Mapping]] = ..., sign: _Optional[_Union[Sign, _Mapping]] = ..., give_back: _Optional[_Union[GiveBack, _Mapping]] = ..., extend: _Optional[_Union[Extend, _Mapping]] = ..., add_helper: _Optional[_Union[AddHelper, _Mapping]] = ..., settle_part: _Optional[_Union[SettlePart, _Mapping]] = ..., reply: _Optional[_Union[Reply, _Mapping]] = ..., follow_up: _Optional[_Union[FollowUp, _Mapping]] = ..., close: _Optional[_Union[Close, _Mapping]] = ..., join: _Optional[_Union[Join, _Mapping]] = ...) -> None: ...

class Dispatch(_message.Message):
    __slots__ = ("unit_code", "category_code")
    UNIT_CODE_FIELD_NUMBER: _ClassVar[int]
    CATEGORY_CODE_FIELD_NUMBER: _ClassVar[int]
    unit_code: str
    category_code: str
    def __init__(self, unit_code: _Optional[str] = ..., category_code: _Optional[str] = ...) -> None: ...

class Sign(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GiveBack(_message.Message):
    __slots__ = ("reason_code", "proposed_unit_code")
    REASON_CODE_FIELD_NUMBER: _ClassVar[int]
    PROPOSED_UNIT_CODE_FIELD_NUMBER: _ClassVar[int]
    reason_code: str
    proposed_unit_code: str
    def __init__(self, reason_code: _Optional[str] = ..., proposed_unit_code: _Optional[str] = ...) -> None: ...

class Extend(_message.Message):
    __slots__ = ("reason_code",)
    REASON_CODE_FIELD_NUMBER: _ClassVar[int]
    reason_code: str
    def __init__(self, reason_code: _Optional[str] = ...) -> None: ...

class AddHelper(_message.Message):
    __slots__ = ("unit_code",)
    UNIT_CODE_FIELD_NUMBER: _ClassVar[int]
    unit_code: str
    def __init__(self, unit_code: _Optional[str] = ...) -> None: ...

class SettlePart(_message.Message):
    __slots__ = ("unit_code", "excuse")
    UNIT_CODE_FIELD_NUMBER: _ClassVar[int]
    EXCUSE_FIELD_NUMBER: _ClassVar[int]
    unit_code: str
    excuse: str
    def __init__(self, unit_code: _Optional[str] = ..., excuse: _Optional[str] = ...) -> None: ...

class Reply(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class FollowUp(_message.Message):
    __slots__ = ("reached", "resolved", "satisfaction")
    REACHED_FIELD_NUMBER: _ClassVar[int]
    RESOLVED_FIELD_NUMBER: _ClassVar[int]
    SATISFACTION_FIELD_NUMBER: _ClassVar[int]
    reached: bool
    resolved: bool
    satisfaction: str
    def __init__(self, reached: _Optional[bool] = ..., resolved: _Optional[bool] = ..., satisfaction: _Optional[str] = ...) -> None: ...

class Close(_message.Message):
    __slots__ = ("outcome_code",)
    OUTCOME_CODE_FIELD_NUMBER: _ClassVar[int]
    outcome_code: str
    def __init__(self, outcome_code: _Optional[str] = ...) -> None: ...

class Join(_message.Message):
    __slots__ = ("lead_order_id",)
    LEAD_ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    lead_order_id: str
    def __init__(self, lead_order_id: _Optional[str] = ...) -> None: ...

class HandleOrderResponse(_message.Message):
    __slots__ = ("order", "replayed")
    ORDER_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    order: _messages_pb2.Order
    replayed: bool
    def __init__(self, order: _Optional[_Union[_messages_pb2.Order, _Mapping]] = ..., replayed: _Optional[bool] = ...) -> None: ...

class ListSimilarRequest(_message.Message):
    __slots__ = ("order_id",)
    ORDER_ID_FIELD_NUMBER: _ClassVar[int]
    order_id: str
    def __init__(self, order_id: _Optional[str] = ...) -> None: ...

class ListSimilarResponse(_message.Message):
    __slots__ = ("similar_orders",)
    SIMILAR_ORDERS_FIELD_NUMBER: _ClassVar[int]
    similar_orders: _containers.RepeatedCompositeFieldContainer[_messages_pb2.SimilarOrder]
    def __init__(self, similar_orders: _Optional[_Iterable[_Union[_messages_pb2.SimilarOrder, _Mapping]]] = ...) -> None: ...

class GetStatisticsRequest(_message.Message):
    __slots__ = ("from_date", "to_date")
    FROM_DATE_FIELD_NUMBER: _ClassVar[int]
    TO_DATE_FIELD_NUMBER: _ClassVar[int]
    from_date: str
    to_date: str
    def __init__(self, from_date: _Optional[str] = ..., to_date: _Optional[str] = ...) -> None: ...

class GetStatisticsResponse(_message.Message):
    __slots__ = ("orders", "requests", "effective_requests", "replied", "replied_in_time", "first_dispatch", "escalated", "rule_version")
    ORDERS_FIELD_NUMBER: _ClassVar[int]
    REQUESTS_FIELD_NUMBER: _ClassVar[int]
    EFFECTIVE_REQUESTS_FIELD_NUMBER: _ClassVar[int]
    REPLIED_FIELD_NUMBER: _ClassVar[int]
    REPLIED_IN_TIME_FIELD_NUMBER: _ClassVar[int]
    FIRST_DISPATCH_FIELD_NUMBER: _ClassVar[int]
    ESCALATED_FIELD_NUMBER: _ClassVar[int]
    RULE_VERSION_FIELD_NUMBER: _ClassVar[int]
    orders: int
    requests: int
    effective_requests: int
    replied: int
    replied_in_time: int
    first_dispatch: int
    escalated: int
    rule_version: int
    def __init__(self, orders: _Optional[int] = ..., requests: _Optional[int] = ..., effective_requests: _Optional[int] = ..., replied: _Optional[int] = ..., replied_in_time: _Optional[int] = ..., first_dispatch: _Optional[int] = ..., escalated: _Optional[int] = ..., rule_version: _Optional[int] = ...) -> None: ...
