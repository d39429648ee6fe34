/** What is wrong with a setting that should name a Redis, in words that do not hold it; undefined where nothing is. */
export function redisUrlTrouble(value: string): string | undefined {
  if (!URL.canParse(value)) return 'must be a URL such as "rediss://redis.example.com:6379"';
  const { protocol, hostname, pathname, username, password } = new URL(value);
  if (!/^rediss?:$/.test(protocol) || hostname === "") return "must begin with redis:// or rediss://";
  if (!/^\/?\d*$/.test(pathname)) return "must end with the number of a database, or without a path";
  if (!isEncoded(username) || !isEncoded(password)) return "must hold its password percent-encoded";
  return undefined;
}

function isEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
