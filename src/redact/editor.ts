// Applies the rules for one kind of value to texts, paths, lists, bytes and addresses.
import { cgroupOwner } from '../model/cgroup.js'
import { decodeText } from '../model/text.js'
import { type Hasher, MASK } from './hash.js'
import type { Pattern, Span } from './pattern.js'
import type { Action } from './redaction.js'

/** One compiled rule. */
export interface Step {
  readonly action: Action
  readonly pattern: Pattern | undefined
}

const STAR = '*'.charCodeAt(0)
/** Replacements for masked addresses, which no host has. */
const NO_IPV4 = '240.0.0.0'
const NO_IPV6 = '2001:db8::'
/** Addresses that identify no host: unspecified and loopback. */
const UNIDENTIFYING = /^(0\.0\.0\.0|127\..*|::1?)$/
/** Number of texts whose results are cached, and their maximum length in characters. */
const CACHED = 8192
const LONG = 1024

/** Kind of a list: patterns match arguments joined on one line, and environment variables with one per line. */
export type ListKind = 'args' | 'env'

export class Editor {
  private readonly texts = new Map<string, string | undefined>()
  private readonly paths = new Map<string, string | undefined>()

  constructor(
    private readonly steps: readonly Step[],
    private readonly hasher: Hasher,
  ) {}

  /** The redacted text; undefined if dropped. */
  text(value: string): string | undefined {
    return cached(this.texts, value, () => this.edited(value, (v) => this.hasher.text(v), MASK))
  }

  /** The same for a path, which remains a path: absolute if it was. */
  path(value: string): string | undefined {
    const mask = value.startsWith('/') ? `/${MASK}` : MASK
    return cached(this.paths, value, () => this.edited(value, (v) => this.hasher.path(v), mask))
  }

  /** The redacted items of a list; undefined if dropped. Rules without a pattern leave the names of environment variables. */
  list(items: readonly string[], kind: ListKind): readonly string[] | undefined {
    let list: readonly string[] = items
    for (const { action, pattern } of this.steps) {
      if (list.length === 0) break
      if (pattern !== undefined) list = this.editMatches(list, kind, action, pattern)
      else if (action === 'drop') return undefined
      else {
        const one = (v: string) =>
          replacement(
            action,
            () => MASK,
            () => this.hasher.text(v),
          )
        list = list.map((v) => (kind === 'env' ? editVariable(v, one) : one(v)))
      }
    }
    return list
  }

  /**
   * The redacted data; undefined if dropped. sized: a structure, whose length is significant. Rules without a pattern drop it, and
   * matches of a pattern are masked instead of hashed.
   */
  bytes(value: Uint8Array, sized: boolean): Uint8Array | undefined {
    let bytes = value
    for (const { action, pattern } of this.steps) {
      if (bytes.length === 0) break
      const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
      const spans: readonly Span[] = pattern === undefined ? [[0, text.length]] : pattern.findInBytes(text)
      if (spans.length === 0) continue
      if (action === 'drop' || (sized && pattern === undefined)) return undefined
      bytes = replacement(
        sized ? 'mask' : action,
        () => masked(bytes, spans),
        () => {
          const hashed = (from: number, to: number) => this.hasher.text(decodeText(bytes, from, to))
          const result = replaced(text, spans, (_, from, to) => hashed(from, to))
          return Uint8Array.from(Buffer.from(result, 'latin1'))
        },
      )
    }
    return bytes
  }

  /** The redacted text of an address; undefined if dropped. */
  address(ip: string): string | undefined {
    let redacted = ip
    for (const { action, pattern } of this.steps) {
      if (redacted === '') break
      if (pattern === undefined ? UNIDENTIFYING.test(redacted) : pattern.find(redacted).length === 0) continue
      if (action === 'drop') return undefined
      redacted = replacement(
        action,
        () => (redacted.includes(':') ? NO_IPV6 : NO_IPV4),
        () => this.hasher.address(redacted),
      )
    }
    return redacted
  }

  /** The text after rules with a pattern only; undefined if dropped. */
  pieces(value: string): string | undefined {
    return this.steps.every((s) => s.pattern === undefined) ? value : this.edited(value, (v) => v, undefined)
  }

  /** The redacted `controller=/path`; undefined if dropped. */
  cgroup(item: string): string | undefined {
    const at = item.indexOf('=') + 1
    const path = this.cgroupPath(item.slice(at))
    return path === undefined ? undefined : item.slice(0, at) + path
  }

  /** The redacted path of a cgroup. The cgroup of a container identifies the container: only rules with a pattern change it. */
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
        text = replacement(
          action,
          () => mask,
          () => hash(text),
        )
        continue
      }
      const spans = pattern.find(text)
      if (spans.length === 0) continue
      if (action === 'drop') return undefined
      text = replaced(text, spans, (piece) => this.replacePiece(piece, action))
    }
    return text
  }

  private editMatches(list: readonly string[], kind: ListKind, action: Action, pattern: Pattern): readonly string[] {
    const joined = list.join('\0')
    // an item with line breaks must not look like several
    const items = list.map((item) => item.replaceAll('\n', ' '))
    const spans = pattern.find(items.join(kind === 'args' ? ' ' : '\n'))
    if (spans.length === 0) return list
    if (action === 'drop') {
      let at = 0
      return list.filter((item) => {
        const from = at
        at += item.length + 1
        return !spans.some((s) => s[0] < from + item.length && s[1] > from)
      })
    }
    return replaced(joined, spans, (piece) => this.replacePiece(piece, action)).split('\0')
  }

  private replacePiece(piece: string, action: Replacing): string {
    return replacement(
      action,
      () => MASK,
      () => this.hasher.text(piece),
    )
  }
}

/** Actions that leave something in place of a value. */
type Replacing = Exclude<Action, 'drop'>

/** What an action leaves. An action without a case here does not compile. */
function replacement<T extends string | Uint8Array>(action: Replacing, mask: () => T, hash: () => T): T {
  switch (action) {
    case 'mask':
      return mask()
    case 'hash':
      return hash()
  }
}

function masked(bytes: Uint8Array, spans: readonly Span[]): Uint8Array {
  const copy = Uint8Array.from(bytes)
  for (const [from, to] of spans) copy.fill(STAR, from, to)
  return copy
}

/** Changes only the value of `NAME=value`. */
function editVariable(variable: string, one: (v: string) => string): string {
  const at = variable.indexOf('=')
  return at < 0 ? one(variable) : `${variable.slice(0, at + 1)}${one(variable.slice(at + 1))}`
}

function replaced(
  text: string,
  spans: readonly Span[],
  by: (piece: string, from: number, to: number) => string,
): string {
  let result = ''
  let at = 0
  for (const [from, to] of spans) {
    result += text.slice(at, from) + by(text.slice(from, to), from, to)
    at = to
  }
  return result + text.slice(at)
}

function cached(
  known: Map<string, string | undefined>,
  value: string,
  make: () => string | undefined,
): string | undefined {
  const before = known.get(value)
  if (before !== undefined) return before
  if (value.length > LONG) return make()
  if (known.has(value)) return undefined
  const result = make()
  if (known.size >= CACHED) known.clear()
  known.set(value, result)
  return result
}

/** The program name in a command line, up to the first blank: some programs write both to one place, as in `nginx: worker process`. */
export function firstWord(exe: string): string {
  const end = exe.search(/\s/)
  return end < 0 ? exe : exe.slice(0, end)
}
