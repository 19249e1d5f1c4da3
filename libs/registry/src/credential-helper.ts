import { execFile } from "node:child_process";
import { PaiError } from "@pai/core";
import type { Credentials } from "./credentials.ts";

/** Asks `docker-credential-<helper>`; undefined when it knows nothing of the server. */
export async function runCredentialHelper(options: {
  readonly helper: string;
  readonly server: string;
  readonly signal: AbortSignal;
}): Promise<Credentials | undefined> {
  const program = `docker-credential-${options.helper}`;
  const doing = `get the credentials of ${options.server} from ${program}`;
  const { failure, stdout } = await new Promise<{ failure: Error | null; stdout: string }>((resolve) => {
    const child = execFile(program, ["get"], { signal: options.signal, timeout: 30_000 }, (error, out) =>
      resolve({ failure: error, stdout: out }),
    );
    // A helper that ends without reading closes the pipe; its exit code says what matters.
    child.stdin?.on("error", () => undefined).end(options.server);
  });
  if (failure) {
    options.signal.throwIfAborted();
    // The helpers' protocol: this text on stdout means that there is no entry, which is no failure.
    if (stdout.includes("credentials not found")) return undefined;
    // Its output may hold what it found so far: only the way it ended is shown.
    const ended = "code" in failure ? `it ended with ${String(failure.code)}` : "it was ended";
    throw new PaiError("REGISTRY_DENIED", doing, {
      cause: new Error(ended),
      hint: `run: echo ${options.server} | ${program} get`,
    });
  }
  return parseHelperAnswer(stdout, doing);
}

function parseHelperAnswer(stdout: string, doing: string): Credentials {
  let answer: { Username?: unknown; Secret?: unknown } = {};
  try {
    answer = JSON.parse(stdout) as typeof answer;
  } catch {
    // Falls through: the text may hold the secret and is not repeated.
  }
  const { Username: username, Secret: secret } = answer;
  if (typeof username !== "string" || typeof secret !== "string")
    throw new PaiError("REGISTRY_DENIED", doing, {
      cause: new Error("its answer is not Username and Secret"),
    });
  return username === "<token>" ? { identityToken: secret } : { username, password: secret };
}
