/** Manifests as a push would have left them, made from a name and an age. */
import { rfc2822, sha256 } from "../formats.ts";
import type { Item, Manifest } from "../state.ts";

const image = "application/vnd.oci.image.manifest.v1+json";
const index = "application/vnd.oci.image.index.v1+json";
const config = "application/vnd.oci.image.config.v1+json";
const layer = "application/vnd.oci.image.layer.v1.tar+gzip";

export interface ImagePlan {
  /** Different sources give different layers. */
  readonly source: string;
  readonly bytes: number;
  readonly at: Date;
  /** Labels of the image itself, as its build set them. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** A manifest for one architecture: two layers, the lower one larger. */
export function imageManifest({ source, bytes, at, labels = {} }: ImagePlan): Manifest {
  const blob = (name: string) => `sha256:${sha256(`${source} ${name}`)}`;
  const layers = [0.7, 0.3].map((share, position) => ({
    mediaType: layer,
    digest: blob(`layer ${position}`),
    size: Math.floor(bytes * share),
  }));
  const data = JSON.stringify({
    schemaVersion: 2,
    mediaType: image,
    config: { mediaType: config, digest: blob("config"), size: 1469 },
    layers,
  });
  const digest = `sha256:${sha256(data)}`;
  return {
    digest,
    data,
    isList: false,
    configMediaType: config,
    size: layers.reduce((sum, { size }) => sum + size, 0),
    layers: layers.map((each, position) => ({
      index: position,
      compressed_size: each.size,
      is_remote: false,
      urls: null,
      command: [position === 0 ? "ADD rootfs.tar.gz /" : "COPY app /opt/app"],
      comment: null,
      author: null,
      blob_digest: each.digest,
      created_datetime: rfc2822(at),
    })),
    labels: new Map(
      Object.entries(labels).map(([key, value]) => {
        const id = uuidOf(`${digest} ${key}`);
        return [id, { id, key, value, source_type: "manifest", media_type: "text/plain" }] as [string, Item];
      }),
    ),
    children: [],
  };
}

/** A list of manifests, one for each architecture; Quay knows no size and no layers of it. */
export function listManifest(children: readonly Manifest[], architectures: readonly string[]): Manifest {
  const data = JSON.stringify({
    schemaVersion: 2,
    mediaType: index,
    manifests: children.map((child, position) => ({
      mediaType: image,
      digest: child.digest,
      size: child.data.length,
      platform: { architecture: architectures[position], os: "linux" },
    })),
  });
  return {
    digest: `sha256:${sha256(data)}`,
    data,
    isList: true,
    configMediaType: null,
    size: null,
    layers: null,
    labels: new Map(),
    children: children.map(({ digest }) => digest),
  };
}

/** What refers to another manifest: a signature, a list of ingredients. */
export function referrerManifest(subject: Manifest, artifactType: string, at: Date): Manifest {
  const blob = `sha256:${sha256(`${subject.digest} ${artifactType}`)}`;
  const data = JSON.stringify({
    schemaVersion: 2,
    mediaType: image,
    artifactType,
    config: { mediaType: "application/vnd.oci.empty.v1+json", digest: emptyBlob, size: 2 },
    layers: [{ mediaType: artifactType, digest: blob, size: 18_204 }],
    subject: { mediaType: subject.isList ? index : image, digest: subject.digest, size: subject.data.length },
    annotations: { "org.opencontainers.image.created": at.toISOString().replace(/\.\d+Z$/, "Z") },
  });
  return {
    digest: `sha256:${sha256(data)}`,
    data,
    isList: false,
    configMediaType: "application/vnd.oci.empty.v1+json",
    size: 18_204,
    layers: null,
    labels: new Map(),
    children: [],
  };
}

/** The two bytes `{}`, which stand for a configuration where there is none. */
const emptyBlob = `sha256:${sha256("{}")}`;

/** An identifier that is the same for the same thing. */
export function uuidOf(thing: string): string {
  const hex = sha256(thing);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
