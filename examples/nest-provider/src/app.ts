import 'reflect-metadata'
import { type DynamicModule, type INestApplication, Module } from '@nestjs/common'
import { HttpAdapterHost, NestFactory } from '@nestjs/core'
import type { ClientConfig } from 'aerospike-napi'
import { AerospikeModule } from 'aerospike-napi/nestjs'
import { AerospikeErrors } from './errors.filter.ts'
import { NotesModule } from './notes.ts'

@Module({})
class AppModule {
  static with(config: ClientConfig): DynamicModule {
    return { module: AppModule, imports: [AerospikeModule.forRoot(config), NotesModule] }
  }
}

export async function buildApp(config: ClientConfig): Promise<INestApplication> {
  const app = await NestFactory.create(AppModule.with({ totalTimeout: 500, ...config }), { logger: ['error', 'warn'] })
  app.useGlobalFilters(new AerospikeErrors(app.get(HttpAdapterHost).httpAdapter))
  // Without this, SIGTERM ends the process at once.
  app.enableShutdownHooks()
  return app
}
