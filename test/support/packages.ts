import { packagesPart, type Need } from "../../tools/local/src/packages.ts";

/** Debian packages that the stack does without, as it installs its own; those that are there cost nothing. */
export async function installPackages(needs: readonly Need[]): Promise<void> {
  const signal = AbortSignal.timeout(240_000);
  const part = packagesPart(() => Promise.resolve(needs));
  if ((await part.look(signal)).state !== "healthy") await part.bring({ say: () => undefined, signal });
}
