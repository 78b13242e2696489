"""Two servers at once have a port each, and with workers the websocket answers."""

import base64
import os
import socket
import subprocess

from .postgres import free_port
from .say import Fail, step
from .server import wait

UPGRADE = (
    "GET /websocket?version=check HTTP/1.1\r\n"
    "Host: 127.0.0.1:{port}\r\n"
    "Origin: http://127.0.0.1:{port}\r\n"
    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: {key}\r\n\r\n"
)


def check(databases, name):
    """:raise Fail: a port is given twice, or the process for websockets is not there"""
    step("Server with workers: ports and websocket")
    first, second = free_port(8069), free_port(8069)
    if first == second:
        raise Fail("Two servers would take one port.")
    setup = databases.setup
    process = subprocess.Popen(
        setup.command(
            *("-d", name, "--workers=2", "--max-cron-threads=0"),
            *("--http-port", first, "--gevent-port", second, "--log-level=error"),
        ),
        env=setup.variables(),
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait(process, first)
        wait(process, second)
        answer = upgrade(second)
    finally:
        process.terminate()
        process.wait(timeout=60)
    if " 101 " not in answer:
        raise Fail(f"The websocket does not answer with workers: {answer}")


def upgrade(port):
    """:return: the first line of the answer to a websocket's handshake"""
    key = base64.b64encode(os.urandom(16)).decode()
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(UPGRADE.format(port=port, key=key).encode())
        return connection.recv(1024).decode(errors="replace").splitlines()[0]
