"""A kernel inside NautilusTrader: an actor that publishes what its lanes say, and a strategy that trades towards a size.

Both load a bundle, step its instance once a bar, and save and load its state with the node's own. `docs/how-to/embed-in-nautilustrader.md`
has a whole backtest. Needs the package nautilus_trader.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal

from nautilus_trader.common.actor import Actor
from nautilus_trader.config import ActorConfig, NautilusConfig, StrategyConfig
from nautilus_trader.core.data import Data
from nautilus_trader.model.data import Bar, BarType, DataType
from nautilus_trader.model.enums import OrderSide
from nautilus_trader.trading.strategy import Strategy

from dagc.debugging.tap_names import TapNames
from dagc.live.kernel import load
from dagc.live.outputs import Outputs

#: The key of the state in what a node saves for each actor.
SAVED = "dagc.snapshot"
#: What a bar offers to the inputs of these names, as prices and volumes in binary64 or times in nanoseconds, UTC.
OF_BAR = ("open", "high", "low", "close", "volume", "ts_event", "ts_init")


class LaneValues(Data):  # type: ignore[misc]
    """What a kernel said about one bar: `values` by the names of its outputs and of the taps that were asked for.

    `ts_event` and `ts_init` [ns] are the bar's own. Subscribe with `subscribe_data(DataType(LaneValues, {"kernel": NAME}))`.
    """

    def __init__(self, kernel: str, values: Mapping[str, Any], ts_event: int, ts_init: int) -> None:
        self.kernel, self.values = kernel, dict(values)
        self._ts_event, self._ts_init = ts_event, ts_init

    @property
    def ts_event(self) -> int:
        """When the bar was, in nanoseconds."""
        return self._ts_event

    @property
    def ts_init(self) -> int:
        """When the bar reached the node, in nanoseconds: the order of events."""
        return self._ts_init

    def __repr__(self) -> str:
        return f"LaneValues({self.kernel!r}, {self.values!r}, ts_event={self.ts_event}, ts_init={self.ts_init})"


class KernelConfig(NautilusConfig, frozen=True):
    """`bundle` is a folder that `dagc build` wrote, `params` what `bind` takes, `taps` names of values to publish beside the outputs.

    `session` says what a loaded state is to the lifetimes of its values: of the `same` session, or of an earlier one (`new`).
    """

    bundle: str
    bar_type: BarType
    params: dict[str, Any] | None = None
    taps: tuple[str, ...] = ()
    session: Literal["same", "new"] = "new"


class KernelActorConfig(ActorConfig, frozen=True):
    """The kernel that a `KernelActor` steps."""

    kernel: KernelConfig


class KernelStrategyConfig(StrategyConfig, frozen=True):
    """The kernel that a `KernelStrategy` steps; its output `size`, by default the first, is how much to hold.

    A size is in the instrument's units, and short below zero.
    """

    kernel: KernelConfig
    size: str | None = None


class _Stepping:
    """What the actor and the strategy share: an instance that every bar steps, whose state the node keeps."""

    def __init__(self, config: Any) -> None:
        """Raises what `dagc.load` and `bind` raise, NameProblem for a tap that there is not, ValueError for an input that no bar has."""
        super().__init__(config)  # type: ignore[call-arg]
        kernel = load(config.kernel.bundle)
        self.name_of_kernel = kernel.graph.name
        self.engine = kernel.bind(config.kernel.params)
        names = TapNames(kernel.graph)
        for name in config.kernel.taps:
            names.node(name)
        others = [f"`{name}`" for name in kernel.inputs.names if name not in OF_BAR]
        if others and type(self).inputs is _Stepping.inputs:
            raise ValueError(
                f"a bar has no {', '.join(others)} for `{kernel.graph.name}`, only {', '.join(OF_BAR)}: override "
                "`inputs(self, bar)` to give every input a value"
            )

    def on_start(self) -> None:
        """Subscribe to the bars."""
        self.subscribe_bars(self.config.kernel.bar_type)  # type: ignore[attr-defined]

    def on_stop(self) -> None:
        """Take no more bars. What is held stays held: override it to close positions."""
        self.unsubscribe_bars(self.config.kernel.bar_type)  # type: ignore[attr-defined]

    def inputs(self, bar: Bar) -> Mapping[str, Any]:
        """The value of each input for a bar; override it where the lane takes more than the bar's own fields."""
        given = {port.name: getattr(bar, port.name) for port in self.engine.graph.inputs}
        return {name: value if isinstance(value, int) else value.as_double() for name, value in given.items()}

    def on_bar(self, bar: Bar) -> None:
        """Step the kernel, publish what it said, and act on it."""
        outputs = self.engine.step(self.inputs(bar))
        values = outputs.as_dict() | {name: self.engine.tap(name) for name in self.config.kernel.taps}  # type: ignore[attr-defined]
        kind = DataType(LaneValues, {"kernel": self.name_of_kernel})
        self.publish_data(kind, LaneValues(self.name_of_kernel, values, bar.ts_event, bar.ts_init))  # type: ignore[attr-defined]
        if outputs.rejected:
            self.on_rejected(bar, outputs)
        else:
            self.on_outputs(bar, outputs)

    def on_outputs(self, bar: Bar, outputs: Outputs) -> None:
        """Called with what the kernel said about an accepted bar."""

    def on_rejected(self, bar: Bar, outputs: Outputs) -> None:
        """Called for a bar with a value outside its domain: a warning, and no order."""
        self.log.warning(f"{self.name_of_kernel} rejected {bar}: `{outputs.offender}` is outside its domain")  # type: ignore[attr-defined]

    def on_save(self) -> dict[str, bytes]:
        """The state of the instance, for the node to keep."""
        return {SAVED: self.engine.snapshot(at=self._seconds())}

    def on_load(self, state: dict[str, bytes]) -> None:
        """Continue from a state that the node kept."""
        restored = self.engine.restore(state[SAVED], at=self._seconds(), session=self.config.kernel.session)  # type: ignore[attr-defined]
        self.log.info(f"{self.name_of_kernel}: {restored}")  # type: ignore[attr-defined]

    def _seconds(self) -> float:
        return self.clock.timestamp_ns() / 1e9  # type: ignore[attr-defined,no-any-return]


