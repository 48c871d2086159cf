"""The part of the contract about what falls due; no rules here."""

from __future__ import annotations

from typing import Any

from tongban.registration.v1 import service_pb2 as rpc

from services.registration.usecases.context import Parts
from services.registration.usecases.forecast import forecast


class ForecastRpcs:
    """Mixed into the servicer of the service."""

    _parts: Parts

    def GetForecast(self, request: Any, context: Any) -> Any:
        found = forecast(self._parts, request.division_code, request.days)
        rows = [
            rpc.ForecastRow(day=row.day, kind=row.kind, owed_by=row.owed_by, owed=row.owed, count=row.count)
            for row in found.rows
        ]
        return rpc.GetForecastResponse(rows=rows, late=found.late, undated=found.undated)
