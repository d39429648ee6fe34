import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Call } from "../../src/call/context.ts";
import { imageManifest, listManifest } from "../../src/registry/company/images.ts";
import type { Scan } from "../../src/registry/scan.ts";
import { addRepository, type Manifest, type Repository } from "../../src/registry/state.ts";
import { scanSummary } from "../../src/tasks/scan-summary.ts";
import type { TaskOptions } from "../../src/tasks/task.ts";
import { noon } from "../registry/ask.ts";
import { callsTo } from "../support/calls.ts";
import { shareRegistry } from "../support/registry.ts";
import { liveImages, repositoriesOf, startFront } from "./ground.ts";

interface Image {
  readonly repository: string;
  readonly digest: string;
  readonly tags: readonly string[];
  readonly pushed: string;
  readonly status?: string;
  readonly fixable?: Readonly<Record<string, number>>;
  readonly not_fixable?: Readonly<Record<string, number>>;
  readonly worst?: readonly { name: string; severity: string; fixed_by: string }[];
  readonly architectures?: Readonly<Record<string, readonly string[]>>;
}
interface Found {
  readonly looked_at: { readonly repositories: number; readonly images: number };
  readonly vulnerable: number;
  readonly unscanned: number;
  readonly only_not_fixable: number;
  readonly vulnerable_images: readonly Image[];
  readonly unscanned_images: readonly Image[];
  readonly unread?: readonly string[];
}

const severities = ["Critical", "High", "Medium", "Low", "Negligible", "Unknown"];
const registry = await shareRegistry({ now: noon });

const superuser = () => callsTo(registry.url, registry.tokens.superuser);
const run = (
  call: Call,
  given: { repository?: string; namespace?: string; max_images?: number },
  options?: TaskOptions,
) => scanSummary.run(call, { max_images: 20, ...given }, options) as Promise<Found>;

/** How many fixable findings of each severity there are behind a digest, from the registry's own scans. */
function fixableIn(images: readonly Manifest[]): Record<string, number> {
  const known = new Map<string, string>();
  for (const { scan } of images) {
    for (const { name, vulnerabilities } of scan?.packages ?? []) {
      for (const each of vulnerabilities) {
        if (each.fixedBy !== "") known.set(`${name} ${each.name}`, each.severity);
      }
    }
  }
  const counts: Record<string, number> = {};
  for (const severity of known.values()) counts[severity] = (counts[severity] ?? 0) + 1;
  return counts;
}

function expectedOf(repository: Repository) {
  const images = liveImages(registry.state, repository);
  const vulnerable = images.flatMap(({ digest, images }) => {
    const counts = fixableIn(images);
    return Object.keys(counts).length === 0 ? [] : [[digest, counts] as const];
  });
  const unscanned = images.filter(({ images }) => images.some(({ scan }) => scan?.status !== "scanned"));
  return { images, vulnerable, unscanned: unscanned.map(({ digest }) => digest) };
}

const countsOf = (images: readonly Image[]) =>
  Object.fromEntries(images.map(({ digest, fixable }) => [digest, fixable]));
const weight = ({ fixable }: Image) =>
  severities.map((each) => String(fixable?.[each] ?? 0).padStart(4, "0")).join(" ");

