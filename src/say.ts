/** Says a sentence to whoever runs the program. */
export type Say = (sentence: string) => void;

/** Standard output belongs to the protocol, so that sentences go to standard error. */
export const sayOnStandardError: Say = (sentence) => {
  process.stderr.write(`quay-mcp: ${sentence}\n`);
};
