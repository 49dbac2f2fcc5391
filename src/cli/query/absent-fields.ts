// Fields that no event of a capture has a value of: a filter by one would keep a person waiting for what cannot come.
import { registry } from '../../fields/index.js'
import type { CaptureInfo } from '../../source/source.js'
import { formatOf } from '../options/exported.js'
import type { Settings } from '../options/parse.js'
import type { Query } from './query.js'

/** What the person says beside the query. */
type Given = Pick<Settings, 'containerMetadata'> & Partial<Pick<Settings, 'rules' | 'exported' | 'redaction'>>

/** Sentences about such fields of a query, one for each reason. */
export function absentFields(q: Query, info: CaptureInfo, s: Given): string[] {
  const compared = new Set(q.filter?.fieldsUsed ?? [])
  const fields = new Map<string, Set<string>>()
  // what a format looks at by itself nobody has asked for
  const printed = s.exported !== undefined && formatOf(s.exported).fields !== undefined ? [] : q.printed
  for (const text of [...compared, ...printed]) {
    const why = reason(text, info, s)
    if (why !== undefined) fields.set(why, (fields.get(why) ?? new Set()).add(text))
  }
  return [...fields].map(([why, texts]) => {
    const all = [...texts]
    const filtered = all.some((text) => compared.has(text)) ? '; a comparison with that is never true' : ''
    return `${all.join(', ')} ${all.length === 1 ? 'has' : 'have'} no value here: ${why}${filtered}`
  })
}

function reason(text: string, info: CaptureInfo, s: Given): string | undefined {
  const { def } = registry.find(text)
  if (def.needs?.includes('rules') === true && s.rules === undefined) return 'no rules are given (--rules FILE)'
  if (def.needs?.includes('stacks') === true && s.redaction?.namespace !== undefined)
    return 'a stack is told once for all processes, and --only-namespace tells nothing of other pods'
  if (def.absent !== undefined && !(def.absent.ours && info.has.externalEvents)) return def.absent.why
  if (info.kind === 'live' && !s.containerMetadata && def.containerOnly === true)
    return 'no runtime is asked with --no-container-metadata'
  return undefined
}
