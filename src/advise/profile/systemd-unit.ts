// Reads the system call filter of a systemd unit or drop-in (systemd.exec(5)). Its text is untrusted, as all profiles are.
import { ABIS, ALL_ABIS } from '../calls/abi.js'
import { errnoOf } from './errno.js'
import { quoted } from './json-reader.js'
import { type Action, type Profile, plainRule } from './profile.js'
import { ProfileError } from './profile-error.js'

/** The sections whose processes a filter applies to. */
const SECTION = /^\s*\[(?:Service|Socket|Mount|Swap)\]\s*$/m

const MAX_ERRNO = 4095

/** What systemd adds to every list of allowed calls: its group @default (systemd 257), without calls of RISC-V. */
const DEFAULT: readonly string[] = (
  'arch_prctl brk cacheflush clock_getres clock_getres_time64 clock_gettime clock_gettime64 clock_nanosleep clock_nanosleep_time64 execve ' +
  'exit exit_group futex futex_time64 futex_waitv get_robust_list get_thread_area getegid getegid32 geteuid geteuid32 getgid getgid32 ' +
  'getgroups getgroups32 getpgid getpgrp getpid getppid getrandom getresgid getresgid32 getresuid getresuid32 getrlimit getsid gettid ' +
  'gettimeofday getuid getuid32 lsm_get_self_attr lsm_list_modules membarrier mmap mmap2 mprotect mseal munmap nanosleep pause prlimit64 ' +
  'restart_syscall rseq rt_sigreturn sched_getaffinity sched_yield set_robust_list set_thread_area ' +
  'set_tid_address set_tls sigreturn time ugetrlimit uretprobe'
).split(' ')

export const isUnit = (text: string): boolean => SECTION.test(text)

/** The profile in a unit. SystemCallLog counts only without SystemCallFilter, which refuses calls. Throws ProfileError. */
export function readUnit(text: string): Profile {
  const settings = settingsIn(text)
  const refusal = refusalOf(settings.get('SystemCallErrorNumber')?.at(-1) ?? '')
  const common = { architectures: architecturesIn(settings), archMap: undefined }
  const filter = listOf('SystemCallFilter', settings, refusal, DEFAULT)
  if (filter !== undefined) return { ...filter, ...common, defaultErrno: refusal.errno, allowing: 'SystemCallFilter=' }
  const log = listOf('SystemCallLog', settings, LOG, [])
  if (log === undefined) throw new ProfileError('it has neither SystemCallFilter nor SystemCallLog')
  return { ...log, ...common, defaultErrno: undefined, allowing: 'SystemCallLog=~' }
}

/** The values of the settings of all sections, in order: systemd joins lines that end with a backslash, and ignores comments. */
function settingsIn(text: string): Map<string, string[]> {
  const settings = new Map<string, string[]>()
  const lines = text.split('\n').filter((line) => !/^\s*[#;]/.test(line))
  for (const line of lines.join('\n').replaceAll('\\\n', ' ').split('\n')) {
    const at = line.indexOf('=')
    if (at < 0) continue
    const name = line.slice(0, at).trim()
    const values = settings.get(name) ?? []
    values.push(line.slice(at + 1).trim())
    settings.set(name, values)
  }
  return settings
}

/** What happens to a call that is not allowed. */
interface Refusal {
  readonly action: Action
  readonly errno: number | undefined
}

const KILL: Refusal = { action: 'KILL_PROCESS', errno: undefined }
const LOG: Refusal = { action: 'LOG', errno: undefined }

/** value: an error's name or number, `kill`, or '' for the default, which is to end the process. */
function refusalOf(value: string): Refusal {
  if (value === '' || value === 'kill') return KILL
  const errno = /^\d{1,4}$/.test(value) ? Number(value) : errnoOf(value)
  if (errno === undefined || errno > MAX_ERRNO)
    throw new ProfileError(`${quoted(value)} is no error that a call can return`)
  return { action: 'ERRNO', errno }
}

/** A line of a list of calls. */
interface ListLine {
  /** it begins with ~ */
  readonly inverted: boolean
  readonly items: readonly { readonly call: string; readonly refusal: Refusal }[]
}

/**
 * The calls of a setting, as rules. Its first line names the calls that are allowed (SystemCallFilter) or logged (SystemCallLog), or with ~
 * all others. Later lines of the same kind add calls, those of the other kind remove them; an empty line removes all. implied: calls
 * that a list without ~ has in any case. undefined: the setting is absent.
 */
function listOf(
  name: 'SystemCallFilter' | 'SystemCallLog',
  settings: ReadonlyMap<string, readonly string[]>,
  refusal: Refusal,
  implied: readonly string[],
): Pick<Profile, 'defaultAction' | 'rules'> | undefined {
  const values = settings.get(name) ?? []
  const lines = values.slice(values.lastIndexOf('') + 1).map((value) => listLine(name, value, refusal))
  const [first] = lines
  if (first === undefined) return undefined
  const calls = new Map(first.inverted ? [] : implied.map((call) => [call, refusal]))
  for (const { inverted, items } of lines)
    for (const { call, refusal: own } of items)
      if (inverted === first.inverted) calls.set(call, own)
      else calls.delete(call)
  if (first.inverted === (name === 'SystemCallLog'))
    return { defaultAction: refusal.action, rules: [plainRule([...calls.keys()], 'ALLOW')] }
  const rules = [...calls].map(([call, { action, errno }]) => plainRule([call], action, { errno }))
  return { defaultAction: 'ALLOW', rules }
}

function listLine(setting: string, value: string, refusal: Refusal): ListLine {
  const inverted = value.startsWith('~')
  const words = value.slice(Number(inverted)).split(/\s+/).filter(Boolean)
  const items = words.flatMap((word) => {
    const [item = '', error] = word.split(':', 2)
    const own = error === undefined ? refusal : refusalOf(error)
    return callsOf(setting, item).map((call) => ({ call, refusal: own }))
  })
  return { inverted, items }
}

/** The calls of an item of a list: a call, or a group of which only @default is known here. */
function callsOf(setting: string, item: string): readonly string[] {
  if (!item.startsWith('@')) return [item]
  if (item === '@default') return DEFAULT
  throw new ProfileError(
    `${setting} names a group of calls, ${quoted(item)}: replace it by its calls, which systemd-analyze syscall-filter lists`,
  )
}

/** Without the setting, systemd filters the calls of all architectures. */
function architecturesIn(settings: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const values = settings.get('SystemCallArchitectures') ?? []
  const listed = values.slice(values.lastIndexOf('') + 1).flatMap((value) => value.split(/\s+/))
  const abis = ALL_ABIS.map((abi) => ABIS[abi])
  return abis.filter(({ systemd }) => listed.length === 0 || listed.includes(systemd)).map(({ seccomp }) => seccomp)
}
