"""Values along an axis: `class Assets(Vector[T], length=48)` is the type and the constructor, as `tuple` is.

On numbers a value is a thin immutable sequence of Python's own numbers. Operators are Python's, place by place, along one axis or with
a single value; what would be ambiguous raises and says what to write.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import Enum
from typing import Any, ClassVar, Generic, NoReturn, Self, TypeVar, overload

from dag.values.types import Axis

T = TypeVar("T")
_NOTHING: Any = object()
#: Places that an axis may have.
MOST_PLACES = 1 << 16


class Vector(Sequence[T], Generic[T]):
    """The base of every axis. A subclass says how many places it has, or what they are called:

        class Assets(Vector[T], length=48): ...
        class Assets(Vector[T], labels=("BTC", "ETH")): ...
        class Assets(Vector[T], labels=Asset): ...         # of an Enum: v[Asset.ETH] is its place

    `Assets[Price]` is a type; `Assets(f(x) for x in v)` and `Assets(fill=0.0)` are values. Axes are nominal: values along two
    classes do not meet, however long they are.

    Errors   ValueError for a number of items that is not the axis's; TypeError for an operand along another axis
    """

    __slots__ = ("_items",)
    #: The axis of a subclass, and the Enum that its places are labelled by, if any.
    axis: ClassVar[Axis]
    labelled_by: ClassVar[type[Enum] | None] = None

    def __init_subclass__(cls, length: int | None = None, labels: Any = None, **rest: Any) -> None:
        super().__init_subclass__(**rest)
        if length is None and labels is None:
            if not hasattr(cls, "axis"):
                raise TypeError(f"class {cls.__name__}(Vector[T]): say length=48, or labels=(...)")
            return
        given: Iterable[Any] = range(length or 0)
        if labels is not None:
            given = labels
        if isinstance(labels, type) and issubclass(labels, Enum):
            cls.labelled_by = labels
            given = [member.name for member in labels]
        names = tuple(map(str, given))
        if length not in (None, len(names)) or len(set(names)) < len(names):
            raise TypeError(f"class {cls.__name__}: {length} places need as many labels, each once")
        if not 1 <= len(names) <= MOST_PLACES:
            raise TypeError(f"class {cls.__name__}: an axis has 1 to {MOST_PLACES:,} places, not {len(names):,}")
        cls.axis = Axis(cls.__name__, names)

    @overload
    def __init__(self, items: Iterable[T], /) -> None: ...
    @overload
    def __init__(self, /, *, fill: T) -> None: ...
    def __init__(self, items: Iterable[T] = _NOTHING, /, *, fill: T = _NOTHING) -> None:
        size = len(type(self).axis.labels)
        if (items is _NOTHING) is (fill is _NOTHING):
            raise TypeError(f"{type(self).__name__} takes its {size} items, or fill=")
        if isinstance(items, Vector) and type(items) is not type(self):
            raise TypeError(_apart(self, items))
        held = (fill,) * size if items is _NOTHING else tuple(items)
        if len(held) != size:
            raise ValueError(f"{type(self).__name__} has {size} places, not {len(held)}{self._lacking(len(held))}")
        self._items: tuple[T, ...] = held

    def _lacking(self, count: int) -> str:
        labels = type(self).axis.labels
        return f" (`{labels[count]}` is missing)" if count < len(labels) else ""

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[T]:
        return iter(self._items)

    @overload
    def __getitem__(self, index: int | Enum, /) -> T: ...
    @overload
    def __getitem__(self, index: slice, /) -> NoReturn: ...
    def __getitem__(self, index: Any, /) -> Any:
        if isinstance(index, slice):
            raise TypeError(f"a part of {type(self).__name__} is no value along it: read its places one by one")
        place = place_of(type(self), index) if isinstance(index, Enum) else operator.index(index)
        if not 0 <= place < len(self._items):
            raise IndexError(f"{type(self).__name__} has the places 0 to {len(self._items) - 1}, not {place}")
        return self._items[place]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({list(self._items)!r})"

    def __reduce__(self) -> Any:
        return type(self), (self._items,)

    # --- operators, place by place ------------------------------------------------------------------------------------

    def __add__(self, other: Self | T) -> Self:
        return self._with(operator.add, other)

    def __radd__(self, other: T) -> Self:
        return self._with(operator.add, other, swapped=True)

    def __sub__(self, other: Self | T) -> Self:
        return self._with(operator.sub, other)

    def __rsub__(self, other: T) -> Self:
        return self._with(operator.sub, other, swapped=True)

    def __mul__(self, other: Self | T) -> Self:
        return self._with(operator.mul, other)

    def __rmul__(self, other: T) -> Self:
        return self._with(operator.mul, other, swapped=True)

    def __truediv__(self, other: Self | T) -> Self:
        return self._with(operator.truediv, other)

    def __rtruediv__(self, other: T) -> Self:
        return self._with(operator.truediv, other, swapped=True)

    def __neg__(self) -> Self:
        return type(self)([-each for each in self._numbers()])

    def __pos__(self) -> Self:
        return self

    def __abs__(self) -> Self:
        return type(self)([abs(each) for each in self._numbers()])

    def __pow__(self, exponent: int) -> Self:
        """A whole power, by multiplication from left to right."""
        if type(exponent) is not int or exponent < 1:
            raise TypeError(f"{type(self).__name__} ** k takes a whole k of at least 1")
        result = self
        for _ in range(exponent - 1):
            result = result * self
        return result

    def _numbers(self) -> tuple[Any, ...]:
        return self._items

    def _with(self, op: Callable[[Any, Any], Any], other: Any, swapped: bool = False) -> Self:
        if isinstance(other, Vector):
            if type(other) is not type(self):
                raise TypeError(_apart(self, other))
            pairs = zip(self._items, other._items, strict=True)
            return type(self)([op(a, b) for a, b in pairs])
        return type(self)([op(other, a) if swapped else op(a, other) for a in self._items])

    # --- what has to be mapped ----------------------------------------------------------------------------------------

    def _as_a_whole(self, *_: object) -> NoReturn:
        name = type(self).__name__
        raise TypeError(f"a comparison or truth value of a whole {name}: map it, {name}(x < y for x, y in zip(a, b))")

    __lt__ = __le__ = __gt__ = __ge__ = _as_a_whole
    __eq__ = __ne__ = _as_a_whole
    __bool__ = _as_a_whole
    __hash__ = None  # type: ignore[assignment]


def place_of(cls: type[Vector[Any]], member: Enum) -> int:
    """The place that a member of the axis's Enum is. Raises TypeError for a member of another."""
    if cls.labelled_by is None or type(member) is not cls.labelled_by:
        raise TypeError(f"the places of {cls.__name__} are not members of {type(member).__name__}")
    return cls.axis.labels.index(member.name)


def is_axis(cls: object) -> bool:
    """Whether `cls` is a class of values along an axis."""
    return isinstance(cls, type) and issubclass(cls, Vector) and cls is not Vector


def _apart(a: object, b: object) -> str:
    return f"operands along two axes, {type(a).__name__} and {type(b).__name__}: map over one of them"


V = TypeVar("V", bound="Vector[Any]")
E = TypeVar("E", bound=Enum)


def like(x: V, items: Iterable[Any]) -> V:
    """A value along the axis of `x`, whatever that is: `like(x, (abs(each) for each in x))`."""
    return type(x)(items)


def members_in(by: Vector[E]) -> type[E]:
    """The Enum whose members stand along an axis, to go over: `for each in members_in(sectors)`.

    Errors   TypeError where they are members of none
    """
    found = type(by[0])
    if not issubclass(found, Enum):
        raise TypeError(f"members_in takes members of an Enum along an axis, not {found.__name__}")
    return found
