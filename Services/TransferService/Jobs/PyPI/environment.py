# Makes a virtual environment with a package in it and becomes a program that runs there. Python 3.8, standard library only.
#
# Arguments: the directory for the environment, the package as pip wants it, the program's text, and, for a program that listens, the
# address ("" for all) and the first and the last port. Such a program finds its socket in GOLDCREST_LISTENER. It listens from the very
# beginning, as clients try each port only once: they connect now and are answered when the package is there.
import os
import signal
import socket
import subprocess
import sys


def listen(host, first, last):
    """Takes the first free port of the range."""
    problem = None
    for port in range(first, last + 1):
        try:
            if not host and socket.has_dualstack_ipv6():
                return socket.create_server(("", port), family=socket.AF_INET6, dualstack_ipv6=True)
            family = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0][0]
            return socket.create_server((host, port), family=family)
        except OSError as error:
            problem = error
    sys.exit(f"None of the ports {first} to {last} can be listened on: {problem}")


def run(*command):
    try:
        subprocess.run([python, "-I", "-m", *command], stdin=subprocess.DEVNULL, check=True)
    except subprocess.CalledProcessError as error:
        # A program that was ended by a signal has a negative status.
        sys.exit(error.returncode if error.returncode > 0 else 128 - error.returncode)


# Leaves no pip behind: a subprocess that an exception interrupts is ended first.
signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
directory, package, program, *address = sys.argv[1:]
if address:
    host, first, last = address
    listener = listen(host, int(first), int(last))
    listener.set_inheritable(True)
    os.environ["GOLDCREST_LISTENER"] = str(listener.fileno())

python = sys.executable
run("venv", directory)
python = os.path.join(directory, "bin", "python")
run("pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "--no-cache-dir", "--prefer-binary", package)
os.execv(python, [python, "-I", "-c", program])
