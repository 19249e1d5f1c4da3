import type { RegistryCredentials } from "./buildkit/session.ts";
import type { Engine } from "./engine/connect.ts";
import { engineText, requestEngine, statusOf } from "./engine/request.ts";
import { engineFailure } from "./image-store.ts";
import { registryAuthHeader } from "./registry-auth.ts";

export type RemoteDigest =
  | { readonly found: true; readonly digest: string }
  /** In the words of the engine or the registry. */
  | { readonly found: false; readonly reason: Error };

/**
 * What a reference means in its registry now. The engine asks, as it would be the one to pull: its mirrors,
 * proxies and insecure registries are in force.
 */
export async function findRemoteDigest(
  engine: Engine,
  options: {
    readonly reference: string;
    readonly credentials: RegistryCredentials | undefined;
    readonly signal: AbortSignal;
  },
): Promise<RemoteDigest> {
  const { reference, credentials, signal } = options;
  const path = `/distribution/${reference}/json`;
  try {
    const auth = registryAuthHeader(credentials);
    const answer = await requestEngine(engine.docker, { method: "GET", path, auth, signal });
    return { found: true, digest: (answer as { Descriptor: { digest: string } }).Descriptor.digest };
  } catch (error) {
    if (signal.aborted || statusOf(error) === undefined)
      throw engineFailure(engine, `look for image ${reference}`, error, signal);
    return { found: false, reason: new Error(engineText(error)) };
  }
}
