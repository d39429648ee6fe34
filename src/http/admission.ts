import type { Refusal } from "./refusals.ts";

export interface AdmissionLimits {
  /** How many requests may be under way. */
  readonly inAll: number;
  readonly perCaller: number;
}

/** Lets so many requests in at once, in all and of each caller. */
export interface Admission {
  /**
   * Takes room for a request, or for as many as a batch holds.
   *
   * @returns what gives the room back, or why there is none
   */
  admit(caller: string, requests?: number): (() => void) | Refusal;
  readonly underWay: number;
}

export function createAdmission({ inAll, perCaller }: AdmissionLimits): Admission {
  const ofCaller = new Map<string, number>();
  let underWay = 0;

  const count = (caller: string, change: number) => {
    const left = (ofCaller.get(caller) ?? 0) + change;
    if (left === 0) ofCaller.delete(caller);
    else ofCaller.set(caller, left);
    underWay += change;
  };

  return {
    admit(caller, requests = 1) {
      if ((ofCaller.get(caller) ?? 0) + requests > perCaller) return tooManyOfCaller(perCaller);
      if (underWay + requests > inAll) return tooMany;
      count(caller, requests);
      let held = true;
      return () => {
        if (held) count(caller, -requests);
        held = false;
      };
    },
    get underWay() {
      return underWay;
    },
  };
}

const soon = { "retry-after": "1" };

const tooMany: Refusal = {
  reason: "busy",
  sentence: "This server has as many requests under way as it takes. Try again in a second.",
  headers: soon,
};

const tooManyOfCaller = (limit: number): Refusal => ({
  reason: "caller",
  sentence: `You have too many requests under way: this server takes ${limit} of one caller at once. Wait for answers, then try again.`,
  headers: soon,
});
