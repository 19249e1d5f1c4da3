// What the registries have of an image before anything is pushed.
import { PaiError } from "@pai/core";
import { LoginRefused } from "@pai/registry";
import type { ImageIdentity } from "./identity.ts";
import type { PushTarget } from "./push-targets.ts";

export interface Seen {
  readonly target: PushTarget;
  /** Of the image with this content; undefined when the target lacks it. */
  readonly digest: string | undefined;
  /** What the release tags name. */
  readonly tags: ReadonlyMap<string, string | undefined>;
}

interface LookAtTargetsOptions {
  readonly targets: readonly PushTarget[];
  readonly tags: readonly string[];
  /** By host, what was said first of a registry that no image gets into; one for the whole run. */
  readonly closed: ClosedHosts;
}

/** Asks for everything at once: a push of nothing is nothing but these questions. */
export function lookAtTargets(
  { image, tag }: ImageIdentity,
  { targets, tags, closed }: LookAtTargetsOptions,
): Promise<Seen[]> {
  return Promise.all(
    targets.map(async (target) => {
      const asked = [tag, ...tags].map(async (each) => target.findDigest(image.name, each));
      const answers = await Promise.allSettled(asked);
      // The image's own question goes first, also in what is said of a registry that lets nothing in.
      const [digest, ...named] = answers.map((answer) => {
        if (answer.status === "rejected") throw sameForHost(closed, target.registry.host, answer.reason);
        return answer.value;
      });
      return { target, digest, tags: new Map(tags.map((each, index) => [each, named[index]])) };
    }),
  );
}

/** Of each host, the first error of each code. */
export type ClosedHosts = Map<string, PaiError>;

/** All images that a dead registry stops, or one that refuses the login, fail with one error, which is told once. */
export function sameForHost(closed: ClosedHosts, host: string, reason: unknown): unknown {
  if (!(reason instanceof PaiError)) return reason;
  if (reason.code !== "REGISTRY_UNREACHABLE" && !(reason instanceof LoginRefused)) return reason;
  const key = `${host} ${reason.code}`;
  const first = closed.get(key) ?? reason;
  closed.set(key, first);
  return first;
}
