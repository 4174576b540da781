import type {
  IChartApi,
  IPrimitivePaneRenderer,
  IPrimitivePaneView,
  ISeriesApi,
  ISeriesPrimitive,
  Logical,
  SeriesAttachedParameter,
  Time,
} from 'lightweight-charts';
import type { ChartColors } from './chart-colors.ts';

/** What is drawn over the candles, at their places on the axis. */
export type Marks = {
  readonly forming: {
    readonly place: number;
    readonly high: number;
    readonly low: number;
    readonly label: string;
  } | null;
  readonly splits: readonly { readonly place: number; readonly label: string }[];
  /** Bars that have just changed. */
  readonly changed: readonly number[];
};

export const noMarks: Marks = { forming: null, splits: [], changed: [] };

type Target = Parameters<IPrimitivePaneRenderer['draw']>[0];

/** Draws the marks in the pane of the candles; see ISeriesPrimitive of lightweight-charts. */
export class MarksPrimitive implements ISeriesPrimitive {
  #chart: IChartApi | undefined;
  #series: ISeriesApi<'Candlestick'> | undefined;
  #redraw: (() => void) | undefined;
  #marks = noMarks;
  #colors: ChartColors;
  readonly #views: readonly IPrimitivePaneView[] = [
    { zOrder: () => 'bottom', renderer: () => ({ draw: (target: Target) => this.#drawBehind(target) }) },
    { zOrder: () => 'top', renderer: () => ({ draw: (target: Target) => this.#drawBefore(target) }) },
  ];

  constructor(colors: ChartColors) {
    this.#colors = colors;
  }

  attached({ chart, series, requestUpdate }: SeriesAttachedParameter<Time, 'Candlestick'>): void {
    this.#chart = chart;
    this.#series = series;
    this.#redraw = requestUpdate;
  }

  detached(): void {
    this.#chart = undefined;
  }

  paneViews(): readonly IPrimitivePaneView[] {
    return this.#views;
  }

  mark(marks: Marks, colors: ChartColors): void {
    this.#marks = marks;
    this.#colors = colors;
    this.#redraw?.();
  }

  /** Bands of bars that have changed, and the lines of splits. */
  #drawBehind(target: Target): void {
    target.useMediaCoordinateSpace(({ context, mediaSize }) => {
      const width = this.#barWidth();
      context.fillStyle = this.#colors.changed;
      for (const place of this.#marks.changed) {
        const x = this.#x(place);
        if (x !== null) context.fillRect(x - width / 2, 0, width, mediaSize.height);
      }
      context.strokeStyle = this.#colors.split;
      context.setLineDash([3, 3]);
      context.beginPath();
      for (const { place } of this.#marks.splits) {
        const x = this.#x(place - 0.5);
        if (x === null || x < 0 || x > mediaSize.width) continue;
        context.moveTo(Math.round(x) + 0.5, 18);
        context.lineTo(Math.round(x) + 0.5, mediaSize.height);
      }
      context.stroke();
    });
  }

  #drawBefore(target: Target): void {
    target.useMediaCoordinateSpace(({ context, mediaSize }) => {
      context.font = `11px ${this.#colors.font}`;
      context.textBaseline = 'middle';
      context.fillStyle = this.#colors.split;
      context.textAlign = 'center';
      for (const { place, label } of this.#marks.splits) {
        const x = this.#x(place - 0.5);
        if (x !== null && x > 0 && x < mediaSize.width) context.fillText(label, Math.max(x, 16), 10);
      }
      this.#drawForming(context, mediaSize.width);
    });
  }

  #drawForming(context: CanvasRenderingContext2D, paneWidth: number): void {
    const { forming } = this.#marks;
    const x = forming && this.#x(forming.place);
    const top = forming && this.#series?.priceToCoordinate(forming.high);
    const bottom = forming && this.#series?.priceToCoordinate(forming.low);
    if (forming === null || x == null || top == null || bottom == null) return;
    // On half pixels a line of one pixel is sharp.
    const half = Math.floor(Math.max(this.#barWidth() / 2, 4));
    const [left, upper] = [Math.round(x) - half + 0.5, Math.round(top) - 3.5];
    context.strokeStyle = this.#colors.forming;
    context.setLineDash([2, 2]);
    context.lineWidth = 1;
    context.strokeRect(left, upper, half * 2 - 1, Math.round(bottom - top) + 7);
    context.setLineDash([]);
    context.fillStyle = this.#colors.forming;
    const textWidth = context.measureText(forming.label).width;
    context.textAlign = 'left';
    const textLeft = Math.min(x - textWidth / 2, paneWidth - textWidth - 4);
    context.fillText(forming.label, textLeft, top > 24 ? top - 14 : bottom + 14);
  }

  /** The library knows the places of whole bars alone. */
  #x(place: number): number | null {
    const bar = Math.ceil(place);
    const x = this.#chart?.timeScale().logicalToCoordinate(bar as Logical) ?? null;
    return x === null ? null : x - (bar - place) * this.#barWidth();
  }

  #barWidth(): number {
    const scale = this.#chart?.timeScale();
    const [first, second] = [0, 1].map((bar) => scale?.logicalToCoordinate(bar as Logical) ?? 0);
    return Math.max((second ?? 0) - (first ?? 0), 1);
  }
}
