// Where alerts go: what the command line says, or else the configuration with what it says of each output.
import type { RulesConfig } from '../../rules/config/keys.js'
import type { OutputSpec } from '../../rules/outputs/spec.js'
import type { RulesSettings } from '../options/rules.js'

/** The outputs of a run; those of the command line take the place of those of the configuration. */
export function outputSpecs({ outputs, config }: RulesSettings): OutputSpec[] {
  const { capacity } = config.outputs_queue
  return outputs.map(({ kind, target, priority }) => ({
    kind,
    ...(target !== '' && { target }),
    minimum: priority,
    // 0: as many as usual
    ...(capacity > 0 && { capacity }),
    ...OF_KIND[kind]?.(config),
  }))
}

const OF_KIND: Partial<Record<OutputSpec['kind'], (config: RulesConfig) => Partial<OutputSpec>>> = {
  program: ({ program_output }) => ({ keepAlive: program_output.keep_alive }),
  http: ({ http_output: h, output_timeout }) => ({
    timeout: output_timeout,
    retries: h.max_consecutive_timeouts,
    userAgent: h.user_agent,
    compress: h.compress_uploads,
    insecure: h.insecure,
    ca: h.ca_cert || h.ca_bundle || h.ca_path || undefined,
    ...(h.mtls && { cert: h.client_cert, key: h.client_key }),
  }),
}
