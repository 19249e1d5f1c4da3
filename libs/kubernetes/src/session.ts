// Connections with the credentials of a kubeconfig, which client-node knows how to get.
import type { KubeConfig, RequestContext } from "@kubernetes/client-node";
import type { Dispatcher } from "undici";

interface Session {
  readonly dispatcher: Dispatcher;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Sessions {
  /** The present one, or a new one when that has become too old. */
  open(): Promise<Session>;
  /** Its credentials are not accepted any more. */
  forget(): void;
  close(): Promise<void>;
}

// Tokens of exec plugins and service accounts expire; certificates may be replaced.
const credentialsAgeMs = 5 * 60_000;

export function createSessions(kubeConfig: KubeConfig): Sessions {
  let current: (Session & { readonly since: number }) | undefined;
  return {
    async open() {
      if (current && performance.now() - current.since < credentialsAgeMs) return current;
      const previous = current;
      current = { ...(await createSession(kubeConfig)), since: performance.now() };
      // Waits for what it still carries.
      void previous?.dispatcher.close();
      return current;
    },
    forget: () => {
      current = undefined;
    },
    close: async () => {
      await current?.dispatcher.destroy();
    },
  };
}

async function createSession(kubeConfig: KubeConfig): Promise<Session> {
  const headers: Record<string, string> = {};
  let dispatcher: Dispatcher | undefined;
  const context = {
    setHeaderParam: (name: string, value: string) => (headers[name.toLowerCase()] = value),
    setDispatcher: (value: Dispatcher) => (dispatcher = value),
  };
  await kubeConfig.applySecurityAuthentication(context as unknown as RequestContext);
  if (!dispatcher) {
    const { Agent } = await import("undici");
    dispatcher = new Agent();
  }
  return { dispatcher, headers };
}
