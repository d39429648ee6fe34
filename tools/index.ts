/** Every tool in its fixed order. The only file that knows them all. */
import type { Operation, Tool } from "../src/operation.ts";
import * as appspecifictokens from "./appspecifictokens.ts";
import * as build from "./build.ts";
import * as discovery from "./discovery.ts";
import * as error from "./error.ts";
import * as globalmessages from "./globalmessages.ts";
import * as logs from "./logs.ts";
import * as manifest from "./manifest.ts";
import * as mirror from "./mirror.ts";
import * as namespacequota from "./namespacequota.ts";
import * as org_mirror from "./org_mirror.ts";
import * as organization from "./organization.ts";
import * as permission from "./permission.ts";
import * as policy from "./policy.ts";
import * as prototype from "./prototype.ts";
import * as referrers from "./referrers.ts";
import * as repository from "./repository.ts";
import * as repositorynotification from "./repositorynotification.ts";
import * as robot from "./robot.ts";
import * as search from "./search.ts";
import * as secscan from "./secscan.ts";
import * as superuser from "./superuser.ts";
import * as tag from "./tag.ts";
import * as team from "./team.ts";
import * as trigger from "./trigger.ts";
import * as user from "./user.ts";

const chapters: Record<string, Record<string, Operation>> = {
  organization,
  repository,
  tag,
  manifest,
  secscan,
  referrers,
  team,
  robot,
  permission,
  prototype,
  user,
  search,
  logs,
  repositorynotification,
  policy,
  namespacequota,
  mirror,
  org_mirror,
  build,
  trigger,
  appspecifictokens,
  globalmessages,
  superuser,
  discovery,
  error,
};

/** The catalogue, in the order of the chapters and, within one, by name. */
export const catalogue: readonly Tool[] = Object.entries(chapters).flatMap(([toolset, chapter]) =>
  Object.values(chapter)
    .map((operation) => ({ ...operation, toolset }))
    .sort((one, other) => (one.name < other.name ? -1 : 1)),
);
