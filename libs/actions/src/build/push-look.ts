// What the registries have of an image before anything is pushed.
import { PaiError } from "@pai/core";
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
  /** By host, what was said first of a registry that does not answer; one for the whole run. */
  readonly down: Map<string, PaiError>;
}

/** Asks for everything at once: a push of nothing is nothing but these questions. */
export function lookAtTargets(
  { image, tag }: ImageIdentity,
  { targets, tags, down }: LookAtTargetsOptions,
): Promise<Seen[]> {
  return Promise.all(
    targets.map(async (target) => {
      const asked = [tag, ...tags].map(async (each) => target.findDigest(image.name, each));
      const answers = await Promise.allSettled(asked);
      // The image's own question goes first, also in what is said of a registry that does not answer.
      const [digest, ...named] = answers.map((answer) => {
        if (answer.status === "rejected") throw sameForHost(down, target.registry.host, answer.reason);
        return answer.value;
      });
      return { target, digest, tags: new Map(tags.map((each, index) => [each, named[index]])) };
    }),
  );
}

/** All images that a dead registry stops fail with one error, which is told once. */
function sameForHost(down: Map<string, PaiError>, host: string, reason: unknown): unknown {
  if (!(reason instanceof PaiError) || reason.code !== "REGISTRY_UNREACHABLE") return reason;
  const first = down.get(host) ?? reason;
  down.set(host, first);
  return first;
}
