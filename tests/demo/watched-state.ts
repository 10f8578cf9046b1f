/** What stands now at `state[first][second]`, or at `state[first]` where `second` is null; nothing: it is gone. */
export type Change = [first: string, second: string | null, value?: unknown];

/** The same object for whoever reads and writes it, and what has changed in it since that was asked last. */
export function watched<T extends object>(state: T): { proxy: T; changes: () => Change[] } {
  /** By the first name, and within it by the second; null: all of it. */
  const touched = new Map<string, Set<string> | null>();
  let proxies = new WeakMap<object, object>();

  function note(path: readonly string[], within: object, name: string): void {
    const [first = name, second = path.length === 0 ? null : name] = path;
    // An array that becomes shorter moves what it holds.
    const whole = second === null || (path.length === 1 && Array.isArray(within) && name === "length");
    const known = touched.get(first);
    if (whole) {
      touched.set(first, null);
      proxies = new WeakMap();
    } else if (known !== null) touched.set(first, (known ?? new Set()).add(second));
  }

  function wrap<O extends object>(object: O, path: readonly string[]): O {
    const known = proxies.get(object);
    if (known) return known as O;
    const proxy = new Proxy(object, {
      get(target, name, receiver) {
        const value: unknown = Reflect.get(target, name, receiver);
        return typeof name === "string" && typeof value === "object" && value !== null ? wrap(value, [...path, name]) : value;
      },
      set(target, name, value) {
        const before = Array.isArray(target) ? target.length : 0;
        const done = Reflect.set(target, name, value);
        if (typeof name === "string" && !(name === "length" && Array.isArray(target) && target.length >= before)) note(path, target, name);
        return done;
      },
      deleteProperty(target, name) {
        if (typeof name === "string") note(path, target, Array.isArray(target) && path.length === 1 ? "length" : name);
        return Reflect.deleteProperty(target, name);
      },
    });
    proxies.set(object, proxy);
    return proxy;
  }

  return {
    proxy: wrap(state, []),
    changes() {
      const found: Change[] = [];
      for (const [first, seconds] of touched) {
        const value = (state as Record<string, unknown>)[first] as Record<string, unknown>;
        if (seconds === null) found.push([first, null, value]);
        else for (const second of seconds) found.push(second in value ? [first, second, value[second]] : [first, second]);
      }
      touched.clear();
      return found;
    },
  };
}
