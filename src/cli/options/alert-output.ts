// Where alerts go, as --output says it and as falco.yaml does: KIND[=TARGET][,priority=PRIORITY].
import type { RulesConfig } from '../../rules/config/keys.js'
import { parsePriority } from '../../rules/priority.js'
import type { Priority } from '../../rules/rule.js'

interface OutputKind {
  /** what stands behind the =; undefined: nothing does */
  readonly target?: string
  /** a sentence about a target that is none */
  readonly wrong?: (target: string) => string | undefined
  /** the target that a configuration has for it; undefined: it is switched off there */
  readonly configured: (config: RulesConfig) => string | undefined
}

/** The kinds of outputs. */
export const ALERT_OUTPUTS = {
  stdout: { configured: (c) => (c.stdout_output.enabled ? '' : undefined) },
  file: { target: 'PATH', configured: (c) => (c.file_output.enabled ? c.file_output.filename : undefined) },
  syslog: { configured: (c) => (c.syslog_output.enabled ? '' : undefined) },
  program: {
    target: 'COMMAND',
    configured: (c) => (c.program_output.enabled ? c.program_output.program : undefined),
  },
  http: {
    target: 'URL',
    wrong: (url) => (isHttp(url) ? undefined : `'${url}' is no address such as https://host:2801/`),
    configured: (c) => (c.http_output.enabled ? c.http_output.url : undefined),
  },
} as const satisfies Readonly<Record<string, OutputKind>>

export type AlertOutputKind = keyof typeof ALERT_OUTPUTS

export interface AlertOutput {
  readonly kind: AlertOutputKind
  /** a path, a command with its arguments, a URL; '' of kinds that have none */
  readonly target: string
  /** only alerts that are at least as grave */
  readonly priority: Priority | undefined
}

const KINDS = Object.entries(ALERT_OUTPUTS) as [AlertOutputKind, OutputKind][]

/** What --output may be, for people. */
export const OUTPUT_FORMS = KINDS.map(([kind, { target }]) => (target === undefined ? kind : `${kind}=${target}`)).join(
  ', ',
)

/** An output from its words, or a sentence about what is wrong. */
export function parseAlertOutput(words: string): AlertOutput | string {
  const [, spec = '', threshold] = /^(.*?)(?:,priority=([^,]*))?$/s.exec(words) ?? []
  const priority = threshold === undefined ? undefined : parsePriority(threshold)
  if (threshold !== undefined && priority === undefined) return `'${threshold}' is no priority, such as warning`
  const [, name = '', , target = ''] = /^([^=]*)(=(.*))?$/s.exec(spec) ?? []
  const found = KINDS.find(([kind]) => kind === name)
  if (found === undefined) return `'${name}' is no output: outputs are ${OUTPUT_FORMS}`
  const [kind, declared] = found
  const wrong = wrongTarget(kind, declared, spec.includes('='), target)
  return wrong ?? { kind, target, priority }
}

function wrongTarget(
  kind: string,
  { target: name, wrong }: OutputKind,
  given: boolean,
  target: string,
): string | undefined {
  if (name === undefined) return given ? `${kind} has nothing behind it` : undefined
  if (target.trim() === '') return `${kind} needs a ${name.toLowerCase()}, as in ${kind}=${name}`
  return wrong?.(target)
}

/** The outputs that a configuration switches on, or a sentence about one that is wrong. */
export function outputsOf(config: RulesConfig): AlertOutput[] | string {
  const outputs: AlertOutput[] = []
  for (const [kind, declared] of KINDS) {
    const target = declared.configured(config)
    if (target === undefined) continue
    const wrong = wrongTarget(kind, declared, declared.target !== undefined, target)
    if (wrong !== undefined) return `${kind}_output: ${wrong}`
    outputs.push({ kind, target, priority: undefined })
  }
  return outputs
}

function isHttp(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)
}
