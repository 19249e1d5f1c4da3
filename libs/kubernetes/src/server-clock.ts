// The server dates objects and events by its own clock, which may be minutes away from the one here.

export interface ServerClock {
  /** The `date` header of an answer that has just come. */
  see(header: string | string[] | undefined): void;
  readonly now: () => Date;
}

export function createServerClock(here: () => number = Date.now): ServerClock {
  // Headers are whole seconds, rounded down, and late by the time of the answer: the largest is nearest.
  let ahead: number | undefined;
  return {
    see: (header) => {
      const difference = Date.parse(String(header)) - here();
      if (Number.isFinite(difference)) ahead = Math.max(ahead ?? -Infinity, difference);
    },
    now: () => new Date(here() + (ahead ?? 0)),
  };
}
