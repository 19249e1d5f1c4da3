// Ends a process group when the tool that started it is gone, however it went: the tool keeps one end of the
// pipe at descriptor 3 open, and the system closes it with the tool.

// The watcher is of the group, so that the group's number stays taken for as long as it may be signalled, and
// ends with it by SIGKILL. The shell before the script is privileged only so as not to read BASH_ENV itself.
const watched = `
set +p
(
  trap '' TERM INT HUP
  read -r -u 3
  kill -TERM 0
  /bin/sleep 1
  kill -KILL 0
) </dev/null >/dev/null 2>&1 &
exec /bin/bash "$@" 3<&-
`;

/** Arguments of a bash, leader of its group, that becomes `/bin/bash ARGS` with a watcher beside it. */
export function tiedToTool(args: readonly string[]): string[] {
  return ["-p", "-c", watched, "bash", ...args];
}
