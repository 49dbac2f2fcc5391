// What fields are made of: each stands for parts of rows, processes and containers, and these are what rules change.
import type { Redaction } from './redaction.js'

/** Kinds of values, a bit each. */
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
  /** whatever else has text or data */
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
  // a relative path is known by the directory that it begins at
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

/** What a rule may name, beside evt.arg.NAME. */
export const FIELD_NAMES: readonly string[] = Object.keys(FIELDS)

/** Fields that are made of what another one stands for. */
const MADE_OF: readonly (readonly [RegExp, string])[] = [
  [/^proc\.(p|a|p?v?pgid\.|sid\.)?name$|^proc\.sname$/, 'proc.name'],
  [/^proc\.(p|a|p?v?pgid\.|sid\.)exe$/, 'proc.exe'],
  [/^proc\.(p|a|p?v?pgid\.|sid\.)exepath$/, 'proc.exepath'],
  [/^proc\.aargs$|^proc\.cmd(n|len)args$/, 'proc.args'],
  [/^proc\.[pa]cmdline$|^proc\.exeline$/, 'proc.cmdline'],
  [/^proc\.aenv$/, 'proc.env'],
  [/^fd\.[cslr]?(ip|net)(\.name)?$|^fdlist\.[cs]ips$|^(container|k8s\.pod)\.(ip|cni\.json)$/, 'fd.ip'],
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

/** What one rule is about: kinds of values, and arguments of events by name. */
export interface Scope {
  readonly targets: number
  readonly names: ReadonlySet<string>
}

/** What the fields of a rule stand for. Their names are known to be right (fieldError). */
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

/** Whether texts and data of a field, of any that filters may use, are others once a redaction was applied. */
export function isChanged(field: string, { noArgs, noBuffers, noEnv, rules }: Redaction): boolean {
  const { targets, names } = scopeOf(rules.flatMap((r) => r.fields))
  const changed =
    targets | (noArgs ? TARGET.ARGS : 0) | (noBuffers ? TARGET.BUFFER : 0) | (noEnv ? TARGET.ENV | TARGET.PROBES : 0)
  const argument = ARGUMENT.exec(field)
  if (argument !== null && names.has((argument[1] ?? argument[2]) as string)) return true
  const made = Object.hasOwn(FIELDS, field) ? field : MADE_OF.find(([form]) => form.test(field))?.[1]
  const own = argument !== null ? TARGET.ARGUMENT : made === undefined ? 0 : (FIELDS[made] as number)
  return (own & changed) !== 0
}

/** Names of parameters of events. */
export interface ParameterNames {
  readonly ownWords: ReadonlySet<string>
  readonly others: ReadonlySet<string>
}

/** What is wrong with a field in a rule, as the end of a sentence that begins with its name; undefined: nothing. */
export function fieldError(field: string, { ownWords, others }: ParameterNames): string | undefined {
  if (Object.hasOwn(FIELDS, field)) return undefined
  const name = ARGUMENT.exec(field)
  if (name !== null) {
    const parameter = (name[1] ?? name[2]) as string
    if (ownWords.has(parameter)) return 'is a word of ksys, which no rule changes'
    return others.has(parameter) ? undefined : `names no argument of any event; ksys -L lists them`
  }
  const whole = MADE_OF.find(([form]) => form.test(field))?.[1]
  if (whole !== undefined) return `is made of what ${whole} has: write ${whole}`
  return `cannot be redacted; what can is ${FIELD_NAMES.join(' ')} evt.arg.NAME`
}
