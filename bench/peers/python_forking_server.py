"""Greets whoever connects, by a process each.

Usage: python_forking_server.py     prints the port of 127.0.0.1 that it listens on; ends by SIGTERM
"""
import socketserver


class Greeter(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.sendall(b"Hello!\n")


class Server(socketserver.ForkingMixIn, socketserver.TCPServer):
    # With its own 5 it would lose clients of the load, and seconds by their second attempts.
    request_queue_size = 128


def main():
    with Server(("127.0.0.1", 0), Greeter) as server:
        print(server.server_address[1], flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
