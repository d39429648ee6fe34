/** Every chapter's handlers. The only file that knows them all. */
import type { Handlers } from "../call.ts";
import { application } from "./application.ts";
import { appspecifictokens } from "./appspecifictokens.ts";
import { build } from "./build.ts";
import { discovery } from "./discovery.ts";
import { federation } from "./federation.ts";
import { globalmessages } from "./globalmessages.ts";
import { logs } from "./logs.ts";
import { manifest } from "./manifest.ts";
import { mirror } from "./mirror.ts";
import { namespacequota } from "./namespacequota.ts";
import { orgMirror } from "./org_mirror.ts";
import { organization } from "./organization.ts";
import { permission } from "./permission.ts";
import { policy } from "./policy.ts";
import { prototype } from "./prototype.ts";
import { proxycache } from "./proxycache.ts";
import { referrers } from "./referrers.ts";
import { registryauth } from "./registryauth.ts";
import { repository } from "./repository.ts";
import { repositorynotification } from "./repositorynotification.ts";
import { robot } from "./robot.ts";
import { search } from "./search.ts";
import { secscan } from "./secscan.ts";
import { servicekey } from "./servicekey.ts";
import { superuser } from "./superuser.ts";
import { tag } from "./tag.ts";
import { team } from "./team.ts";
import { trigger } from "./trigger.ts";
import { user } from "./user.ts";

export const handlers: Handlers = {
  ...application,
  ...appspecifictokens,
  ...build,
  ...discovery,
  ...federation,
  ...globalmessages,
  ...logs,
  ...manifest,
  ...mirror,
  ...namespacequota,
  ...orgMirror,
  ...organization,
  ...permission,
  ...policy,
  ...prototype,
  ...proxycache,
  ...referrers,
  ...registryauth,
  ...repository,
  ...repositorynotification,
  ...robot,
  ...search,
  ...secscan,
  ...servicekey,
  ...superuser,
  ...tag,
  ...team,
  ...trigger,
  ...user,
};
