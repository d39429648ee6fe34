/**
 * Sets a field of an object that is being made. To JSON `__proto__` is a name like any other, but an assignment would
 * make it the object's prototype.
 */
export function putField(object: Record<string, unknown>, name: string, value: unknown): void {
  if (name === "__proto__")
    Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
  else object[name] = value;
}
