import { mkdir, rename } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { PaiError } from "@pai/core";
import { whichCommand } from "../commands.ts";
import type { Step } from "../parts.ts";
import { runCommand } from "../run-command.ts";

const GO_AT_LEAST = [1, 24] as const;

export interface SourceBuild {
  readonly version: string;
  readonly moduleFolder: string;
  /** Where the program goes; it is there whole or not at all. */
  readonly file: string;
  /** For the unfinished one; on the same file system. */
  readonly work: string;
  readonly step: Step;
}

export async function buildFromSource({
  version,
  moduleFolder,
  file,
  work,
  step,
}: SourceBuild): Promise<void> {
  const go = await requireGo();
  const [major, minor] = version.split(".");
  const stamp = "k8s.io/component-base/version";
  const flags = [
    "-s",
    "-w",
    "-X",
    `${stamp}.gitVersion=v${version}`,
    "-X",
    `${stamp}.gitMajor=${major}`,
    "-X",
    `${stamp}.gitMinor=${minor}`,
  ];
  await mkdir(path.dirname(file), { recursive: true });
  const unfinished = path.join(work, "kubernetes");
  // Go keeps its caches below HOME, which a bare CI job may lack.
  const env = {
    HOME: homedir(),
    ...process.env,
    CGO_ENABLED: "0",
    GOOS: "linux",
    GOFLAGS: "",
    GOWORK: "off",
  };
  const run = { cwd: moduleFolder, env, signal: step.signal };
  try {
    step.say("fetching sources");
    let fetched = 0;
    const onLine = (line: string): void => {
      if (line.startsWith("go: downloading")) step.say(`fetching sources, module ${++fetched}`);
    };
    const packages = await runCommand([go, "list", "-deps", "."], { ...run, onLine });
    const total = packages.split("\n").length;
    let built = 0;
    step.say("building from source");
    const build = [go, "build", "-v", "-trimpath", "-o", unfinished, "-ldflags", flags.join(" "), "."];
    // What runs beside it is short and waited for: it goes first.
    await runCommand(["nice", ...build], {
      ...run,
      // `go build -v` names each package as it begins to compile it.
      onLine: () => step.say(`building from source, package ${++built} of about ${total}`),
    });
    await rename(unfinished, file);
  } catch (error) {
    step.signal.throwIfAborted();
    throw new PaiError("LOCAL_STACK", `build Kubernetes ${version} from its Go modules`, {
      cause: error,
      hint: "is the Go module proxy reachable (GOPROXY)? Or name a folder with the programs: pai-local up --kubernetes-binaries DIR",
    });
  }
}

async function requireGo(): Promise<string> {
  const go = await whichCommand("go");
  const wanted = GO_AT_LEAST.join(".");
  const version = go ? /go(\d+)\.(\d+)/.exec(await runCommand([go, "env", "GOVERSION"])) : undefined;
  const [major, minor] = [Number(version?.[1]), Number(version?.[2])];
  if (go && (major > GO_AT_LEAST[0] || (major === GO_AT_LEAST[0] && minor >= GO_AT_LEAST[1]))) return go;
  throw new PaiError(
    "LOCAL_STACK",
    `get Kubernetes: dl.k8s.io does not answer, and ${version ? `Go ${major}.${minor} is too old` : "there is no Go"} to build it from source`,
    {
      hint: [
        `install Go ${wanted} or newer (https://go.dev/dl, or Debian's golang-1.24 from bookworm-backports),`,
        "or name a folder with the programs: pai-local up --kubernetes-binaries DIR,",
        "or a cluster that exists:           pai-local up --kubeconfig FILE",
      ].join("\n"),
    },
  );
}
