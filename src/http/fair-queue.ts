import type { Turn } from "../quay/client.ts";
import { QuayError } from "../quay/errors.ts";

export interface FairQueueLimits {
  /** How many requests may be under way to Quay. */
  readonly inAll: number;
  /** How many of them may be one caller's: the others find room at once while it floods. */
  readonly perCaller: number;
  /** How many more requests of one caller may wait; those that come after them are refused. */
  readonly waitingPerCaller: number;
}

/** Lets requests go to Quay in turns: each caller's in their order, one of every waiting caller before a second of any. */
export interface FairQueue {
  /** @throws QuayError of the kind `busy` where too many of the caller's wait already */
  takeTurn(caller: string): Turn;
  readonly underWay: number;
  readonly waiting: number;
}

interface Lane {
  underWay: number;
  /** What begins each waiting turn, in the order of coming. */
  readonly waiting: Set<() => void>;
}

export function createFairQueue({ inAll, perCaller, waitingPerCaller }: FairQueueLimits): FairQueue {
  /** The callers that have anything under way or waiting. */
  const lanes = new Map<string, Lane>();
  /** The callers that would send now if there were room, in the order of their turns. */
  const next = new Set<string>();
  let underWay = 0;
  let waiting = 0;

  function laneOf(caller: string): Lane {
    const lane = lanes.get(caller) ?? { underWay: 0, waiting: new Set() };
    lanes.set(caller, lane);
    return lane;
  }

  /** Puts a caller behind the others, or out of the row where nothing of it could be sent. */
  function queueUp(caller: string, lane: Lane): void {
    if (lane.waiting.size === 0 || lane.underWay >= perCaller) next.delete(caller);
    else next.add(caller);
    if (lane.waiting.size === 0 && lane.underWay === 0) lanes.delete(caller);
  }

  function beginNext(): void {
    for (const caller of next) {
      if (underWay >= inAll) return;
      const lane = laneOf(caller);
      const [begin] = lane.waiting;
      if (begin === undefined) continue;
      lane.waiting.delete(begin);
      waiting -= 1;
      lane.underWay += 1;
      underWay += 1;
      next.delete(caller);
      queueUp(caller, lane);
      begin();
    }
  }

  function takeTurn(caller: string): Turn {
    const lane = laneOf(caller);
    const hasRoom = underWay < inAll && lane.underWay < perCaller;
    if (!hasRoom && lane.waiting.size >= waitingPerCaller) {
      queueUp(caller, lane);
      throw tooManyWaiting(lane.waiting.size);
    }
    let [isUnderWay, isDone] = [false, false];
    let tell = () => {};
    const begin = () => {
      isUnderWay = true;
      tell();
    };
    lane.waiting.add(begin);
    waiting += 1;
    queueUp(caller, lane);
    beginNext();
    const ready = isUnderWay ? undefined : new Promise<void>((resolve) => (tell = resolve));
    const done = () => {
      if (isDone) return;
      isDone = true;
      if (isUnderWay) {
        lane.underWay -= 1;
        underWay -= 1;
      } else {
        lane.waiting.delete(begin);
        waiting -= 1;
      }
      queueUp(caller, lane);
      beginNext();
    };
    return { ready, done };
  }

  return {
    takeTurn,
    get underWay() {
      return underWay;
    },
    get waiting() {
      return waiting;
    },
  };
}

function tooManyWaiting(waiting: number): QuayError {
  return new QuayError({
    kind: "busy",
    message: `${waiting} requests of this caller wait for their turn at Quay already.`,
    hint: "Nothing was sent. Wait for their answers, then call again, and make fewer calls at once.",
  });
}
