# Runs the command `wormhole` for one file. Standard input: the settings, as JSON. GOLDCREST_FILE: the file.
#
# The code is given to it here, as arguments of a process are everybody's to see, and kept out of what it prints.
import io
import json
import os
import sys

settings = json.load(sys.stdin)
CODE = settings["code"]
PATH = os.environ["GOLDCREST_FILE"]


class Discreet(io.TextIOBase):
    def __init__(self, stream):
        self.stream = stream

    def write(self, text):
        return self.stream.write(text.replace(CODE, "**********"))

    def flush(self):
        self.stream.flush()


# Before the package looks at them.
sys.stdout, sys.stderr = Discreet(sys.stdout), Discreet(sys.stderr)

from twisted.internet import reactor
from wormhole.cli import cli, cmd_receive, cmd_send


def give_up():
    print(f"The other side did not come within {settings['waitTimeout']} seconds.", file=sys.stderr, flush=True)
    os._exit(1)


def waiting(create):
    """The package waits for the other side for ever."""

    def create_and_wait(*arguments, **options):
        wormhole = create(*arguments, **options)
        clock = reactor.callLater(settings["waitTimeout"], give_up)
        wormhole.get_unverified_key().addBoth(lambda _: clock.active() and clock.cancel())
        return wormhole

    return create_and_wait


cmd_receive.create = waiting(cmd_receive.create)
cmd_send.create = waiting(cmd_send.create)

arguments = [f"--{name}={settings[key]}" for name, key in (("relay-url", "relayURL"), ("transit-helper", "transitHelper")) if settings.get(key)]
if settings["operation"] == "receive":
    arguments += ["receive", "--accept-file", "--hide-progress", "--output-file", PATH, CODE]
else:
    arguments += ["send", "--hide-progress", "--code", CODE]
    # Versions from 0.18 on show the code as a picture too.
    if any("--no-qr" in option.secondary_opts for option in cli.send.params):
        arguments.append("--no-qr")
    arguments += ["--", PATH]
cli.wormhole.main(args=arguments, prog_name="wormhole")
