import { describe, expect, it } from "vitest";
import { headersForQuay, requestIdOf } from "../../src/http/trace-context.ts";

const trace = "0af7651916cd43dd8448eb211c80319c";
const span = "b7ad6b7169203331";
const traceparent = `00-${trace}-${span}-01`;

describe("the id of a request", () => {
  it.each(["7f9c", "01JD-x_y.z~1:2", "a".repeat(128)])("is the one it came with: %s", (id) => {
    expect(requestIdOf({ "x-request-id": id })).toBe(id);
  });

  it.each([
    ["missing", undefined],
    ["empty", ""],
    ["too long", "a".repeat(129)],
    ["with a space", "a b"],
    ["with a quote", 'a"b'],
    ["given twice", "one, two"],
    ["with a line end", "a\nb"],
    ["no ASCII", "ä"],
  ])("is a new one where it is %s", (_, id) => {
    const [one, other] = [requestIdOf({ "x-request-id": id }), requestIdOf({ "x-request-id": id })];
    expect(one).toMatch(/^[\da-f-]{36}$/);
    expect(other).not.toBe(one);
  });
});

describe("the trace context", () => {
  it("goes on to Quay as it came", () => {
    const tracestate = "rojo=00f067aa0ba902b7,t61rc_1@vendor=x y";
    expect(headersForQuay("id", { traceparent, tracestate })).toEqual([
      ...["x-request-id", "id", "traceparent", traceparent, "tracestate", tracestate],
    ]);
  });

  it("of the MCP request goes before the headers' own", () => {
    const other = `00-${"1".repeat(32)}-${span}-00`;
    expect(headersForQuay("id", { traceparent: other }, { traceparent, tracestate: "a=1" })).toEqual([
      ...["x-request-id", "id", "traceparent", other],
    ]);
    expect(headersForQuay("id", {}, { traceparent })).toContain(traceparent);
  });

  it("of a later version goes on as version 00", () => {
    expect(headersForQuay("id", { traceparent: `cc-${trace}-${span}-01-what-the-future-brings` })).toContain(
      traceparent,
    );
  });

  it.each([
    ["of an unknown form", "hello"],
    ["of version ff", `ff-${trace}-${span}-01`],
    ["in capitals", traceparent.toUpperCase()],
    ["without a trace", `00-${"0".repeat(32)}-${span}-01`],
    ["without a parent", `00-${trace}-${"0".repeat(16)}-01`],
    ["that goes on", `${traceparent}-more`],
    ["given twice", `${traceparent}, ${traceparent}`],
    ["with a line end", `${traceparent}\n`],
    ["that is no text", 7],
  ])("stays here where it is one %s", (_, traceparent) => {
    expect(headersForQuay("id", { traceparent, tracestate: "a=1" })).toEqual(["x-request-id", "id"]);
  });

  it.each([
    ["with a name in capitals", "A=1"],
    ["without a value", "a="],
    ["with a second sign", "a=1=2"],
    ["with a line end", "a=1\r\nauthorization: x"],
    ["of more than 32 members", Array.from({ length: 33 }, (_, index) => `a${index}=1`).join(",")],
    ["of more than 512 characters", `a=${"1".repeat(511)}`],
    ["that is empty", " , "],
  ])("loses a state %s", (_, tracestate) => {
    expect(headersForQuay("id", { traceparent, tracestate })).toEqual([
      ...["x-request-id", "id", "traceparent", traceparent],
    ]);
  });
});
