import { nameIn } from "./place.ts";
import { createReader } from "./reader.ts";
import type { Target } from "./target.ts";

export const application: Target = {
  shows: "its name, description, homepage and redirect address",
  name: ({ orgname, client_id, name }) => nameIn(String(orgname), "applications", client_id ?? name),
  async read({ orgname, client_id }, read) {
    const reader = createReader(read);
    if (client_id === undefined) return reader.state({ exists: false });
    const { exists, body } = await reader.find("get_organization_application", { orgname, client_id });
    const { name, redirect_uri, application_uri, description, avatar_email } = body;
    // Quay keeps empty texts for what was never set.
    const now = {
      name,
      redirect_uri: redirect_uri || undefined,
      application_uri: application_uri || undefined,
      description: description || undefined,
      avatar_email: avatar_email || undefined,
    };
    return reader.state({ exists, identity: String(body.client_id), now, preview: now });
  },
};
