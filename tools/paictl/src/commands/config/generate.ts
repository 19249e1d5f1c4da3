import path from "node:path";
import { command, type CommandContext } from "@pai/cli";
import type { SketchSettings } from "@pai/actions/config";
import { serviceOptions } from "../options.ts";

const text = (describe: string) => ({ type: "string", describe }) as const;

export const generate = command({
  command: "generate",
  describe: "write a complete configuration directory from a short list of machines",
  options: {
    input: { alias: "i", ...text("file with machines and, if you like, any of the settings below") },
    "output-path": {
      alias: "o",
      type: "string",
      default: "configuration",
      describe: "folder to write, relative to the root of the tree",
    },
    force: { alias: "f", type: "boolean", default: false, describe: "replace files that are there" },
    machines: {
      type: "string",
      array: true,
      describe: "machines as name=address, the master first; the name is that of the Kubernetes node",
    },
    registry: text("registry for the images as host:port, or public for Docker Hub"),
    "registry-namespace": text("namespace of the images there [pai]"),
    "registry-tag": text("tag of the images [latest]"),
    "registry-secret-name": text("name of the pull Secret [pai-secret]"),
    "api-server-url": text("address of the Kubernetes API server [https://<master>:6443]"),
    "cluster-id": text("id of the cluster [pai]"),
    "data-path": text("folder on the machines for the services' data [/datastorage]"),
    "service-cluster-ip-range": text("addresses of Kubernetes services [10.254.0.0/16]"),
    root: serviceOptions.root,
  },
  examples: [
    ["paictl config generate --machines m1=10.0.0.1 w1=10.0.0.2 --registry 10.0.0.1:5000", "two machines"],
    ["paictl config generate -i machines.yaml -o configuration", "from a file; asks for what is missing"],
  ],
  async run(options, { ask, print }) {
    const { generateConfiguration, readSketchFile, sketchCluster } = await import("@pai/actions/config");
    const root = path.resolve(options.root);
    const file = options.input === undefined ? {} : await readSketchFile(root, options.input);
    const settings = { ...file, ...given(options) };
    const sketch = sketchCluster(await complete(settings, ask));
    const folder = options["output-path"];
    const written = await generateConfiguration({ root, folder, sketch, force: options.force });
    for (const { file: name, outcome } of written)
      print(`  ${name.padEnd(48)}${outcome === "kept" ? "kept; -f replaces it" : "written"}`);
    print(`next: look at ${folder}/layout.yaml, then  paictl config validate -p ${folder}`);
  },
});

/** A flag that is not there must not hide what the file says. */
function given(options: SketchSettings): SketchSettings {
  const keys = [
    "machines",
    "registry",
    "registry-namespace",
    "registry-tag",
    "registry-secret-name",
    "api-server-url",
    "cluster-id",
    "data-path",
    "service-cluster-ip-range",
  ] as const;
  return Object.fromEntries(keys.flatMap((key) => (options[key] === undefined ? [] : [[key, options[key]]])));
}

/** What nobody can guess is asked for. */
async function complete(settings: SketchSettings, ask: CommandContext["ask"]): Promise<SketchSettings> {
  const machines =
    settings.machines ??
    (await ask("Machines as name=address, the master first:", "--machines m1=10.0.0.1 w1=10.0.0.2")).split(
      /[\s,]+/,
    );
  const registry =
    settings.registry ?? (await ask("Registry for the images, host:port or public:", "--registry host:port"));
  return { ...settings, machines, registry };
}
