/** A way of saying something (alternatives separated by `|`), and the words of the catalogue for it. */
export interface Synonym {
  readonly says: string;
  readonly means: string;
  /** Its own words say something else: a user group is no user. */
  readonly instead?: true;
}

/**
 * What people call things, on the left, and what Quay calls them, on the right. A phrase also matches with up to two
 * words in between ("roll latest back"), and in every form of its words.
 */
export const synonyms: readonly Synonym[] = [
  // Things
  { says: "repo|image", means: "repository" },
  { says: "org|company|department|project", means: "organization" },
  { says: "user group", means: "team group", instead: true },
  { says: "group", means: "team" },
  { says: "service account|machine user|technical user", means: "robot", instead: true },
  { says: "bot", means: "robot" },
  { says: "account", means: "user" },
  { says: "person|people", means: "user member" },
  { says: "outsider|contractor|guest", means: "collaborator" },
  { says: "app|oauth|client|integration|third party", means: "application" },
  { says: "version|release", means: "tag" },
  { says: "digest|sha256|layer|architecture|platform|multi arch", means: "manifest" },
  { says: "pull through|upstream|cache", means: "proxy cache upstream" },
  { says: "message of the day", means: "global message", instead: true },
  { says: "banner|notice|announcement|announce", means: "global message" },
  { says: "everybody|everyone", means: "every all" },
  // Access
  { says: "right|privilege|access|role|acl|allowed", means: "permission role" },
  {
    says: "who can push|who can pull|who can write|who can read|who has",
    means: "access list permission repository user team",
  },
  { says: "give access|grant|allow to push|allow to pull|let push|let pull", means: "set permission role" },
  { says: "revoke access|take away access|no longer access", means: "delete permission" },
  { says: "new repo|future repo|freshly created|created from now on", means: "default permission prototype" },
  { says: "only pull|only push|able to pull|able to push", means: "set permission role" },
  { says: "effective|whichever way|transitive|inherited", means: "effective transitive" },
  // Life of a tag
  { says: "last pushed|newest|latest", means: "list tag" },
  { says: "mark|annotation|metadata", means: "label" },
  { says: "roll back|rollback|revert|get back|bring back|recover|undo|undelete", means: "restore tag" },
  { says: "promote|retag|move|lock|immutable|unchangeable", means: "update tag move immutable" },
  { says: "disappear|run out", means: "expire" },
  {
    says: "cleanup|clean up|retention|retain|garbage collection|purge|tidy|keep last|keep only|older than|prune",
    means: "auto prune policy",
  },
  {
    says: "automatically delete|delete automatically|automatically remove|remove automatically",
    means: "create auto prune policy",
    instead: true,
  },
  { says: "time machine|how long deleted", means: "organization deleted restorable settings" },
  // Security
  { says: "cve|vulnerability|vulnerable|clair|log4shell|affected", means: "security scan manifest" },
  { says: "signed|signature|cosign|sbom|bill of material|attestation|provenance", means: "referrers" },
  // Mirrors
  { says: "replicate|replication|replica|copy|keep up to date|nightly sync", means: "mirror" },
  // Space
  { says: "storage|disk|space|full|cap|gb|gigabyte|size limit", means: "quota storage" },
  { says: "warn|block|reject", means: "quota limit warn reject" },
  // What happened
  { says: "happened|did do|has do|doing", means: "log who did what" },
  { says: "log in|logged in|last used|not been used", means: "last use" },
  {
    says: "audit|history|activity|what happened|who deleted|who changed|who pulled|who pushed|been up to",
    means: "log who did what",
  },
  { says: "statistic|how many|how often|count", means: "count aggregate" },
  { says: "siem|send out|mail", means: "export send" },
  // Being told
  { says: "webhook|hook|slack|alert|ping|notify|tell me when", means: "notification" },
  { says: "stopped firing|turn on again", means: "reset failures" },
  { says: "try out", means: "test" },
  // Builds
  { says: "dockerfile|tarball", means: "request build" },
  { says: "kick off|git push|github", means: "build trigger" },
  { says: "print", means: "log line" },
  // Secrets
  { says: "lost|stolen", means: "revoke" },
  { says: "rotate|leaked|new secret|renew", means: "regenerate token" },
  { says: "docker login|login token|password for docker", means: "app token" },
  { says: "password|credential", means: "token password" },
  { says: "without password|github actions|workload identity|keyless", means: "robot federation oidc" },
  { says: "ldap|active directory|saml", means: "team sync external group" },
  // Verbs
  { says: "add|make|set up|need a|register|new", means: "create" },
  {
    says: "remove|get rid of|throw away|drop|kill|take off|take down|dissolve|disconnect|no longer|no more",
    means: "delete remove",
  },
  { says: "change|edit|modify|replace|adjust|rename|resize|pause", means: "update change" },
  { says: "stop|abort|interrupt", means: "cancel" },
  { says: "start with|begin with", means: "search name begin prefix" },
  { says: "find|look up|where is|called", means: "search" },
  { says: "who is in|belong|part of", means: "list member" },
  { says: "put in", means: "add member" },
  { says: "kick out|throw out|left", means: "remove member" },
  { says: "immediately|right away|refresh", means: "now sync" },
  { says: "invite|invitation", means: "invite e-mail" },
  { says: "favourite|favorite|bookmark", means: "star starred" },
  { says: "who am i|am i in|do i belong|logged in", means: "my user account" },
  // States
  { says: "readme|text", means: "description" },
  { says: "nightly|every night|schedule", means: "update interval mirror" },
  { says: "owner", means: "ownership" },
  { says: "freeze|read only|readonly|archive", means: "repository state read_only" },
  { says: "lock repo|lock repository|nobody push", means: "change repository state read_only" },
  { says: "public|private|anybody|whole world|without log", means: "visibility public private" },
  // The whole registry
  { says: "lock out|forgot password|locked", means: "superuser update user password lock" },
  { says: "whole server|entire registry|all account|every account", means: "superuser registry" },
  { says: "endpoint|swagger|openapi", means: "api description operation" },
];
