"""The known devices in the memory of this process."""

from datetime import datetime
from threading import RLock

_MAX_DEVICES = 10_000


class MemoryDevices:
    """Devices in a dict, the first to expire first; too many make it forget that one."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._devices: dict[str, datetime] = {}

    def add(self, device_hash: str, expires_at: datetime, now: datetime) -> None:
        """Keep a device until a time, or a known one for longer, and forget the expired."""
        with self._lock:
            self._devices.pop(device_hash, None)
            self._devices[device_hash] = expires_at
            # All are kept equally long, so the first to expire comes first.
            while self._devices:
                first = next(iter(self._devices))
                if len(self._devices) <= _MAX_DEVICES and self._devices[first] > now:
                    break
                del self._devices[first]

    def knows(self, device_hash: str, now: datetime) -> bool:
        """Tell whether a device was added and has not expired."""
        expires_at = self._devices.get(device_hash)
        return expires_at is not None and expires_at > now
