// Opens the thread of module-thread.ts and asks it for one phase after the other.
import { Worker } from "node:worker_threads";
import { PaiError } from "@pai/core";
import type { CodePhase } from "./code-failure.ts";
import type { ThreadData, ThreadMessage, ThreadRequest } from "./module-messages.ts";

type Done = Extract<ThreadMessage, { readonly type: "done" }>;

export interface ModuleThreadOptions {
  readonly data: ThreadData;
  /** For each module and phase. */
  readonly timeoutMs: number;
  readonly onPrinted: (service: string, line: string) => void;
  readonly signal: AbortSignal;
}

export interface ModuleThread {
  /** Throws CONFIG_INVALID, naming the module, when one does not end or ends the thread. */
  ask(request: ThreadRequest): Promise<Done>;
  close(): Promise<void>;
}

/** No configuration needs as much; without a limit, a module that collects for ever takes the machine with it. */
const limits = { maxOldGenerationSizeMb: 1024 };

export function openModuleThread(options: ModuleThreadOptions): ModuleThread {
  const { data, signal } = options;
  const worker = new Worker(new URL("./module-thread.ts", import.meta.url), {
    workerData: data,
    resourceLimits: limits,
    // Trees of services need no package.json that says "module": Node finds out by itself, and would tell each time.
    execArgv: [...process.execArgv, "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON"],
  });
  const { promise: gone, resolve } = Promise.withResolvers<void>();
  // Without a listener an error of the thread would be one of this process.
  worker.once("exit", () => resolve()).on("error", () => {});
  return {
    ask: (request) => {
      signal.throwIfAborted();
      return askFor(worker, request, options);
    },
    close: async () => {
      await worker.terminate();
      await gone;
    },
  };
}

function askFor(worker: Worker, request: ThreadRequest, options: ModuleThreadOptions): Promise<Done> {
  const { data, timeoutMs, onPrinted, signal } = options;
  const { promise, resolve, reject } = Promise.withResolvers<Done>();
  let at: { readonly service: string; readonly phase: CodePhase } | undefined;
  const fail = (says: string, more: { readonly cause?: unknown; readonly hint?: string } = {}): void => {
    const { service = "", phase = request.phase } = at ?? {};
    const file = data.services.find(({ name }) => name === service)?.file ?? "";
    const message = `${service}: ${file} (${phase}) ${says}`;
    reject(new PaiError("CONFIG_INVALID", message, { location: { file }, ...more }));
  };
  const hint = "code of a configuration must not wait for anything outside";
  const late = (): void => fail(`did not end within ${timeoutMs / 1000} s`, { hint });
  let limit: NodeJS.Timeout | undefined;
  const onMessage = (message: ThreadMessage): void => {
    if (message.type === "printed") onPrinted(message.service, message.line);
    else if (message.type === "done") resolve(message);
    else {
      at = message;
      clearTimeout(limit);
      limit = setTimeout(late, timeoutMs);
    }
  };
  let broken: { readonly cause: unknown } | undefined;
  const onError = (cause: unknown): void => void (broken = { cause });
  // An error can overtake the message that names the module; the end of the thread comes after both.
  const onExit = (): void => (broken ? fail("breaks the program", broken) : fail("ends the program"));
  const onAbort = (): void => reject(signal.reason as Error);
  signal.addEventListener("abort", onAbort, { once: true });
  worker.on("message", onMessage).on("error", onError).on("exit", onExit);
  worker.postMessage(request);
  return promise.finally(() => {
    clearTimeout(limit);
    signal.removeEventListener("abort", onAbort);
    worker.off("message", onMessage).off("error", onError).off("exit", onExit);
  });
}
