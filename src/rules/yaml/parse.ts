// Parses YAML to nodes with their places. Hostile input is rejected: too deep nesting, or aliases that expand to too many nodes.
import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  type ParsedNode,
  parseAllDocuments,
  type Scalar,
} from 'yaml'
import type { YamlEntry, YamlMap, YamlNode, YamlScalar } from './node.js'
import type { TextFile } from './text-file.js'

const MAX_NESTING = 100
const MAX_NODES = 2_000_000
/** a token costs the parser about a kilobyte; only long texts are counted, as short ones cannot contain so many */
const MAX_TOKENS = 1_000_000

/** errors reported for a document: usually the first one causes the others */
const MAX_ERRORS = 20
const MERGE = '<<'
const STYLES: Readonly<Record<string, YamlScalar['style']>> = {
  BLOCK_FOLDED: 'block',
  BLOCK_LITERAL: 'block',
  QUOTE_DOUBLE: 'double',
  QUOTE_SINGLE: 'single',
}

/** A syntax error, or an exceeded limit. */
interface YamlError {
  readonly message: string
  /** offset in UTF-16 units */
  readonly at: number
}

interface YamlDocuments {
  /** only documents without errors */
  readonly documents: readonly YamlNode[]
  readonly errors: readonly YamlError[]
}

/** Parses all documents of a file. Never throws, whatever the text is. */
export function parseYaml(file: TextFile): YamlDocuments {
  const documents: YamlNode[] = []
  const errors: YamlError[] = []
  try {
    if (file.text.length > MAX_TOKENS / 2) countTokens(file.text)
    for (const doc of parseAllDocuments(file.text, {
      schema: 'failsafe',
      uniqueKeys: false,
      strict: false,
      prettyErrors: false,
      logLevel: 'silent',
    })) {
      if (doc.errors.length > 0)
        for (const { message, pos } of doc.errors.slice(0, MAX_ERRORS))
          errors.push({ message, at: Math.min(pos[0], file.text.length) })
      else if (doc.contents !== null) documents.push(new Converter(file).document(doc.contents as ParsedNode))
    }
  } catch (e) {
    if (e instanceof Refused) errors.push({ message: e.message, at: e.at })
    else if (e instanceof RangeError) errors.push({ message: tooDeep(), at: 0 })
    else throw e
  }
  return { documents, errors }
}

class Refused extends Error {
  constructor(
    message: string,
    readonly at: number,
  ) {
    super(message)
  }
}

/** Throws Refused if a text has more than MAX_TOKENS tokens. */
function countTokens(text: string): void {
  let tokens = 0
  let at = 0
  for (const token of new Lexer().lex(text)) {
    if (++tokens > MAX_TOKENS) throw new Refused(`it has more than ${MAX_TOKENS} tokens`, Math.min(at, text.length))
    at += token.length
  }
}

function tooDeep(): string {
  return `it is nested more than ${MAX_NESTING} levels deep`
}

class Converter {
  private readonly anchors = new Map<string, YamlNode>()
  private depth = 0

  constructor(private readonly file: TextFile) {}

  document(contents: ParsedNode): YamlNode {
    const node = this.node(contents)
    if (node.size > MAX_NODES)
      throw new Refused(`it is larger than ${MAX_NODES} values once its aliases are replaced`, node.at)
    return node
  }

  private node(n: ParsedNode): YamlNode {
    if (isAlias(n)) return this.alias(n)
    const at = n.range[0]
    if (this.depth >= MAX_NESTING) throw new Refused(tooDeep(), at)
    this.depth++
    const node = this.converted(n, at)
    this.depth--
    if (n.anchor !== undefined) this.anchors.set(n.anchor, node)
    return node
  }

  private alias(n: Alias.Parsed): YamlNode {
    const target = this.anchors.get(n.source)
    if (target !== undefined) return target
    throw new Refused(`nothing above this alias has the anchor &${n.source}`, n.range[0])
  }

  private converted(n: Exclude<ParsedNode, Alias.Parsed>, at: number): YamlNode {
    const { file } = this
    if (isScalar(n)) return this.scalar(n)
    if (isSeq(n)) {
      const items = (n.items as ParsedNode[]).map((i) => this.node(i))
      return { kind: 'seq', file, at, items, size: sizeOf(items) }
    }
    if (isMap(n)) return this.map(n.items as { key: ParsedNode; value: ParsedNode | null }[], at)
    throw new Refused('this is not a value, a list or a map', at)
  }

  private scalar(n: Scalar): YamlScalar {
    const [at, end] = n.range as [number, number, number]
    const style = STYLES[n.type ?? ''] ?? 'plain'
    return { kind: 'scalar', file: this.file, at, end, value: String(n.value ?? ''), style, size: 1 }
  }

  private map(pairs: readonly { key: ParsedNode; value: ParsedNode | null }[], at: number): YamlMap {
    const { file } = this
    const entries = new Map<string, YamlEntry>()
    const repeated: YamlEntry[] = []
    const merged: YamlNode[] = []
    for (const pair of pairs) {
      const key = this.node(pair.key)
      if (key.kind !== 'scalar') throw new Refused('a key must be a string, not a list or a map', pair.key.range[0])
      const keyAt = pair.key.range[0]
      const value = pair.value === null ? nothing(file, pair.key.range[1]) : this.node(pair.value)
      if (key.value === MERGE && key.style === 'plain') merged.push(value)
      else if (entries.has(key.value)) repeated.push({ key: key.value, keyAt, value })
      else entries.set(key.value, { key: key.value, keyAt, value })
    }
    for (const value of merged) merge(value, entries)
    return { kind: 'map', file, at, entries, repeated, size: sizeOf([...entries.values()].map((e) => e.value)) }
  }
}

/** Adds the entries of a merge key; existing keys take precedence. */
function merge(value: YamlNode, entries: Map<string, YamlEntry>): void {
  for (const from of value.kind === 'seq' ? value.items : [value]) {
    if (from.kind !== 'map') throw new Refused('<< requires a map or a list of maps', from.at)
    for (const [key, entry] of from.entries) if (!entries.has(key)) entries.set(key, entry)
  }
}

function nothing(file: TextFile, at: number): YamlScalar {
  return { kind: 'scalar', file, at, end: at, value: '', style: 'plain', size: 1 }
}

function sizeOf(nodes: readonly YamlNode[]): number {
  return nodes.reduce((sum, n) => sum + n.size, 1)
}
