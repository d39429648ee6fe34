/** Builds of images. Nothing is built here: what is asked for waits in the queue, and can be cancelled. */
import { createHash } from "node:crypto";
import { posix } from "node:path";
import {
  type Answer,
  insufficientScope,
  invalidRequest,
  invalidResponse,
  json,
  message,
  notFound,
  notNormal,
  refuse,
} from "../answers.ts";
import { hasNamespaceRole, hasRepositoryRole } from "../authorization.ts";
import { bodyOf, type Call, type Handlers, integer, param, repositoryOf } from "../call.ts";
import { fromEpoch, rfc2822 } from "../formats.ts";
import { record, recordBuild } from "../log.ts";
import { findRobot, type Item, itemsOf, type Repository } from "../state.ts";

const usualLimit = 5;
const limitHelp = "The maximum number of builds to return";
const sinceHelp = "Returns all builds since the given unix timecode";

/** A build is kept as it is shown, and besides: */
interface Build extends Item {
  /** Counted up, to tell builds of the same second apart. */
  readonly number?: number;
  /** It waits in the queue, from which alone it can be taken back. */
  queued?: boolean;
  /** Lines as they are shown, with `message` and `type`. */
  readonly log?: readonly Item[];
  /** Where the lines went, once they were archived. */
  readonly logs_url?: string;
}

const buildsIn = (repository: Repository) => itemsOf(repository, "builds") as Map<string, Build>;

/** How a trigger is shown: on its own with its robot, or within one of its builds. */
export function triggerView(
  { pull_robot, ...trigger }: Item,
  may: { readonly read: boolean; readonly admin: boolean; readonly build?: true },
) {
  const sees = may.read || may.admin;
  return {
    ...trigger,
    build_source: sees ? trigger.build_source : null,
    repository_url: sees ? trigger.repository_url : null,
    config: may.admin ? trigger.config : {},
    can_invoke: may.admin,
    ...(may.admin && !may.build && pull_robot ? { pull_robot } : {}),
  };
}

/** How a build is shown to the caller. Readers are shown where its source lies, as Quay can be set to do. */
export function buildView(call: Call, repository: Repository, build: Build) {
  const { number, queued, log, logs_url, ...shown } = build;
  const has = (role: "read" | "write" | "admin") =>
    hasRepositoryRole(call.state, call.caller, repository, role);
  const trigger = itemsOf(repository, "triggers").get(String((build.trigger as Item | null)?.id));
  return {
    ...shown,
    is_writer: has("write"),
    trigger: trigger ? triggerView(trigger, { read: has("read"), admin: has("admin"), build: true }) : null,
    trigger_metadata: has("read") ? build.trigger_metadata : null,
  };
}

/** The newest first. */
export function newestBuilds(call: Call, repository: Repository, matches: (build: Build) => boolean) {
  const limit = integer(call, "limit", usualLimit, limitHelp);
  const time = ({ started }: Build) => Date.parse(String(started));
  return [...buildsIn(repository).values()]
    .filter(matches)
    .sort((one, other) => time(other) - time(one) || (other.number ?? 0) - (one.number ?? 0))
    .slice(0, Math.max(0, limit))
    .map((build) => buildView(call, repository, build));
}

export interface BuildPlan {
  readonly name: string;
  readonly tags: readonly string[];
  readonly dockerfile: string;
  readonly context: string;
  readonly archiveUrl?: string;
  readonly robot?: string | undefined;
  readonly trigger?: Item;
  readonly metadata?: Item;
}

/** Queues a build and answers with it. */
export function startBuild(call: Call, repository: Repository, plan: BuildPlan): Answer {
  const { namespace, name } = repository;
  const id = call.state.random.uuid();
  const manual_user = call.caller?.user.name ?? null;
  const build: Build = {
    id,
    phase: "waiting",
    started: rfc2822(call.state.now()),
    display_name: plan.name,
    status: {},
    subdirectory: plan.dockerfile,
    dockerfile_path: plan.dockerfile,
    context: plan.context,
    tags: plan.tags,
    manual_user,
    is_writer: true,
    trigger: plan.trigger ?? null,
    trigger_metadata: plan.metadata ?? {},
    resource_key: null,
    pull_robot: plan.robot ? { name: plan.robot, kind: "user", is_robot: true } : null,
    repository: { namespace, name },
    error: null,
    ...(plan.archiveUrl && { archive_url: plan.archiveUrl }),
    number: call.state.nextId("build"),
    queued: true,
  };
  buildsIn(repository).set(id, build);
  const { trigger } = plan;
  recordBuild(
    call,
    repository,
    {
      build_id: id,
      docker_tags: plan.tags,
      repo: name,
      namespace,
      is_manual: true,
      manual_user,
      ...(trigger && {
        trigger_id: trigger.id,
        trigger_kind: trigger.service,
        trigger_metadata: plan.metadata ?? {},
        trigger_manual: true,
      }),
    },
    trigger ? manual_user : null,
  );
  const location = `/api/v1/repository/${namespace}/${name}/build/${id}/status`;
  return { ...json(buildView(call, repository, build), 201), headers: { Location: encodeURI(location) } };
}

/** Frozen and mirrored repositories take nothing, so nothing is built or set up for them. */
export function writableRepositoryOf(call: Call): Repository {
  const repository = repositoryOf(call);
  if (repository.state !== "NORMAL") refuse(notNormal(repository.state));
  return repository;
}

/** Refuses a robot that a build may not pull as: who asks has to administer the robot's namespace. */
export function checkPullRobot(call: Call, name: string): void {
  const [owner = "", shortname] = name.split("+");
  if (shortname === undefined) refuse(insufficientScope());
  if (findRobot(call.state, name) === undefined) refuse(notFound());
  if (!hasNamespaceRole(call.caller, call.state.namespaces.get(owner), "admin")) refuse(insufficientScope());
}

