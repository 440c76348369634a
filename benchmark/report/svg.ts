/** Bar charts as SVG, with light and dark colours after the reader's system. */

export interface Bar {
  readonly series: string
  readonly value: number
  /** Least and greatest value of a round. */
  readonly range?: readonly [least: number, most: number]
}

export interface Chart {
  readonly title: string
  readonly subtitle: string
  /** Text of a value. */
  readonly format: (value: number) => string
  readonly groups: readonly { readonly label: string; readonly bars: readonly Bar[] }[]
  /** The series in the order of the legend, and the number of their colour, 0 to 4. */
  readonly series: readonly { readonly name: string; readonly colour: number }[]
}

const WIDTH = 820
const LABELS = 200
const VALUES = 78
const BAR = 15
const GAP = 3
const GROUP_GAP = 14
const TOP = 96
const CHARACTER = 7.2

const STYLE = `
  .back { fill: #ffffff; stroke: #d0d7de }
  text { font: 13px system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; fill: #1f2328 }
  .title { font-size: 16px; font-weight: 600 }
  .quiet { fill: #59636e }
  .axis { stroke: #d0d7de }
  .range { stroke: #1f2328; stroke-opacity: 0.55 }
  .c0 { fill: #0969da } .c1 { fill: #54aeff } .c2 { fill: #bf8700 } .c3 { fill: #8c959f } .c4 { fill: #8250df }
  @media (prefers-color-scheme: dark) {
    .back { fill: #0d1117; stroke: #3d444d }
    text { fill: #e6edf3 }
    .quiet { fill: #9198a1 }
    .axis { stroke: #3d444d }
    .range { stroke: #e6edf3 }
    .c0 { fill: #4493f8 } .c1 { fill: #a5d6ff } .c2 { fill: #d29922 } .c3 { fill: #6e7681 } .c4 { fill: #ab7df8 }
  }`

export function barChart({ title, subtitle, format, groups, series }: Chart): string {
  const most = Math.max(...groups.flatMap(({ bars }) => bars.map(bar => bar.range?.[1] ?? bar.value)))
  const scale = (value: number): number => (value / most) * (WIDTH - LABELS - VALUES - 24)
  const colours = new Map(series.map(({ name, colour }) => [name, colour]))
  const body: string[] = []
  let top = TOP
  for (const { label, bars } of groups) {
    const height = bars.length * (BAR + GAP) - GAP
    body.push(`<text x="${LABELS - 10}" y="${middle(top + height / 2)}" text-anchor="end">${escaped(label)}</text>`)
    for (const { series: name, value, range } of bars) {
      const width = Math.max(1, scale(value))
      body.push(
        `<rect class="c${colours.get(name)}" x="${LABELS}" y="${top}" width="${fixed(width)}" height="${BAR}" rx="2">` +
          `<title>${escaped(`${label}, ${name}: ${format(value)}`)}</title></rect>`,
      )
      let end = width
      if (range !== undefined && range[0] < range[1]) {
        const y = top + BAR / 2
        const [from, to] = range.map(edge => fixed(LABELS + scale(edge)))
        body.push(`<path class="range" d="M${from} ${y}H${to}M${from} ${y - 3}v6M${to} ${y - 3}v6"/>`)
        end = Math.max(end, scale(range[1]))
      }
      body.push(`<text x="${fixed(LABELS + end + 6)}" y="${middle(top + BAR / 2)}">${escaped(format(value))}</text>`)
      top += BAR + GAP
    }
    top += GROUP_GAP
  }
  const height = top + 4
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">
<title>${escaped(title)}</title>
<style>${STYLE}
</style>
<rect class="back" x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="6"/>
<text class="title" x="20" y="30">${escaped(title)}</text>
<text class="quiet" x="20" y="51">${escaped(subtitle)}</text>
${legend(series)}
<path class="axis" d="M${LABELS - 0.5} ${TOP - 6}V${top - GROUP_GAP + 6}"/>
${body.join('\n')}
</svg>
`
}

function legend(series: Chart['series']): string {
  let left = 20
  return series
    .map(({ name, colour }) => {
      const x = left
      left += 34 + name.length * CHARACTER
      return `<rect class="c${colour}" x="${fixed(x)}" y="64" width="12" height="12" rx="2"/><text x="${fixed(x + 18)}" y="75">${escaped(name)}</text>`
    })
    .join('\n')
}

/** The baseline of text that is centred at a height. */
function middle(y: number): string {
  return fixed(y + 4.5)
}

function fixed(value: number): string {
  return String(Math.round(value * 10) / 10)
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
