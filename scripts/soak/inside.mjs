// Loaded into a measured process: says what it uses, after it has collected its garbage, to whoever started it.
process.on("message", () => {
  globalThis.gc();
  const { rss, heapUsed, external } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  process.send({ rss, held: heapUsed + external, cpu: user + system });
});
// It need not stay for this alone.
process.channel.unref();
