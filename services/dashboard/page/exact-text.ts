/** Decimal text with its whole digits in groups of three, `308915200.5` → `308,915,200.5`; every digit stays as it was delivered. */
export function groupDigits(decimal: string): string {
  const [whole = '', fraction] = decimal.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

export function count(value: number): string {
  return groupDigits(String(value));
}

/** `1 bar`, `2 bars`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}
