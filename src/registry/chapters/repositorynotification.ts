/** Notifications of a repository: who is told of which event, and how. Nothing is ever sent from here. */
import { empty, invalidRequest, json, notFound, refuse } from "../answers.ts";
import { bodyOf, type Call, type Handlers, param, repositoryOf } from "../call.ts";
import { type Collection, collection, ofRepository } from "../collection.ts";
import { recordIn } from "../log.ts";
import { findOrganization, findUser, type Item, itemsOf, type Repository } from "../state.ts";

const events = new Set([
  "repo_push",
  "build_queued",
  "build_start",
  "build_success",
  "build_cancelled",
  "build_failure",
  "vulnerability_found",
  "repo_mirror_sync_started",
  "repo_mirror_sync_success",
  "repo_mirror_sync_failed",
  "repo_image_expiry",
  "quota_warning",
  "quota_error",
]);

interface Config {
  readonly url?: string;
  readonly template?: string;
  readonly email?: string;
  readonly notification_token?: string;
  readonly room_id?: string;
  readonly flow_api_token?: string;
  readonly target?: { readonly kind?: string; readonly name: string };
}

interface Body {
  readonly event: string;
  readonly method: string;
  readonly config: Config;
  readonly eventConfig: Item;
  readonly title?: string;
}

/** What is wrong with the settings of each way of delivery, or undefined. Throws where Quay does not expect a value. */
const problems: Readonly<
  Record<string, (config: Config, call: Call, repository: Repository) => string | undefined>
> = {
  quay_notification: ({ target }, call, { namespace }) => {
    if (!target?.kind) return "Missing target";
    const { kind, name } = target;
    if (kind === "user") return findUser(call.state, name) ? undefined : `Unknown user ${name}`;
    if (kind === "team") {
      return findOrganization(call.state, namespace)?.teams.has(name) ? undefined : `Unknown team ${name}`;
    }
    if (kind !== "org") throw new Error(`no targets of kind ${kind}`);
    if (findOrganization(call.state, name) === undefined) return `Unknown organization ${name}`;
    if (name !== namespace) throw new Error("another organization than the repository's");
    return undefined;
  },
  // An address is authorized by a mail to it, which nobody sends here.
  email: ({ email }) =>
    email
      ? "The specified e-mail address is not authorized to receive notifications for this repository"
      : "Missing e-mail address",
  webhook: ({ url, template }) => {
    if (!url) return "Missing webhook URL";
    const [, scheme, host] = /^(?:([a-z][a-z0-9+.-]*):)?(?:\/\/(?:[^/?#@]*@)?([^/?#:]*))?/i.exec(url)!;
    if (!/^https?$/i.test(scheme ?? "")) return "Invalid webhook URL";
    if (!host) throw new Error("a URL without a host");
    if (["localhost", "127.0.0.1"].includes(host.toLowerCase())) return "Invalid webhook URL";
    return template ? problemWithTemplate(template) : undefined;
  },
  slack: ({ url }) => (url ? undefined : "Missing Slack Callback URL"),
  hipchat: ({ notification_token, room_id }) => {
    if (!notification_token) return "Missing Hipchat Room Notification Token";
    return room_id ? undefined : "Missing Hipchat Room ID";
  },
  flowdock: ({ flow_api_token }) => (flow_api_token ? undefined : "Missing Flowdock API Token"),
};

function problemWithTemplate(template: string): string | undefined {
  try {
    JSON.parse(template);
    return undefined;
  } catch {
    return "Could not parse template: Expecting value: line 1 column 1 (char 0)";
  }
}

const missing = (call: Call) =>
  invalidRequest(
    `No repository notification found for: ${param(call, "repository").split("/")[0]}, ${repositoryOf(call).name}, ${param(call, "uuid")}`,
  );

const notifications: Collection = {
  name: "notifications",
  parameter: "uuid",
  key: "uuid",
  make(call) {
    const { event, method, config, eventConfig, title = null } = bodyOf<Body>(call);
    // A way of delivery or an event that there is not is a 500.
    if (!Object.hasOwn(problems, method)) throw new Error(`no method ${method}`);
    const problem = problems[method]!(config, call, repositoryOf(call));
    if (problem !== undefined) refuse(invalidRequest(problem));
    if (!events.has(event)) throw new Error(`no event ${event}`);
    const uuid = call.state.random.uuid();
    return { uuid, title, event, method, config, event_config: eventConfig, number_of_failures: 0 };
  },
  missing: (call) => (call.operation.method === "GET" ? notFound() : missing(call)),
  logs: { create: "add_repo_notification", delete: "delete_repo_notification" },
  logged: (item) => logged(item),
};

const logged = ({ uuid, event, method }: Item): Item => ({ notification_id: uuid, event, method });

const notificationOf = (call: Call): Item =>
  itemsOf(repositoryOf(call), "notifications").get(param(call, "uuid")) ?? refuse(missing(call));

export const repositorynotification: Handlers = {
  ...collection(notifications, {
    of: ofRepository,
    list: "listRepoNotifications",
    get: "getRepoNotification",
    create: "createRepoNotification",
    delete: "deleteRepoNotification",
  }),

  resetRepositoryNotificationFailures(call) {
    const notification = notificationOf(call);
    notification.number_of_failures = 0;
    recordIn(call, repositoryOf(call), "reset_repo_notification", logged(notification));
    return empty();
  },

  testRepoNotification(call) {
    notificationOf(call);
    return json({});
  },
};
