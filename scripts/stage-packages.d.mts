export interface Links {
  repository: string
  homepage: string
  bugs: string
}

export declare function packageLinks(): Links
export declare function linkProblems(links: Links): string[]
export declare function platforms(): string[]
export declare function stagePackages(
  out: string,
  links: Links,
  binaries: { [platform: string]: { addon: string; server: string } },
): string[]
export declare function absoluteLinks(markdown: string, base: string, directory?: string): string
