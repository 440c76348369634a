/**
 * The public exports of aerospike-napi.
 */

export * from './aliases'
export type { ApplyRowPolicy, BatchWritePolicy, ReadRowPolicy, RemoveRowPolicy, WriteRowPolicy } from './batch/policy'
export { BatchRecords, type BatchRow } from './batch/result'
export {
  type BatchApplyRow,
  type BatchOperateRow,
  type BatchReadRow,
  type BatchRemoveRow,
  type BatchRowRequest,
  type BatchWriteRecord,
  type BatchWriteRow,
  batchRow,
  type RecordToWrite,
} from './batch/rows'
export { Client, type CloseOptions, type ConnectOptions, connect } from './client'
export { ClientSync, connectSync } from './client-sync'
export type {
  GlobalPrivilegeCode,
  Privilege,
  PrivilegeCode,
  PrivilegeLike,
  RoleInfo,
  RoleLimits,
  ScopedPrivilegeCode,
  UsageInfo,
  UserInfo,
} from './cluster/admin'
export type { ClusterEvents, EventNode, TendFailure } from './cluster/events'
export type {
  BinIndex,
  ExpressionIndex,
  IndexCollectionType,
  IndexDataType,
  IndexInfo,
  IndexName,
  IndexOptions,
  SetIndex,
} from './cluster/indexes'
export { type InfoRecord, type InfoValue, info, type SetInfo } from './cluster/info'
export type { ClusterNode } from './cluster/nodes'
export type { NodePing } from './cluster/ping'
export type { UdfInfo, UdfModule, UdfSource } from './cluster/udf'
export {
  BinaryColumn,
  type CellOf,
  type ColumnOf,
  Columns,
  type ColumnsLayout,
  type ColumnsMessage,
  type ColumnType,
  DictionaryColumn,
  type FailedRow,
  type FilledColumnType,
  type Float16Column,
  type KeyColumn,
  type KeyIds,
  type KeysLike,
  type PlainColumnType,
  type RowOf,
  type ScalarType,
  type Schema,
  type SourceColumn,
  Utf8Column,
  type Validity,
  type WriteColumns,
  WrittenRows,
} from './columns'
export type { ColumnsPolicy, InfoResult } from './commands'
export type { MetricsServer } from './commands/metrics'
export type { AbortStatus, CommitStatus } from './commands/transaction'
export {
  AbortError,
  AdminError,
  AerospikeError,
  AerospikeIndexError,
  AerospikeTimeoutError,
  BackpressureError,
  BinExistsError,
  BinNameError,
  BinNotFoundError,
  BinTypeError,
  BulkWriteError,
  ClientError,
  ClusterError,
  CommitError,
  type CommitErrorStatus,
  type ErrorDetails,
  FilteredOutError,
  IndexExistsError,
  IndexNotFoundError,
  InvalidArgError,
  QueryAbortedError,
  QueryError,
  RecordError,
  RecordExistsError,
  RecordGenerationError,
  RecordNotFoundError,
  RecordTooBigError,
  RustPanicError,
  ServerError,
  TransactionError,
  UDFError,
  ValidationError,
  type ValidationIssue,
} from './common/errors'
export { type JsonOptions, toJSON } from './common/json'
export type { PemSource } from './common/pem'
export type { BitOverflow, BitResizeFlag } from './constants/bit-words'
export type { ListPolicy, MapPolicy, MapWriteMode } from './constants/collection-policy'
export * from './constants/constants'
export type { StringNumericType } from './constants/numeric-type'
export type { ListOrder, MapOrder } from './constants/orders'
export type { AnyReturnType, InvertedReturnType, ListReturnType, MapReturnType } from './constants/return-types'
export type { FlagsPolicy } from './expressions/call'
export { CdtContext } from './expressions/cdt-context'
export type { Comparable } from './expressions/compare'
export type { Definition } from './expressions/control'
export {
  type AnyOperand,
  Expression,
  type LiteralItem,
  type LiteralMap,
  type Operand,
  type PlainValue,
  type ResultType,
  type ValueType,
} from './expressions/expression'
export type { LoopVarPart } from './expressions/path'
export type { AttemptOptions, Backoff, BackoffOptions } from './helpers/backoff'
export type {
  BlockingBulkSource,
  BlockingBulkWriteOptions,
  BulkBatch,
  BulkFailure,
  BulkOutcome,
  BulkProgress,
  BulkRow,
  BulkRowToWrite,
  BulkSource,
  BulkWriteOptions,
  BulkWriteResult,
} from './helpers/bulk-write'
export { type BlockingRetryOptions, type RetryOptions, retry, retrySync } from './helpers/retry'
export type {
  BlockingTransactionWork,
  BlockingWithTransactionOptions,
  TransactionWork,
  WithTransactionOptions,
} from './helpers/run-transaction'
export {
  type BlockingTransactionEndOptions,
  Transaction,
  type TransactionEndOptions,
  type TransactionOptions,
  TransactionSync,
} from './helpers/transaction'
export type {
  BlockingUpdateOptions,
  BlockingUpdater,
  BlockingUpserter,
  UpdateOptions,
  Updater,
  Upserter,
} from './helpers/update'
export {
  getMetrics,
  type MetricsOptions,
  type MetricsServerOptions,
  setMetricsEnabled,
  startMetricsServer,
  stopMetricsServer,
} from './methods/metrics'
export {
  initTracing,
  type ShutdownTracingOptions,
  shutdownTracing,
  type TracingOptions,
  type TracingSampler,
  type TracingStats,
  type TracingTls,
  tracingStats,
} from './methods/tracing'
export type { Addend, Answers, OrderedAnswers, ReadKey, ReadMap, Sum } from './operations/answers'
export {
  type BitArithmeticOperation,
  type BitOperation,
  type BitPolicy,
  bits,
} from './operations/bits'
export { exp } from './operations/exp'
export type { ExpressionOperation } from './operations/expression'
export { type HllOperation, type HllPolicy, type HllWriteOperation, hll } from './operations/hll'
export { lists } from './operations/lists'
export { type MapItems, maps } from './operations/maps'
export { op } from './operations/op'
export type {
  Argument,
  BuiltOperation,
  CdtOperation,
  Operation,
} from './operations/operation'
export { type Path, paths } from './operations/paths'
export type { ScalarOperation } from './operations/scalar'
export type { RangeOperation, SelectOperation } from './operations/selection'
export { type StringPolicy, strings } from './operations/strings'
export type { AutoBatch, ClientConfig, DefaultPolicies } from './options/config'
export type { Credentials, CredentialsProvider } from './options/credentials'
export type {
  AdminPolicy,
  BasePolicy,
  BatchPolicy,
  CallOptions,
  QueryPolicy,
  ReadPolicy,
  TransactionPolicy,
  WriteMeta,
  WritePolicy,
} from './options/policy'
export type { ReconnectOptions } from './options/reconnect'
export type { Host } from './options/seeds'
export type { TlsOptions } from './options/tls'
export type { TransactionBase, TransactionState } from './options/transaction'
export { Filter, type FilterType, filter, type GeoLike, indexType } from './query/filter'
export type { JobPolicy, JobStatus } from './query/job'
export { predicates } from './query/predicates'
export type { Partitions } from './query/statement'
export type { SetDefaults } from './sets/defaults'
export type { SchemaInput, SchemaOutput, StandardIssue, StandardResult, StandardSchema } from './sets/standard-schema'
export type { TypedQuery, TypedQuerySync } from './sets/typed-query'
export { TypedSet } from './sets/typed-set'
export { TypedSetSync } from './sets/typed-set-sync'
export type { OnlyBins, SetBatchWritePolicy, SetEntry } from './sets/types'
export type { SetOptions } from './sets/validation'
export { Aggregation, AggregationSync } from './streams/aggregation'
export type { Page, QueryDuration } from './streams/builder'
export { ColumnStream, ColumnStreamSync, type QueryColumnsPolicy } from './streams/column-stream'
export { JobTask, JobTaskSync } from './streams/job'
export { Query } from './streams/query'
export { QuerySync } from './streams/query-sync'
export type { RowStream, RowStreamSync } from './streams/stream'
export {
  type BlockingTaskPolicy,
  type BlockingWaitOptions,
  Task,
  type TaskPolicy,
  type TaskStatus,
  TaskSync,
  type WaitOptions,
} from './tasks/task'
export type { CommandTrace, ConnectTrace, QueryTrace } from './telemetry/diagnostics'
export {
  type CoreLogTarget,
  type Logger,
  type LogLevel,
  type LogLine,
  type LogTarget,
  setLogger,
  setLogLevel,
} from './telemetry/logging'
export type { ClientStats, ConnectionStats, NodeDetails, NodeStats } from './telemetry/stats'
export { Key, type KeyArray, type KeyLike, type KeyParts, type ShortKey, type UserKey } from './values/key'
export type { Namespaced } from './values/namespace'
export { type InfinityBound, infinity, type WildcardBound, wildcard } from './values/range-bounds'
export { AerospikeRecord, type BinName, type Bins, type OrderedResults, type RecordMeta } from './values/record'
export type { NotStorable, Storable, StorableArgument, StorableBins } from './values/storable'
export {
  Double,
  GeoJSON,
  HyperLogLog,
  type Int64,
  type Integer,
  type IntegerOf,
  type MapKey,
  Particle,
  type ReadOptions,
  type ReadValue,
  type Value,
} from './values/value'
