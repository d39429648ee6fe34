import * as z from "zod";
import { defineOperation } from "../src/operation.ts";
import { whenRoleIsAdminOrFalls } from "./escalations.ts";
import { Name, RepositoryRole, Uuid } from "./parameters.ts";

export const listOrganizationPrototypes = defineOperation({
  operationId: "getOrganizationPrototypePermissions",
  name: "list_organization_prototypes",
  title: "List default permissions",
  description:
    "List the default permissions (prototypes) that an organization gives out on new repositories.",
  method: "GET",
  path: "/api/v1/organization/{orgname}/prototypes",
  access: "read",
  everyday: true,
  scopes: ["org:admin"],
  params: { orgname: Name },
});

export const createOrganizationPrototype = defineOperation({
  operationId: "createOrganizationPrototypePermission",
  name: "create_organization_prototype",
  title: "Create default permission",
  description:
    "Give the delegate a role on repositories created from now on, by anyone or only by activating_user.",
  method: "POST",
  path: "/api/v1/organization/{orgname}/prototypes",
  access: "write",
  escalates: { when: "role is admin", if: [{ argument: "role", is: "admin" }] },
  scopes: ["org:admin"],
  params: { orgname: Name },
  body: {
    role: RepositoryRole,
    delegate: z.strictObject({
      name: Name.describe("robots: namespace+shortname, kind user"),
      kind: z.enum(["user", "team"]),
    }),
    activating_user: z.strictObject({ name: Name }).optional(),
  },
  target: "prototype",
  creates: true,
  undo: [
    { tool: "delete_organization_prototype", with: { orgname: "given.orgname", prototypeid: "answer.id" } },
  ],
});

export const updateOrganizationPrototype = defineOperation({
  operationId: "updateOrganizationPrototypePermission",
  name: "update_organization_prototype",
  title: "Update default permission",
  description: "Change the role of a default permission, for repositories created from now on.",
  method: "PUT",
  path: "/api/v1/organization/{orgname}/prototypes/{prototypeid}",
  access: "write",
  escalates: whenRoleIsAdminOrFalls,
  scopes: ["org:admin"],
  params: { orgname: Name, prototypeid: Uuid },
  body: { role: RepositoryRole },
  target: "prototype",
  undo: [
    {
      tool: "update_organization_prototype",
      with: { orgname: "given.orgname", prototypeid: "given.prototypeid", role: "now.role" },
    },
  ],
});

export const deleteOrganizationPrototype = defineOperation({
  operationId: "deleteOrganizationPrototypePermission",
  name: "delete_organization_prototype",
  title: "Delete default permission",
  description:
    "Delete a default permission; existing repositories keep their roles. create_organization_prototype sets it up anew.",
  method: "DELETE",
  path: "/api/v1/organization/{orgname}/prototypes/{prototypeid}",
  access: "destructive",
  scopes: ["org:admin"],
  params: { orgname: Name, prototypeid: Uuid },
  target: "prototype",
  undo: [
    {
      tool: "create_organization_prototype",
      with: {
        orgname: "given.orgname",
        role: "now.role",
        delegate: "now.delegate",
        activating_user: "now.activating_user",
      },
    },
    {
      tool: "create_organization_prototype",
      with: { orgname: "given.orgname", role: "now.role", delegate: "now.delegate" },
    },
  ],
});
