// What becomes of one kind of value by the rules that are about it: texts, paths, lists, bytes and addresses.
import { cgroupOwner } from '../model/cgroup.js'
import { decodeText } from '../model/text.js'
import { type Hasher, MASK } from './hash.js'
import type { Pattern, Span } from './pattern.js'
import type { Action } from './redaction.js'

/** One rule, ready for use. */
export interface Step {
  readonly action: Action
  readonly pattern: Pattern | undefined
}

const STAR = '*'.charCodeAt(0)
/** What a masked address becomes: one that nobody has. */
const NO_IPV4 = '240.0.0.0'
const NO_IPV6 = '2001:db8::'
/** Addresses that tell nothing of anybody: any, and the machine's own loopback. */
const NOBODYS = /^(0\.0\.0\.0|127\..*|::1?)$/
/** Texts that are remembered with what becomes of them, and their most characters. */
const KEPT = 8192
const LONG = 1024

/** What a list has: a pattern sees arguments in one line, and a line for each variable. */
export type ListKind = 'args' | 'env'

export class Editor {
  private readonly texts = new Map<string, string | undefined>()
  private readonly paths = new Map<string, string | undefined>()

  constructor(
    private readonly steps: readonly Step[],
    private readonly hasher: Hasher,
  ) {}

  /** The text as it may be told; undefined: not at all. */
  text(value: string): string | undefined {
    return remembered(this.texts, value, () => this.edited(value, (v) => this.hasher.text(v), MASK))
  }

  /** The same of a path, which stays one: absolute if it was. */
  path(value: string): string | undefined {
    const mask = value.startsWith('/') ? `/${MASK}` : MASK
    return remembered(this.paths, value, () => this.edited(value, (v) => this.hasher.path(v), mask))
  }

  /** The items of a list; undefined: none of it may be told. Variables keep their names where their values go. */
  list(items: readonly string[], kind: ListKind): readonly string[] | undefined {
    let list: readonly string[] = items
    for (const { action, pattern } of this.steps) {
      if (list.length === 0) break
      if (pattern !== undefined) list = this.found(list, kind, action, pattern)
      else if (action === 'drop') return undefined
      else {
        const one = (v: string) => (action === 'mask' ? MASK : this.hasher.text(v))
        list = list.map((v) => (kind === 'env' ? ofVariable(v, one) : one(v)))
      }
    }
    return list
  }

  /**
   * Data, as they may be told; undefined: not at all. sized: of a structure, whose length and numbers have a meaning: it goes as a
   * whole, and what a pattern finds in it is masked where it would be hashed.
   */
  bytes(value: Uint8Array, sized: boolean): Uint8Array | undefined {
    let bytes = value
    for (const { action, pattern } of this.steps) {
      if (bytes.length === 0) break
      const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
      const spans: readonly Span[] = pattern === undefined ? [[0, text.length]] : pattern.inBytes(text)
      if (spans.length === 0) continue
      if (action === 'drop' || (sized && pattern === undefined)) return undefined
      if (action === 'mask' || sized) {
        bytes = Uint8Array.from(bytes)
        for (const [from, to] of spans) bytes.fill(STAR, from, to)
      } else {
        const hashed = (from: number, to: number) => this.hasher.text(decodeText(bytes, from, to))
        const made = replaced(text, spans, (_, from, to) => hashed(from, to))
        bytes = Uint8Array.from(Buffer.from(made, 'latin1'))
      }
    }
    return bytes
  }

  /** The text of an address as it may be told; undefined: not at all. */
  address(ip: string): string | undefined {
    let told = ip
    for (const { action, pattern } of this.steps) {
      if (told === '') break
      if (pattern === undefined ? NOBODYS.test(told) : pattern.in(told).length === 0) continue
      if (action === 'drop') return undefined
      if (action === 'hash') told = this.hasher.address(told)
      else told = told.includes(':') ? NO_IPV6 : NO_IPV4
    }
    return told
  }

  /** A text of which only pieces may be changed: rules for whole values leave it. */
  pieces(value: string): string | undefined {
    return this.steps.every((s) => s.pattern === undefined) ? value : this.edited(value, (v) => v, undefined)
  }

  /** `controller=/path`; undefined: not at all. */
  cgroup(item: string): string | undefined {
    const at = item.indexOf('=') + 1
    const path = this.cgroupPath(item.slice(at))
    return path === undefined ? undefined : item.slice(0, at) + path
  }

  /** A container is known by its cgroup: rules for whole values leave that. */
  cgroupPath(path: string): string | undefined {
    return cgroupOwner(path) === undefined ? this.path(path) : this.pieces(path)
  }

  private edited(value: string, hash: (v: string) => string, mask: string | undefined): string | undefined {
    let text = value
    for (const { action, pattern } of this.steps) {
      if (text === '') break
      if (pattern === undefined) {
        if (mask === undefined) continue
        if (action === 'drop') return undefined
        text = action === 'mask' ? mask : hash(text)
        continue
      }
      const spans = pattern.in(text)
      if (spans.length === 0) continue
      if (action === 'drop') return undefined
      text = replaced(text, spans, (piece) => this.piece(piece, action))
    }
    return text
  }

  private found(list: readonly string[], kind: ListKind, action: Action, pattern: Pattern): readonly string[] {
    const joined = list.join('\0')
    // an item of several lines is one
    const items = list.map((item) => item.replaceAll('\n', ' '))
    const spans = pattern.in(items.join(kind === 'args' ? ' ' : '\n'))
    if (spans.length === 0) return list
    if (action === 'drop') {
      let at = 0
      return list.filter((item) => {
        const from = at
        at += item.length + 1
        return !spans.some((s) => s[0] < from + item.length && s[1] > from)
      })
    }
    return replaced(joined, spans, (piece) => this.piece(piece, action)).split('\0')
  }

  private piece(piece: string, action: Action): string {
    return action === 'mask' ? MASK : this.hasher.text(piece)
  }
}

/** Of `NAME=value` only the value is changed. */
function ofVariable(variable: string, one: (v: string) => string): string {
  const at = variable.indexOf('=')
  return at < 0 ? one(variable) : `${variable.slice(0, at + 1)}${one(variable.slice(at + 1))}`
}

function replaced(
  text: string,
  spans: readonly Span[],
  by: (piece: string, from: number, to: number) => string,
): string {
  let made = ''
  let at = 0
  for (const [from, to] of spans) {
    made += text.slice(at, from) + by(text.slice(from, to), from, to)
    at = to
  }
  return made + text.slice(at)
}

function remembered(
  known: Map<string, string | undefined>,
  value: string,
  make: () => string | undefined,
): string | undefined {
  const before = known.get(value)
  if (before !== undefined) return before
  if (value.length > LONG) return make()
  if (known.has(value)) return undefined
  const made = make()
  if (known.size >= KEPT) known.clear()
  known.set(value, made)
  return made
}
