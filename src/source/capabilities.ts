// What captures contain, by the tool that recorded them, whatever file format they are in now. Readers test for a capability, never for
// the tool, so that support for another recorder is one entry here.

/** ksys itself; sysdig, Falco and other writers of .scap files. The word is stored in traces. */
type Recorder = 'ksys' | 'scap'

export interface Capabilities {
  readonly recorder: Recorder
  /** each row contains the process id of its thread; otherwise only the id is known of a thread that no earlier event introduced */
  readonly rowProcesses: boolean
  /** hidden rows are the recorder's own calls, and the capture starts after them; otherwise they are events that a filter rejected */
  readonly recorderRows: boolean
  /** contains events that ksys does not record, with their definitions: enter events, plugin events, 32-bit calls */
  readonly externalEvents: boolean
  /** events are named as sysdig names them: accept4 is accept there */
  readonly sysdigNames: boolean
  /** for sockets that already existed the process's own end is recorded; otherwise only source and destination of the connection */
  readonly socketEndpoints: boolean
}

const CAPABILITIES: { readonly [R in Recorder]: Capabilities & { readonly recorder: R } } = {
  ksys: {
    recorder: 'ksys',
    rowProcesses: true,
    recorderRows: false,
    externalEvents: false,
    sysdigNames: false,
    socketEndpoints: true,
  },
  scap: {
    recorder: 'scap',
    rowProcesses: false,
    recorderRows: true,
    externalEvents: true,
    sysdigNames: true,
    socketEndpoints: false,
  },
}

/** What captures of a recorder contain. */
export function capabilitiesOf(recorder: Recorder): Capabilities {
  return CAPABILITIES[recorder]
}

/** The recorder with that name in a trace; ksys itself for any other word. */
export function recorderOf(word: unknown): Recorder {
  return typeof word === 'string' && Object.hasOwn(CAPABILITIES, word) ? (word as Recorder) : 'ksys'
}
