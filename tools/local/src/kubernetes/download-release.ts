import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { chmod, mkdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { PaiError } from "@pai/core";
import type { Step } from "../parts.ts";

const architecture = process.arch === "x64" ? "amd64" : process.arch;
const urlOf = (version: string, program: string): string =>
  `https://dl.k8s.io/release/v${version}/bin/linux/${architecture}/${program}`;

/** Whether the official site serves this version, asked for at most five seconds. */
export async function releaseAnswers(version: string, signal: AbortSignal): Promise<boolean> {
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(5_000)]);
    const answer = await fetch(`${urlOf(version, "kubectl")}.sha256`, { signal: limit });
    return answer.ok && /^[0-9a-f]{64}\s*$/.test(await answer.text());
  } catch {
    signal.throwIfAborted();
    return false;
  }
}

export interface ReleaseDownload {
  readonly version: string;
  readonly programs: readonly string[];
  readonly folder: string;
  /** For the unfinished ones; on the same file system. */
  readonly work: string;
  readonly step: Step;
}

export async function downloadRelease({
  version,
  programs,
  folder,
  work,
  step,
}: ReleaseDownload): Promise<void> {
  for (const [index, program] of programs.entries()) {
    step.say(`downloading ${program} (${index + 1} of ${programs.length})`);
    await download(urlOf(version, program), path.join(work, program), step.signal);
  }
  await mkdir(path.dirname(folder), { recursive: true });
  await rm(folder, { recursive: true, force: true });
  await rename(work, folder);
}

async function download(url: string, file: string, signal: AbortSignal): Promise<void> {
  const wanted = (await (await fetchWhole(`${url}.sha256`, signal)).text()).trim();
  const { body } = await fetchWhole(url, signal);
  if (!body) throw new PaiError("LOCAL_STACK", `download ${url}: the answer is empty`);
  const hash = createHash("sha256");
  const measure = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  await pipeline(Readable.fromWeb(body), measure, createWriteStream(file), { signal });
  const found = hash.digest("hex");
  if (found !== wanted)
    throw new PaiError("LOCAL_STACK", `download ${url}: its SHA-256 is ${found}, published is ${wanted}`);
  await chmod(file, 0o755);
}

async function fetchWhole(url: string, signal: AbortSignal): Promise<Response> {
  const answer = await fetch(url, { signal });
  if (!answer.ok) throw new PaiError("LOCAL_STACK", `download ${url}: the answer is ${answer.status}`);
  return answer;
}
