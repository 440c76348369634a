import {
  type ArgumentsHost,
  Catch,
  type HttpException,
  NotFoundException,
  ServiceUnavailableException,
} from '@nestjs/common'
import { BaseExceptionFilter } from '@nestjs/core'
import { AerospikeError, RecordNotFoundError } from 'aerospike-napi'

/** A missing record is 404. What may succeed later is 503. */
@Catch(AerospikeError)
export class AerospikeErrors extends BaseExceptionFilter {
  override catch(error: AerospikeError, host: ArgumentsHost): void {
    super.catch(this.#httpError(error) ?? error, host)
  }

  #httpError(error: AerospikeError): HttpException | undefined {
    if (error instanceof RecordNotFoundError) return new NotFoundException()
    if (error.retryable) return new ServiceUnavailableException(error.code)
    return undefined
  }
}
