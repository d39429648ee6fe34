/** OAuth applications of an organization, and what anyone may know of one. */
import { json, pageNotFound } from "../answers.ts";
import { bodyOf, type Handlers, param } from "../call.ts";
import { type Collection, collection, ofOrganization } from "../collection.ts";
import { avatar } from "../formats.ts";
import type { Item } from "../state.ts";
import { organizationView } from "./organization.ts";

/** What is left out is emptied, also by an update. */
const settings = (body: Item): Item => ({
  name: body.name,
  description: body.description ?? "",
  application_uri: body.application_uri ?? "",
  redirect_uri: body.redirect_uri ?? "",
  avatar_email: body.avatar_email ?? null,
});

const applications: Collection = {
  name: "applications",
  parameter: "client_id",
  key: "client_id",
  make: (call) => ({
    ...settings(bodyOf(call)),
    client_id: call.state.random.code(20),
    client_secret: call.state.random.code(40),
  }),
  change: (item, call) => Object.assign(item, settings(bodyOf(call))),
  created: (item) => json(item),
  logs: { create: "create_application", update: "update_application", delete: "delete_application" },
  logged: ({ name, client_id }, call, deed) => ({
    ...(deed === "delete" ? {} : bodyOf(call)),
    application_name: name,
    client_id,
  }),
};

export const application: Handlers = {
  ...collection(applications, {
    of: ofOrganization,
    list: "getOrganizationApplications",
    get: "getOrganizationApplication",
    create: "createOrganizationApplication",
    update: "updateOrganizationApplication",
    delete: "deleteOrganizationApplication",
  }),

  getApplicationInformation(call) {
    for (const owner of call.state.namespaces.values()) {
      const found = owner.collections.get("applications")?.get(param(call, "client_id"));
      if (found === undefined) continue;
      const { name, description, application_uri: uri, avatar_email } = found;
      const email = (avatar_email as string | null) ?? owner.email;
      return json({
        name,
        description,
        uri,
        avatar: avatar(String(name), email, "app"),
        organization: organizationView(owner, call, []),
      });
    }
    return pageNotFound();
  },
};
