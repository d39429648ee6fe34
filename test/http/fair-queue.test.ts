import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createFairQueue } from "../../src/http/fair-queue.ts";
import type { Turn } from "../../src/quay/client.ts";

const limits = { inAll: 2, perCaller: 2, waitingPerCaller: 10 };

/** Takes turns that note their names when they begin. */
function notebook(queue = createFairQueue(limits)) {
  const begun: string[] = [];
  const take = (caller: string, name = caller): Turn => {
    const turn = queue.takeTurn(caller);
    if (turn.ready === undefined) begun.push(name);
    else void turn.ready.then(() => begun.push(name));
    return turn;
  };
  return { queue, begun, take };
}

/** Everything that was promised has been told. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("the queue of requests to Quay", () => {
  it("lets a request go at once where there is room", () => {
    const { queue, begun, take } = notebook();
    take("a");
    take("b");
    expect(begun).toEqual(["a", "b"]);
    expect(queue).toMatchObject({ underWay: 2, waiting: 0 });
  });

  it("takes one of each waiting caller before a second of any", async () => {
    const { begun, take } = notebook(createFairQueue({ ...limits, inAll: 1 }));
    const names = ["a1", "a2", "a3", "a4", "b1", "b2", "c1"];
    const turns = new Map(names.map((name) => [name, take(name[0]!, name)]));
    for (let count = 1; count <= names.length; count++) {
      await settled();
      expect(begun.length).toBe(count);
      turns.get(begun.at(-1)!)?.done();
    }
    expect(begun).toEqual(["a1", "a2", "b1", "c1", "a3", "b2", "a4"]);
  });

  it("keeps room for others while one caller floods it", () => {
    const { begun, take } = notebook(createFairQueue({ ...limits, inAll: 4 }));
    for (let count = 0; count < 8; count++) take("flood");
    take("other");
    expect(begun).toEqual(["flood", "flood", "other"]);
  });

  it("refuses what comes after the last place of its caller, and says what to do", () => {
    const { take } = notebook(createFairQueue({ inAll: 1, perCaller: 1, waitingPerCaller: 2 }));
    for (let count = 0; count < 3; count++) take("flood");
    expect(() => take("flood")).toThrow("2 requests of this caller wait for their turn at Quay already.");
    expect(take("other").ready).toBeInstanceOf(Promise);
  });

  it("forgets a caller whose request was refused", () => {
    const { queue, take } = notebook(createFairQueue({ inAll: 1, perCaller: 1, waitingPerCaller: 0 }));
    const turn = take("a");
    expect(() => take("b")).toThrow("0 requests");
    turn.done();
    expect(queue).toMatchObject({ underWay: 0, waiting: 0 });
    expect(take("b").ready).toBeUndefined();
  });

  it("is left by who gives up, and the next moves up", async () => {
    const { queue, begun, take } = notebook(createFairQueue({ ...limits, inAll: 1 }));
    const [first, second] = [take("a", "first"), take("a", "second")];
    take("a", "third");
    second.done();
    expect(queue.waiting).toBe(1);
    first.done();
    await settled();
    expect(begun).toEqual(["first", "third"]);
  });

  it("counts a turn's end once", () => {
    const { queue, take } = notebook();
    const turn = take("a");
    take("b");
    turn.done();
    turn.done();
    expect(queue.underWay).toBe(1);
  });
});

/** What callers do in any order: come, are answered, give up. */
const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("come" as const), caller: fc.constantFrom("a", "b", "c", "d") }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("answered" as const), which: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("given up" as const), which: fc.nat() }) },
);

interface Come {
  readonly caller: string;
  readonly number: number;
  readonly turn: Turn;
  begun: boolean;
}

describe("whatever callers do", () => {
  it("no limit is passed, none waits while there is room, each goes in its order, and nothing is lost", async () => {
    const shape = fc.record({
      inAll: fc.integer({ min: 1, max: 5 }),
      perCaller: fc.integer({ min: 1, max: 5 }),
      waitingPerCaller: fc.integer({ min: 0, max: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(shape, fc.array(step, { maxLength: 60 }), async (shaped, steps) => {
        const queue = createFairQueue(shaped);
        let open: Come[] = [];
        const last = new Map<string, number>();
        const begin = (come: Come) => {
          come.begun = true;
          expect(come.number).toBeGreaterThan(last.get(come.caller) ?? -1);
          last.set(come.caller, come.number);
        };
        const end = (come: Come | undefined) => {
          come?.turn.done();
          open = open.filter((each) => each !== come);
        };
        const among = (begun: boolean, which: number) => {
          const those = open.filter((each) => each.begun === begun);
          return those[which % Math.max(1, those.length)];
        };
        for (const [number, each] of steps.entries()) {
          if (each.kind === "come") {
            const before = open.filter(({ caller, begun }) => caller === each.caller && !begun).length;
            try {
              const come = { caller: each.caller, number, turn: queue.takeTurn(each.caller), begun: false };
              if (come.turn.ready === undefined) begin(come);
              else void come.turn.ready.then(() => begin(come));
              open.push(come);
            } catch {
              expect(before).toBe(shaped.waitingPerCaller);
            }
          } else end(among(each.kind === "answered", each.which));
          await settled();
          const underWay = open.filter(({ begun }) => begun);
          expect(queue).toMatchObject({ underWay: underWay.length, waiting: open.length - underWay.length });
          expect(underWay.length).toBeLessThanOrEqual(shaped.inAll);
          for (const { caller } of open.filter(({ begun }) => !begun)) {
            const own = underWay.filter((other) => other.caller === caller).length;
            expect(own).toBeLessThanOrEqual(shaped.perCaller);
            expect(own === shaped.perCaller || underWay.length === shaped.inAll).toBe(true);
          }
        }
        for (let rounds = steps.length; open.length > 0 && rounds >= 0; rounds--) {
          end(among(true, 0));
          await settled();
        }
        expect(open).toEqual([]);
        expect(queue).toMatchObject({ underWay: 0, waiting: 0 });
      }),
      { numRuns: 200 },
    );
  });

  it("of callers that wait all the time, none gets two turns more than another", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 2, max: 5 }),
        async (inAll, callers) => {
          const queue = createFairQueue({ inAll, perCaller: inAll, waitingPerCaller: 1000 });
          const full = Array.from({ length: inAll }, () => queue.takeTurn("before"));
          const counts = new Map<string, number>();
          let underWay: Turn[] = full;
          for (let caller = 0; caller < callers; caller++) {
            const name = `caller ${caller}`;
            for (let count = 0; count < 30; count++) {
              const turn = queue.takeTurn(name);
              void turn.ready?.then(() => {
                counts.set(name, (counts.get(name) ?? 0) + 1);
                underWay.push(turn);
              });
            }
          }
          for (let round = 0; round < 20; round++) {
            const ending = underWay;
            underWay = [];
            for (const turn of ending) turn.done();
            await settled();
            const taken = Array.from({ length: callers }, (_, caller) => counts.get(`caller ${caller}`) ?? 0);
            expect(Math.max(...taken) - Math.min(...taken)).toBeLessThanOrEqual(1);
          }
        },
      ),
      { numRuns: 30 },
    );
  });
});
