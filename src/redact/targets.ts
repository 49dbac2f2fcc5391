// Maps fields to the values of rows, processes and containers that they are derived from: these values are what rules change.
import type { Redaction } from './redaction.js'

/** Kinds of values, one bit each. */
export const TARGET = {
  NAME: 1,
  EXE: 2,
  ARGS: 4,
  ENV: 8,
  EXEPATH: 16,
  CWD: 32,
  PATH: 64,
  BUFFER: 128,
  ADDRESS: 256,
  USER: 512,
  HOME: 1024,
  SHELL: 2048,
  GROUP: 4096,
  CONTAINER: 8192,
  IMAGE: 1 << 14,
  LABELS: 1 << 15,
  MOUNTS: 1 << 16,
  PROBES: 1 << 17,
  CGROUP: 1 << 18,
  HOST: 1 << 19,
  /** any other text or data */
  OTHER: 1 << 20,
  /** any text or data among the arguments of an event */
  ARGUMENT: 1 << 21,
  STACK: 1 << 22,
} as const

const ALL = -1

/** Kinds by field. */
const FIELDS: Readonly<Record<string, number>> = {
  '*': ALL,
  'proc.name': TARGET.NAME,
  'proc.exe': TARGET.EXE,
  'proc.exepath': TARGET.EXEPATH,
  'proc.args': TARGET.ARGS,
  'proc.cmdline': TARGET.EXE | TARGET.ARGS,
  'proc.env': TARGET.ENV,
  'proc.cwd': TARGET.CWD,
  // a relative path depends on the directory it starts at
  'fd.name': TARGET.PATH | TARGET.CWD | TARGET.ADDRESS,
  'fs.path.name': TARGET.PATH | TARGET.CWD,
  'fd.ip': TARGET.ADDRESS,
  'evt.buffer': TARGET.BUFFER,
  'evt.args': TARGET.ARGUMENT,
  'evt.stack': TARGET.STACK,
  'evt.hostname': TARGET.HOST,
  'host.name': TARGET.HOST,
  'user.name': TARGET.USER,
  'user.homedir': TARGET.HOME,
  'user.shell': TARGET.SHELL,
  'group.name': TARGET.GROUP,
  'thread.cgroups': TARGET.CGROUP,
  'container.name': TARGET.CONTAINER,
  'container.image': TARGET.IMAGE,
  'container.labels': TARGET.LABELS,
  'container.mounts': TARGET.MOUNTS,
  'container.healthcheck': TARGET.PROBES,
}

/** The fields that a rule may name, in addition to evt.arg.NAME. */
export const FIELD_NAMES: readonly string[] = Object.keys(FIELDS)

/** Fields that are derived from the values of another field. */
const DERIVED_FROM: readonly (readonly [RegExp, string])[] = [
  [/^proc\.(p|a|p?v?pgid\.|sid\.)?name$|^proc\.sname$/, 'proc.name'],
  [/^proc\.(p|a|p?v?pgid\.|sid\.)exe$/, 'proc.exe'],
  [/^proc\.(p|a|p?v?pgid\.|sid\.)exepath$/, 'proc.exepath'],
  [/^proc\.aargs$|^proc\.cmd(n|len)args$/, 'proc.args'],
  [/^proc\.[pa]cmdline$|^proc\.exeline$/, 'proc.cmdline'],
  [/^proc\.aenv$/, 'proc.env'],
  [/^fd\.[cslr]?(ip|net)(\.name)?$|^fdlist\.[cs]ips$|^(container|k8s\.pod)\.(ip|cni\.json)$/, 'fd.ip'],
  [/^fd\.[cs]?dns\.name$|^dns\./, 'evt.buffer'],
  [/^fd\.|^fdlist\.names$|^proc\.std/, 'fd.name'],
  [/^fs\.path\.|^evt\.abspath/, 'fs.path.name'],
  [/^syslog\./, 'evt.buffer'],
  [/^evt\.(info|arg)$/, 'evt.args'],
  [/^evt\.stack\./, 'evt.stack'],
  [/^user\.loginname$/, 'user.name'],
  [/^thread\.cgroup/, 'thread.cgroups'],
  [/^container\.image\./, 'container.image'],
  [/^container\.label$|^k8s\./, 'container.labels'],
  [/^container\.mount/, 'container.mounts'],
  [/^container\.\w+_probe$/, 'container.healthcheck'],
]

const ARGUMENT = /^evt\.arg(?:\.(\w+)|\[(\w+)\])$/

/** What a rule applies to: kinds of values, and event arguments by name. */
export interface Scope {
  readonly targets: number
  readonly names: ReadonlySet<string>
}

/** The scope of a rule's fields. Their names must be valid (fieldError). */
export function scopeOf(fields: readonly string[]): Scope {
  let targets = 0
  const names = new Set<string>()
  for (const field of fields) {
    const name = ARGUMENT.exec(field)
    if (name === null) targets |= FIELDS[field] ?? 0
    else names.add((name[1] ?? name[2]) as string)
  }
  return { targets, names }
}

/** Whether a redaction changes texts or data of a field (any field that filters may use). */
export function isChanged(field: string, { noArgs, noBuffers, noEnv, rules }: Redaction): boolean {
  const { targets, names } = scopeOf(rules.flatMap((r) => r.fields))
  const changed =
    targets | (noArgs ? TARGET.ARGS : 0) | (noBuffers ? TARGET.BUFFER : 0) | (noEnv ? TARGET.ENV | TARGET.PROBES : 0)
  const argument = ARGUMENT.exec(field)
  if (argument !== null && names.has((argument[1] ?? argument[2]) as string)) return true
  const base = Object.hasOwn(FIELDS, field) ? field : DERIVED_FROM.find(([form]) => form.test(field))?.[1]
  const own = argument !== null ? TARGET.ARGUMENT : base === undefined ? 0 : (FIELDS[base] as number)
  return (own & changed) !== 0
}

/** Names of parameters of events. */
export interface ParameterNames {
  readonly ownWords: ReadonlySet<string>
  readonly others: ReadonlySet<string>
}

/** Why a field is invalid in a rule, as the end of a sentence that starts with its name; undefined: it is valid. */
export function fieldError(field: string, { ownWords, others }: ParameterNames): string | undefined {
  if (Object.hasOwn(FIELDS, field)) return undefined
  const name = ARGUMENT.exec(field)
  if (name !== null) {
    const parameter = (name[1] ?? name[2]) as string
    if (ownWords.has(parameter)) return 'contains only fixed words of ksys and cannot be redacted'
    return others.has(parameter) ? undefined : `is not an argument of any event; ksys -L lists them`
  }
  const base = DERIVED_FROM.find(([form]) => form.test(field))?.[1]
  if (base !== undefined) return `is derived from ${base}: use ${base}`
  return `cannot be redacted; fields that can: ${FIELD_NAMES.join(' ')} evt.arg.NAME`
}
