// The style of alerts, from the settings: format, appended fields, and grouping of similar alerts.
import type { AppendOutput } from '../../rules/alerts/append-output.js'
import { DEFAULT_GROUPING, DEFAULT_WINDOW } from '../../rules/alerts/grouping.js'
import type { JsonInclude } from '../../rules/alerts/lines.js'
import type { AlertOptions } from '../../rules/alerts/maker.js'
import type { RulesConfig } from '../../rules/config/keys.js'
import type { RulesSettings } from '../options/rules.js'

const NS_PER_MS = 1e6

export interface AlertStyle {
  readonly options: AlertOptions
  /** lines are JSON with these properties; undefined: text */
  readonly json: JsonInclude | undefined
  /** ns for which alerts with equal group fields are grouped; undefined: they are not */
  readonly window: bigint | undefined
}

/** onTerminal: all alerts go to a terminal. */
export function alertStyle(o: RulesSettings, onTerminal: boolean): AlertStyle {
  const { config } = o
  const window = windowOf(o, onTerminal)
  const appendOutput = config.append_output.map(appended)
  return {
    options: {
      isoTime: o.iso,
      appendOutput,
      // like Falco, unless the configuration appends something
      suggested: appendOutput.length === 0,
      bufferBase64: config.buffer_format_base64,
      groupBy: window === undefined ? undefined : (o.groupBy ?? DEFAULT_GROUPING),
    },
    json: o.json ? included(config) : undefined,
    window,
  }
}

/** By default, repeated alerts are grouped on a terminal only. */
function windowOf({ groupBy, window, json }: RulesSettings, onTerminal: boolean): bigint | undefined {
  if (window === 0) return undefined
  if (window !== undefined) return BigInt(Math.round(window * NS_PER_MS))
  return groupBy !== undefined || (onTerminal && !json) ? DEFAULT_WINDOW : undefined
}

function included(config: RulesConfig): JsonInclude {
  return {
    output: config.json_include_output_property,
    message: config.json_include_message_property,
    outputFields: config.json_include_output_fields_property,
    tags: config.json_include_tags_property,
  }
}

function appended(entry: RulesConfig['append_output'][number]): AppendOutput {
  const { match, extra_output, extra_fields, suggested_output } = entry
  return {
    match: { source: match.source || undefined, tags: match.tags, rule: match.rule || undefined },
    extraOutput: extra_output || undefined,
    extraFields: extra_fields.map(({ name, format }) => (format === `%${name}` ? name : { [name]: format })),
    suggestedOutput: suggested_output,
  }
}
