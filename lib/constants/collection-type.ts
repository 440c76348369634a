/**
 * The part of a bin's value that an index contains, for indexes and for the filters that use them.
 */
import { CollectionType } from '../catalog/formats'
import { wordOption } from '../common/options'

const COLLECTION = wordOption({
  default: CollectionType.DEFAULT,
  list: CollectionType.LIST,
  mapkeys: CollectionType.MAP_KEYS,
  mapvalues: CollectionType.MAP_VALUES,
})

/** Checks a collection type and returns its number; absent means `default`. */
export function collectionNumber(value: unknown, where: string): number {
  return value === undefined || value === null ? CollectionType.DEFAULT : COLLECTION(value, where)
}
