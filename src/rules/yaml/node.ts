// What YAML becomes here: scalars as texts, sequences and maps, each with its place. Aliases and merge keys are replaced.
import type { TextFile } from './text-file.js'

interface At {
  readonly file: TextFile
  /** offset of its first character, in UTF-16 units */
  readonly at: number
  /** nodes in it, each alias counted as what it stands for */
  readonly size: number
}
export interface YamlScalar extends At {
  readonly kind: 'scalar'
  readonly value: string
  readonly style: 'plain' | 'single' | 'double' | 'block'
  /** offset behind its last character */
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
  /** entries whose key the map had before; they count for nothing */
  readonly repeated: readonly YamlEntry[]
}
export type YamlNode = YamlScalar | YamlSeq | YamlMap

/** Whether nothing, ~ or null is written there. */
export function isNull(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.style === 'plain' && /^(~|null|Null|NULL)?$/.test(node.value)
}

const TRUE = /^(true|yes|on|y)$/i
const FALSE = /^(false|no|off|n)$/i

/** What a scalar says as a switch, in YAML 1.1's spellings; undefined when it says neither. */
export function truth(node: YamlNode): boolean | undefined {
  if (node.kind !== 'scalar') return undefined
  return TRUE.test(node.value) ? true : FALSE.test(node.value) ? false : undefined
}
