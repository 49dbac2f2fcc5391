// Where alerts go by a configuration: the outputs that falco.yaml switches on, with what it says of each. Those of the command line take their place.
import type { RulesConfig } from '../../rules/config/keys.js'
import type { OutputKind, OutputSpec } from '../../rules/outputs/spec.js'
import { CliError, EXIT } from '../errors/exit.js'

interface Configured {
  /** key of falco.yaml that is to say where */
  readonly where?: string
  /** undefined: it is switched off */
  readonly spec: (config: RulesConfig) => Omit<OutputSpec, 'kind'> | undefined
}

const CONFIGURED: Readonly<Record<OutputKind, Configured>> = {
  stdout: { spec: ({ stdout_output }) => (stdout_output.enabled ? {} : undefined) },
  file: {
    where: 'file_output.filename',
    spec: ({ file_output: { enabled, filename } }) => (enabled ? { target: filename } : undefined),
  },
  syslog: { spec: ({ syslog_output }) => (syslog_output.enabled ? {} : undefined) },
  program: {
    where: 'program_output.program',
    spec: ({ program_output: { enabled, program, keep_alive } }) =>
      enabled ? { target: program, keepAlive: keep_alive } : undefined,
  },
  http: {
    where: 'http_output.url',
    spec: ({ http_output: h, output_timeout }) => {
      if (!h.enabled) return undefined
      const ca = h.ca_cert || h.ca_bundle || h.ca_path
      return {
        target: h.url,
        timeout: output_timeout,
        retries: h.max_consecutive_timeouts,
        userAgent: h.user_agent,
        compress: h.compress_uploads,
        insecure: h.insecure,
        ...(ca !== '' && { ca }),
        ...(h.mtls && { cert: h.client_cert, key: h.client_key }),
      }
    },
  },
}

/** The outputs that a configuration switches on. Throws CliError (usage) where one lacks what it needs. */
export function configuredOutputs(config: RulesConfig, file: string | undefined): OutputSpec[] {
  const { capacity } = config.outputs_queue
  return (Object.entries(CONFIGURED) as [OutputKind, Configured][]).flatMap(([kind, { where, spec }]) => {
    const found = spec(config)
    if (found === undefined) return []
    if (where !== undefined && found.target?.trim() === '')
      throw new CliError(EXIT.usage, `${file}: ${kind}_output is enabled, and ${where} does not say where alerts go`)
    // 0: as many as usual
    return [{ kind, ...found, ...(capacity > 0 && { capacity }) }]
  })
}
