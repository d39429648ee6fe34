/** What refers to a manifest: signatures, bills of materials, attestations. Part of the registry's own API. */
import { bearerRefused, refuse, registryError } from "../answers.ts";
import { type Call, type Handlers, param } from "../call.ts";
import { hostOfRegistry, readToken } from "../registry-token.ts";
import { findRepository, type Item, type Manifest } from "../state.ts";
import { challenge, notAuthorized, refuseUnauthorized } from "./registryauth.ts";

const index = "application/vnd.oci.image.index.v1+json";

/** Whether the token of the call, if any, lets it read the repository. */
function mayRead(call: Call, path: string, scope: string): boolean {
  if (!call.authorization) return false;
  const token = /^bearer\s+(\S+)$/i.exec(call.authorization)?.[1] ?? "";
  const claims = readToken(call, token);
  if (typeof claims === "string") refuse({ ...bearerRefused(claims), headers: challenge(call, scope) });
  const names = [path, `${hostOfRegistry(call)}/${path}`];
  const access = Array.isArray(claims.access) ? claims.access : [];
  return access.some(({ name, actions }) => names.includes(name) && actions.length > 0);
}

interface Parsed {
  readonly mediaType?: string;
  readonly artifactType?: string;
  readonly config?: { readonly mediaType?: string };
  readonly annotations?: Item;
  readonly subject?: { readonly digest?: string };
}

function parsed(manifest: Manifest): Parsed {
  try {
    return (JSON.parse(manifest.data) ?? {}) as Parsed;
  } catch {
    return {};
  }
}

/** How the manifests are listed that name this one as their subject. */
function referrersOf(manifests: Iterable<Manifest>, digest: string) {
  return [...manifests].flatMap((manifest) => {
    const { mediaType, artifactType, config, annotations, subject } = parsed(manifest);
    if (subject?.digest !== digest) return [];
    const type = artifactType ?? config?.mediaType;
    return {
      mediaType: mediaType ?? "application/vnd.oci.image.manifest.v1+json",
      digest: manifest.digest,
      size: Buffer.byteLength(manifest.data),
      ...(type !== undefined && { artifactType: type }),
      ...(annotations !== undefined && { annotations }),
    };
  });
}

export const referrers: Handlers = {
  getReferrers(call) {
    const path = param(call, "repository");
    const scope = `repository:${path}:pull`;
    const repository = findRepository(call.state, path);
    if (!mayRead(call, path, scope) && !repository?.public) refuseUnauthorized(call, notAuthorized, scope);
    if (repository === undefined) refuse(registryError(404, "NAME_UNKNOWN", "repository not found"));
    const digest = param(call, "digest");
    if (!repository.manifests.has(digest)) {
      refuse(registryError(400, "MANIFEST_INVALID", "manifest invalid", ""));
    }
    const artifactType = call.query.get("artifactType");
    const manifests = referrersOf(repository.manifests.values(), digest).filter(
      (each) => artifactType === null || each.artifactType === artifactType,
    );
    // Quay repeats what the listed ones are annotated with.
    const annotations = Object.assign({}, ...manifests.map((each) => each.annotations));
    const body = {
      schemaVersion: 2,
      mediaType: index,
      manifests,
      ...(Object.keys(annotations).length > 0 && { annotations }),
    };
    return {
      status: 200,
      type: index,
      body: JSON.stringify(body, null, 3),
      ...(artifactType !== null && { headers: { "OCI-Filters-Applied": "artifactType" } }),
    };
  },
};
