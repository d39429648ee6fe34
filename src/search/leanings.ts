import type { GuardedTool } from "../guard/tool.ts";

/** What a word of the query, or its absence, says about the tools that are meant: they count `times` as much. */
export interface Leaning {
  readonly if: RegExp;
  /** The leaning holds for queries that do not match. */
  readonly not?: true;
  readonly for: (tool: Pick<GuardedTool, "name" | "access">) => boolean;
  readonly times: number;
}

/** How an order begins, or what it holds: what names a thing and says neither asks for it. */
const order =
  /^(?:please |could you |can you )?(?:add|adjust|allow|announce|archive|ban|block|cancel|cap|change|clean|clear|close|connect|copy|create|cut|deny|disable|disconnect|drop|edit|enable|end|enforce|export|fix|forbid|freeze|get|give|grant|hand|hide|import|invite|keep|kick|kill|let|limit|link|lock|make|mark|move|notify|open|pause|prevent|promote|publish|pull|purge|push|put|raise|reduce|refuse|register|remove|rename|replace|request|reset|restore|restrict|revoke|roll|rotate|run|send|set|start|stop|switch|sync|tag|take|throw|tidy|transfer|trigger|try|turn|undo|unlock|update|upgrade|use|warn|wipe|write)\b|\b(?:should|shall|must|needs?|wants?|please|ensure|no longer|no more)\b|, \w+ (?:it|him|her|them)\b/i;

export const leanings: readonly Leaning[] = [
  // Whoever asks wants to know, whoever orders wants it done.
  {
    if: /^(who|what|which|when|where|why|how|is|are|does|do|did|has|have|can|show|list|tell me|find)\b/i,
    for: ({ access }) => access === "read",
    times: 1.6,
  },
  {
    if: order,
    for: ({ access }) => access === "read",
    times: 0.7,
  },
  {
    if: /\b(delete|remove|drop|kill|rid|throw|revoke|purge|wipe|destroy)\b/i,
    for: ({ access }) => access === "destructive",
    times: 1.3,
  },
  // What ends something is rarely meant where no word says so.
  {
    if: /\b(delete|remove|drop|kill|rid|throw|revoke|purge|stop|cancel|abort|kick|lost|no (more|longer)|dis\w+|take|un\w+|end|off)\b/i,
    not: true,
    for: ({ name }) => /(?:^|_)(?:delete|remove|revoke|cancel|disable)_/.test(name),
    times: 0.7,
  },
  // Few ask about their own account, and those who do say so.
  {
    if: /\b(my|me|mine|own|personal|i)\b/i,
    not: true,
    for: ({ name }) => name.includes("_my_"),
    times: 0.5,
  },
  {
    if: /\b(my|mine|own|personal)\b/i,
    for: ({ name }) => name.includes("_my_"),
    times: 1.5,
  },
  // Many at once, now, rather than one, or whatever a rule will find from now on.
  {
    if: /^(?!.*\b(?:automatic\w*|every (?:night|day|week|hour)|rule|policy|policies|nightly|daily|keep)\b).*\b(?:delete|remove|purge|wipe|drop|clean up|cleanup|throw away|get rid of)\b.*\btags\b/i,
    for: ({ name }) => name === "delete_tags",
    times: 2.5,
  },
  {
    if: /\b(?:which|what|all)\b.*\b(?:images|repos|repositories|tags)\b.*\b(?:vulnerabilit\w+|vulnerable|cves?)\b/i,
    for: ({ name }) => name === "scan_summary",
    times: 1.5,
  },
  {
    if: /\b(registry|server|organizations|all|every|everything|any|superuser|everybody|quay)\b/i,
    not: true,
    for: ({ name }) => name.startsWith("superuser_"),
    times: 0.7,
  },
];