interface Body {
  readonly file_id?: string;
  readonly archive_url?: string;
  readonly subdirectory?: string;
  readonly dockerfile_path?: string;
  readonly context?: string;
  readonly pull_robot?: string;
  readonly docker_tags?: readonly string[];
}

/** Where the Dockerfile lies, and what it may copy from. */
function placesOf({ context, dockerfile_path, subdirectory }: Body): { dockerfile: string; context: string } {
  const inside = (folder: string) => `${folder.endsWith("/") ? folder : `${folder}/`}Dockerfile`;
  if (dockerfile_path !== undefined) {
    const folder = posix.dirname(dockerfile_path);
    return { dockerfile: dockerfile_path, context: context ?? (folder === "." ? "" : folder) };
  }
  const folder = subdirectory ?? context ?? "/";
  return { dockerfile: inside(folder), context: folder };
}

/** Wherever it is: the superuser's operations name no repository. */
function findBuild(call: Call): { repository: Repository; build: Build } | undefined {
  const id = param(call, "build_uuid");
  for (const { repositories } of call.state.namespaces.values()) {
    for (const repository of repositories.values()) {
      const build = repository.collections.get("builds")?.get(id);
      if (build !== undefined) return { repository, build };
    }
  }
  return undefined;
}

const unknown = (call: Call) => `Unable to locate a build by id: ${param(call, "build_uuid")}`;

/**
 * The build of the path, in the repository of the path.
 *
 * @param answer where there is none anywhere; Quay says so in different ways
 */
function buildOf(call: Call, answer: Answer = notFound()): { repository: Repository; build: Build } {
  const repository = repositoryOf(call);
  const build = buildsIn(repository).get(param(call, "build_uuid"));
  return build ? { repository, build } : refuse(findBuild(call) ? notFound() : answer);
}

function logsView(call: Call, { log = [], logs_url }: Build): Answer {
  if (logs_url !== undefined) return json({ logs_url });
  const start = Number(call.query.get("start") ?? 0);
  if (!Number.isInteger(start)) throw new Error("start is no number");
  return json({ start, total: log.length, logs: log.slice(start) });
}

/** Superusers see a build without its settings: Quay reads them in the wrong place there. */
function superuserView(call: Call, repository: Repository, build: Build) {
  const { trigger, ...settings } = buildView(call, repository, build);
  const { archive_url, ...shown } = settings as Item;
  const { enabled, disabled_reason, ...rest } = (trigger ?? {}) as Item;
  return {
    ...shown,
    subdirectory: "",
    dockerfile_path: "",
    context: "",
    tags: [],
    manual_user: null,
    trigger: trigger && rest,
    trigger_metadata: null,
    ...(build.resource_key !== null && { archive_url }),
  };
}

const superuserBuild = (call: Call, missing: (call: Call) => Answer): Answer => {
  const { repository, build } = findBuild(call) ?? refuse(missing(call));
  return json(superuserView(call, repository, build));
};

export const build: Handlers = {
  getRepoBuilds(call) {
    const repository = repositoryOf(call);
    const since = integer(call, "since", 0, sinceHelp);
    const builds = newestBuilds(
      call,
      repository,
      ({ started }) => Date.parse(String(started)) >= fromEpoch(since).getTime(),
    );
    return json({ builds });
  },

  requestRepoBuild(call) {
    const repository = writableRepositoryOf(call);
    const body = bodyOf<Body>(call);
    const { file_id: file, archive_url: archiveUrl, pull_robot: robot, docker_tags: tags } = body;
    if (!file && !archiveUrl) refuse(invalidRequest("file_id or archive_url required"));
    if (archiveUrl && !/^https?:/i.test(archiveUrl)) {
      refuse(invalidRequest("Invalid Archive URL: Must be http or https"));
    }
    if (robot) checkPullRobot(call, robot);
    // Files come by way of the web interface, which is not here.
    if (file) refuse(invalidRequest(`File ${file} could not be found or is invalid`));
    return startBuild(call, repository, {
      name: createHash("sha224").update(archiveUrl!).digest("hex").slice(0, 7),
      tags: tags ?? ["latest"],
      ...placesOf(body),
      archiveUrl: archiveUrl!,
      robot,
    });
  },

  getRepoBuild(call) {
    const { repository, build: shown } = buildOf(call);
    return json(buildView(call, repository, shown));
  },

  getRepoBuildStatus(call) {
    const { repository, build: shown } = buildOf(call, message(unknown(call)));
    return json(buildView(call, repository, shown));
  },

  getRepoBuildLogs: (call) => logsView(call, buildOf(call, message(unknown(call))).build),

  cancelRepoBuild(call) {
    writableRepositoryOf(call);
    const { repository, build: cancelled } = buildOf(call);
    if (cancelled.phase !== "waiting" || !cancelled.queued) {
      refuse(invalidRequest("Build is currently running or has finished"));
    }
    Object.assign(cancelled, { phase: "cancelled", queued: false });
    record(call, "cancel_build", repository.namespace, { build_uuid: cancelled.id }, repository.name);
    return json("Okay", 201);
  },

  getRepoBuildSuperUser: (call) => superuserBuild(call, () => notFound()),
  getRepoBuildStatusSuperUser: (call) => superuserBuild(call, (each) => invalidResponse(unknown(each))),
  getRepoBuildLogsSuperUser(call) {
    const found = findBuild(call) ?? refuse(invalidResponse(unknown(call)));
    return logsView(call, found.build);
  },
};
