import { expect, test } from "vitest";
import { findCauses } from "./find-cause.ts";
import { containerStatus, event, evidence, image, pod } from "./fixtures.ts";
import type { Cause, Evidence, ObjectEvent } from "./types.ts";

const first = (about: Evidence): Cause | undefined => findCauses(about)[0];
const creating = { waiting: { reason: "ContainerCreating" } };

test("an image that is being pulled is told, and may take as long as it wants", () => {
  const starting = pod({ containerStatuses: [containerStatus(creating)] });
  const pulling = event("Pulling", 'Pulling image "a"', { type: "Normal", fieldPath: "spec.containers{c}" });
  const pulled = event("Pulled", 'Successfully pulled "a"', {
    type: "Normal",
    fieldPath: "spec.containers{c}",
  });
  const told = first(evidence([starting], { events: [pulling] }));
  expect(told?.text).toBe("image 127.0.0.1:5077/pai/a:1 is still being pulled");
  expect(told?.doomedAfterMs).toBeUndefined();
  expect(first(evidence([starting], { events: [pulled, pulling] }))).toBeUndefined();
});

const unauthorized =
  "pulling from host 127.0.0.1:5077 failed with status code [manifests 1]: 401 Unauthorized";
const insufficient =
  "pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed";
const noLogin =
  "pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials";
const refused = 'Head "http://127.0.0.1:40312/v2/a": dial tcp 127.0.0.1:40312: connect: connection refused';
const { time: now } = event("Failed", "");
const pulled = event("Failed", 'Failed to pull image "a"');
/** Looked for in vain, last so long before the last pull, and first so long before that. */
const lost = (beforePullMs: number, forMs: number): ObjectEvent =>
  event(
    "FailedToRetrieveImagePullSecret",
    "Unable to retrieve some image pull secrets (regsecret); attempting to pull the image may not succeed.",
    { time: now - beforePullMs, since: now - beforePullMs - forMs },
  );

test.each([
  [unauthorized, [], [], "gives no access to it; the pod names no pull secret", 0],
  [unauthorized, ["regsecret"], [], "gives no access to it with the pull secret regsecret", 10_000],
  [
    unauthorized,
    ["other", "regsecret"],
    [pulled, lost(100, 14_000)],
    "gives no access to it; the pull secret regsecret is missing",
    0,
  ],
  // It may be there at the next try,
  [
    unauthorized,
    ["regsecret"],
    [pulled, lost(100, 900)],
    "gives no access to it; the pull secret regsecret is missing",
    30_000,
  ],
  // and was then.
  [
    unauthorized,
    ["regsecret"],
    [pulled, lost(14_000, 900)],
    "gives no access to it with the pull secret regsecret",
    10_000,
  ],
  [noLogin, ["regsecret"], [], "gives no access to it with the pull secret regsecret", 10_000],
  [insufficient, [], [], "has no such repository, or gives no access to it; the pod names no pull secret", 0],
  [
    "unauthorized: authentication required",
    ["a", "b"],
    [],
    "gives no access to it with the pull secret a, b",
    10_000,
  ],
  // A port is no status.
  [refused, [], [], "does not answer: connection refused", 60_000],
])("%s, pull secrets %j", (message, secrets, events, says, patience) => {
  const denied = pod(
    { containerStatuses: [containerStatus({ waiting: { reason: "ErrImagePull", message } })] },
    secrets.length > 0 ? { imagePullSecrets: secrets.map((name) => ({ name })) } : {},
  );
  expect(first(evidence([denied], { events }))).toMatchObject({
    text: `image ${image}: the registry 127.0.0.1:5077 ${says}`,
    doomedAfterMs: patience,
  });
});
