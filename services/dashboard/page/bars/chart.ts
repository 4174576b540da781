import {
  CandlestickSeries,
  ColorType,
  CrosshairMode,
  createChart,
  HistogramSeries,
  type IChartApi,
  type LogicalRange,
} from 'lightweight-charts';
import type { Bar, Bars } from '../../api.ts';
import { indexAt } from './bar-series.ts';
import { type ChartColors, chartColors } from './chart-colors.ts';
import { type Marks, MarksPrimitive } from './marks.ts';

export type ChartEvents = {
  /** The pointer is on the bar with this index; null: on none. */
  readonly onHover: (index: number | null) => void;
  readonly onRange: (range: LogicalRange) => void;
};

/** Candles above volume. Prices become numbers here, for drawing alone. */
export type Chart = {
  /** Draws; the same bars stay under the reader's eyes. Those in `changed` (by their start) are marked. */
  draw(series: Bars, changed?: ReadonlySet<string>): void;
  clear(): void;
  /** Puts the crosshair on a bar, and into view where it is not; null takes it away. */
  point(index: number | null, intoView: boolean): void;
  range(): LogicalRange | null;
  show(range: { readonly from: number; readonly to: number }): void;
  showNewest(): void;
  recolor(): void;
  remove(): void;
};

/** Drawn in a second and a half, about as long as the eye needs to find it. */
const changedMs = 1_500;
const newestBars = 110;

export function createBarChart(host: HTMLElement, { onHover, onRange }: ChartEvents): Chart {
  let colors = chartColors(host);
  let shown: Bars | null = null;
  let fading: ReturnType<typeof setTimeout> | undefined;

  const chart = createChart(host, { autoSize: true, ...optionsOf(colors) });
  // A table, for layout alone: what a screen reader needs is said beside it.
  chart.chartElement().setAttribute('aria-hidden', 'true');
  const candles = chart.addSeries(CandlestickSeries, { priceLineVisible: false, lastValueVisible: false });
  const newest = candles.createPriceLine({
    price: 0,
    lineVisible: false,
    axisLabelVisible: false,
  });
  const volume = chart.addSeries(
    HistogramSeries,
    { priceLineVisible: false, lastValueVisible: false, priceFormat: { type: 'volume' } },
    1,
  );
  chart.panes()[0]?.setStretchFactor(4);
  chart.panes()[1]?.setStretchFactor(1);
  const marks = new MarksPrimitive(colors);
  candles.attachPrimitive(marks);

  // Moves of the crosshair that this page makes itself are not among these.
  chart.subscribeCrosshairMove(({ logical }) => {
    onHover(logical !== undefined && shown?.bars[logical] !== undefined ? logical : null);
  });
  // A finger does not hover: it taps the bar.
  chart.subscribeClick(({ logical }) => {
    const tapped = logical === undefined ? undefined : shown?.bars[logical];
    if (logical === undefined || tapped === undefined) return;
    chart.setCrosshairPosition(Number(tapped.close), tapped.start, candles);
    onHover(logical);
  });
  chart.timeScale().subscribeVisibleLogicalRangeChange((range) => {
    if (range !== null && shown !== null) onRange(range);
  });

  function paint(changed: ReadonlySet<string>): void {
    if (shown === null) return;
    const { bars, interval } = shown;
    candles.applyOptions({
      upColor: colors.up,
      downColor: colors.down,
      borderUpColor: colors.up,
      borderDownColor: colors.down,
      wickUpColor: colors.up,
      wickDownColor: colors.down,
      priceFormat: priceFormatOf(bars.at(-1)),
    });
    candles.setData(bars.map((bar) => candleOf(bar, interval)));
    newest.applyOptions(newestLabel(bars.at(-1), colors));
    volume.setData(bars.map((bar) => volumeOf(bar, interval, colors)));
    marks.mark(marksOf(shown, changed), colors);
    clearTimeout(fading);
    if (changed.size > 0) fading = setTimeout(() => paint(new Set()), changedMs);
  }

  return {
    draw(series, changed = new Set()) {
      shown = series;
      paint(changed);
    },
    clear() {
      shown = null;
      candles.setData([]);
      volume.setData([]);
    },
    point(index, intoView) {
      const bar = index === null ? undefined : shown?.bars[index];
      if (index === null || bar === undefined) {
        chart.clearCrosshairPosition();
        return;
      }
      const place = () => chart.setCrosshairPosition(Number(bar.close), bar.start, candles);
      if (isInView(chart, index)) place();
      else if (intoView) {
        bringIntoView(chart, index);
        // The library moves with the next frame, and keeps the crosshair within what is in view.
        requestAnimationFrame(() => requestAnimationFrame(place));
      } else chart.clearCrosshairPosition();
    },
    range: () => chart.timeScale().getVisibleLogicalRange(),
    show: (range) => chart.timeScale().setVisibleLogicalRange(range),
    showNewest() {
      const last = (shown?.bars.length ?? 1) - 1;
      const bars = Math.min(newestBars, Math.max(host.clientWidth / 7, 20));
      const from = Math.max(last - bars, -2);
      chart.timeScale().setVisibleLogicalRange({ from, to: last + (last - from) * 0.06 });
    },
    recolor() {
      colors = chartColors(host);
      chart.applyOptions(optionsOf(colors));
      paint(new Set());
    },
    remove() {
      clearTimeout(fading);
      chart.remove();
    },
  };
}

