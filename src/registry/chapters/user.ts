/** The caller's own account, other people's, and stars. */
import { empty, json, pageNotFound } from "../answers.ts";
import { hasNamespaceRole, hasUserScope, isReadOnlySuperuser, isSuperuser } from "../authorization.ts";
import { bodyOf, type Call, type Handlers, param, userOf } from "../call.ts";
import { isMember, namespaceAvatar, quotaFields } from "../entities.ts";
import { page } from "../paging.ts";
import { findRepository, findUser, type Namespace } from "../state.ts";

const starsPerPage = 100;

/** How a user is shown: only to themselves with more than a name. */
export function userView(user: Namespace, call: Call) {
  const { caller, state } = call;
  const isMe = caller?.user === user;
  const isAdmin = isMe && hasUserScope(caller, "user:admin");
  const organizations = [...state.namespaces.values()].filter(
    (namespace) => namespace.kind === "organization" && isMember(namespace, user.name),
  );
  return {
    anonymous: false,
    username: user.name,
    avatar: namespaceAvatar(user, "user"),
    ...(isAdmin && {
      can_create_repo: true,
      is_me: true,
      verified: user.verified,
      email: user.email,
      logins: [],
      invoice_email: user.invoiceEmail,
      invoice_email_address: user.invoiceEmailAddress,
      preferred_namespace: !user.freeAccount,
      tag_expiration_s: user.tagExpiration,
      prompts: [],
      company: user.company,
      family_name: user.familyName,
      given_name: user.givenName,
      location: user.location,
      is_free_account: user.freeAccount,
      has_password_set: true,
      ...quotaFields(user),
    }),
    ...(isMe &&
      hasUserScope(caller, "user:read") && {
        organizations: organizations.map((organization) => ({
          name: organization.name,
          avatar: namespaceAvatar(organization, "org"),
          can_create_repo: hasNamespaceRole(caller, organization, "creator"),
          public: false,
          ...(isAdmin && {
            is_org_admin: hasNamespaceRole(caller, organization, "admin"),
            preferred_namespace: !organization.freeAccount,
          }),
        })),
      }),
    ...(isSuperuser(caller) && { super_user: isMe }),
    ...(isReadOnlySuperuser(caller) && { global_readonly_super_user: isMe }),
  };
}

export const user: Handlers = {
  getLoggedInUser: (call) => json(userView(userOf(call), call)),

  getUserInformation(call) {
    const found = findUser(call.state, param(call, "username"));
    return found === undefined ? pageNotFound() : json(userView(found, call));
  },

  listStarredRepos(call) {
    const starred = [...userOf(call).stars].flatMap((path) => findRepository(call.state, path) ?? []);
    const { items, next } = page(call, starred, starsPerPage);
    const repositories = items.map(({ namespace, name, description, public: is_public }) => ({
      namespace,
      name,
      description,
      is_public,
    }));
    return json({ repositories, ...next });
  },

  /** A repository that is not there gets no star and no error. */
  createStar(call) {
    const { namespace, repository } = bodyOf<{ namespace: string; repository: string }>(call);
    const path = `${namespace}/${repository}`;
    if (findRepository(call.state, path) === undefined) return json(null);
    userOf(call).stars.add(path);
    return json({ namespace, repository }, 201);
  },

  deleteStar(call) {
    const path = param(call, "repository");
    if (findRepository(call.state, path) === undefined) return json(null);
    userOf(call).stars.delete(path);
    return empty();
  },
};
