// What calls are told apart by, declared once: the words of --by, the labels of series, and the fields that a capture is planned for.
import { type Container, podLabel } from '../model/container.js'

/** Whose calls are counted, and which. */
export interface Caller {
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
  /** what OpenTelemetry calls it */
  readonly attribute: string
  /** '' where there is none */
  readonly value: (of: Caller) => string
}

export interface Dimension {
  /** the word of --by */
  readonly word: string
  /** for people */
  readonly doc: string
  readonly labels: readonly Label[]
  /** the fields that it is of; undefined: every event tells it */
  readonly fields?: readonly string[]
  /** the container tells it */
  readonly ofContainer?: true
}

const ofPod =
  (what: string) =>
  ({ container }: Caller) =>
    (container?.info && podLabel(container.info, what)) ?? ''

export const DIMENSIONS: readonly Dimension[] = [
  {
    word: 'container',
    doc: 'its name, or its id where nobody tells a name',
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
    doc: 'the labels pod and namespace',
    labels: [
      { name: 'namespace', attribute: 'k8s.namespace.name', value: ofPod('namespace') },
      { name: 'pod', attribute: 'k8s.pod.name', value: ofPod('name') },
    ],
    fields: ['k8s.ns.name', 'k8s.pod.name'],
    ofContainer: true,
  },
  {
    word: 'program',
    doc: 'the name of the process',
    labels: [{ name: 'program', attribute: 'process.executable.name', value: ({ program }) => program }],
    fields: ['proc.name'],
  },
  {
    word: 'call',
    doc: 'the name of the system call',
    labels: [{ name: 'call', attribute: 'ksys.call', value: ({ call }) => call }],
  },
]

export const WORDS: readonly string[] = DIMENSIONS.map((d) => d.word)

/** The dimensions that words name, in the order in which they are declared. */
export function dimensionsOf(words: readonly string[]): Dimension[] {
  return DIMENSIONS.filter((d) => words.includes(d.word))
}
