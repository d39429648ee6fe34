// Loaded into a measured process: says what it uses, after it has collected its garbage, to whoever started it.
process.on("message", () => {
  globalThis.gc();
  // What only waited to be finalized goes with the second.
  setImmediate(() => {
    globalThis.gc();
    const { rss, heapUsed } = process.memoryUsage();
    const { user, system } = process.cpuUsage();
    process.send({ rss, held: heapUsed, cpu: user + system });
  });
});
// It need not stay for this alone.
process.channel.unref();
