// The dimensions by which calls are grouped: their words for --by, their labels, and the fields that a capture must record.
import { type Container, podLabel } from '../model/container.js'

/** The caller and the call that is counted. */
interface Caller {
  /** name of the process, as proc.name has it */
  readonly program: string
  /** undefined on the host */
  readonly container: Container | undefined
  /** name of the system call */
  readonly call: string
}

/** One label of series. */
export interface Label {
  readonly name: string
  /** OpenTelemetry's name */
  readonly attribute: string
  /** '' if there is none */
  readonly value: (caller: Caller) => string
}

export interface Dimension {
  /** its word for --by */
  readonly word: string
  readonly labels: readonly Label[]
  /** the fields that it depends on; undefined: every event has it */
  readonly fields?: readonly string[]
  /** it is a property of the container */
  readonly ofContainer?: true
}

const podValue =
  (what: string) =>
  ({ container }: Caller) =>
    (container?.info && podLabel(container.info, what)) ?? ''

export const DIMENSIONS: readonly Dimension[] = [
  {
    word: 'container',
    labels: [
      {
        name: 'container',
        attribute: 'container.name',
        value: ({ container }) => container?.info?.name || (container?.id ?? ''),
      },
    ],
    fields: ['container.id', 'container.name'],
    ofContainer: true,
  },
  {
    word: 'pod',
    labels: [
      { name: 'namespace', attribute: 'k8s.namespace.name', value: podValue('namespace') },
      { name: 'pod', attribute: 'k8s.pod.name', value: podValue('name') },
    ],
    fields: ['k8s.ns.name', 'k8s.pod.name'],
    ofContainer: true,
  },
  {
    word: 'program',
    labels: [{ name: 'program', attribute: 'process.executable.name', value: ({ program }) => program }],
    fields: ['proc.name'],
  },
  {
    word: 'call',
    labels: [{ name: 'call', attribute: 'ksys.call', value: ({ call }) => call }],
  },
]

export const WORDS: readonly string[] = DIMENSIONS.map((d) => d.word)

/** The dimensions of these words, in declaration order. */
export function dimensionsOf(words: readonly string[]): Dimension[] {
  return DIMENSIONS.filter((d) => words.includes(d.word))
}
