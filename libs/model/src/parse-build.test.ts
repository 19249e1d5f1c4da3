import { formatLocation } from "@pai/core";
import { expect, test } from "vitest";
import { parseService, type ServiceFiles } from "./parse-service.ts";
import type { Service } from "./service.ts";

const dockerfiles = new Map([
  [
    "hbase.dockerfile",
    `ARG BASE=debian
FROM \${BASE} AS Jars
ARG VERSION
RUN --mount=type=secret,id=npm-login,required --mount=type=secret,target=/x/other true
FROM scratch
`,
  ],
  ["tools.dockerfile", "FROM debian\nARG VERSION=1\n"],
]);

function read(build: string, args: NonNullable<ServiceFiles["args"]> = {}): Service {
  const serviceYaml = `build:\n${build.replaceAll(/^/gm, "  ")}\n`;
  return parseService({ name: "hbase", dockerfiles, serviceYaml, args, exists: () => true });
}
const findings = (build: string): string[] =>
  read(build).problems.map(({ message, location, hint }) =>
    [location ? formatLocation(location) : "", message, hint && `(${hint})`].filter(Boolean).join(" "),
  );

test("each image gets what its Dockerfile can take; what is said of one image goes before", () => {
  const { images, problems } = read(`args: {BASE: ubuntu, VERSION: 2, HTTP_PROXY: http://proxy}
target: jars
platform: linux/arm64
secrets: [npm-login]
epoch: 2026-11-27 security
images:
  tools: {args: {VERSION: "3.0"}, platform: linux/amd64}`);
  expect(problems).toEqual([]);
  expect(images.map(({ build }) => build)).toEqual([
    {
      args: { BASE: "ubuntu", VERSION: "2", HTTP_PROXY: "http://proxy" },
      target: "jars",
      platform: "linux/arm64",
      secrets: ["npm-login"],
      epoch: "2026-11-27 security",
    },
    {
      args: { VERSION: "3.0", HTTP_PROXY: "http://proxy" },
      platform: "linux/amd64",
      secrets: [],
      epoch: "2026-11-27 security",
    },
  ]);
});

test("an argument moves the base image, and the command line goes before the file", () => {
  const baseOf = ({ images }: Service): string | undefined => images[0]?.bases[0]?.reference;
  expect(baseOf(read("args: {BASE: ubuntu}"))).toBe("ubuntu");
  expect(baseOf(read("args: {BASE: ubuntu}", { BASE: "own" }))).toBe("own");
  expect(read("args: {BASE: ubuntu}", { OTHER: "1" }).images[1]?.build).toBeUndefined();
});

test("a service that only says how it is built is not deployed", () => {
  expect(read("epoch: 1").deploy).toBeUndefined();
  const started = { serviceYaml: "build: {epoch: 1}\nstart-script: start.sh\n" };
  expect(parseService({ name: "a", dockerfiles, exists: () => true, ...started }).deploy).toBeDefined();
});

test("the names that a Dockerfile takes are known", () => {
  expect(read("").images[0]?.names).toEqual({
    args: ["BASE", "VERSION"],
    stages: ["jars"],
    secrets: [
      { id: "npm-login", required: true, line: 4 },
      { id: "other", required: false, line: 4 },
    ],
  });
});

test.each([
  [
    "args: {NPM_TOKEN: abc}",
    "2:10 build.args.NPM_TOKEN would be kept in the image's history (list it under secrets and mount it: RUN --mount=type=secret,id=NPM_TOKEN)",
  ],
  ["args: {VERSION: 1.10}", "2:10 build.args.VERSION must be a text, not a number (put it in quotes)"],
  ["args: [VERSION=1]", "2:3 build.args must be a map, not a list"],
  [
    "args: {VERSON: a}",
    '2:10 build.args.VERSON is not used: no Dockerfile of the service declares ARG VERSON (did you mean "VERSION"?)',
  ],
  ["target: jar", '2:3 build.target is no stage: no Dockerfile of the service names "jar" (there is jars)'],
  [
    "secrets: [x]",
    '2:13 build.secrets[1] is not used: no Dockerfile of the service mounts the secret "x" (write there: RUN --mount=type=secret,id=x,required …)',
  ],
  [
    "secrets: [{a: b}]",
    "2:13 build.secrets[1] must be the id of a secret, such as npm-login; never the secret itself",
  ],
  ["platform: arm", "2:3 build.platform must be an operating system and a processor, such as linux/arm64"],
  [
    "tarGet: x",
    "2:3 build.tarGet is nothing that can be set (it has args, target, platform, secrets, epoch, reads, images)",
  ],
  ["images: {tool: {}}", '2:12 build.images.tool is no image of the service (did you mean "tools"?)'],
  [
    "images: {tools: {args: {BASE: x}}}",
    "2:27 build.images.tools.args.BASE is not used: the Dockerfile of tools does not declare ARG BASE (write there: ARG BASE)",
  ],
])("%s is told with its place", (build, expected) => {
  expect(findings(build)).toEqual([`src/hbase/deploy/service.yaml:${expected}`]);
});
