/**
 * Line plots as SVG, readable on light and dark pages.
 */

/** A line: a value for each time. */
export interface Series {
  readonly title: string
  /** Unit of the values, for the axis. */
  readonly unit: string
  readonly points: readonly (readonly [seconds: number, value: number])[]
}

const WIDTH = 720
const HEIGHT = 180
const LEFT = 80
const BOTTOM = 30
const TOP = 30

/** Draws plots below each other. */
export function plot(series: readonly Series[]): string {
  const height = HEIGHT * series.length
  const plots = series.map((each, index) => `<g transform="translate(0 ${index * HEIGHT})">${one(each)}</g>`)
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12">
<title>${series.map(({ title }) => title).join(', ')}</title>
<style>text { fill: #57606a } path { fill: none; stroke: #0969da; stroke-width: 1.5 } line { stroke: #8c959f; stroke-width: 0.5 }
@media (prefers-color-scheme: dark) { text { fill: #9198a1 } path { stroke: #4493f8 } line { stroke: #656c76 } }</style>
${plots.join('\n')}
</svg>
`
}

function one({ title, unit, points }: Series): string {
  const end = Math.max(1, ...points.map(([seconds]) => seconds))
  const top = ceiling(Math.max(1, ...points.map(([, value]) => value)))
  const x = (seconds: number): string => (LEFT + (seconds / end) * (WIDTH - LEFT - 10)).toFixed(1)
  const y = (value: number): string => (HEIGHT - BOTTOM - (value / top) * (HEIGHT - BOTTOM - TOP)).toFixed(1)
  const line = points.map(([seconds, value], index) => `${index === 0 ? 'M' : 'L'}${x(seconds)} ${y(value)}`).join('')
  const grid = [0, 0.5, 1].map(
    share =>
      `<line x1="${LEFT}" x2="${WIDTH - 10}" y1="${y(share * top)}" y2="${y(share * top)}"/>` +
      `<text x="${LEFT - 6}" y="${Number(y(share * top)) + 4}" text-anchor="end">${share * top}</text>`,
  )
  const times = [0, 0.5, 1].map(
    share =>
      `<text x="${x(share * end)}" y="${HEIGHT - 10}" text-anchor="${share === 1 ? 'end' : 'middle'}">${((share * end) / 60).toFixed(1)} min</text>`,
  )
  return `<text x="${LEFT}" y="18">${title} (${unit})</text>${grid.join('')}${times.join('')}<path d="${line}"/>`
}

/** The next "round" number: 1, 2 or 5 times a power of ten. */
function ceiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  return [1, 2, 5, 10].map(factor => factor * power).find(each => each >= value) ?? value
}
