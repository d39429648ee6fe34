import { nameIn } from "./place.ts";
import { createReader } from "./reader.ts";
import type { Given, Target } from "./target.ts";
import { itemOf } from "./values.ts";

const digestShown = "sha256:".length + 12;

const manifestName = ({ repository, manifestref }: Given) =>
  `${repository}@${String(manifestref).slice(0, digestShown)}`;

export const label: Target = {
  shows: "its key, value and where it comes from; of a new one, the labels that have this key already",
  name: (given) => nameIn(manifestName(given), "labels", given.labelid ?? given.key),
  async read({ repository, manifestref, labelid, key }, read) {
    const reader = createReader(read);
    const manifest = { repository, manifestref };
    if (labelid === undefined) {
      const labels = await reader.list("list_manifest_labels", { ...manifest, filter: key }, "labels");
      const same = labels?.items.filter((each) => each.key === key);
      return reader.state({
        exists: false,
        preview: { values_under_this_key: same?.map(({ value }) => value) },
      });
    }
    const { exists, body } = await reader.find("get_manifest_label", { ...manifest, labelid });
    const { id, key: name, value, media_type, source_type } = itemOf(body);
    return reader.state({
      exists,
      identity: String(id),
      now: { key: name, value, media_type },
      preview: { key: name, value, source: source_type },
    });
  },
};
