// Where alerts go, as falco.yaml says it, and the forms of --output.
import type { RulesConfig } from '../../rules/config/keys.js'
import { OUTPUT_KINDS, type OutputKindDef } from '../../rules/outputs/kinds.js'
import type { OutputKind, OutputSpec } from '../../rules/outputs/spec.js'

const KINDS = Object.entries(OUTPUT_KINDS) as [OutputKind, OutputKindDef][]

/** What --output may be, for people. */
export const OUTPUT_FORMS = KINDS.map(([kind, { form }]) => (form === undefined ? kind : `${kind}=${form}`)).join(', ')

/** What a configuration says of each kind: its target, '' of those that have none; undefined: it is switched off. */
const CONFIGURED: Readonly<Record<OutputKind, (config: RulesConfig) => string | undefined>> = {
  stdout: (c) => (c.stdout_output.enabled ? '' : undefined),
  file: (c) => (c.file_output.enabled ? c.file_output.filename : undefined),
  syslog: (c) => (c.syslog_output.enabled ? '' : undefined),
  program: (c) => (c.program_output.enabled ? c.program_output.program : undefined),
  http: (c) => (c.http_output.enabled ? c.http_output.url : undefined),
}

/** The outputs that a configuration switches on, or a sentence about one that is wrong. */
export function outputsOf(config: RulesConfig): OutputSpec[] | string {
  const specs: OutputSpec[] = []
  for (const [kind, { target: wanted }] of KINDS) {
    const target = CONFIGURED[kind](config)
    if (target === undefined) continue
    if (wanted !== undefined && target.trim() === '') return `${kind}_output is enabled and wants ${wanted}`
    specs.push(wanted === undefined ? { kind } : { kind, target })
  }
  return specs
}