class KernelActor(_Stepping, Actor):  # type: ignore[misc]
    """Steps a kernel on every bar and publishes a `LaneValues`; orders nothing."""


class KernelStrategy(_Stepping, Strategy):  # type: ignore[misc]
    """Steps a kernel on every bar and sends a market order for what is missing to the size that it computed.

    What is already on its way counts as held. What is less than the instrument's least increment or least quantity is left alone.
    """

    def __init__(self, config: KernelStrategyConfig) -> None:
        """Raises what `KernelActor` raises, and ValueError where `config.size` is no output."""
        super().__init__(config)
        outputs = [output.name for output in self.engine.graph.outputs]
        self.size = config.size or outputs[0]
        if self.size not in outputs:
            raise ValueError(f"`{self.name_of_kernel}` has no output `{self.size}`; it has {', '.join(outputs)}")

    def on_outputs(self, bar: Bar, outputs: Outputs) -> None:
        """Trade from what is held towards the size."""
        instrument = self.cache.instrument(bar.bar_type.instrument_id)
        size = Decimal(outputs.as_dict()[self.size])
        if not size.is_finite():
            self.log.warning(f"{self.name_of_kernel} has no size on {bar}: `{self.size}` is {size}")
            return
        missing = size - self._held(instrument.id)
        quantity = round(abs(missing), instrument.size_precision)
        if quantity >= (instrument.min_quantity or instrument.size_increment).as_decimal():
            side = OrderSide.BUY if missing > 0 else OrderSide.SELL
            self.submit_order(self.order_factory.market(instrument.id, side, instrument.make_qty(quantity)))

    def _held(self, instrument: Any) -> Decimal:
        """The net position, and what orders under way will add to it."""
        cache, mine = self.cache, {"instrument_id": instrument, "strategy_id": self.id}
        under_way = [*cache.orders_open(**mine), *cache.orders_inflight(**mine)]
        ahead = [o.leaves_qty.as_decimal() * (1 if o.side == OrderSide.BUY else -1) for o in under_way]
        return Decimal(self.portfolio.net_position(instrument)) + sum(ahead, Decimal(0))
