// Tables of the kernel's constants that libs does not know. constants/*.txt have their values; a table is parsed when its
// entries are first read.
import { TABLES } from './constants/tables.js'
import type { FlagTable } from './flag-table.js'
import { lazily } from './lazy.js'

type Entries = FlagTable['entries']

/** The entries of NAME=value words. */
function parsed(words: string): Entries {
  return words.split(' ').map((word) => {
    const at = word.indexOf('=')
    const value = Number(word.slice(at + 1))
    return [word.slice(0, at), value < 0 ? value >>> 0 : value] as const
  })
}

const used = new Map<string, FlagTable>()

/** The table below the heading [name] in constants/*.txt: the same object for all its users. Throws if there is none. */
export function constants(name: string): FlagTable {
  let table = used.get(name)
  if (table === undefined) {
    const words = TABLES[name]
    if (words === undefined) throw new Error(`no table of constants is named ${name}`)
    table = derived(name, () => parsed(words))
    used.set(name, table)
  }
  return table
}

/** A table of such constants whose entries are computed from other tables when they are first read. arm64: the table of arm64, if it differs. */
export function derived(name: string, entries: () => Entries, arm64?: FlagTable): FlagTable {
  return lazily({ name, own: true, ...(arm64 && { arm64 }) }, 'entries', entries)
}
