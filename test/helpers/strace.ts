// The log of strace for a run: calls by thread, and the words of a call's description, from strace or ksys.

export interface Traced {
  tid: number
  name: string
  args: string
  /** undefined if strace has none (`?`) */
  ret: bigint | undefined
  /** the text after the result: an error's name, flags, the remainder of a time */
  more: string
}

const UNFINISHED = ' <unfinished ...>'

/** The calls of a log that `strace -f -o` wrote, each thread's in its order. */
export function tracedCalls(log: string): Traced[] {
  const unfinished = new Map<number, string>()
  const out: Traced[] = []
  for (const line of log.split('\n')) {
    const [, pid, rest = ''] = /^(\d+)\s+(.*)$/.exec(line) ?? []
    if (pid === undefined || rest.startsWith('---') || rest.startsWith('+++')) continue
    const tid = Number(pid)
    if (rest.endsWith(UNFINISHED)) {
      unfinished.set(tid, rest.slice(0, -UNFINISHED.length))
      continue
    }
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(rest)
    const whole = resumed ? `${unfinished.get(tid) ?? ''}${resumed[1]}` : rest
    const call = /^(\w+)\((.*)\)\s+= (\?|0x[0-9a-f]+|-?\d+)(.*)$/.exec(whole)
    if (call === null) continue
    const [, name = '', args = '', ret = '?', more = ''] = call
    out.push({ tid, name, args, ret: ret === '?' ? undefined : BigInt(ret), more: more.trim() })
  }
  return out
}

/** The contents of a description, word by word. */
export interface Words {
  /** names of constants */
  names: string[]
  /** texts in quotes, escapes resolved */
  texts: string[]
  numbers: bigint[]
  /** values of structures' members that are one number, name or text, by the member's name */
  members: Map<string, string[]>
}

const WORD = /\/\*.*?\*\/|"((?:[^"\\]|\\.)*)"(\.\.\.)?|\b[A-Za-z_][A-Za-z0-9_]*|-?0x[0-9a-fA-F]+|-?\d+/gs

/** Parses strace's description of arguments. */
export function words(account: string): Words {
  const w: Words = { names: [], texts: [], numbers: [], members: new Map() }
  for (const m of account.matchAll(WORD)) {
    const word = m[0]
    if (word.startsWith('/*')) continue
    if (word.startsWith('"')) w.texts.push(unescaped(m[1] ?? ''))
    else if (/^[A-Z_][A-Z0-9_]{2,}$/.test(word) && word !== 'NULL') w.names.push(word)
    else if (/^-?\d/.test(word)) w.numbers.push(numberOf(word))
  }
  for (const [, name = '', value = ''] of account.matchAll(
    /\b([a-z][a-z0-9_]*)=("(?:[^"\\]|\\.)*"|[^\s,{}[\]()"]+)/g,
  )) {
    const values = w.members.get(name) ?? []
    values.push(value)
    w.members.set(name, values)
  }
  return w
}

export function numberOf(word: string): bigint {
  const negative = word.startsWith('-')
  const digits = negative ? word.slice(1) : word
  const n = /^0[0-7]+$/.test(digits) ? BigInt(`0o${digits.slice(1)}`) : BigInt(digits)
  return negative ? -n : n
}

const ESCAPES: Record<string, string> = { n: '\n', t: '\t', r: '\r', v: '\v', f: '\f', a: '\x07', b: '\b' }

function unescaped(text: string): string {
  return text.replace(/\\(x[0-9a-f]{2}|[0-7]{1,3}|.)/gs, (_, e: string) =>
    e.startsWith('x') && e.length === 3
      ? String.fromCharCode(Number.parseInt(e.slice(1), 16))
      : /^[0-7]/.test(e)
        ? String.fromCharCode(Number.parseInt(e, 8))
        : (ESCAPES[e] ?? e),
  )
}
