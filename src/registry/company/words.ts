/** In which words the facts about the company are told. */
import type { Item, Role, TeamRole } from "../state.ts";

/** Days before today; negative: still to come. */
export type Days = number;

export interface Quota {
  readonly gibibytes: number;
  /** At how many percent of it what happens. */
  readonly limits: Readonly<Partial<Record<"Warning" | "Reject", number>>>;
}

export interface Policy {
  readonly method: "number_of_tags" | "creation_date";
  readonly value: number | string;
  /** Only tags that match. */
  readonly pattern?: string;
}

export type Notification = readonly [
  event: string,
  method: "webhook" | "slack" | "email",
  /** A URL, or an address. */
  to: string,
  /** Quay gives up after three. */
  failures: number,
  title: string | null,
];

export interface RobotFacts {
  readonly about?: string;
  readonly made: Days;
  /** null: never. */
  readonly used: Days | null;
  /** Whose tokens it takes in place of its own. */
  readonly trusts?: string;
}

export interface UserFacts {
  readonly email: string;
  readonly superuser?: "full" | "read-only";
  readonly disabled?: true;
  readonly robots?: Readonly<Record<string, RobotFacts>>;
  readonly stars?: readonly string[];
  /** App tokens; null: never used, or does not end. */
  readonly tokens?: readonly (readonly [title: string, made: Days, used: Days | null, ends: Days | null])[];
  readonly quota?: Quota;
}

export interface OrganizationFacts {
  readonly email: string | null;
  /** Members by name, with spaces between them. */
  readonly teams: Readonly<Record<string, readonly [role: TeamRole, about: string, members: string]>>;
  readonly robots: Readonly<Record<string, RobotFacts>>;
  readonly quota?: Quota;
  readonly policies?: readonly Policy[];
  readonly notifications?: readonly Notification[];
  /** What every new repository gives to a team. */
  readonly prototypes?: readonly (readonly [team: string, role: Role])[];
  /** By name, with where they are. */
  readonly applications?: Readonly<Record<string, string>>;
  /** The time machine window in seconds; two weeks, unless said otherwise. */
  readonly tagExpiration?: number;
  /** The whole organization mirrors a namespace of another registry. */
  readonly mirror?: {
    readonly from: string;
    readonly namespace: string;
    readonly robot: string;
    readonly filters: readonly string[];
    /** Seconds. */
    readonly every: number;
  };
  /** The organization hands on what another registry has. */
  readonly proxy?: { readonly upstream: string; readonly expiration: number };
}

export type SyncStatus = "SUCCESS" | "FAIL" | "NEVER_RUN";

export interface RepositoryFacts {
  readonly about: string;
  readonly public?: true;
  /** `v2.1@30` was pushed 30 days ago; `v1.{0..3}@700/90` are four, the first 700 days ago, then one every 90 days. */
  readonly tags: string;
  /** Whether a tag `latest` moves along; it does, unless said otherwise. */
  readonly latest?: false;
  /** Tags that end two weeks after their push. */
  readonly previews?: string;
  /** Tags that cannot be changed. */
  readonly locked?: string;
  readonly megabytes: number;
  /** Bundles of packages (vulnerabilities.ts); none: the scanner failed on it; `huge`: it did not try. */
  readonly built: string;
  /** How many generations of packages its builds lag behind. */
  readonly behind?: number;
  /** One, unless said otherwise; with several every tag is a list of manifests. */
  readonly architectures?: string;
  /** Whether the newest release has a signature and a list of its ingredients. */
  readonly signed?: true;
  readonly labels?: Readonly<Record<string, string>>;
  /** Who may do what, besides the owner; teams begin with @. */
  readonly roles?: Readonly<Record<string, Role>>;
  readonly policies?: readonly Policy[];
  readonly notifications?: readonly Notification[];
  /** The state READ_ONLY. */
  readonly frozen?: true;
  readonly mirror?: {
    readonly of: string;
    readonly tags: readonly string[];
    readonly robot: string;
    readonly status: SyncStatus;
    readonly user?: string;
    readonly off?: true;
  };
  /** How the organization's mirror fared with it. */
  readonly mirrored?: SyncStatus;
  /** Where a trigger builds it from. */
  readonly build?: string;
}

/** Something that was done once: when, what, by whom, and to which namespace or repository. */
export type Event = readonly [days: Days, kind: string, performer: string, place: string, metadata?: Item];
