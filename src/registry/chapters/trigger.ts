/** Build triggers. They are begun in Quay's web interface only; what hosts of sources would say is made up here. */
import { type Answer, empty, insufficientScope, invalidRequest, json, notFound, refuse } from "../answers.ts";
import { bodyOf, type Call, type Handlers, param, repositoryOf } from "../call.ts";
import { collection, ofRepository } from "../collection.ts";
import { sha256 } from "../formats.ts";
import { record, recordIn } from "../log.ts";
import { python } from "../schema.ts";
import { type Item, itemsOf, type Repository } from "../state.ts";
import { checkPullRobot, newestBuilds, startBuild, triggerView, writableRepositoryOf } from "./build.ts";

const asAdministrator = { read: true, admin: true } as const;
const defaultBranch = "main";
const commitPattern = "^([A-Fa-f0-9]{7,})$";

interface Config extends Item {
  readonly build_source?: string;
  readonly dockerfile_path?: string;
  readonly context?: string;
  readonly default_tag_from_ref?: boolean;
  readonly latest_for_default_branch?: boolean;
}

interface Parameters {
  readonly branch_name?: string;
  readonly commit_sha?: string;
  readonly refs?: { readonly kind?: string; readonly name?: string } | null;
}

const triggerOf = (call: Call, repository: Repository): Item =>
  itemsOf(repository, "triggers").get(param(call, "trigger_uuid")) ?? refuse(notFound());

/** Where hosts of sources show them; others have addresses of their own. */
const publicHosts: Readonly<Record<string, string>> = {
  github: "https://github.com",
  gitlab: "https://gitlab.com",
  bitbucket: "https://bitbucket.org",
};

/** What a host of sources gives in return for a webhook, as the trigger's configuration then holds it. */
function activated(call: Call, service: unknown, trigger: Item, config: Config): Item {
  const { random } = call.state;
  if (config.build_source === undefined) throw new Error("no source to build");
  if (service === "github") return { ...config, hook_id: random.integer(1, 99_999_999) };
  const url = `${call.url.replace("://", `://$token:${random.code(64)}@`)}/webhooks/push/trigger/${trigger.id}`;
  const key = `ssh-rsa ${Buffer.from(random.hex(64)).toString("base64")}`;
  return {
    ...config,
    credentials: [
      { name: "SSH Public Key", value: key },
      { name: "Webhook Endpoint URL", value: url },
    ],
  };
}

/** What is built, as the host of the sources or the caller says it. */
function metadataOf(trigger: Item, parameters: Parameters): Item {
  const source = (trigger.config as Config).build_source;
  if (trigger.service === "custom-git") {
    const commit = parameters.commit_sha;
    if (commit === undefined) refuse(invalidRequest("missing required parameter"));
    if (!new RegExp(commitPattern).test(commit)) {
      refuse(invalidRequest(`${python(commit)} does not match ${python(commitPattern)}`));
    }
    return { commit, git_url: source };
  }
  const kind = parameters.refs?.kind ?? "branch";
  const name = (parameters.refs ? parameters.refs.name : parameters.branch_name) || defaultBranch;
  return {
    commit: sha256(`${source} ${name}`).slice(0, 40),
    ref: kind === "tag" ? `refs/tags/${name}` : `refs/heads/${name}`,
    default_branch: defaultBranch,
    git_url: `git@${new URL(publicHosts[String(trigger.service)]!).host}:${source}.git`,
  };
}

/** The tags that a build sets: named after what it builds, and `latest` on the default branch. */
function tagsOf(config: Config, { ref, commit }: Item): string[] {
  const tags = new Set<string>();
  const name = String(ref ?? "")
    .split("/")
    .slice(2)
    .join("/");
  if (name && config.default_tag_from_ref !== false) {
    tags.add(
      name
        .replace(/[^\w.-]/g, "_")
        .replace(/^[.-]/, "_")
        .slice(0, 128),
    );
  }
  if (name === defaultBranch && config.latest_for_default_branch !== false) tags.add("latest");
  return tags.size > 0 ? [...tags] : [String(commit).slice(0, 7)];
}

