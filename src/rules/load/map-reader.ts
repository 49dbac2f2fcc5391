// Reads the entries of an item in a rules file: missing entries and entries of the wrong kind are errors with their place.
import { didYouMean } from '../../filter/suggest.js'
import { isNull, truth, type YamlMap, type YamlNode, type YamlScalar, type YamlSeq } from '../yaml/node.js'
import type { Keys } from './keys.js'
import { type Item, ItemError, type Report } from './report.js'

export class MapReader {
  constructor(
    readonly map: YamlMap,
    /** the item that the map is, preceded by the items that contain it */
    readonly items: readonly Item[],
    private readonly report: Report,
  ) {}

  has(key: string): boolean {
    return this.map.entries.has(key)
  }

  /** The value of a key as an item of its own. */
  itemOf(key: string, node: YamlNode | undefined = this.map.entries.get(key)?.value): readonly Item[] {
    return node === undefined
      ? this.items
      : [...this.items, { type: 'value for', name: key, file: node.file, at: node.at }]
  }

  /** Warns about unknown and repeated keys. */
  checkKeys(known: Keys): void {
    const { file, entries, repeated } = this.map
    const at = (key: string, keyAt: number) => ({
      items: [...this.items, { type: 'key', name: key, file, at: keyAt }],
      length: key.length,
    })
    for (const { key, keyAt } of entries.values()) {
      if (Object.hasOwn(known, key)) continue
      const hint = didYouMean(key, Object.keys(known))
      this.report.warn('LOAD_UNKNOWN_KEY', `'${key}' is not a key of this item and is ignored${hint}`, at(key, keyAt))
    }
    for (const { key, keyAt } of repeated)
      this.report.warn('LOAD_UNKNOWN_KEY', `'${key}' is repeated in this item; only the first is used`, at(key, keyAt))
  }

  /** A required string. Throws ItemError. */
  text(key: string): YamlScalar {
    const node = this.map.entries.get(key)?.value
    if (node === undefined) throw new ItemError('LOAD_ERR_YAML_VALIDATE', `the key '${key}' is missing`, this)
    if (node.kind !== 'scalar') throw this.wrong(key, 'must be a string, not a list or a map')
    if (node.value === '' || isNull(node)) throw this.wrong(key, 'is empty')
    return node
  }

  /** Throws ItemError. */
  optionalText(key: string): YamlScalar | undefined {
    return this.has(key) ? this.text(key) : undefined
  }

  /** true or false. Throws ItemError. */
  flag(key: string): boolean | undefined {
    const node = this.optionalText(key)
    if (node === undefined) return undefined
    const value = truth(node)
    if (value === undefined) throw this.wrong(key, `must be true or false, not '${node.value}'`)
    return value
  }

  /** An integer, 0 or more. Throws ItemError. */
  number(key: string): number | undefined {
    const node = this.optionalText(key)
    if (node === undefined) return undefined
    const value = Number(node.value)
    if (!/^\d+$/.test(node.value) || value > 0xffffffff)
      throw this.wrong(key, `must be a whole number, not '${node.value}'`)
    return value
  }

  /** A required list. Throws ItemError. */
  list(key: string): YamlSeq {
    const node = this.map.entries.get(key)?.value
    if (node === undefined) throw new ItemError('LOAD_ERR_YAML_VALIDATE', `the key '${key}' is missing`, this)
    if (node.kind !== 'seq') throw this.wrong(key, 'must be a list')
    return node
  }

  /** A required list of strings. Throws ItemError. */
  texts(key: string): readonly YamlScalar[] {
    return this.list(key).items.map((node) => {
      if (node.kind === 'scalar') return node
      throw this.wrong(key, 'must be a list of strings: one of its items is a list or a map', node)
    })
  }

  /** An error at a value, by default that of the key. */
  wrong(key: string, what: string, node?: YamlNode): ItemError {
    return new ItemError('LOAD_ERR_YAML_VALIDATE', `'${key}' ${what}`, { items: this.itemOf(key, node) })
  }
}
