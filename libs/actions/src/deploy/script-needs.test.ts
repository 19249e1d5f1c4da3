import { PaiError } from "@pai/core";
import type { Service } from "@pai/model";
import { expect, test } from "vitest";
import type { PlannedService } from "./plan-service.ts";
import { refuseUnrendered, scriptNeeds } from "./script-needs.ts";

function planned(
  files: Readonly<Record<string, string>>,
  unrendered: readonly string[] = [],
): PlannedService {
  const scripts = { stop: { name: "stop.sh", line: 1 }, delete: { name: "./delete.sh", line: 2 } };
  return {
    name: "a",
    service: { name: "a", folder: "src/a", deploy: { file: "", scripts } } as unknown as Service,
    files: Object.entries(files).map(([name, text]) => ({ name, content: Buffer.from(text), mode: 0o644 })),
    unrendered: new Map(
      unrendered.map((name) => [name, new PaiError("TEMPLATE_INVALID", `render ${name}: no`)]),
    ),
  };
}

const folder = {
  "stop.sh": "kubectl delete ds a\n",
  "delete.sh": "bash stop.sh\nkubectl create configmap c --from-file=conf/\nkubectl apply -f delete.yaml\n",
  "a.yaml": "",
  "delete.yaml": "",
  "conf/x.xml": "",
  "conf/x.xml.template": "",
};

test("a script uses what it names, and what the scripts that it calls name", () => {
  expect([...scriptNeeds(planned(folder), "stop")]).toEqual(["stop.sh"]);
  expect([...scriptNeeds(planned(folder), "delete")].toSorted()).toEqual([
    "conf/x.xml",
    "delete.sh",
    "delete.yaml",
    "stop.sh",
  ]);
  const all = planned({ ...folder, "stop.sh": "kubectl delete -f . || exit 1\n" });
  expect([...scriptNeeds(all, "stop")]).toContain("a.yaml");
});

test("what could not be rendered stops only a script that uses it", () => {
  const { "delete.yaml": _, ...rest } = folder;
  const broken = planned(rest, ["delete.yaml"]);
  expect(refuseUnrendered(broken, "stop").map(({ name }) => name)).toEqual(["delete.yaml"]);
  expect(() => refuseUnrendered(broken, "delete")).toThrow("render delete.yaml: no");
  const { "stop.sh": __, ...others } = folder;
  expect(() => refuseUnrendered(planned(others, ["stop.sh"]), "stop")).toThrow("render stop.sh: no");
});
