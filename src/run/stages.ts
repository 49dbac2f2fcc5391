// The stages between a source and a run, in order: each one filters or changes what the previous one delivers. All
// sources are wrapped here, and callers must specify for each stage whether it is used, so that --redact and
// --only-namespace cannot be forgotten.
import { withinNamespace } from '../redact/namespace-source.js'
import type { Redaction } from '../redact/redaction.js'
import { redacted } from '../redact/source.js'
import type { CaptureSource } from '../source/source.js'

/**
 * ceilings: omits calls while the capture would exceed a limit. stacks: resolves function names. names: resolves container names.
 * namespace: passes only events of pods in a namespace. redaction: removes redacted data. The last two depend on container names,
 * so they follow `names`.
 */
const STAGES = ['ceilings', 'stacks', 'names', 'namespace', 'redaction'] as const

type Wrap = (source: CaptureSource) => CaptureSource

/** undefined: the run does not have this stage */
type Stages = Readonly<Record<(typeof STAGES)[number], Wrap | undefined>>

/** Wraps a source in these stages. */
export function staged(source: CaptureSource, stages: Stages): CaptureSource {
  return STAGES.reduce((inner, stage) => stages[stage]?.(inner) ?? inner, source)
}

/** The privacy stages, which apply to sources of any kind. */
export function privacyStages(redaction: Redaction | undefined): Pick<Stages, 'namespace' | 'redaction'> {
  const namespace = redaction?.namespace
  return {
    namespace: namespace === undefined ? undefined : (source) => withinNamespace(source, namespace),
    redaction: redaction === undefined ? undefined : (source) => redacted(source, redaction),
  }
}
