// The API reference in docs/api, as Markdown pages of the site: `make docs`.
import { entries } from '../scripts/entries.mjs'

/** @type {import('typedoc').TypeDocOptions & import('typedoc-plugin-markdown').PluginOptions} */
const options = {
  name: 'aerospike-napi',
  plugin: ['typedoc-plugin-markdown', 'typedoc-vitepress-theme'],
  entryPoints: entries().map(({ source }) => `../${source}`),
  tsconfig: '../tsconfig.json',
  out: 'api',
  docsRoot: '.',
  readme: 'none',
  entryFileName: 'index',
  excludeInternal: true,
  excludePrivate: true,
  excludeExternals: true,
  sort: ['kind', 'source-order'],
  disableSources: true,
  hidePageHeader: true,
  hideBreadcrumbs: true,
  parametersFormat: 'table',
  externalSymbolLinkMappings: { '@opentelemetry/instrumentation': { InstrumentationModuleDefinition: '#' } },
  // Fails at links of comments that lead nowhere.
  treatWarningsAsErrors: true,
  validation: { invalidLink: true, notExported: false, notDocumented: false },
}

export default options
