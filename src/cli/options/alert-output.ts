// The outputs of alerts that falco.yaml configures.
import type { RulesConfig } from '../../rules/config/keys.js'
import { OUTPUT_KINDS, type OutputKindDef } from '../../rules/outputs/kinds.js'
import type { OutputKind, OutputSpec } from '../../rules/outputs/spec.js'

const KINDS = Object.entries(OUTPUT_KINDS) as [OutputKind, OutputKindDef][]

interface Configured extends Omit<OutputSpec, 'kind'> {
  readonly enabled: boolean
}

/** The configuration of each output kind. */
const CONFIGURED: Readonly<Record<OutputKind, (config: RulesConfig) => Configured>> = {
  stdout: ({ stdout_output: { enabled } }) => ({ enabled }),
  file: ({ file_output: { enabled, filename } }) => ({ enabled, target: filename }),
  syslog: ({ syslog_output: { enabled } }) => ({ enabled }),
  program: ({ program_output: { enabled, program, keep_alive } }) => ({
    enabled,
    target: program,
    keepAlive: keep_alive,
  }),
  http: ({ http_output: h, output_timeout }) => ({
    enabled: h.enabled,
    target: h.url,
    timeout: output_timeout,
    retries: h.max_consecutive_timeouts,
    userAgent: h.user_agent || undefined,
    compress: h.compress_uploads,
    ...(/^https:/i.test(h.url) && {
      insecure: h.insecure,
      ca: h.ca_cert || h.ca_bundle || h.ca_path || undefined,
      ...(h.mtls && { cert: h.client_cert, key: h.client_key }),
    }),
  }),
}

/** The outputs that a configuration enables, or an error message about an invalid one. */
export function outputsOf(config: RulesConfig): OutputSpec[] | string {
  const specs: OutputSpec[] = []
  for (const [kind, { target: required }] of KINDS) {
    const { enabled, ...spec } = CONFIGURED[kind](config)
    if (!enabled) continue
    if (required !== undefined && (spec.target ?? '').trim() === '')
      return `${kind}_output is enabled but has no ${required.toLowerCase()}`
    specs.push({ kind, ...spec })
  }
  return specs
}
