/** What the page shows, as the fragment of its address has it: `#/bars/AGM%2FA?interval=21&beside=5`, `#/pipeline?trace=ID`. */
export type BarsAddress = {
  readonly view: 'bars';
  /** null: the page chooses. */
  readonly symbol: string | null;
  readonly interval: number | null;
  /** A second interval in the same view. */
  readonly beside: number | null;
};

export type PipelineAddress = {
  readonly view: 'pipeline';
  /** The correlation id that is traced. */
  readonly trace: string | null;
  /** The calendar ends with the week of this day; null: with the last. */
  readonly through: string | null;
};

export type Address = BarsAddress | PipelineAddress;

/** Takes whatever somebody may have typed: what it does not know is left out. */
export function readAddress(fragment: string): Address {
  const [path = '', query = ''] = fragment.replace(/^#?\/?/, '').split(/\?(.*)/s);
  const values = new URLSearchParams(query);
  const [view, symbol = ''] = path.split(/\/(.*)/s);
  if (view === 'pipeline') {
    return { view, trace: textIn(values, 'trace'), through: dayIn(values, 'through') };
  }
  return {
    view: 'bars',
    symbol: decode(symbol) || null,
    interval: daysIn(values, 'interval'),
    beside: daysIn(values, 'beside'),
  };
}

export function writeAddress(address: Address): string {
  const values = new URLSearchParams();
  if (address.view === 'pipeline') {
    if (address.trace !== null) values.set('trace', address.trace);
    if (address.through !== null) values.set('through', address.through);
  } else {
    if (address.interval !== null) values.set('interval', String(address.interval));
    if (address.beside !== null) values.set('beside', String(address.beside));
  }
  const symbol =
    address.view === 'bars' && address.symbol !== null ? `/${encodeURIComponent(address.symbol)}` : '';
  return `#/${address.view}${symbol}${values.size > 0 ? `?${values}` : ''}`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function textIn(values: URLSearchParams, name: string): string | null {
  return values.get(name)?.trim() || null;
}

function dayIn(values: URLSearchParams, name: string): string | null {
  const text = values.get(name) ?? '';
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : null;
}

function daysIn(values: URLSearchParams, name: string): number | null {
  const text = values.get(name) ?? '';
  return /^[1-9]\d{0,3}$/.test(text) ? Number(text) : null;
}
