/** The base of adapters that have only some operations. The others fail. */

import type { Adapter, Target } from './adapter'
import type { JsClientName } from './names'

export abstract class Unsupported implements Adapter {
  abstract readonly name: JsClientName
  abstract connect(target: Target): Promise<void>
  abstract close(): Promise<void>

  readonly put: Adapter['put'] = missing
  readonly get: Adapter['get'] = missing
  readonly exists: Adapter['exists'] = missing
  readonly operate: Adapter['operate'] = missing
  readonly batchRead: Adapter['batchRead'] = missing
  readonly batchReadWide: Adapter['batchReadWide'] = missing
  readonly batchReadEmbeddings: Adapter['batchReadEmbeddings'] = missing
  readonly batchReadColumns: Adapter['batchReadColumns'] = missing
  readonly batchReadArrow: Adapter['batchReadArrow'] = missing
  readonly batchWrite: Adapter['batchWrite'] = missing
  readonly batchWriteColumns: Adapter['batchWriteColumns'] = missing
  readonly queryRecords: Adapter['queryRecords'] = missing
  readonly queryColumns: Adapter['queryColumns'] = missing
}

function missing(): never {
  throw new Error('this client has no such operation')
}
