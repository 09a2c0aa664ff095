"""The kernel of lane `conviction`, graph a8ace32f552c11b3: written by `dagc stub`, for type checkers and editors alone."""

from collections.abc import Sequence
from typing import Any, Literal, NotRequired, Protocol, TypedDict, overload
from dagc.live.restoring import Restored, Session
from dagc.live.run import Run

class Inputs(TypedDict):
    """The inputs of a bar."""
    vel_div: float  # f64 [vd], any finite value
    volatility: float  # f64, [0.0, 5.0]

class Params(TypedDict):
    """What `bind` takes; what is left out has its default."""
    threshold: NotRequired[float]  # f64 [vd], [-0.03, 0.0] = -0.02
    extreme: NotRequired[float]  # f64 [vd], [-1.0, -0.03) = -0.05
    floor: NotRequired[float]  # f64 [x_conv], [0.0, 9.0] = 0.5
    ceiling: NotRequired[float]  # f64 [x_conv], [0.0, 9.0] = 8.0

Tap = Literal['lev', 'lev.1', 'lev.2', 'strength.reach', 'strength.result']

class Outputs(Protocol):
    """What a step returns; on a rejected bar the declared safe values."""
    @property
    def rejected(self) -> bool: ...
    @property
    def offender(self) -> str | None: ...
    def as_dict(self) -> dict[str, Any]: ...
    @property
    def conviction(self) -> float: ...  # f64 [x_conv] = 0.0
    @property
    def status(self) -> int: ...  # i64 = 0

class Instance(Protocol):
    @overload
    def step(self, inputs: Inputs, /) -> Outputs: ...
    @overload
    def step(self, *, vel_div: float, volatility: float) -> Outputs: ...
    def run(self, columns: Any) -> Any:
        """Many bars, from the present state on: a column for each output."""
    def tap(self, name: Tap | str) -> float | int | bool:
        """What a variable of any lane was in the last bar stepped."""
    def reset(self) -> None: ...
    def snapshot(self, at: float | None = None) -> bytes: ...
    def restore(self, snapshot: bytes, at: float | None = None, session: Session | None = None) -> Restored: ...

class Kernel(Protocol):
    def bind(self, params: Params | None = None) -> Instance: ...
    def run(self, data: Any, params: Params | None = None, taps: Sequence[Tap | str] = ()) -> Run: ...
