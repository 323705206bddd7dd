"""Exit 1 and say so when something listens on a port of this machine: port_is_free.py PORT"""

import socket
import sys

port = int(sys.argv[1])
with socket.socket() as probe:
    if probe.connect_ex(("127.0.0.1", port)) == 0:
        sys.exit(f"something listens on port {port} already; stop it first")
