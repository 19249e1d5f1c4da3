// Runs once before the tasks of an nx command are hashed, and never fails: an exception here ends the run.
import { randomUUID } from "node:crypto";
import { readdirSync } from "node:fs";
import path from "node:path";
import type { PreTasksExecution } from "@nx/devkit";
import { imageNameOf } from "@pai/model";
import { imageVariable } from "../image-variable.ts";
import type { PluginOptions } from "../options.ts";
import { nextTokens, readTokens, writeTokens } from "./tokens.ts";

/** A registry that does not answer must not hold up commands that have nothing to do with it. */
const answerWithinMs = 10_000;

/** Sets the variables of all images of the tree. */
export const beforeTasks: PreTasksExecution<PluginOptions> = async (options, { workspaceRoot, argv }) => {
  const images = findImages(workspaceRoot);
  if (images.length === 0) return;
  const configuration =
    configurationIn(argv) ?? options?.config ?? process.env.PAI_CONFIGURATION ?? "configuration";
  const file = path.join(dataFolder(workspaceRoot), "pai-images.json");
  // Tasks are processes of their own, and most of what they do first is to compile the same files again.
  process.env.NODE_COMPILE_CACHE ??= path.join(dataFolder(workspaceRoot), "compiled");
  const known = asksAnew(argv) ? {} : readTokens(file);
  const tokens = await look(workspaceRoot, configuration, images, known);
  for (const [image, { token }] of Object.entries(tokens)) process.env[imageVariable(image)] = token;
  try {
    writeTokens(file, tokens);
  } catch {
    // The next command then asks with new tokens.
  }
};

async function look(
  root: string,
  configuration: string,
  images: readonly string[],
  known: ReturnType<typeof readTokens>,
): Promise<ReturnType<typeof readTokens>> {
  const newToken = (): string => randomUUID();
  try {
    const { findPresentImages, readReceipt } = await import("@pai/actions/receipts");
    const receipts = new Map(
      images.flatMap((image): [string, string][] => {
        const receipt = readReceipt(root, image);
        return receipt ? [[image, receipt.reference]] : [];
      }),
    );
    const built = images.flatMap((image) => {
      const references = [receipts.get(image) ?? [], Object.keys(known[image]?.references ?? {})].flat();
      return receipts.has(image) ? [...new Set(references)].map((reference) => ({ image, reference })) : [];
    });
    const signal = AbortSignal.timeout(answerWithinMs);
    const present = await findPresentImages({ root, configuration, built, signal });
    return nextTokens(images, known, { receipts, present, newToken });
  } catch {
    return nextTokens(images, {}, { receipts: new Map(), present: new Map(), newToken });
  }
}

/** By the names of the Dockerfiles alone: reading them would take as long as the graph does. */
function findImages(root: string): string[] {
  return entriesOf(path.join(root, "src")).flatMap((service) =>
    entriesOf(path.join(root, "src", service, "build"))
      .filter((name) => name.endsWith(".dockerfile"))
      .map(imageNameOf),
  );
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Nx would answer the second such run with what it kept of the first. */
function asksAnew(argv: readonly string[]): boolean {
  return argv.some((word) => ["--no-cache", "--cache=false", "--pull", "--pull=true"].includes(word));
}

function configurationIn(argv: readonly string[]): string | undefined {
  const index = argv.findIndex((word) => word === "--config" || word.startsWith("--config="));
  const word = argv[index];
  return word === "--config" ? argv[index + 1] : word?.slice("--config=".length);
}

function dataFolder(root: string): string {
  return process.env.NX_WORKSPACE_DATA_DIRECTORY ?? path.join(root, ".nx/workspace-data");
}
