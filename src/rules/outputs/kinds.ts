// The kinds of outputs. To add one: an entry here, its name in spec.ts, and a file with its channel.
import { shownUrl } from '../../web/url.js'
import type { Channel, OutputContext } from './channel.js'
import type { OutputKind, OutputSpec } from './spec.js'

export interface OutputKindDef {
  /** placeholder for its target in help; undefined: it has none */
  readonly target: string | undefined
  /** its target without secrets, for display */
  readonly shown?: (target: string) => string
  /** default length of its queue; undefined: the general default */
  readonly capacity?: number
  /**
   * Opens it while ksys has all its privileges. Rejects with OutputError if the specification is invalid; a receiver that is not
   * available at present is not an error.
   */
  readonly open: (spec: OutputSpec, context: OutputContext) => Promise<Channel>
}

export const OUTPUT_KINDS: Readonly<Record<OutputKind, OutputKindDef>> = {
  stdout: {
    target: undefined,
    // one batch of events may produce very many
    capacity: 100_000,
    open: async (_, context) => new (await import('./stdout.js')).StdoutChannel(context.write),
  },
  file: {
    target: 'PATH',
    open: async (spec) => (await import('./file.js')).openFile(spec.target as string),
  },
  syslog: {
    target: undefined,
    open: async () => (await import('./syslog.js')).openSyslog(),
  },
  program: {
    target: 'COMMAND',
    shown: (target) => target.trim().replace(/\s.*$/s, ' ...'),
    open: async (spec) => (await import('./program.js')).openProgram(spec),
  },
  http: {
    target: 'URL',
    shown: shownUrl,
    open: async (spec, context) => (await import('./http.js')).openHttp(spec, context),
  },
}

/** The forms of outputs, for help: stdout, file=PATH ... */
export const OUTPUT_FORMS = Object.entries(OUTPUT_KINDS).map(([kind, { target }]) =>
  target === undefined ? kind : `${kind}=${target}`,
)
