"""Frozen data: what a frozen dataclass is, without the time that it takes to make its class.

`dataclasses` writes and compiles six methods for each class, and imports the tools to inspect code
for it: a third of the time to a first decision. So the classes that every start needs share theirs.
For type checkers, `match` and the functions of `dataclasses` they are dataclasses.
"""

from collections.abc import Mapping
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, dataclass_transform

__all__ = ["Frozen", "replace"]

Names = tuple[str, ...]
set_field = object.__setattr__


class Fields:
    """The fields as the functions of `dataclasses` want them, made when one of them asks."""

    def __get__(self, _: object, cls: Any) -> Any:  # noqa: ANN401 - a class of data
        """Return the fields of a class, and keep them in it."""
        from dataclasses import field, make_dataclass  # noqa: PLC0415 - only for them

        names, apart = cls._names, cls._apart
        parts = [(name, Any, field(compare=name not in apart)) for name in names]
        alike: Any = make_dataclass(cls.__name__, parts)
        cls.__dataclass_fields__ = alike.__dataclass_fields__
        return cls.__dataclass_fields__


@dataclass_transform(frozen_default=True)
class Frozen:
    """The base of a class of data: what it annotates are its fields.

    `apart` names the fields that make no two things differ, and that `repr` leaves out. Type
    checkers see to `kw_only`.

    >>> class Share(Frozen):
    ...     part: int
    ...     whole: int = 100
    >>> Share(30), Share(30) == Share(30, 100), replace(Share(30), part=31)
    (Share(part=30, whole=100), True, Share(part=31, whole=100))
    """

    _names: ClassVar[Names]
    _apart: ClassVar[Names]
    _defaults: ClassVar[Mapping[str, Any]]
    _compared: ClassVar["attrgetter[Any]"]
    __dataclass_fields__ = Fields()

    def __init_subclass__(cls, *, kw_only: bool = False, apart: Names = ("where",)) -> None:
        cls._names, cls._apart = tuple(cls.__annotations__), apart
        type.__setattr__(cls, "__match_args__", () if kw_only else cls._names)
        cls._compared = attrgetter(*(name for name in cls._names if name not in apart))
        cls._defaults = {name: vars(cls)[name] for name in cls._names if name in vars(cls)}
        for name in cls._defaults:
            delattr(cls, name)  # what only the things have is found sooner

    def __init__(self, *args: object, **given: object) -> None:
        for name, value in zip(self._names, args):  # noqa: B905 - told apart below, in less time
            set_field(self, name, value)
        if given or len(args) != len(self._names):
            self._complete(len(args), given)

    def _complete(self, positional: int, given: dict[str, object]) -> None:
        """Set the fields that were given by name, or not at all."""
        defaults = self._defaults
        for name in self._names[positional:]:
            if name in given:
                set_field(self, name, given.pop(name))
            elif name in defaults:
                set_field(self, name, defaults[name])
            else:
                raise TypeError(f"{type(self).__name__} lacks `{name}`")
        if given or positional > len(self._names):
            extra = ", ".join(f"`{name}`" for name in given) or f"{positional} values"
            raise TypeError(f"{type(self).__name__} can't take {extra}")

    def __repr__(self) -> str:
        shown = [name for name in self._names if name not in self._apart]
        fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in shown)
        return f"{type(self).__qualname__}({fields})"

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return bool(self._compared(self) == self._compared(other))

    def __hash__(self) -> int:
        return hash(self._compared(self))

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"`{name}` can't be changed")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"`{name}` can't be changed")


if TYPE_CHECKING:
    from dataclasses import replace
else:

    def replace(thing: Frozen, /, **changes: object) -> Frozen:
        """Return a thing with some fields changed."""
        return type(thing)(**{**vars(thing), **changes})
