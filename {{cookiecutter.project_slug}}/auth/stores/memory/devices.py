"""The known devices in the memory of this process."""

from datetime import datetime
from threading import RLock

from auth.records import Device, User
from auth.stores.memory.users import MemoryUsers


class MemoryDevices:
    """The devices of each user in a dict."""

    def __init__(self, users: MemoryUsers) -> None:
        self._users = users
        self._lock = RLock()
        self._devices: dict[str, dict[str, Device]] = {}

    def add(self, device: Device, now: datetime, most: int) -> None:
        """Keep a device, or a known one for longer, and forget the expired."""
        with self._lock:
            others = self._devices.pop(device.user_id, {})
            if self._users.find_by_id(device.user_id) is None:
                return
            known = {**others, device.device_hash: device}.values()
            living = sorted(
                (each for each in known if each.expires_at > now), key=lambda each: each.expires_at
            )
            self._devices[device.user_id] = {each.device_hash: each for each in living[-most:]}

    def knows(self, user: User, device_hash: str, now: datetime) -> bool:
        """Tell whether a device of a user was added and has not expired."""
        device = self._devices.get(user.id, {}).get(device_hash)
        return device is not None and device.expires_at > now