/** Refuses what an administrator of the repository alone may not do with a robot of another namespace. */
function checkRobot(call: Call, { namespace }: Repository, name: string): void {
  checkPullRobot(call, name);
  if (!name.startsWith(`${namespace}+`)) refuse(insufficientScope());
}

function start(call: Call): Answer {
  const repository = writableRepositoryOf(call);
  const trigger = triggerOf(call, repository);
  if (!trigger.enabled) refuse(invalidRequest("Trigger is not enabled."));
  if (!trigger.is_active) refuse(invalidRequest("Trigger is not active."));
  const config = trigger.config as Config;
  const metadata = metadataOf(trigger, bodyOf<Parameters>(call));
  return startBuild(call, repository, {
    name: String(metadata.commit).slice(0, 7),
    tags: tagsOf(config, metadata),
    dockerfile: config.dockerfile_path ?? "",
    context: config.context ?? "",
    robot: (trigger.pull_robot as { name?: string } | undefined)?.name,
    trigger,
    metadata,
  });
}

export const trigger: Handlers = {
  ...collection(
    {
      name: "triggers",
      parameter: "trigger_uuid",
      key: "id",
      view: (item) => triggerView(item, asAdministrator),
    },
    { of: ofRepository, list: "listBuildTriggers", get: "getBuildTrigger" },
  ),

  /** The answer shows no more than anyone may see of a trigger. The reason stays when it is enabled again. */
  updateBuildTrigger(call) {
    const repository = writableRepositoryOf(call);
    const changed = triggerOf(call, repository);
    if (!changed.is_active) refuse(invalidRequest("Cannot update an unactivated trigger"));
    const { enabled } = bodyOf<{ enabled: boolean }>(call);
    changed.enabled = enabled;
    if (!enabled) changed.disabled_reason = "user_toggled";
    const { name, namespace } = repository;
    const metadata = { repo: name, trigger_id: changed.id, service: changed.service, enabled };
    record(call, "toggle_repo_trigger", namespace, metadata, name);
    return json(triggerView(changed, { read: false, admin: false }));
  },

  /** Its builds stay, without it. One that never was active leaves no trace in the logs. */
  deleteBuildTrigger(call) {
    const repository = writableRepositoryOf(call);
    const { id, is_active, service } = triggerOf(call, repository);
    itemsOf(repository, "triggers").delete(String(id));
    const { name, namespace } = repository;
    if (is_active) {
      record(call, "delete_repo_trigger", namespace, { repo: name, trigger_id: id, service }, name);
    }
    return empty();
  },

  activateBuildTrigger(call) {
    const repository = writableRepositoryOf(call);
    const made = triggerOf(call, repository);
    if (made.is_active) refuse(invalidRequest("Trigger config is not sufficient for activation."));
    const { config, pull_robot: robot } = bodyOf<{ config: Config; pull_robot?: string }>(call);
    if (robot) {
      checkRobot(call, repository, robot);
      made.pull_robot = { name: robot, kind: "user", is_robot: true };
    }
    const { service } = made;
    const host = publicHosts[String(service)];
    Object.assign(made, {
      config: activated(call, service, made, config),
      is_active: true,
      build_source: config.build_source,
      repository_url: host === undefined ? null : `${host}/${config.build_source}`,
    });
    recordIn(call, repository, "setup_repo_trigger", {
      trigger_id: made.id,
      service,
      pull_robot: (made.pull_robot as { name?: string } | undefined)?.name ?? null,
      config: made.config,
    });
    return json(triggerView(made, asAdministrator));
  },

  manuallyStartBuildTrigger: start,

  listTriggerRecentBuilds(call) {
    const repository = repositoryOf(call);
    const id = param(call, "trigger_uuid");
    const builds = newestBuilds(
      call,
      repository,
      ({ trigger: started }) => (started as Item | null)?.id === id,
    );
    return json({ builds });
  },
};
