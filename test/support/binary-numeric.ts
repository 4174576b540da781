/** Binary numeric of decimal text, as PostgreSQL sends it; an implementation of its own, to test against. */
export function binaryNumeric(text: string): Uint8Array {
  const [whole = '', fraction = ''] = text.split('.');
  const scale = fraction.length;
  const left = whole.replace(/^0+/, '');
  const paddedLeft = left.padStart(Math.ceil(left.length / 4) * 4, '0');
  const paddedRight = fraction.padEnd(Math.ceil(scale / 4) * 4, '0');
  const digits = `${paddedLeft}${paddedRight}`.match(/.{4}/g)?.map(Number) ?? [];
  let weight = paddedLeft.length / 4 - 1;
  while (digits.length > 0 && digits[0] === 0) {
    digits.shift();
    weight--;
  }
  while (digits.at(-1) === 0) digits.pop();
  if (digits.length === 0) weight = 0;
  const view = new DataView(new ArrayBuffer(8 + 2 * digits.length));
  view.setInt16(0, digits.length);
  view.setInt16(2, weight);
  view.setInt16(4, 0);
  view.setInt16(6, scale);
  digits.forEach((digit, index) => {
    view.setInt16(8 + 2 * index, digit);
  });
  return new Uint8Array(view.buffer);
}

/** Decimal text as an integer count of 10^-30. */
export function units(text: string): bigint {
  const [whole = '0', fraction = ''] = text.split('.');
  return BigInt(`${whole}${fraction.padEnd(30, '0')}`);
}
