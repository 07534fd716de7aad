"""The server's routes in this process, over ASGI: what they answer to bytes that no client of ours sends."""

import asyncio
import base64
from dataclasses import dataclass

import httpx

from app.storage.crypto import sign_as_device
from app.storage.delivery import Delivery, Held
from app.storage.keys import Device
from app.workspace import Workspace
from sync.core import frames, wire
from sync.core.sessions import Knock, read_hello, signed_by_device
from sync.server.house import House
from sync.server.web import Doors, application


@dataclass
class Door:
    """A house behind its routes."""

    house: House
    doors: Doors

    def call(self, method: str, path: str, body: bytes = b"", token: bytes = b"") -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(application(self.house, self.doors))
            headers = {"Authorization": f"Bearer {base64.b64encode(token).decode()}"} if token else {}
            async with httpx.AsyncClient(transport=transport, base_url="http://server") as client:
                return await client.request(method, path, content=body, headers=headers)

        return asyncio.run(ask())

    def knock(self, workspace: bytes, device: Device, *grant: bytes) -> httpx.Response:
        hello = read_hello(self.call("GET", "/v1/hello").content)
        signed = signed_by_device(hello.server, workspace, device.id, hello.challenge)
        signature = sign_as_device(device.private, signed)
        knock = Knock(workspace, device.id, device.public, hello.challenge, signature, grant)
        return self.call("POST", "/v1/session", knock.encode())

    def token(self, workspace: Workspace) -> bytes:
        answer = self.knock(workspace.id, workspace.device)
        assert answer.status_code == 200, answer.text
        return answer.content

    def exchange(self, workspace: Workspace, delivery: Delivery, token: bytes) -> httpx.Response:
        head = wire.Head(workspace.id, workspace.device.id, Held({}, {}))
        return self.call("POST", "/v1/exchange", frames.to_bytes(wire.records(head, delivery)), token)
