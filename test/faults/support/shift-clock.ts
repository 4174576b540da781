// Preloaded by `node --import`: the process's clock is off by FIBBARS_TEST_CLOCK_OFFSET_MS.
const offsetMs = Number(process.env['FIBBARS_TEST_CLOCK_OFFSET_MS'] ?? 0);
const RealDate = Date;

globalThis.Date = new Proxy(RealDate, {
  construct(target, parameters: ConstructorParameters<DateConstructor> | []) {
    return parameters.length === 0 ? new target(target.now() + offsetMs) : new target(...parameters);
  },
  get(target, name) {
    if (name === 'now') return () => target.now() + offsetMs;
    return Reflect.get(target, name) as unknown;
  },
});
