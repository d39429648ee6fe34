/** Mutants of the guard, made by hand: each takes one check away, and at least one of the tests named must then fail. */
export interface Mutant {
  readonly file: string;
  /** Stands in the file once. */
  readonly text: string;
  readonly becomes: string;
  readonly tests: readonly string[];
}

const asMutants =
  (file: string, ...tests: string[]) =>
  (...changes: readonly (readonly [text: string, becomes: string])[]): Mutant[] =>
    changes.map(([text, becomes]) => ({ file, text, becomes, tests }));

const walk = "test/guard/walk.test.ts";
const confirmation = "test/guard/confirmation.test.ts";
const executors = "test/guard/executor.test.ts";
const restriction = "test/guard/restriction.test.ts";
const narrowing = "test/http/callers/narrowing.test.ts";

// biome-ignore format: a mutant on a line can be read as a list
export const mutants: readonly Mutant[] = [
  ...asMutants("src/call/call.ts", confirmation)(
    ["refusal(guardedTool(tool), context.policy) ?? ", ""],
    ["if (policy.dryRun) return", "if (false) return"],
    ['tool.access === "destructive" || escalation !== undefined;', "escalation !== undefined;"],
    ["isGrave || reply !== undefined || code", "isGrave || code"],
    ["if (settled.confirmed === undefined) return settled;\n    trail", "trail"],
    ["if (isGrave) await lookAtBrake(context, tool);", ""],
    ["if (isGrave) await brakeFor(context, tool, code);", ""],
    ["await trail.announce();", ""],
  ),
  ...asMutants("src/call/call.ts", walk)(
    ["refuseIf(credentialRefusal(tool, secrets));", ""],
    ["if (escalation !== undefined) refuseIf", "if (false) refuseIf"],
    ['tool.access === "destructive" || escalation !== undefined;', 'tool.access === "destructive";'],
  ),
  ...asMutants("src/call/call.ts", confirmation)(
    ["if (signal?.aborted) throw givenUpUnsent();\n  return", "return"],
  ),
  ...asMutants("src/call/call.ts", executors)(
    [" ?? executorRefusal(tool, entrance.executor)", ""],
    ["refuseIf(escalatedExecutorRefusal(tool, escalation, executor));", ""],
  ),
  ...asMutants("src/guard/executor.ts", executors)(
    ["|| tool.access === executor", ""],
    ['executor === "destructive" && isConfirmable(tool)', 'executor === "destructive"'],
  ),
  ...asMutants("src/surface/calls.ts", executors)(
    ["executor: access as Access", "executor: undefined as never"],
  ),
  ...asMutants("src/call/prepare.ts", walk)(["refuseIf(placeRefusal(tool, given, policy));", ""]),
  ...asMutants("src/guard/policy.ts", walk)(
    ["selectionRefusal(tool, policy.selection) ??", ""],
    ["accessRefusal(tool, policy.access) ??", ""],
    ["scopeRefusal(tool, policy.scopes) ??", ""],
    ["fenceRefusal(tool, given, policy.fence) ??", ""],
    ["    protectionRefusal(tool, given, policy.protection)\n", "    undefined\n"],
  ),
  ...asMutants("src/call/call.ts", narrowing)(
    ["hasChoices(context.policy) ? contextOfCall(context, tool, written) : context", "context"],
  ),
  ...asMutants("src/runtime.ts", narrowing)(["createPolicy(settings, tools, parts.restrictions)", "createPolicy(settings, tools)"]),
  ...asMutants("src/guard/policy.ts", restriction)(
    ["restrictionsRefusal(policy.restrictions, (bounds) => boundsRefusal(tool, bounds))", "undefined"],
    ["restrictionsRefusal(policy.restrictions, (bounds) => boundsFenceRefusal(tool, given, bounds)) ??", ""],
    ["restrictionsRefusal(policy.restrictions, (bounds) => boundsEscalatedRefusal(tool, reason, bounds))", "undefined"],
  ),
  ...asMutants("src/guard/restriction.ts", restriction)(
    ["(toolsets && toolsetRefusal(tool, toolsets, by)) ??", ""],
    ["(access && accessRefusal(tool, access, by)) ??", ""],
    ["!reasons.includes(undefined)", "!reasons.includes(undefined) && reasons.length === 1"],
    ["boundsRefusal(guarded, bounds) ?? boundsFenceRefusal", "boundsFenceRefusal"],
  ),
  ...asMutants("src/http/way.ts", narrowing)([", ...narrow(request.rawHeaders)", ""]),
  ...asMutants("src/guard/confirmation.ts", confirmation, "test/guard/recognised.test.ts")(
    ["if (trouble !== undefined)", "if (false)"],
    ['if (purpose === "question") requireConsent(call);', ""],
    ['reply?.action !== "accept"', "false"],
    ["reply.name !== name", "false"],
    ["state.exists === undefined", "false"],
    ["state.exists === false", "false"],
    ["if (state.identity === undefined)", "if (false)"],
    ['canonical(["present", state.identity, state.now])', 'canonical(["present", state.identity])'],
    ['canonical(["present", state.identity, state.now])', 'canonical(["present", state.now])'],
    ['means === "nothing"', "false"],
    ['policy === "auto" && tool.irreversible === undefined', 'policy === "auto"'],
    ['policy === "never"', "true"],
  ),
  ...asMutants("src/guard/confirmation.ts", "test/guard/absent.test.ts")(
    ["if (place !== undefined) throw", "if (false) throw"],
    ["if (tool.creates === undefined)", "if (false)"],
  ),
  ...asMutants("src/guard/seal.ts", "test/guard/seal.test.ts")(
    ["const call = [purpose, ", 'const call = ["", '],
    ["[purpose, registry, ", "[purpose, "],
    ["registry, caller, policy, tool, canonical", "registry, policy, tool, canonical"],
    ["caller, policy, tool, canonical", "caller, tool, canonical"],
    ["policy, tool, canonical(given)", "policy, canonical(given)"],
    [", tool, canonical(given)]", ", tool]"],
    ["hash(head, ...call, identity)", "hash(head, ...call)"],
    ["if (head.readUInt32BE(nonceBytes) * 1000 <= now())", "if (false)"],
    ["if (!fresh)", "if (false)"],
    ["if (!timingSafeEqual(bytes.subarray(headBytes, headBytes + hashBytes), call))", "if (false)"],
    [".update(head)", ""],
  ),
  ...asMutants("src/guard/fence.ts", "test/guard/fence.test.ts")(
    ["if (problem !== undefined)", "if (false)"],
    ["if (!named.some(({ naming }) => confines(naming)))", "if (false)"],
    ["leaving !== undefined && ", "false && "],
    ["if (namespace === undefined) return", "if (false) return"],
    ['if (confinement === "never")', "if (false)"],
    ["return robotNamespaceOf(value);\n    case", 'return "none";\n    case'],
  ),
  ...asMutants("src/guard/protection.ts", "test/guard/protection.test.ts")(
    ["if (isProtected(repository, protection))", "if (false)"],
    ["if (repository === undefined)", "if (repository === undefined) continue; if (false)"],
    ["reaches(tool, given) ? ", "false ? "],
    ["if (namespaces.length === 0)", "if (false)"],
    ["if (namespace === undefined)", "if (namespace === undefined) continue; if (false)"],
    ["names.some((each) => pattern.name.test(each))", "pattern.name.test(name)"],
  ),
  ...asMutants("src/guard/names.ts", "test/guard/fence.test.ts", "test/guard/protection.test.ts")(
    ["? text.toLowerCase()", "? text"],
    ["name: name.toLowerCase()", "name"],
    ['segment === "." || segment === ".."', "false"],
  ),
  ...asMutants("src/guard/escalation.ts", "test/guard/escalation.test.ts")(
    ["if (unread !== undefined) return unread;", ""],
    ["egress?.isNew ?", "false ?"],
    ["after < before ?", "false ?"],
    ["if (before === undefined || after === undefined)", "if (false)"],
    ["if (conditions.length === 0)", "if (false)"],
    ["withDefaults(tool, given), state", "given, state"],
  ),
  ...asMutants("src/guard/egress.ts", "test/guard/egress.test.ts", "test/guard/escalation.test.ts")(
    ["isNew: !isKnown", "isNew: false"],
    ["host === undefined ? value === current :", "host === undefined ? true :"],
  ),
  ...asMutants("src/guard/brake.ts", "test/guard/brake.test.ts")(
    ["recent.length >= limit", "false"],
    ["made.get(caller)", 'made.get("")'],
    ["made.set(caller, [...recent, now]);", ""],
    ["if (times.at(-1)! > before) return;", ""],
    ["recentOf(caller, now).length < limit", "true"],
  ),
  ...asMutants("src/guard/credentials.ts", "test/secrets/credentials.test.ts")(
    ["if (!secretName.test(name))", "if (false)"],
    ["if (tool.yieldsCredential === undefined && tool.bringsCredential === undefined) return undefined;", "return undefined;"],
  ),
  ...asMutants("src/guard/access.ts", walk)(
    ['if (allowed === "destructive") return undefined;', "return undefined;"],
  ),
];
