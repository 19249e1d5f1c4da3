/**
 * The first SIGINT, SIGTERM or SIGHUP aborts the signal, so that the command can end what it started; a
 * third one ends the process at once. (Nx sends SIGTERM twice on one Ctrl-C.)
 */
export function abortOnSignals(): { readonly signal: AbortSignal; readonly dispose: () => void } {
  const controller = new AbortController();
  let received = 0;
  const onSignal = (): void => {
    received += 1;
    if (received === 1) controller.abort();
    if (received > 2) process.exit(130);
  };
  // After Ctrl-C the terminal may be gone; a failing write must not cut the clean-up short.
  const onWriteError = (): void => undefined;
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const name of signals) process.on(name, onSignal);
  process.stdout.on("error", onWriteError);
  process.stderr.on("error", onWriteError);
  return {
    signal: controller.signal,
    dispose: () => {
      for (const name of signals) process.off(name, onSignal);
      process.stdout.off("error", onWriteError);
      process.stderr.off("error", onWriteError);
    },
  };
}
