"""Rooms on the local network: announced and found by multicast DNS (RFC 6762, 6763), reached at the address that answers."""

import contextlib
import logging
import queue
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sync.client.place import Place

if TYPE_CHECKING:
    from zeroconf import ServiceInfo

log = logging.getLogger("launchbook.room")

SERVICE = "_launchbook._tcp.local."
FIND_S = 8.0
_CONNECT_S = 1.0
_ASK_MS = 2_000
_FINGERPRINT = 64  # hexadecimal digits


def addresses() -> list[str]:
    """This machine's IPv4 addresses that others may reach; loopback where there is no other."""
    import ifaddr

    found = [one.ip for adapter in ifaddr.get_adapters() for one in adapter.ips if isinstance(one.ip, str)]
    outward = [one for one in found if not one.startswith(("127.", "169.254."))]
    return outward or ["127.0.0.1"]


@contextmanager
def announced(port: int, fingerprint: str) -> Iterator[None]:
    """Says on the network that a room is here, beside whatever goes on; a network that forbids it only costs the words."""
    done = threading.Event()
    thread = threading.Thread(
        target=_announce, args=(port, fingerprint, done), name="announcing", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join(5)


def _announce(port: int, fingerprint: str, done: threading.Event) -> None:
    from zeroconf import ServiceInfo, Zeroconf

    try:
        with contextlib.closing(Zeroconf()) as network:
            service = ServiceInfo(
                SERVICE,
                f"{fingerprint[:16]}.{SERVICE}",
                port=port,
                addresses=[socket.inet_aton(one) for one in addresses()],
                properties={"fingerprint": fingerprint},
            )
            network.register_service(service)
            done.wait()
            network.unregister_service(service)
    except Exception:  # whatever a network is like
        log.exception("the room cannot be announced; its address still leads there")


def find(fits: Callable[[str], bool], seconds: float = FIND_S) -> Place | None:
    """The first room whose certificate's fingerprint fits and that answers; None when there is none in this time."""
    from zeroconf import ServiceBrowser, Zeroconf

    end = time.monotonic() + seconds
    with contextlib.closing(Zeroconf()) as network:
        names: queue.SimpleQueue[str] = queue.SimpleQueue()
        # a room that closes is found out by not being reached, so every kind of news is a name to ask about
        ServiceBrowser(network, SERVICE, handlers=[lambda name, **_more: names.put(name)])
        while (left := end - time.monotonic()) > 0:
            with contextlib.suppress(queue.Empty):
                service = network.get_service_info(SERVICE, names.get(timeout=left), timeout=_ASK_MS)
                place = _place_of(service, fits)
                if place is not None:
                    return place
    return None


def _place_of(service: "ServiceInfo | None", fits: Callable[[str], bool]) -> Place | None:
    """Where a room is that says it has this certificate; whether it has shows when it is connected to."""
    if service is None or service.port is None:
        return None
    fingerprint = (service.decoded_properties.get("fingerprint") or "").lower()
    if (
        len(fingerprint) != _FINGERPRINT
        or set(fingerprint) - set("0123456789abcdef")
        or not fits(fingerprint)
    ):
        return None
    for address in service.parsed_addresses():
        with contextlib.suppress(OSError):
            socket.create_connection((address, service.port), timeout=_CONNECT_S).close()
            host = f"[{address}]" if ":" in address else address
            return Place(f"https://{host}:{service.port}", fingerprint)
    return None
