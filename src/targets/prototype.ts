import { nameIn } from "./place.ts";
import { createReader } from "./reader.ts";
import type { Target } from "./target.ts";
import { type Item, itemOf } from "./values.ts";

export const prototype: Target = {
  shows:
    "whom it gives which role, and on whose new repositories; of a new one, those that give to the same already",
  name: ({ orgname, prototypeid, delegate }) =>
    nameIn(String(orgname), "prototypes", prototypeid ?? itemOf(delegate).name),
  async read({ orgname, prototypeid, delegate }, read) {
    const reader = createReader(read);
    const prototypes = await reader.list("list_organization_prototypes", { orgname }, "prototypes");
    if (prototypeid === undefined) {
      const { name, kind } = itemOf(delegate);
      const same = prototypes?.items.filter((each) => {
        const other = itemOf(each.delegate);
        return other.name === name && other.kind === kind;
      });
      return reader.state({ exists: false, preview: { roles_given_already: same?.map(({ role }) => role) } });
    }
    const found = prototypes?.items.find(({ id }) => id === prototypeid);
    const now = found === undefined ? {} : argumentsOf(found);
    return reader.state({
      exists: prototypes && found !== undefined,
      identity: String(prototypeid),
      now,
      preview: now,
    });
  },
};

function argumentsOf({ role, delegate, activating_user }: Item): Item {
  const { name, kind } = itemOf(delegate);
  const activating = itemOf(activating_user).name;
  return {
    role,
    delegate: { name, kind },
    activating_user: activating === undefined ? undefined : { name: activating },
  };
}