describe("a summary of scans", () => {
  it("has the numbers of the registry's scans, for every repository", async () => {
    const call = superuser();
    let seen = 0;
    for (const { name: namespace } of registry.state.namespaces.values()) {
      for (const repository of repositoriesOf(registry.state, namespace)) {
        const path = `${namespace}/${repository.name}`;
        const { images, vulnerable, unscanned } = expectedOf(repository);
        const found = await run(call, { repository: path, max_images: 200 });
        expect(countsOf(found.vulnerable_images), path).toEqual(Object.fromEntries(vulnerable));
        expect(found.unscanned_images.map(({ digest }) => digest).sort()).toEqual(unscanned.sort());
        expect(found.looked_at).toEqual({ repositories: 1, images: images.length });
        expect([found.vulnerable, found.unscanned]).toEqual([vulnerable.length, unscanned.length]);
        expect(found.unread).toBeUndefined();
        seen += vulnerable.length;
      }
    }
    expect(seen).toBeGreaterThan(100);
  });

  it("has the numbers of a namespace, and the worst image first", async () => {
    for (const namespace of ["shop", "acme", "platform"]) {
      const expected = repositoriesOf(registry.state, namespace).map(expectedOf);
      const found = await run(superuser(), { namespace, max_images: 200 });
      expect(countsOf(found.vulnerable_images)).toEqual(
        Object.fromEntries(expected.flatMap((each) => each.vulnerable)),
      );
      const weights = found.vulnerable_images.map(weight);
      expect(weights).toEqual(weights.toSorted().reverse());
      expect(weights.length).toBeGreaterThan(3);
    }
  });

  it("names the worst of each image, what it is in and which version mends it, and its tags", async () => {
    const { vulnerable_images } = await run(superuser(), { repository: "acme/guidance" });
    expect(vulnerable_images[0]).toMatchObject({
      repository: "acme/guidance",
      tags: ["latest", "v3.4"],
      pushed: "2026-11-12T12:00:00Z",
      worst: [
        {
          name: "CVE-2021-44228",
          severity: "Critical",
          package: "org.apache.logging.log4j:log4j-core",
          version: "2.14.1",
          fixed_by: "2.15.0",
        },
        { severity: "Critical" },
        { severity: "Critical" },
      ],
    });
  });

  it("looks into an index by its children, and asks once for the index", async () => {
    const path = "platform/base";
    const repository = registry.state.namespaces.get("platform")!.repositories.get("base")!;
    const images = liveImages(registry.state, repository);
    registry.requests.length = 0;
    const found = await run(superuser(), { repository: path, max_images: 200 });
    expect(found.unscanned).toBe(0);
    expect(found.vulnerable_images[0]?.architectures).toEqual({ scanned: ["amd64", "arm64", "s390x"] });
    const children = images.reduce((sum, each) => sum + each.images.length, 0);
    expect(registry.requests).toHaveLength(1 + images.length + children);
    expect(images[0]?.images).toHaveLength(3);
  });

  it("tells why an image is not scanned", async () => {
    const status = async (repository: string) =>
      (await run(superuser(), { repository })).unscanned_images.map((image) => image.status);
    expect(await status("research/datasets/wind-tunnel")).toEqual(["failed", "failed"]);
    expect(new Set(await status("research/notebooks"))).toEqual(new Set(["manifest_layer_too_large"]));
    expect(await status("platform/toolbox")).toEqual(["queued"]);
  });

  it("says how grave that is which nobody can mend yet, beside what can be mended", async () => {
    const { vulnerable_images } = await run(superuser(), { repository: "platform/toolbox" });
    expect(vulnerable_images).toMatchObject([{ tags: ["trial"], not_fixable: { Critical: 1 } }]);
  });

  describe("with images of an index that differ", () => {
    const critical: Scan = {
      status: "scanned",
      packages: [
        {
          name: "libx",
          version: "1",
          vulnerabilities: [
            { name: "CVE-1", severity: "Low", fixedBy: "2", link: "", description: "" },
            { name: "CVE-2", severity: "Critical", fixedBy: "2", link: "", description: "" },
            { name: "CVE-3", severity: "High", fixedBy: "", link: "", description: "" },
          ],
        },
      ],
    };
    let repository: Repository;
    beforeAll(() => {
      const namespace = registry.state.namespaces.get("hub")!;
      repository = addRepository(registry.state, namespace, "mixed");
      const image = (architecture: string) =>
        imageManifest({ source: `mixed ${architecture}`, bytes: 1000, at: noon() });
      const images = ["amd64", "arm64", "unknown"].map(image);
      images[0]!.scan = critical;
      images[1]!.scan = { status: "queued" };
      images[2]!.scan = { status: "failed" };
      const index = listManifest(images, ["amd64", "arm64", "unknown"]);
      for (const each of [...images, index]) repository.manifests.set(each.digest, each);
      const start = noon().getTime() / 1000 - 100;
      repository.tags.push({
        name: "v1",
        digest: index.digest,
        start,
        end: null,
        reversion: false,
        immutable: false,
      });
    });
    afterAll(() => {
      registry.state.namespaces.get("hub")!.repositories.delete("mixed");
    });

    it("says which are scanned, and leaves attestations out, which are for no platform", async () => {
      const found = await run(superuser(), { repository: "hub/mixed" });
      const architectures = { scanned: ["amd64"], queued: ["arm64"] };
      expect(found.vulnerable_images).toMatchObject([
        {
          status: "partly scanned",
          architectures,
          fixable: { Critical: 1, Low: 1 },
          not_fixable: { High: 1 },
        },
      ]);
      expect(found.vulnerable_images[0]?.worst?.map(({ name }) => name)).toEqual(["CVE-2", "CVE-1"]);
      expect(found.unscanned_images).toMatchObject([{ status: "partly scanned", architectures }]);
      expect(found.vulnerable_images[0]?.architectures).toEqual(architectures);
    });

    it("counts apart those that nobody can mend yet", async () => {
      const [found] = critical.packages!;
      const unmended = found!.vulnerabilities.filter(({ fixedBy }) => fixedBy === "");
      const [image] = repository.manifests.values();
      image!.scan = { ...critical, packages: [{ ...found!, vulnerabilities: unmended }] };
      expect(await run(superuser(), { repository: "hub/mixed" })).toMatchObject({
        vulnerable: 0,
        only_not_fixable: 1,
      });
    });
  });

  it("looks at the newest images, of each repository in turn, and says how many it left out", async () => {
    registry.requests.length = 0;
    const found = await run(superuser(), { namespace: "shop", max_images: 10 });
    expect(found.looked_at).toEqual({ repositories: 8, images: 10 });
    const scans = registry.requests.filter(({ path }) => path.includes("/security"));
    expect(scans).toHaveLength(10);
    expect(registry.requests).toHaveLength(1 + 8 + 10);
    const all = repositoriesOf(registry.state, "shop").flatMap((each) => liveImages(registry.state, each));
    expect(found.unread).toEqual([expect.stringContaining(`${all.length - 10} older images`)]);
    const asked = new Set(scans.map(({ path }) => path.split("/manifest/")[0]));
    expect(asked.size).toBe(8);
  });

  it("says which repositories were left out where there are more than images wanted", async () => {
    const found = await run(superuser(), { namespace: "shop", max_images: 3 });
    expect(found.looked_at).toEqual({ repositories: 3, images: 3 });
    expect(found.unread).toEqual(
      expect.arrayContaining([expect.stringMatching(/^5 repositories .* raise max_images/)]),
    );
  });

  it("shows a member what they may read, and an outsider what is public", async () => {
    const member = await run(callsTo(registry.url, registry.tokens.member), { repository: "acme/app" });
    expect(member.looked_at.images).toBeGreaterThan(5);
    const outsider = callsTo(registry.url, registry.tokens.outsider);
    const docs = await run(outsider, { repository: "acme/docs" });
    expect(docs.looked_at.images).toBeGreaterThan(5);
    await expect(run(outsider, { repository: "acme/app" })).rejects.toMatchObject({ status: 403 });
    const all = await run(outsider, { namespace: "acme" });
    expect(all).toMatchObject({ looked_at: { repositories: 0, images: 0 } });
    expect(all.unread).toEqual([expect.stringContaining("sees no repositories of acme")]);
  });

  it("tells the rest where scans cannot be read, in one sentence for a reason", async () => {
    const { url } = await startFront(registry, /\/security/);
    const found = await run(callsTo(url, registry.tokens.superuser), { repository: "shop/checkout" });
    expect(found).toMatchObject({ looked_at: { images: 0 }, vulnerable_images: [] });
    expect(found.unread).toEqual([expect.stringMatching(/^The scan of shop\/checkout@sha256:.*more.*500/)]);
  });

  it("makes no further call once it is cancelled", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    registry.requests.length = 0;
    const running = run(
      callsTo(registry.url, registry.tokens.superuser, { signal }),
      { namespace: "acme" },
      { signal, progress: (done) => done === 15 && controller.abort() },
    );
    await expect(running).rejects.toMatchObject({ kind: "aborted" });
    expect(registry.requests.length).toBeLessThanOrEqual(15 + 4);
  });
});
