export interface Section {
  readonly title: string
  readonly of: readonly string[]
  readonly here?: string
  readonly note?: string
  readonly none?: string
  readonly names?: { readonly [name: string]: string | readonly [target: string | null, note: string] }
}
export const counterparts: { readonly [client: string]: readonly Section[] }
export function problemsOf(client: string, sections?: readonly Section[]): string[]
