// Finds fields that a redaction changes, for warnings that a comparison sees the redacted value.
import { registry } from '../../fields/index.js'
import type { Redaction } from '../../redact/redaction.js'
import { isChanged } from '../../redact/targets.js'

/** types of fields that a redaction changes */
const TEXTS: ReadonlySet<string> = new Set(['string', 'bytebuf', 'fspath', 'ipaddr', 'ipnet', 'dynamic'])

/** The end of a message about what compares these fields; undefined: none of them is changed. */
export function aboutRedacted(fields: readonly string[], redaction: Redaction | undefined): string | undefined {
  if (redaction === undefined) return undefined
  const isText = (field: string) => TEXTS.has(registry.find(field).def.type)
  const changed = fields.filter((field) => isText(field) && isChanged(field, redaction))
  if (changed.length === 0) return undefined
  return `${changed.join(', ')}, which is redacted first: the redacted value is compared`
}
