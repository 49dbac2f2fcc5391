// One call as strace and as ksys print it: the parts that only one of them has.
import { type Traced, type Words, words } from '../helpers/strace.js'
import { accepted, inKsysWords } from './strace-rules.js'

/** A call as ksys prints it. */
export interface Seen {
  type: string
  ret: number | null
  args: string
}

/** Every number that a word of ksys's output may stand for, in decimal, hex and octal. */
function numbersOf(account: string): Set<bigint> {
  const all = new Set<bigint>()
  const add = (n: bigint) => all.add(BigInt.asUintN(64, n)).add(BigInt.asUintN(32, n))
  for (const [word] of account.matchAll(/-?[0-9A-Fa-f]+\b|0x[0-9a-fA-F]+/g)) {
    const digits = word.replace(/^-/, '')
    for (const text of word.startsWith('0x') ? [word] : [digits, `0x${digits}`, `0o${digits}`]) {
      try {
        add(word.startsWith('-') ? -BigInt(text) : BigInt(text))
      } catch {
        // no number of this base
      }
    }
  }
  return all
}

const printable = (text: string) => text.replace(/[^\x20-\x7e]/g, '.')
/** Addresses differ only in their form. */
const isAddress = (n: bigint) => n > 0x5500_0000_0000n && n < 0x7fff_ffff_ffffn

/** The parts of a call that strace prints and ksys does not, and vice versa. */
export function differences(call: Traced, seen: Seen): string[] {
  const out = resultDifferences(call, seen)
  if (call.name.startsWith('syscall_0x')) return out
  // for other results strace prints here what ksys has in parameters
  const strace = words(call.name === 'fcntl' && errorOf(call) === undefined ? `${call.args} ${call.more}` : call.args)
  const result = call.name === 'fcntl' ? '' : /^\w+=[^ ]*/
  const own = words(seen.args.replace(result, '').replace(/[= ][0-9A-F]+(?= |$)/g, ''))
  return [
    ...out,
    // strace marks values without a name
    ...nameDifferences(strace.names, own.names, call.args.includes('???')),
    ...missingTexts(strace.texts, seen.args),
    ...missingNumbers(strace.numbers, seen.args),
    ...memberDifferences(strace.members, own.members),
  ].filter((word) => !accepted(call.name, word))
}

function errorOf(call: Traced): string | undefined {
  return /^(E[A-Z0-9]+)/.exec(call.more)?.[1]
}

function resultDifferences(call: Traced, seen: Seen): string[] {
  const error = errorOf(call)
  if (error !== undefined) return seen.args.includes(`(${error})`) ? [] : [`errno ${error}`]
  if (call.ret === undefined || seen.ret === null || call.name === 'umask') return []
  const same = BigInt.asUintN(64, BigInt(seen.ret)) === BigInt.asUintN(64, call.ret)
  return same ? [] : [`result ${seen.ret} for ${call.ret}`]
}

function nameDifferences(strace: readonly string[], own: readonly string[], unnamed: boolean): string[] {
  const has = new Set(own)
  const known = new Set(strace.flatMap(inKsysWords))
  const lacks = [...new Set(strace)].filter((name) => !inKsysWords(name).some((n) => has.has(n)))
  const more = unnamed ? [] : [...has].filter((name) => !known.has(name))
  return [...lacks.map((name) => `-${name}`), ...more.map((name) => `+${name}`)]
}

function missingTexts(texts: readonly string[], args: string): string[] {
  const own = printable(args)
  return texts
    .map(printable)
    .filter((t) => !own.includes(t) && !own.includes(t.replace(/["\\]/g, '\\$&')))
    .map((t) => `"${t}"`)
}

function missingNumbers(numbers: readonly bigint[], args: string): string[] {
  const own = numbersOf(args)
  return numbers
    .filter((n) => !isAddress(n) && !own.has(BigInt.asUintN(64, n)) && !own.has(BigInt.asUintN(32, n)))
    .map((n) => `#${n < 0n ? n : `0x${n.toString(16)}`}`)
}

/** Members of structures that both print as plain numbers, equally many of them. */
function memberDifferences(strace: Words['members'], own: Words['members']): string[] {
  const plain = (values: readonly string[]) => values.every((v) => /^-?\d+$/.test(v))
  return [...strace].flatMap(([member, values]) => {
    const ours = own.get(member)
    if (ours?.length !== values.length || !plain(values) || !plain(ours)) return []
    return ours.join() === values.join() ? [] : [`${member} ${ours} for ${values}`]
  })
}
