import type { Dispatcher } from "undici";
import type { Deadline } from "./deadline.ts";
import { type Headers, QuayError, type RawAnswer } from "./errors.ts";
import { outcomeHint } from "./hints.ts";
import { TransportFailure } from "./transport-error.ts";

/** An error's text is told in a few lines: more of it is not read. */
const longestError = 256 * 1024;

/**
 * Sends one request and reads its whole answer.
 *
 * It uses `dispatch`, undici's leanest door: no stream is made for a body that is wanted at once.
 *
 * @throws QuayError when the deadline is over or a good answer is longer than `maxAnswerBytes`
 * @throws TransportFailure when the connection fails
 */
export function exchange(
  dispatcher: Dispatcher,
  request: Dispatcher.DispatchOptions,
  maxAnswerBytes: number,
  deadline: Deadline,
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined;
    let status = 0;
    let headers: Headers = {};
    let chunks: Buffer[] = [];
    let size = 0;

    const finish = () => {
      deadline.whenOver(undefined);
      resolve({ status, headers, text: decode(chunks, size) });
      chunks = [];
    };
    const fail = (error: Error) => {
      deadline.whenOver(undefined);
      reject(error);
      chunks = [];
      controller?.abort(error);
    };
    deadline.whenOver(fail);

    dispatcher.dispatch(request, {
      onRequestStart(started) {
        controller = started;
        const over = deadline.error();
        if (over !== undefined) started.abort(over);
      },
      onResponseStart(_, statusCode, answered) {
        status = statusCode;
        headers = answered;
        if (status < 300 && Number(headers["content-length"]) > maxAnswerBytes) {
          fail(tooLarge(request.method, maxAnswerBytes));
        }
      },
      onResponseData(reading, chunk) {
        size += chunk.length;
        if (status >= 300) {
          if (size <= longestError) chunks.push(chunk);
          else {
            size -= chunk.length;
            finish();
            reading.abort(new Error("the rest of an error is not read"));
          }
        } else if (size <= maxAnswerBytes) {
          chunks.push(chunk);
        } else {
          fail(tooLarge(request.method, maxAnswerBytes));
        }
      },
      onResponseEnd: finish,
      onResponseError(_, error) {
        fail(new TransportFailure(error, status !== 0));
      },
    });
  });
}

function decode(chunks: readonly Buffer[], size: number): string {
  const whole = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size);
  const text = whole.toString("utf8");
  return text.startsWith("\ufeff") ? text.slice(1) : text;
}

function tooLarge(method: string, maxAnswerBytes: number): QuayError {
  return new QuayError({
    kind: "too-large",
    message: `Quay's answer is longer than ${maxAnswerBytes} bytes.`,
    hint: outcomeHint(method, "Ask for less (a filter, a page, a limit), or raise --max-answer-bytes."),
  });
}
