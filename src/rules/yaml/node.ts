// The YAML tree: scalars as strings, sequences and maps, each with its place. Aliases and merge keys are replaced.
import type { TextFile } from './text-file.js'

interface At {
  readonly file: TextFile
  /** offset of its first character, in UTF-16 units */
  readonly at: number
  /** number of nodes in it; an alias counts as the nodes of its target */
  readonly size: number
}
export interface YamlScalar extends At {
  readonly kind: 'scalar'
  readonly value: string
  readonly style: 'plain' | 'single' | 'double' | 'block'
  /** offset after its last character */
  readonly end: number
}
export interface YamlSeq extends At {
  readonly kind: 'seq'
  readonly items: readonly YamlNode[]
}
export interface YamlEntry {
  readonly key: string
  readonly keyAt: number
  readonly value: YamlNode
}
export interface YamlMap extends At {
  readonly kind: 'map'
  readonly entries: ReadonlyMap<string, YamlEntry>
  /** entries with a repeated key; they are ignored */
  readonly repeated: readonly YamlEntry[]
}
export type YamlNode = YamlScalar | YamlSeq | YamlMap

/** Whether the value is empty, ~ or null. */
export function isNull(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.style === 'plain' && /^(~|null|Null|NULL)?$/.test(node.value)
}

const TRUE = /^(true|yes|on|y)$/i
const FALSE = /^(false|no|off|n)$/i

/** A scalar as a boolean, in the spellings of YAML 1.1; undefined if it is not one. */
export function truth(node: YamlNode): boolean | undefined {
  if (node.kind !== 'scalar') return undefined
  return TRUE.test(node.value) ? true : FALSE.test(node.value) ? false : undefined
}
