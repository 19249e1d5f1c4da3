# Runs a command on a terminal of its own: run-on-terminal.py COLUMNS ROWS COMMAND...
# What comes on stdin is typed; the sequence ESC [ 8 ; ROWS ; COLUMNS t changes the size.
import fcntl
import os
import pty
import re
import select
import struct
import sys
import termios

resize = re.compile(rb"\x1b\[8;(\d+);(\d+)t")


def set_size(descriptor, rows, columns):
    fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


columns, rows, *command = sys.argv[1:]
pid, terminal = pty.fork()
if pid == 0:
    set_size(0, int(rows), int(columns))
    os.execvp(command[0], command)

sources = [terminal, 0]
while True:
    ready, _, _ = select.select(sources, [], [])
    if 0 in ready:
        typed = os.read(0, 65536)
        if not typed:
            sources.remove(0)
        for size in resize.finditer(typed):
            set_size(terminal, int(size[1]), int(size[2]))
        os.write(terminal, resize.sub(b"", typed))
    if terminal in ready:
        try:
            output = os.read(terminal, 65536)
        except OSError:
            break
        if not output:
            break
        os.write(1, output)
_, status = os.waitpid(pid, 0)
sys.exit(os.waitstatus_to_exitcode(status) % 256)
