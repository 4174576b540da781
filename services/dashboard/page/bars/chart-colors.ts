/** The colours of the drawing, as the style sheet has them at this moment (light or dark). */
export type ChartColors = {
  readonly up: string;
  readonly down: string;
  readonly upVolume: string;
  readonly downVolume: string;
  readonly forming: string;
  readonly changed: string;
  readonly split: string;
  readonly text: string;
  readonly grid: string;
  readonly line: string;
  readonly surface: string;
  readonly label: string;
  readonly font: string;
};

/** Reads the custom properties through an element's colour: only so are `light-dark()` and the like resolved. */
export function chartColors(host: HTMLElement): ChartColors {
  const probe = document.createElement('span');
  host.append(probe);
  const color = (name: string): string => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const colors = {
    up: color('up'),
    down: color('down'),
    upVolume: color('up-volume'),
    downVolume: color('down-volume'),
    forming: color('gold'),
    changed: color('changed'),
    split: color('split'),
    text: color('muted'),
    grid: color('grid'),
    line: color('crosshair'),
    surface: color('surface'),
    label: color('crosshair-label'),
    font: getComputedStyle(host).fontFamily,
  };
  probe.remove();
  return colors;
}
