/** 1234567 as `1,234,567`. */
export function formatCount(value: number): string {
  return value.toLocaleString('en-US');
}

/** `1 split is`, `1,234 splits are`: `many` is `one` with an s unless it is given. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
