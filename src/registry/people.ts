/** One user of each kind, by name. */
export interface People {
  /** May do everything. */
  readonly superuser: string;
  /** An ordinary member of an organization. */
  readonly member: string;
  /** Belongs to no organization. */
  readonly outsider: string;
  /** May read everything. */
  readonly readonly_superuser: string;
}
