import { parseService } from "@pai/model";
import { expect, test } from "vitest";
import type { PlannedService } from "./plan.ts";
import { findMissingScript } from "./script.ts";

function planned(serviceYaml: string, files: PlannedService["files"]): PlannedService {
  const service = parseService({ name: "a", dockerfiles: new Map(), serviceYaml, exists: () => false });
  return { name: "a", service, files };
}

const file = (name: string): PlannedService["files"][number] => ({
  name,
  content: Buffer.of(),
  mode: 0o755,
});

test("a script that service.yaml names and nobody wrote is told with its line", () => {
  const service = planned("start-script: start.sh\nrefresh-script: refresh.sh\n", [file("start.sh")]);
  expect(findMissingScript(service, "start")).toBeUndefined();
  expect(findMissingScript(service, "stop")).toBeUndefined();
  expect(findMissingScript(service, "refresh")).toMatchObject({
    code: "CONFIG_INVALID",
    message: "a: refresh-script is refresh.sh, but src/a/deploy/refresh.sh does not exist",
    location: { file: "src/a/deploy/service.yaml", line: 2 },
  });
});

test("a script may be named with ./ and lie behind a link", () => {
  const link = { ...file("shared"), link: "../../shared" };
  const service = planned("start-script: ./start.sh\nstop-script: shared/stop.sh\n", [
    file("start.sh"),
    link,
  ]);
  expect(findMissingScript(service, "start")).toBeUndefined();
  expect(findMissingScript(service, "stop")).toBeUndefined();
});
