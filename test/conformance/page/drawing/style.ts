/** The colours of the drawings, light and dark, and what is drawn in them. */

const light = `
--page: #f4f5f3; --panel: #ffffff; --ink: #1b2224; --soft: #5b6668; --line: #d9dedc; --accent: #0b6f6a;
--good: #19733a; --good-pale: #cfe8d6; --trouble: #b3261e; --trouble-pale: #f6d5d1; --state: #6a4aa5;
--dark: #eef0f4; --cut: #d5dae3; --stage0: #bfd8cf; --stage1: #f3cf8b; --stage2: #eda58d; --stage3: #d98080;`;

const dark = `
--page: #121617; --panel: #1b2122; --ink: #e7ecea; --soft: #9fabab; --line: #333c3d; --accent: #4fc3b8;
--good: #6fd08c; --good-pale: #24452f; --trouble: #ff8a7d; --trouble-pale: #5a2a28; --state: #c3a8f5;
--dark: #171b20; --cut: #0c0f13; --stage0: #2f4f46; --stage1: #6b5220; --stage2: #74402e; --stage3: #7d2f33;`;

export const palette = `:root {${light}}
@media (prefers-color-scheme: dark) { :root {${dark}} }`;

export const drawingStyle = `
.timeline { font: 12px system-ui, -apple-system, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif; }
.timeline text { fill: var(--ink); }
.timeline .soft, .timeline .axis { fill: var(--soft); font-weight: 400; }
.timeline .axis { text-anchor: middle; }
.timeline .lane { font-weight: 600; }
.timeline .grid { stroke: var(--line); stroke-width: 1; }
.timeline .dark { fill: var(--dark); }
.timeline .cut { fill: var(--cut); }
.timeline .packets { stroke: var(--accent); stroke-width: 1.5; fill: none; }
.timeline .stage0 { fill: var(--stage0); }
.timeline .stage1 { fill: var(--stage1); }
.timeline .stage2 { fill: var(--stage2); }
.timeline .stage3 { fill: var(--stage3); }
.timeline .silence .limit { font-size: 11px; }
.timeline .silence .total { font-size: 11px; font-weight: 600; }
.timeline .deed path { fill: var(--state); }
.timeline .ended path { stroke: var(--ink); stroke-width: 2.5; }
.timeline .told text { font: 11px ui-monospace, "SF Mono", "Cascadia Mono", "Roboto Mono", Menlo, Consolas, monospace; }
.timeline .told text, .timeline .deed text, .timeline .ended text {
  paint-order: stroke; stroke: var(--panel); stroke-width: 4px; stroke-linejoin: round;
}
.timeline .count { stroke: var(--soft); stroke-width: 1; fill: none; }
.timeline .window { fill: var(--good-pale); stroke: var(--good); stroke-width: 0.75; }
.timeline .told circle { fill: var(--soft); }
.timeline .kept circle { fill: var(--good); }
.timeline .told .late { fill: var(--soft); }
.timeline .kept .late { fill: var(--good); }
.timeline .broke text, .timeline .broke .late { fill: var(--trouble); font-weight: 600; }
.timeline .broke .window { fill: var(--trouble-pale); stroke: var(--trouble); }
.timeline .cross { stroke: var(--trouble); stroke-width: 2.5; }
.timeline .told .missing { fill: none; stroke: var(--trouble); stroke-width: 2; stroke-dasharray: 3 2; }
`;
