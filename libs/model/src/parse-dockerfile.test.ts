import { expect, test } from "vitest";
import { parseDockerfile } from "./parse-dockerfile.ts";

const basesOf = (text: string): string[] =>
  parseDockerfile(text).bases.map(({ reference, line }) => `${line} ${reference}`);
const pathsOf = (text: string): readonly string[] => parseDockerfile(`FROM scratch\n${text}`).contextPaths;

test("lists the bases of all stages, without scratch and own stages", () => {
  const text = `
# a comment
FROM --platform=linux/amd64 maven:3 AS Jars
from debian AS base
FROM scratch
FROM base
COPY --from=jars /a /a
COPY --from=0 /b /b
COPY --chown=1 --from=tools:2 /c /c
RUN --mount=type=cache,target=/x --mount=type=bind,from=mounted,target=/y make
`;
  expect(basesOf(text)).toEqual(["3 maven:3", "4 debian", "9 tools:2", "10 mounted"]);
});

test("fills in the defaults of ARGs before the first FROM", () => {
  const text = `ARG REGISTRY=registry.example:5000
ARG VERSION="3.9" IMAGE=\${REGISTRY}/maven
FROM $IMAGE:\${VERSION}
ARG VERSION=4
FROM maven:\${VERSION:-9}
FROM \${NONE:-debian}\${VERSION:+-slim}
`;
  expect(basesOf(text)).toEqual(["3 registry.example:5000/maven:3.9", "5 maven:3.9", "6 debian-slim"]);
});

test("an ARG without a value is a problem that names it", () => {
  expect(parseDockerfile("ARG BASE\nFROM $BASE\n").problems).toEqual([
    { line: 2, message: "FROM $BASE: no ARG before it gives BASE a value" },
  ]);
});

test("a base that depends on the platform is left open", () => {
  expect(parseDockerfile("FROM tools-$TARGETARCH\n")).toMatchObject({ bases: [], problems: [] });
});

test("continuation lines and comments between them belong to one instruction", () => {
  expect(basesOf("FROM \\\n# why\n  debian\\\n:12 \\\n\nAS x\nCOPY \\\n  --from=y /a /b\n")).toEqual([
    "1 debian:12",
    "7 y",
  ]);
});

test("the escape directive changes what continues a line", () => {
  expect(basesOf("# escape=`\nFROM `\n  windows\nRUN dir C:\\\nFROM debian\n")).toEqual([
    "2 windows",
    "5 debian",
  ]);
});

test("what stands in heredocs is no instruction", () => {
  const text = `FROM a
RUN <<EOF cat <<-"END" > /x
FROM b
EOF
FROM c
	END
RUN echo "x <<EOF" && cat <<<word $((1<<2))
FROM d
`;
  expect(basesOf(text)).toEqual(["1 a", "8 d"]);
});

test("a heredoc that is never closed is a problem", () => {
  expect(parseDockerfile("FROM a\nRUN <<EOF\ntrue\n").problems).toEqual([
    { line: 2, message: 'heredoc "EOF" is never closed' },
  ]);
});

test.each([
  ["", { line: 1, message: "there is no FROM" }],
  ["RUN true\nFROM a\n", { line: 1, message: "RUN stands before the first FROM" }],
  ["FROM\n", { line: 1, message: "FROM names no image" }],
])("%j has a problem", (text, problem) => {
  expect(parseDockerfile(text).problems).toEqual([problem]);
});

test("carriage returns and a byte order mark are no part of a name", () => {
  expect(basesOf("\uFEFFFROM debian\r\nCOPY --from=x /a /b\r\n")).toEqual(["1 debian", "2 x"]);
});

test("lists what is copied from the context", () => {
  const text = `COPY build/start.sh ./build/conf /opt/
COPY --chown=1:1 ["build/with space", "/x"]
COPY --from=other /not /this
ADD https://example.org/x.tar deploy/*.yaml dependency/ai/ /y/
COPY <<EOF /z
EOF
RUN --mount=type=bind,source=pom.xml,target=/pom.xml --mount=type=cache,target=/m2 mvn
`;
  expect(pathsOf(text)).toEqual([
    "build/start.sh",
    "build/conf",
    "build/with space",
    "deploy",
    "dependency/ai",
    "pom.xml",
  ]);
});

test.each(["COPY . /app", "COPY *.sh /app/", "ADD $FILES /app", "RUN --mount=target=/src make"])(
  "%s reads the whole context",
  (text) => {
    expect(pathsOf(text)).toEqual(["."]);
  },
);
