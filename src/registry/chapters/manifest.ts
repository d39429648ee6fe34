/** Manifests and their labels. */
import { empty, json, message, notFound, notNormal, refuse } from "../answers.ts";
import { bodyOf, type Call, type Handlers, param, repositoryOf } from "../call.ts";
import { recordIn } from "../log.ts";
import type { Item, Manifest, Repository } from "../state.ts";

const keyPattern = /^[a-z0-9](([a-z0-9]|[-.](?![.-]))*[a-z0-9])?$/;
const reservedPrefixes = ["com.docker.", "io.docker.", "org.dockerproject."];

/** The manifest of the path, by its digest; 404 where there is none, also for the name of a tag. */
export function manifestOf(call: Call): { repository: Repository; manifest: Manifest } {
  const repository = repositoryOf(call);
  const manifest = repository.manifests.get(param(call, "manifestref")) ?? refuse(notFound());
  return { repository, manifest };
}

function writableManifestOf(call: Call) {
  const { state } = repositoryOf(call);
  if (state !== "NORMAL") refuse(notNormal(state));
  return manifestOf(call);
}

const labelOf = (call: Call, manifest: Manifest): Item =>
  manifest.labels.get(param(call, "labelid")) ?? refuse(notFound());

export const manifest: Handlers = {
  getRepoManifest(call) {
    const { manifest: shown } = manifestOf(call);
    return json({
      digest: shown.digest,
      is_manifest_list: shown.isList,
      manifest_data: shown.data,
      config_media_type: shown.configMediaType,
      layers_compressed_size: shown.isList ? 0 : shown.size,
      layers: shown.layers,
    });
  },

  listManifestLabels(call) {
    const prefix = call.query.get("filter") ?? "";
    const labels = [...manifestOf(call).manifest.labels.values()];
    return json({ labels: labels.filter(({ key }) => String(key).startsWith(prefix)) });
  },

  getManifestLabel: (call) => json(labelOf(call, manifestOf(call).manifest)),

  addManifestLabel(call) {
    const { repository, manifest: labelled } = writableManifestOf(call);
    const { key, value, media_type } = bodyOf<{ key: string; value: string; media_type: string | null }>(
      call,
    );
    if (reservedPrefixes.some((prefix) => key.startsWith(prefix))) {
      refuse(message("Label has a reserved prefix"));
    }
    if (!keyPattern.test(key)) {
      refuse(
        message(
          "Label is of an invalid format or missing please use ^[a-z0-9](([a-z0-9]|[-.](?![.-]))*[a-z0-9])?$ format for labels",
        ),
      );
    }
    const id = call.state.random.uuid();
    const label = { id, key, value, source_type: "api", media_type: media_type ?? "text/plain" };
    labelled.labels.set(id, label);
    const { digest } = labelled;
    recordIn(call, repository, "manifest_label_add", {
      id,
      key,
      value,
      media_type: label.media_type,
      manifest_digest: digest,
    });
    const location = `/api/v1/repository/${param(call, "repository")}/manifest/${digest}/labels/${id}`;
    return { ...json({ label }, 201), headers: { Location: encodeURI(location) } };
  },

  deleteManifestLabel(call) {
    const { repository, manifest: labelled } = writableManifestOf(call);
    const { id, key, value, source_type } = labelOf(call, labelled);
    if (source_type === "manifest") refuse(message("Cannot delete immutable label"));
    labelled.labels.delete(String(id));
    recordIn(call, repository, "manifest_label_delete", { id, key, value, manifest_digest: labelled.digest });
    return empty();
  },
};
