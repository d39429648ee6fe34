import { beforeAll, describe, expect, it } from "vitest";
import { knownDifferences } from "./differences.ts";
import { type Replayed, replay } from "./replay.ts";

/** The share of each phase's exchanges that has to agree. */
const bars = { happy: 0.95, get: 0.95, delete: 0.95, v2: 0.95, error: 0.8 } as const;

const agrees = ({ differences }: Replayed) => differences.length === 0;

function share(replayed: readonly Replayed[]): string {
  const agreed = replayed.filter(agrees).length;
  return `${agreed}/${replayed.length} (${((100 * agreed) / Math.max(1, replayed.length)).toFixed(1)} %)`;
}

/** How much agrees, by phase and by toolset. */
function report(replayed: readonly Replayed[]): string {
  const phases = Object.keys(bars).map(
    (phase) => `${phase}: ${share(replayed.filter((each) => each.phase === phase))}`,
  );
  const toolsets = [...new Set(replayed.map(({ toolset }) => toolset))].map(
    (toolset) => `  ${toolset}: ${share(replayed.filter((each) => each.toolset === toolset))}`,
  );
  return [...phases, ...toolsets, ""].join("\n");
}

describe("the embedded registry, asked what a real Quay was asked", () => {
  let replayed: Replayed[] = [];
  beforeAll(async () => {
    replayed = await replay();
    process.stdout.write(report(replayed));
  });

  for (const [phase, bar] of Object.entries(bars)) {
    it(`agrees with at least ${bar * 100} % of the answers of the phase "${phase}"`, () => {
      const ofPhase = replayed.filter((each) => each.phase === phase);
      expect(ofPhase.length).toBeGreaterThan(0);
      expect(ofPhase.filter(agrees).length / ofPhase.length).toBeGreaterThanOrEqual(bar);
    });
  }

  it("differs only where a reason is listed", () => {
    const unlisted = replayed
      .filter((each) => !agrees(each) && knownDifferences[each.name] === undefined)
      .map(
        ({ phase, toolset, name, differences }) => `${phase} ${toolset} ${name}: ${differences.join("; ")}`,
      );
    expect(unlisted).toEqual([]);
  });

  it("has no reason listed for what agrees", () => {
    const differing = new Set(replayed.filter((each) => !agrees(each)).map(({ name }) => name));
    expect(Object.keys(knownDifferences).filter((name) => !differing.has(name))).toEqual([]);
  });

  it("covers every exchange that belongs to an operation of the catalogue", () => {
    const count = (...phases: string[]) => replayed.filter(({ phase }) => phases.includes(phase)).length;
    expect(count("happy", "get", "delete")).toBe(323);
    expect(count("error")).toBe(275);
  });
});
