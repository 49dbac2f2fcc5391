// Warns about fields that have no value for any event of a capture: a comparison with one of them is never true.
import { registry } from '../../fields/index.js'
import type { CaptureInfo } from '../../source/source.js'
import { formatOf } from '../options/exported.js'
import type { Settings } from '../options/settings.js'
import type { Query } from './query.js'

/** The settings that matter in addition to the query. */
type Given = Pick<Settings, 'containerMetadata'> & Partial<Pick<Settings, 'rules' | 'exported' | 'redaction'>>

/** Messages about such fields of a query, one for each reason. */
export function absentFields(q: Query, info: CaptureInfo, s: Given): string[] {
  const compared = new Set(q.filter?.fieldsUsed ?? [])
  const fields = new Map<string, Set<string>>()
  // the user has not requested the fields that an export format uses itself
  const printed = s.exported !== undefined && formatOf(s.exported).fields !== undefined ? [] : q.printed
  for (const text of [...compared, ...printed]) {
    const why = reason(text, info, s)
    if (why !== undefined) fields.set(why, (fields.get(why) ?? new Set()).add(text))
  }
  return [...fields].map(([why, texts]) => {
    const all = [...texts]
    const filtered = all.some((text) => compared.has(text)) ? '; comparing it is never true' : ''
    return `${all.join(', ')} ${all.length === 1 ? 'has' : 'have'} no value here: ${why}${filtered}`
  })
}

function reason(text: string, info: CaptureInfo, s: Given): string | undefined {
  const { def } = registry.find(text)
  if (def.needs?.includes('rules') === true && s.rules === undefined) return 'no rules are given (--rules FILE)'
  if (def.needs?.includes('stacks') === true && s.redaction?.namespace !== undefined)
    return 'stacks are shared between processes, and --only-namespace hides other pods'
  if (def.needs?.includes('lookups') === true && s.redaction?.noBuffers === true)
    return 'names come from the data of DNS messages, which --no-buffers omits'
  if (def.absent !== undefined && !(def.absent.ours && info.has.externalEvents)) return def.absent.why
  if (info.kind === 'live' && !s.containerMetadata && def.containerOnly === true)
    return 'no runtime is queried with --no-container-metadata'
  return undefined
}
