import * as z from "zod";
import { listRepositories } from "../../tools/repository.ts";
import { listTags } from "../../tools/tag.ts";
import { cite } from "../sentences/cite.ts";
import { createGathering, type Gathering } from "./gather.ts";
import { type Image, imagesOf, taggedImage } from "./images.ts";
import { type Finding, readScan, worstFirst } from "./scan.ts";
import { defineTask, placeArguments, placeOf } from "./task.ts";

/** How many repositories and tags are looked through to find the images. */
const mostRepositories = 1000;
const mostTags = 500;
const tagsOfOneAmongMany = 100;

const findingsTold = 3;

const listedRepository = z.looseObject({ name: z.string(), last_modified: z.number().nullish() });

export const scanSummary = defineTask({
  name: "scan_summary",
  title: "Scan summary",
  description:
    "Tell which images of a repository or namespace have fixable vulnerabilities, the worst first, and which are not scanned. Looks at the newest images.",
  access: "read",
  everyday: true,
  toolset: "secscan",
  scopes: ["repo:read"],
  arguments: {
    ...placeArguments,
    max_images: z.int().min(1).max(200).describe("newest, to look at; default 20").default(20),
  },
  /**
   * Lists the tags (in a namespace: the repositories, and the tags of as many as there are images wanted), then one call
   * for each image; for an index of several architectures one for the index and one for each of them.
   */
  async run(call, given, options) {
    const gathering = createGathering(call, options);
    const place = placeOf(given);
    const repositories =
      "repository" in place
        ? [place.repository]
        : await newestRepositories(gathering, place.namespace, given.max_images);
    const isOne = "repository" in place;
    const found = await Promise.all(repositories.map((each) => newestImages(gathering, each, isOne)));
    const chosen = inTurn(found).slice(0, given.max_images);
    const left = found.flat().length - chosen.length;
    if (left > 0) gathering.miss(`${left} older images were not looked at: raise max_images.`);

    const scans = await Promise.all(chosen.map((image) => readScan(gathering, image)));
    const looked = chosen.flatMap((image, index) => {
      const scan = scans[index];
      return scan === undefined ? [] : [{ image, scan }];
    });
    const vulnerable = looked
      .filter(({ scan }) => scan.fixable.length > 0)
      .sort((one, other) => worstFirst(one.scan, other.scan));
    const unscanned = looked.filter(({ scan }) => scan.status !== "scanned");
    return {
      ...place,
      looked_at: { repositories: repositories.length, images: looked.length },
      vulnerable: vulnerable.length,
      unscanned: unscanned.length,
      only_not_fixable: looked.filter(({ scan }) => scan.fixable.length === 0 && scan.unfixable.length > 0)
        .length,
      vulnerable_images: vulnerable.map(({ image, scan }) => ({
        ...about(image),
        ...(scan.status !== "scanned" && { status: scan.status }),
        fixable: countsOf(scan.fixable),
        ...(scan.unfixable.length > 0 && { not_fixable: countsOf(scan.unfixable) }),
        worst: scan.fixable.slice(0, findingsTold).map(worst),
        architectures: scan.architectures,
      })),
      unscanned_images: unscanned.map(({ image, scan }) => ({
        ...about(image),
        status: scan.status,
        architectures: scan.architectures,
      })),
      ...gathering.unread(),
    };
  },
});

/** The repositories that changed last, no more than images are wanted: the newest image of each is looked at first. */
async function newestRepositories(gathering: Gathering, namespace: string, most: number): Promise<string[]> {
  const listed = await gathering.list(
    ["The repositories of", namespace],
    listRepositories,
    { namespace, last_modified: true },
    { field: "repositories", item: listedRepository, maxItems: mostRepositories, isNeeded: true },
  );
  const all = listed?.items ?? [];
  if (all.length === 0) gathering.miss(`The token sees no repositories of ${cite(namespace)}.`);
  const filled = all
    .filter(({ last_modified }) => last_modified !== null)
    .sort((one, other) => (other.last_modified ?? 0) - (one.last_modified ?? 0));
  if (listed?.isWhole === false)
    gathering.miss(
      `${cite(namespace)} has more repositories than the ${all.length} that were looked through.`,
    );
  if (filled.length > most)
    gathering.miss(
      `${filled.length - most} repositories that changed longer ago were not looked at: raise max_images.`,
    );
  return filled.slice(0, most).map(({ name }) => `${namespace}/${name}`);
}

async function newestImages(gathering: Gathering, repository: string, isOne: boolean): Promise<Image[]> {
  const tags = await gathering.list(
    ["The tags of", repository],
    listTags,
    { repository, onlyActiveTags: true },
    { field: "tags", item: taggedImage, maxItems: isOne ? mostTags : tagsOfOneAmongMany, isNeeded: isOne },
  );
  if (tags?.isWhole === false)
    gathering.miss(
      `Of the tags of ${cite(repository)}, only the newest ${tags.items.length} were looked at.`,
    );
  return imagesOf(repository, tags?.items ?? []);
}

/** The first of each list, then the second of each, and so on. */
function inTurn(lists: readonly (readonly Image[])[]): Image[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, index) => lists.flatMap((list) => list[index] ?? [])).flat();
}

function about({ repository, tags, digest, pushed }: Image) {
  return { repository, tags, digest, pushed };
}

/** How many there are of each severity, the gravest first. */
function countsOf(findings: readonly Finding[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { severity } of findings) counts[severity] = (counts[severity] ?? 0) + 1;
  return counts;
}

function worst({ name, severity, package: of, version, fixedBy }: Finding) {
  return { name, severity, package: of, version, fixed_by: fixedBy };
}
