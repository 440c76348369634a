import { Body, Controller, Get, HttpCode, Inject, Injectable, Module, Param, Put } from '@nestjs/common'
import { Client, type TypedSet } from 'aerospike-napi'

export interface Note {
  text: string
}

@Injectable()
export class NotesService {
  readonly #notes: TypedSet<Note>

  // tsx does not emit the types of parameters, which NestJS would read instead of `@Inject`.
  constructor(@Inject(Client) client: Client) {
    this.#notes = client.set<Note>('test', 'notes')
  }

  async get(id: string): Promise<Note> {
    return (await this.#notes.get(id)).bins
  }

  async put(id: string, note: Note): Promise<void> {
    await this.#notes.put(id, note)
  }
}

@Controller('notes')
export class NotesController {
  constructor(@Inject(NotesService) private readonly notes: NotesService) {}

  @Get(':id')
  get(@Param('id') id: string): Promise<Note> {
    return this.notes.get(id)
  }

  @Put(':id')
  @HttpCode(204)
  put(@Param('id') id: string, @Body() { text }: Note): Promise<void> {
    return this.notes.put(id, { text })
  }
}

@Module({ controllers: [NotesController], providers: [NotesService] })
export class NotesModule {}