function optionsOf(colors: ChartColors) {
  const line = { color: colors.line, labelBackgroundColor: colors.label };
  return {
    layout: {
      background: { type: ColorType.Solid, color: colors.surface } as const,
      textColor: colors.text,
      fontFamily: colors.font,
      fontSize: 11,
      // Its logo brings a style element, which the content security policy refuses; the page's foot has the link instead.
      attributionLogo: false,
      panes: { separatorColor: colors.grid, separatorHoverColor: colors.changed },
    },
    grid: { vertLines: { color: colors.grid }, horzLines: { color: colors.grid } },
    crosshair: { mode: CrosshairMode.Normal, vertLine: line, horzLine: line },
    // Wide enough for most prices, so that two charts end at the same place.
    rightPriceScale: { borderVisible: false, minimumWidth: 76 },
    timeScale: { borderColor: colors.grid, minBarSpacing: 0.2, rightOffset: 4 },
    localization: { locale: 'en-US', dateFormat: 'yyyy-MM-dd' },
    // A finger that goes up or down scrolls the page.
    handleScroll: { vertTouchDrag: false },
  };
}

/** A forming bar is hollow. */
function candleOf(bar: Bar, interval: number) {
  const [open, high, low, close] = [bar.open, bar.high, bar.low, bar.close].map(Number);
  const candle = { time: bar.start, open: open ?? 0, high: high ?? 0, low: low ?? 0, close: close ?? 0 };
  return bar.count < interval ? { ...candle, color: 'rgba(0, 0, 0, 0)' } : candle;
}

function volumeOf(bar: Bar, interval: number, colors: ChartColors) {
  const whole = Number(bar.close) >= Number(bar.open) ? colors.upVolume : colors.downVolume;
  return { time: bar.start, value: Number(bar.volume), color: bar.count < interval ? colors.changed : whole };
}

function marksOf({ bars, interval, splits }: Bars, changed: ReadonlySet<string>): Marks {
  const last = bars.at(-1);
  const first = bars[0]?.start ?? '';
  return {
    forming:
      last !== undefined && last.count < interval
        ? {
            place: bars.length - 1,
            high: Number(last.high),
            low: Number(last.low),
            label: `forming, ${last.count} of ${interval}`,
          }
        : null,
    splits: splits
      .filter(({ exDay }) => exDay >= first)
      .map(({ exDay, from, to }) => ({ place: indexAt(bars, exDay), label: `${to}:${from}` })),
    changed: [...changed].map((start) => indexAt(bars, start)),
  };
}

function newestLabel(last: Bar | undefined, colors: ChartColors) {
  const color = Number(last?.close) >= Number(last?.open) ? colors.up : colors.down;
  return {
    price: Number(last?.close ?? 0),
    axisLabelVisible: last !== undefined,
    axisLabelColor: color,
    axisLabelTextColor: colors.surface,
  };
}

/** Cheap stocks are quoted more finely. */
function priceFormatOf(last: Bar | undefined) {
  const precision = last !== undefined && Number(last.close) < 5 ? 4 : 2;
  return { type: 'price' as const, precision, minMove: 10 ** -precision };
}

function isInView(chart: IChartApi, index: number): boolean {
  const range = chart.timeScale().getVisibleLogicalRange();
  return range !== null && index >= range.from && index <= range.to;
}

function bringIntoView(chart: IChartApi, index: number): void {
  const range = chart.timeScale().getVisibleLogicalRange();
  if (range === null) return;
  const by = index < range.from ? index - range.from - 3 : index - range.to + 3;
  chart.timeScale().setVisibleLogicalRange({ from: range.from + by, to: range.to + by });
}
