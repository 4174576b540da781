import type { Chart } from './chart.ts';

export type KeyTarget = {
  readonly chart: Chart;
  /** How many bars there are. */
  readonly bars: () => number;
  /** The index of the bar pointed at; null: none. */
  readonly pointed: () => number | null;
  readonly point: (index: number | null) => void;
  /** At the first bar of all, which may have to be loaded. */
  readonly pointAtFirst: () => void;
};

/** What the arrow keys and their kin do, in the words of a screen reader's user. */
export const keysExplained =
  'Left and right arrows go from bar to bar, with Shift by ten, Page Up and Page Down by screens, Home and End to the ends; plus and minus zoom; Escape leaves the bar.';

/** Lets the keyboard point at bars, and zoom. */
export function listenToKeys(
  host: HTMLElement,
  { chart, bars, pointed, point, pointAtFirst }: KeyTarget,
): void {
  host.addEventListener('keydown', (event) => {
    const last = bars() - 1;
    const range = chart.range();
    if (last < 0 || range === null || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = pointed() ?? last;
    const step = event.shiftKey ? 10 : 1;
    const screen = Math.max(Math.floor(range.to - range.from) - 2, 1);
    const next: Readonly<Record<string, number>> = {
      // The first arrow begins with the newest bar.
      ArrowLeft: pointed() === null ? last : at - step,
      ArrowRight: at + step,
      PageUp: at - screen,
      PageDown: at + screen,
      End: last,
    };
    const zoom: Readonly<Record<string, number>> = { '+': 0.8, '-': 1.25 };
    const [index, factor] = [next[event.key], zoom[event.key]];
    if (index !== undefined) point(Math.min(Math.max(index, 0), last));
    else if (event.key === 'Home') pointAtFirst();
    else if (event.key === 'Escape') point(null);
    else if (factor !== undefined) {
      const center = pointed() ?? (range.from + range.to) / 2;
      chart.show({
        from: center + (range.from - center) * factor,
        to: center + (range.to - center) * factor,
      });
    } else return;
    event.preventDefault();
  });
}
