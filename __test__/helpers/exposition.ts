// Reads Prometheus' text format, strictly: any other line is an error.

export interface Sample {
  name: string
  labels: Record<string, string>
  value: number
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*/
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|\})/
const ESCAPES: Record<string, string> = { '\\\\': '\\', '\\"': '"', '\\n': '\n' }

function parseLine(line: string): Sample {
  const [name] = NAME.exec(line) ?? []
  if (name === undefined) throw new Error(`no sample: ${line}`)
  let rest = line.slice(name.length)
  const labels: Record<string, string> = {}
  if (rest.startsWith('{')) {
    rest = rest.slice(1)
    for (let end = ','; end === ','; ) {
      const found = LABEL.exec(rest)
      if (found === null) throw new Error(`no label at ${rest}`)
      const [whole, label = '', value = '', next = ''] = found
      labels[label] = value.replace(/\\./g, escaped => ESCAPES[escaped] as string)
      rest = rest.slice(whole.length)
      end = next
    }
  }
  const value = /^ (\S+)$/.exec(rest)?.[1]
  if (value === undefined || Number.isNaN(Number(value))) throw new Error(`no value: ${line}`)
  return { name, labels, value: Number(value) }
}

/** All samples of a text, whose last line must end. */
export function parseExposition(text: string): Sample[] {
  if (text !== '' && !text.endsWith('\n')) throw new Error('the last line does not end')
  return text
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('#'))
    .map(parseLine)
}

/** The value of the one sample with this name and at least these labels; 0 where there is none. */
export function sampleOf(text: string, name: string, labels: Record<string, string> = {}): number {
  const found = parseExposition(text).filter(
    sample => sample.name === name && Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
  )
  if (found.length > 1) throw new Error(`${found.length} samples of ${name} ${JSON.stringify(labels)}`)
  return found[0]?.value ?? 0
}
