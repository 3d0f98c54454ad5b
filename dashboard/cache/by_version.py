"""One way to keep what is made from the store: once a version, for everybody, thrown away by last use."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import update_wrapper
from inspect import signature
from threading import Lock
from typing import Any, Final, Generic, ParamSpec, TypeVar
from weakref import WeakSet

from dashboard.cache.server_context import own_area
from dashboard.streamlit import session
from dashboard.streamlit.stale_cache import once, one_look
from services.catalog.actions import Action
from services.i18n import current_language

P = ParamSpec("P")
T = TypeVar("T")


def by_version(
    version: Callable[..., Hashable], *, most: int = 64, within: Action | None = None, language: bool = False
) -> Callable[[Callable[P, T]], "VersionedFunction[P, T]"]:
    """Keep the values of a function by the version of what they are made from, and share them: nobody changes them.

    Which store it is and which state of the norms' file are always part of the key, as are the arguments, but for
    those whose names begin with an underscore. A value is made by one thread while the others that ask for it wait.
    Whatever is asked for while it is made is of the same version. What the function raises is not kept.

    Parameters
    ----------
    version
        Called with the arguments of the function: the version of what its value is made from (``of_data``,
        ``of_shown``), or whatever else changes when the value is to be made anew.
    most
        How many values are kept; beyond that the one goes that was not asked for the longest.
    within
        The action that a role must allow, else ``RefusedError``; the area of whoever asks is then part of the key.
    language
        Whether the value holds words: each language has its own.
    """
    return lambda make: VersionedFunction(make, version, most, within, has_words=language)


def forget_all() -> None:
    """Throw away every value of every function."""
    for function in list(_FUNCTIONS):
        function.forget_values()


class VersionedFunction(Generic[P, T]):
    """A function whose values are kept (``by_version``)."""

    def __init__(
        self,
        make: Callable[P, T],
        version: Callable[..., Hashable],
        most: int,
        within: Action | None,
        *,
        has_words: bool,
    ) -> None:
        self._make, self._version, self._most = make, version, most
        self._within, self._has_words = within, has_words
        self._unkeyed = [k for k, name in enumerate(signature(make).parameters) if name.startswith("_")]
        self._lock = Lock()
        self._values: OrderedDict[Hashable, _Value[T]] = OrderedDict()
        update_wrapper(self, make)
        _FUNCTIONS.add(self)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> T:
        """Return the value for the present version.

        Raises
        ------
        RefusedError
            If the role of whoever asks does not allow the action.
        """
        with one_look():
            key = self._key(*args, **kwargs)
            value = self._value(key)
            if not value.is_made:
                try:
                    value.make(lambda: self._make(*args, **kwargs))
                finally:
                    self._settle(key, value)
            return value.made

    def forget(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Throw the value for the present version away."""
        with one_look():
            key = self._key(*args, **kwargs)
        with self._lock:
            self._values.pop(key, None)

    def forget_values(self) -> None:
        """Throw every value away."""
        with self._lock:
            self._values.clear()

    def _key(self, *args: P.args, **kwargs: P.kwargs) -> Hashable:
        area = own_area(self._within) if self._within else None
        language = current_language() if self._has_words else None
        keyed = tuple(value for k, value in enumerate(args) if k not in self._unkeyed) if self._unkeyed else args
        return _source(), self._version(*args, **kwargs), area, language, keyed, tuple(kwargs.items())

    def _value(self, key: Hashable) -> "_Value[T]":
        with self._lock:
            value = self._values.get(key)
            if value is None:
                value = self._values[key] = _Value()
            else:
                self._values.move_to_end(key)
            return value

    def _settle(self, key: Hashable, value: "_Value[T]") -> None:
        """Keep what was made and let the oldest go for it; what went wrong takes nobody's place."""
        with self._lock:
            if value.is_made:
                self._values.setdefault(key, value)
            elif self._values.get(key) is value:
                del self._values[key]
            while len(self._values) > self._most:
                self._values.popitem(last=False)


class _Value(Generic[T]):
    """A value that one thread makes."""

    __slots__ = ("_lock", "is_made", "made")

    made: T

    def __init__(self) -> None:
        self._lock = Lock()
        self.is_made = False

    def make(self, make: Callable[[], T]) -> None:
        with self._lock:
            if not self.is_made:
                self.made = make()
                self.is_made = True


_FUNCTIONS: Final[WeakSet[VersionedFunction[..., Any]]] = WeakSet()


def _source() -> str:
    """Return what everything is made from besides the data: which store, and which state of the norms' file."""
    return once("source", _read_source)


def _read_source() -> str:
    settings = session.settings()
    norms = settings.data_dir / "norms.toml"
    return f"{settings.store} {norms.stat().st_mtime_ns if norms.is_file() else 0}"
