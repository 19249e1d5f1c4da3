"""Lists a tar from standard input: a line for each entry with all that it is but its time, sorted."""

import hashlib
import sys
import tarfile

lines = []
with tarfile.open(fileobj=sys.stdin.buffer, mode="r|") as archive:
    for entry in archive:
        file = archive.extractfile(entry) if entry.isreg() else None
        content = hashlib.sha256(file.read()).hexdigest() if file else entry.linkname
        owner = f"{entry.uid}:{entry.gid}"
        lines.append(f"{entry.name} {entry.type.decode()} {entry.mode:o} {owner} {content}")
# tarfile stops at the end mark, which can be before the end: who still sends must not meet a closed pipe.
sys.stdin.buffer.read()
print("\n".join(sorted(lines)))
