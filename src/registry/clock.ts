/** The time in the registry: the machine's, or one that tests set and that then goes on from there. */

export interface Clock {
  readonly now: () => Date;
  readonly set: (now: Date) => void;
  readonly reset: () => void;
}

/** @param base the clock that goes on underneath */
export function createClock(base: () => Date): Clock {
  let ahead = 0;
  return {
    now: () => new Date(base().getTime() + ahead),
    set(now) {
      ahead = now.getTime() - base().getTime();
    },
    reset() {
      ahead = 0;
    },
  };
}
