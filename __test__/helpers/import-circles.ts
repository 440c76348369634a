/** One module imports from another; both are paths below the folder of the sources. */
export interface Import {
  readonly from: string
  readonly to: string
}

/** The circles of modules that import each other, by depth-first search; each is given once, as the path that closes it. */
export function circles(imports: readonly Import[]): string[] {
  const next = new Map<string, string[]>()
  for (const { from, to } of imports) next.set(from, [...(next.get(from) ?? []), to])
  const state = new Map<string, 'open' | 'done'>()
  const found: string[] = []
  const walk = (module: string, path: readonly string[]): void => {
    state.set(module, 'open')
    for (const to of next.get(module) ?? []) {
      if (state.get(to) === 'open') found.push([...path.slice(path.indexOf(to)), to].join(' -> '))
      else if (state.get(to) === undefined) walk(to, [...path, to])
    }
    state.set(module, 'done')
  }
  for (const module of next.keys()) if (state.get(module) === undefined) walk(module, [module])
  return found
}
