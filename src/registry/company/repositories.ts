/** The company's repositories with their tags, made from the facts. */
import { fromEpoch } from "../formats.ts";
import { addRepository, type Manifest, type Repository, type State } from "../state.ts";
import { imageManifest, listManifest, referrerManifest } from "./images.ts";
import { scan } from "./scan.ts";
import type { RepositoryFacts } from "./words.ts";

export const day = 86_400;
const previewsLast = 14 * day;

export interface Push {
  readonly name: string;
  readonly daysAgo: number;
}

const words = (text: string | undefined): string[] => text?.split(" ").filter(Boolean) ?? [];

/** The pushes that `v1.{0..3}@700/90 v2.0@60` stands for, the oldest first. */
export function pushesOf(text: string | undefined): Push[] {
  const pushes = words(text).flatMap((word): Push[] => {
    const [name = "", when = ""] = word.split("@");
    const [first = 0, every = 0] = when.split("/").map(Number);
    const range = /^(.*)\{(\d+)\.\.(\d+)\}(.*)$/.exec(name);
    if (range === null) return [{ name, daysAgo: first }];
    const [, before = "", from = "", to = "", after = ""] = range;
    return Array.from({ length: Number(to) - Number(from) + 1 }, (_, position) => ({
      name: `${before}${Number(from) + position}${after}`,
      daysAgo: first - position * every,
    }));
  });
  const negative = pushes.find(({ daysAgo }) => daysAgo < 0);
  if (negative !== undefined) throw new Error(`${negative.name} would be pushed in the future`);
  return pushes.sort((one, other) => other.daysAgo - one.daysAgo);
}

/** Pushes an image: its manifest, or a list with one for each architecture. */
function push(repository: Repository, facts: RepositoryFacts, { name, daysAgo }: Push, at: number): Manifest {
  const image = (architecture: string, position: number) => {
    const manifest = imageManifest({
      source: `${repository.namespace}/${repository.name}:${name} ${architecture}`,
      bytes: Math.floor(facts.megabytes * 1_000_000 * (1 - position / 20)),
      at: fromEpoch(at),
      ...(facts.labels && { labels: { ...facts.labels, "org.opencontainers.image.version": name } }),
    });
    const { built, behind = 0 } = facts;
    manifest.scan = scan(built, daysAgo, behind);
    return manifest;
  };
  const architectures = words(facts.architectures);
  const images = architectures.length > 0 ? architectures.map(image) : [image("", 0)];
  const top = architectures.length > 0 ? listManifest(images, architectures) : images[0]!;
  for (const manifest of [...images, top]) repository.manifests.set(manifest.digest, manifest);
  return top;
}

/** Every tag that is or was: `latest` was once each of the releases. */
function addTags(repository: Repository, facts: RepositoryFacts, now: number): void {
  const locked = words(facts.locked);
  const add = (name: string, digest: string, start: number, end: number | null = null) =>
    repository.tags.push({ name, digest, start, end, reversion: false, immutable: locked.includes(name) });
  const releases = pushesOf(facts.tags);
  for (const [position, release] of releases.entries()) {
    const start = now - release.daysAgo * day;
    const manifest = push(repository, facts, release, start);
    add(release.name, manifest.digest, start);
    if (facts.latest === false) continue;
    const next = releases[position + 1];
    add("latest", manifest.digest, start, next === undefined ? null : now - next.daysAgo * day);
    if (next === undefined && facts.signed) addReferrers(repository, manifest, start);
  }
  for (const preview of pushesOf(facts.previews)) {
    const start = now - preview.daysAgo * day;
    add(preview.name, push(repository, facts, preview, start).digest, start, start + previewsLast);
  }
  repository.tags.sort((one, other) => one.start - other.start);
}

/** A signature and a list of ingredients of the newest release. */
function addReferrers(repository: Repository, subject: Manifest, at: number): void {
  for (const type of ["application/vnd.dev.cosign.artifact.sig.v1+json", "application/spdx+json"]) {
    const manifest = referrerManifest(subject, type, fromEpoch(at));
    repository.manifests.set(manifest.digest, manifest);
  }
}

/** Adds a repository to its namespace, which is there already. */
export function addRepositoryOf(state: State, path: string, facts: RepositoryFacts, now: number): Repository {
  const [owner = "", ...rest] = path.split("/");
  const namespace = state.namespaces.get(owner)!;
  const repository = addRepository(state, namespace, rest.join("/"), {
    description: facts.about,
    public: facts.public ?? false,
    state: facts.frozen ? "READ_ONLY" : facts.mirrored ? "ORG_MIRROR" : facts.mirror ? "MIRROR" : "NORMAL",
  });
  const creator = namespace.kind === "user" ? owner : [...namespace.teams.get("owners")!.members][0]!;
  repository.userPermissions.set(creator, "admin");
  for (const [who, role] of Object.entries(facts.roles ?? {})) {
    if (who.startsWith("@")) repository.teamPermissions.set(who.slice(1), role);
    else repository.userPermissions.set(who, role);
  }
  addTags(repository, facts, now);
  repository.size = [...repository.manifests.values()].reduce((sum, { size }) => sum + (size ?? 0), 0);
  repository.popularity = state.random.integer(0, 40);
  return repository;
}
