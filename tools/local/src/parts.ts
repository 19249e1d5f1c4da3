export type Look =
  | {
      readonly state: "healthy";
      readonly version?: string;
      readonly address?: string;
      readonly since?: string;
      /** `ours`: made by this stack and ended by `down`. `found`: somebody else's, used as it is. */
      readonly origin: "ours" | "found";
    }
  | { readonly state: "stopped" }
  | { readonly state: "unhealthy"; readonly reason: string };

export interface Step {
  /** Says what is being done now. */
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
}

/** One thing that the stack is made of. */
export interface Part {
  readonly name: string;
  readonly title: string;
  /** Parts that must be there first. */
  readonly needs: readonly string[];
  /** Changes nothing. */
  look(signal: AbortSignal): Promise<Look>;
  /** False when it runs, but not as this checkout would start it. */
  isCurrent?(): Promise<boolean>;
  /** Makes it healthy from any state; returns what was done, such as `installed`. */
  bring(step: Step): Promise<string>;
}
